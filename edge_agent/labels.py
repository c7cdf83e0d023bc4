"""A classifier's own names for emotions, in its own order, as the contract's seven."""

from __future__ import annotations

from collections.abc import Mapping

from contract.emotions import EMOTIONS
from edge_agent.errors import ModelError

_SYNONYMS = {
    "angry": ("anger", "mad"),
    "disgust": ("disgusted",),
    "fear": ("fearful", "afraid", "scared"),
    "happy": ("happiness", "joy", "joyful"),
    "neutral": ("neutrality",),
    "sad": ("sadness",),
    "surprise": ("surprised",),
}
LEFT_OUT = frozenset({"contempt", "contemptuous"})
"""Emotions of other label sets (FER+, AffectNet) that the contract does not have."""

_MEANING = {word: emotion for emotion in EMOTIONS for word in (emotion, *_SYNONYMS[emotion])}


def emotion_columns(id2label: Mapping[int, str]) -> list[int]:
    """Columns of a classifier's output that hold the seven emotions, in the order of EMOTIONS.

    Raises ModelError that names the labels which are unknown, missing, or mean the same.
    """
    column: dict[str, int] = {}
    unknown, doubled = [], []
    for index, label in sorted(id2label.items()):
        word = label.strip().casefold()
        emotion = _MEANING.get(word)
        if emotion is None:
            if word not in LEFT_OUT:
                unknown.append(label)
        elif emotion in column:
            doubled.append(label)
        else:
            column[emotion] = index
    missing = [emotion for emotion in EMOTIONS if emotion not in column]
    if unknown or missing or doubled:
        faults = [
            f"{what} {', '.join(names)}"
            for what, names in (("unknown", unknown), ("missing", missing), ("twice", doubled))
            if names
        ]
        raise ModelError(
            f"the model's labels must be the seven emotions {' '.join(EMOTIONS)}, or usual names of them; "
            f"{'; '.join(faults)}. Correct id2label in its config.json, or choose another model"
        )
    return [column[emotion] for emotion in EMOTIONS]
