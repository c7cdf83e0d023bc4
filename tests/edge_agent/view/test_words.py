"""What the page says, in every language."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, get_args

import msgspec
import pytest

from contract.emotions import EMOTIONS
from contract.messages import CONSENT_VERSION
from edge_agent.guest import Why
from edge_agent.light import Light
from edge_agent.view import messages
from edge_agent.view.consent import consents, filled
from edge_agent.view.film import FilmKind
from edge_agent.view.local_server import PAGE

LANGUAGES = {"de", "en", "es", "fr"}
FOLDER = PAGE.parent / "consent"
TEXTS: dict[int, dict[str, str]] = {
    1: {
        "de": "ddec952d52a8793f",
        "en": "bc1afdb6645082a4",
        "es": "1150d072d67a8d21",
        "fr": "77ecb0f7a36be336",
    },
}
"""Of each version that was shown, and its languages: the beginning of the file's SHA-256."""


def words(language: str) -> dict[str, str]:
    said: dict[str, str] = json.loads((PAGE / "words" / f"{language}.json").read_text("utf-8"))
    return said


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def page_files() -> str:
    return "\n".join(file.read_text("utf-8") for file in sorted(PAGE.glob("*.*")))


def composed() -> set[str]:
    """Words that the page puts together from what the agent tells."""
    parts = {
        "why": [*(why for why in get_args(messages.Why) if why), "covered", "dark"],
        "measuring": get_args(messages.Measuring),
        "light": [light for light in get_args(Light) if light != "good"],
        "message": ("start", "end", "withdraw"),
        "unplayable": get_args(FilmKind),
        "slowed": [why for why in get_args(Why) if why],
    }
    return {f"{name}_{part}" for name, those in parts.items() for part in those} | set(EMOTIONS)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_says_the_same_words_with_the_same_places(language: str) -> None:
    english, said = words("en"), words(language)
    assert list(said) == list(english)
    assert {word: places(text) for word, text in said.items()} == {
        word: places(text) for word, text in english.items()
    }
    assert all(said.values())


def test_every_word_that_the_page_asks_for_is_there_and_is_used() -> None:
    page, there = page_files(), set(words("en"))
    asked = set(re.findall(r'data-(?:word|label)="(\w+)"', page))
    asked |= set(re.findall(r'(?<![.\w])say\("(\w+)"', page))
    assert asked | composed() <= there
    assert [word for word in there - composed() if f'"{word}"' not in page] == []


def test_the_consent_is_complete_in_every_language_of_the_page() -> None:
    there = consents()
    assert set(there) == LANGUAGES == {file.stem for file in (PAGE / "words").glob("*.json")}
    english = there["en"]
    for consent in there.values():
        assert all(msgspec.structs.astuple(consent))
        assert [(len(one.text), len(one.items)) for one in consent.sections] == [
            (len(one.text), len(one.items)) for one in english.sections
        ]
        for one, other in zip(consent.sections, english.sections, strict=True):
            assert [places(text) for text in one.text] == [places(text) for text in other.text]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_consent_says_who_gets_it_how_long_and_where_it_goes(language: str) -> None:
    def said(**changes: Any) -> str:
        given: dict[str, Any] = {
            "screening": "friday", "organiser": "Lantern Films", "contact": "films@lantern.example",
            "keep_days": 30, "broker": "kafka.example:9092",
        }  # fmt: skip
        return json.dumps(filled(consents()[language], **given | changes), ensure_ascii=False)

    text = said()
    assert all(
        part in text for part in ("Lantern Films", "films@lantern.example", "30", "kafka.example:9092")
    )
    assert not places(text)
    assert "friday" in said(organiser="")
    consent = consents()[language]
    assert consent.kept_unknown in said(keep_days=None)
    assert consent.not_sent in said(broker=None)
    assert "{kept}" in said(organiser="{kept}"), "what is put in is not filled again"


def test_a_consent_that_was_shown_is_never_changed() -> None:
    digests = {
        version: {
            language: hashlib.sha256((FOLDER / str(version) / f"{language}.json").read_bytes()).hexdigest()[
                :16
            ]
            for language in consents(version)
        }
        for version in range(1, CONSENT_VERSION + 1)
    }
    assert digests == TEXTS, (
        "a consent is not what viewers have agreed to: put it back, and write the new text as consent/"
        f"{CONSENT_VERSION + 1}, with CONSENT_VERSION = {CONSENT_VERSION + 1} in contract/messages.py"
    )
