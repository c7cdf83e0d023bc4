"""Words that the page, the exports and the report share, so that all of them say the same."""

from __future__ import annotations

LOOKED = {
    "angry": "angry",
    "disgust": "disgusted",
    "fear": "afraid",
    "happy": "happy",
    "neutral": "neutral",
    "sad": "sad",
    "surprise": "surprised",
}
"""How a viewer looked, for each emotion of the contract. Never how one felt: a face is what was read."""

FEW = 10
"""Under ten viewers a 95% interval spans half the scale or more, so every figure is flagged."""

STANDS_OUT = 0.15
"""Below this share of viewers an emotion is not worth a sentence: one viewer in seven."""


def viewers(count: int) -> str:
    """As in "1 viewer", "42 viewers"."""
    return f"{count:,} viewer{'' if count == 1 else 's'}"


def clock(film_ms: float) -> str:
    """Film time as min:sec, or h:min:sec from an hour on."""
    minutes, seconds = divmod(int(film_ms) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def length(ms: float) -> str:
    """How long something lasts: "11 s", "2 min 5 s"."""
    minutes, seconds = divmod(round(ms / 1000), 60)
    if not minutes:
        return f"{seconds} s"
    return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"
