from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from analytics.exports.cleaning import cell, one_line, without_bars, xml


@given(st.text())
def test_a_line_stays_one_and_keeps_its_words(text: str) -> None:
    clean = one_line(text)
    assert clean.splitlines() in ([], [clean])
    assert "\t" not in clean
    assert clean == clean.strip() == one_line(clean)


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_becomes_xml_that_says_the_same(text: str) -> None:
    read = ET.fromstring(f'<a b="{xml(text)}">{xml(text)}</a>')
    assert (read.text or "") == read.get("b") == one_line(text)


def test_half_a_letter_does_not_break_a_file() -> None:
    assert one_line("a\ud800b\ufffec").encode() == b"a b c"


@given(st.text())
def test_no_bar_and_nothing_past_the_first_plane_reaches_a_marker_edl(text: str) -> None:
    clean = without_bars(text)
    assert "|" not in clean
    assert all(ord(letter) <= 0xFFFF for letter in clean)


def test_what_is_written_in_other_scripts_is_kept() -> None:
    assert one_line("Кухня\t– 厨房\r\n  café") == "Кухня – 厨房 café"
    assert without_bars("Toast 🥂 | Øl") == "Toast / Øl"
    assert one_line("cafe\u0301") == "café"


def test_a_formula_is_words_in_a_spreadsheet() -> None:
    assert cell('=HYPERLINK("x")') == '\'=HYPERLINK("x")'
    assert cell(" @home") == "'@home"
    assert cell("Scene 3") == "Scene 3"
