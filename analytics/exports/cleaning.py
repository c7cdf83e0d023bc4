"""Names and notes made safe for files that other programs read: one line, and nothing that means something there."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")


def one_line(text: str) -> str:
    """The same words on one line: tabs, line ends and control characters become spaces, composed accents stay whole."""
    composed = unicodedata.normalize("NFC", text)
    return _SPACES.sub(" ", "".join(" " if _unseen(letter) else letter for letter in composed)).strip()


def xml(text: str) -> str:
    """For an XML attribute or element: one line of characters that XML 1.0 allows, escaped."""
    plain = one_line(text)
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&apos;")):
        plain = plain.replace(sign, entity)
    return plain


def without_bars(text: str) -> str:
    """For Resolve's marker list: a bar begins a field there, and what lies past U+FFFF (emoji) comes out garbled."""
    kept = "".join(
        letter for letter in one_line(text) if ord(letter) <= 0xFFFF and letter not in "\u200d\ufe0f"
    )
    return _SPACES.sub(" ", kept.replace("|", "/")).strip()


def cell(text: str) -> str:
    """For a cell of a spreadsheet: what would be a formula there is kept as words."""
    plain = one_line(text)
    return f"'{plain}" if plain.startswith(("=", "+", "-", "@")) else plain


def _unseen(letter: str) -> bool:
    """Control characters, halves of surrogate pairs, line and paragraph separators, and what is no character at all."""
    return unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} or ord(letter) & 0xFFFE == 0xFFFE
