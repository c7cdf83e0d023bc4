"""Bytes to text: editing programs write UTF-8, UTF-16 and what Windows calls ANSI, with and without a mark."""

from __future__ import annotations

import codecs
import re

from analytics.scene_files.model import Note

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
WINDOWS = Note("this is not UTF-8: read as Windows text (cp1252); look at letters with accents in the names")


def decode(data: bytes) -> tuple[str, list[Note]] | None:
    """The text and what had to be guessed; None for what is no text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _readable(data[len(mark) :].decode(encoding, errors="replace"), [])
    if b"\0" in data[:4096]:
        # UTF-16 without a mark: every second byte of its English letters is zero.
        zeros = [data[first:4096:2].count(0) for first in (0, 1)]
        if max(zeros) * 4 < len(data[:4096]) / 2 or min(zeros) * 4 > max(zeros):
            return None
        encoding = "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
        return _readable(data.decode(encoding, errors="replace"), [])
    try:
        return _readable(data.decode("utf-8"), [])
    except UnicodeDecodeError:
        declared = _DECLARED.match(data)
    if declared is not None:
        try:
            return _readable(data.decode(declared[1].decode("ascii")), [])
        except (LookupError, UnicodeDecodeError):
            pass
    try:
        return _readable(data.decode("cp1252"), [WINDOWS])
    except UnicodeDecodeError:  # five bytes have no letter there; Latin-1 has one for each
        return _readable(data.decode("latin-1"), [WINDOWS])


def lines_of(text: str) -> list[str]:
    """The lines as an editor numbers them: only CR, LF and CRLF end one."""
    return re.split(r"\r\n|\r|\n", text)


def _readable(text: str, notes: list[Note]) -> tuple[str, list[Note]] | None:
    text = text.removeprefix("\ufeff")
    strange = len(_CONTROL.findall(text[:4096])) + text[:4096].count("\ufffd")
    return None if strange * 20 > len(text[:4096]) else (text, notes)
