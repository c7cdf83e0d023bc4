"""The palette: one set of colours that reads on a light and on a dark page.

Each emotion colour has a contrast of 3 or more against both backgrounds, and any two stay apart (0.09 or
more in OKLab) for full colour vision and for protanopia, deuteranopia and tritanopia as Machado and others
model them; ``tests/dashboard/test_theme.py`` computes both. Colour is never the only sign: every line, bar
and corner is also named in words.
"""

from __future__ import annotations

from typing import Any

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

SIDEBAR_PX = 232
"""Beside it a tablet of 820 pixels still has room for a chart."""

STYLE = """
<style>
  .block-container, [data-testid="stMainBlockContainer"] {
    max-width: 1240px; padding: 2.6rem 2rem 4rem;
  }
  /* Empty while the menu is open; holds the way back to it when it is closed. */
  header[data-testid="stHeader"] {
    height: 2.75rem; min-height: 2.75rem; background: transparent; pointer-events: none;
  }
  header[data-testid="stHeader"] button { pointer-events: auto; }
  [data-testid="stSidebarUserContent"] { padding-bottom: 1.5rem; }
  .st-key-chooser { gap: .6rem; }
  .st-key-facts p { font-size: 1.02rem; }
  .st-key-header { gap: .5rem; }
  .st-key-header h1 { padding: 0 0 .6rem; }
  .st-key-headline p { font-size: 1.12rem; line-height: 1.55; }
  @media (max-width: 1180px) {
    .st-key-charts [data-testid="stHorizontalBlock"] { flex-wrap: wrap; }
    .st-key-charts [data-testid="stColumn"] { flex: 1 1 100%; min-width: 100%; }
  }
  @media (max-width: 900px) {
    .block-container, [data-testid="stMainBlockContainer"] { padding: 2.75rem 1.25rem 3rem; }
    .st-key-cards [data-testid="stHorizontalBlock"] { flex-wrap: wrap; }
    .st-key-cards [data-testid="stColumn"] { flex: 1 1 100%; min-width: 100%; }
    .st-key-figures [data-testid="stHorizontalBlock"] { flex-wrap: wrap; }
    .st-key-figures [data-testid="stColumn"] { flex: 1 1 40%; min-width: 40%; }
  }
  /* Streamlit colours these by slots that hold emotions here. */
  [data-testid="stAlertContainer"] { color: inherit; }
  [data-testid^="stAlertContent"], [data-testid="stTable"] code { color: inherit; }
  [data-testid="stButtonGroup"] * { flex-wrap: wrap; }
  @media (max-width: 900px) { .st-key-zoom > :has([data-testid="stSlider"]) { flex: 1 1 100%; } }
  [data-testid="stCaptionContainer"] p { line-height: 1.45; }
  [data-testid="stPageLink-NavLink"] * { white-space: normal; }
  /* Readable on either page: Streamlit writes white on the dark page's pale accent. */
  [data-testid^="stBaseButton-primary"] { background: #34495E; border-color: #8A8F98; color: #FBFAF8; }
</style>
"""
"""The little that Streamlit's theme cannot say: the page's width, its top edge, what wraps on a tablet."""


class Drawing(alt.LayerChart):
    """A chart whose parts lie upon one another, as every chart here is.

    Tests hold each against Vega-Lite's schema; a page does not again, each time that it is drawn: it would take a
    third of its charts' time.
    """

    def to_dict(self, validate: bool = False, **options: Any) -> dict[str, Any]:
        """The chart in Vega-Lite's terms; ``validate``: raise SchemaValidationError where it breaks the schema."""
        return super().to_dict(validate=validate, **options)


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
