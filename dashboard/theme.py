"""The palette: one set of colours that reads on a light and on a dark page.

Each emotion colour has a contrast of 3 or more against both backgrounds, and any two stay apart (0.09 or
more in OKLab) for full colour vision and for protanopia, deuteranopia and tritanopia as Machado and others
model them; ``tests/dashboard/test_theme.py`` computes both. Colour is never the only sign: every line, bar
and corner is also named in words.
"""

from __future__ import annotations

import altair as alt

EMOTION_COLOURS = {
    "angry": "#D1071C",
    "disgust": "#1E7347",
    "fear": "#7F35F9",
    "happy": "#CB7A00",
    "neutral": "#898C92",
    "sad": "#608BEA",
    "surprise": "#AC3E93",
}
"""In the order of ``contract.emotions.EMOTIONS``."""

COLOUR_SLOTS = {
    "angry": "red",
    "disgust": "green",
    "fear": "violet",
    "happy": "orange",
    "neutral": "gray",
    "sad": "blue",
    "surprise": "yellow",
}
"""Streamlit's name for each colour, set in ``.streamlit/config.toml`` (``yellow`` holds surprise's plum)."""

LIGHT_BACKGROUND, DARK_BACKGROUND = "#FBFAF8", "#14161B"

INK = {"light": "#22262B", "dark": "#E7E5E0"}
"""Words and intervals inside a chart; Vega does not take them from the page."""

GRID = "#8A8F98"
"""Rings, spokes, bands and comparisons, on either page."""

PADDING = {"left": 0, "right": 4, "top": 2, "bottom": 6}
"""Around a chart, pixels: its edges are the page's."""

ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="7" fill="#34495E"/><path d="M11 7h10l4 18H7z" fill="#F3D9A4"/>'
    '<circle cx="16" cy="7" r="3.5" fill="#FBFAF8"/></svg>'
)
"""The page's icon, drawn here: Streamlit would fetch one of its own from a font server."""

STYLE = """
<style>
  .block-container, [data-testid="stMainBlockContainer"] {
    max-width: 1300px; padding: 1.75rem 2rem 4rem;
  }
  header[data-testid="stHeader"] { height: 0; min-height: 0; background: transparent; }
  .st-key-kicker p { letter-spacing: .08em; text-transform: uppercase; font-size: .75rem; opacity: .7; }
  .st-key-facts p { font-size: 1.02rem; }
  .st-key-header { gap: .5rem; }
  .st-key-header h1 { padding: 0 0 .6rem; }
  @media (max-width: 1050px) {
    .st-key-charts [data-testid="stHorizontalBlock"] { flex-wrap: wrap; }
    .st-key-charts [data-testid="stColumn"] { flex: 1 1 100%; min-width: 100%; }
  }
  [data-testid="stCaptionContainer"] p { line-height: 1.45; }
</style>
"""
"""The little that Streamlit's theme cannot say: the page's width, its top edge, the small capitals."""


def chart_title(text: str, subtitle: str, *, offset: int = 14) -> alt.TitleParams:
    """A chart's title, flush left with the page's text, and its n below; ``subtitle`` may have two lines."""
    return alt.TitleParams(
        text,
        subtitle=subtitle.split("\n"),
        anchor="start",
        frame="bounds",
        offset=offset,
        fontSize=15,
        subtitleFontSize=13,
        subtitleColor=GRID,
        subtitlePadding=4,
    )
