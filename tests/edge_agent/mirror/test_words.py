"""What the mirror's page says, in every language."""

from __future__ import annotations

import json
import re

import pytest

from contract.emotions import EMOTIONS
from edge_agent.mirror.server import LANGUAGES, PAGE, WORDS
from edge_agent.view.local_server import PAGE as VIEWERS_PAGE


def words(language: str) -> dict[str, str]:
    said: dict[str, str] = json.loads((WORDS / f"{language}.json").read_text("utf-8"))
    return said


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_says_the_same_words_with_the_same_places(language: str) -> None:
    english, said = words("en"), words(language)
    assert list(said) == list(english)
    for word, text in said.items():
        assert text
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", english[word]))


def test_the_page_asks_for_words_that_are_there_and_uses_its_own() -> None:
    assert set(LANGUAGES) == {file.stem for file in WORDS.glob("*.json")}
    page = "\n".join(file.read_text("utf-8") for file in PAGE.glob("*.*"))
    viewers = json.loads((VIEWERS_PAGE / "words" / "en.json").read_text("utf-8"))
    asked = set(re.findall(r'data-word="(\w+)"|(?<![.\w])say\("(\w+)"', page))
    assert {one or other for one, other in asked} | set(EMOTIONS) <= words("en").keys() | viewers.keys()
    assert not words("en").keys() & viewers.keys(), "one word, said in one place"
    assert [word for word in words("en") if f'"{word}"' not in page] == []
