"""Which colour a kind of marker has in each program, and each emotion's colour on a page."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.exports.markers import DIP, LOW_ATTENTION, SCENE, SPLIT


@dataclass(frozen=True, slots=True)
class MarkerColour:
    """One colour under the names that programs know it by.

    ``resolve``, ``avid``, ``otio``: names. ``fcp7``: red, green, blue, 0 to 255, of Final Cut Pro 7's own palette.
    ``premiere``: ``pproColor``, 0xAABBGGRR of Premiere's palette; None for green, its default, which has no tag.
    """

    resolve: str
    avid: str
    otio: str
    fcp7: tuple[int, int, int]
    premiere: int | None


RED = MarkerColour("Red", "red", "RED", (255, 0, 0), 0xFF362CD2)
YELLOW = MarkerColour("Yellow", "yellow", "YELLOW", (255, 255, 0), 0xFF2BA1D0)
GREEN = MarkerColour("Green", "green", "GREEN", (48, 191, 72), None)
CYAN = MarkerColour("Cyan", "cyan", "CYAN", (48, 191, 191), 0xFFD6F419)
BLUE = MarkerColour("Blue", "blue", "BLUE", (0, 128, 255), 0xFFFC8D42)
PURPLE = MarkerColour("Purple", "magenta", "PURPLE", (127, 0, 255), 0xFFB18BAF)
ORANGE = MarkerColour("Pink", "black", "ORANGE", (255, 127, 0), 0xFF246FE9)
WHITE = MarkerColour("Cream", "white", "WHITE", (255, 0, 127), 0xFFFFFFFF)
"""Final Cut Pro 7 has no white marker: pink there. Nor have Resolve and Avid orange."""

MARKER_COLOURS = {
    SCENE: WHITE,
    LOW_ATTENTION: ORANGE,
    DIP: ORANGE,
    SPLIT: RED,
    "angry": RED,
    "disgust": GREEN,
    "fear": PURPLE,
    "happy": YELLOW,
    "neutral": WHITE,
    "sad": BLUE,
    "surprise": CYAN,
}

PAGE_COLOURS = {
    "angry": "#D1071C",
    "disgust": "#1E7347",
    "fear": "#7F35F9",
    "happy": "#CB7A00",
    "neutral": "#898C92",
    "sad": "#608BEA",
    "surprise": "#AC3E93",
}
"""The dashboard's palette, which reads on a light and on a dark page: ``dashboard/theme.py`` says how it was chosen."""
