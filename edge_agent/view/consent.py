"""The words that a viewer agrees to, by version and language.

They stand in ``consent/VERSION/LANGUAGE.json``. A text that was shown is never changed: a new one gets the next version
(``contract.messages.CONSENT_VERSION``), which every session names.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
from msgspec import Struct

from contract.messages import CONSENT_VERSION

_PLACE = re.compile(r"\{(organiser|kept|contact|sent)\}")
_FOLDER = Path(__file__).with_name("consent")


class Section(Struct, frozen=True):
    """Paragraphs under a heading, then a list."""

    heading: str
    text: list[str] = []
    items: list[str] = []


class Consent(Struct, frozen=True):
    """language: its own name. ``{organiser}`` and the like in the text are filled by ``filled``."""

    language: str
    title: str
    introduction: str
    sections: list[Section]
    agree: str
    unnamed_organiser: str
    kept_days: str
    kept_unknown: str
    contact: str
    sent_to: str
    not_sent: str


def consents(version: int = CONSENT_VERSION) -> dict[str, Consent]:
    """Of each language, by its two letters."""
    decoder = msgspec.json.Decoder(Consent)
    files = sorted((_FOLDER / str(version)).glob("*.json"))
    return {file.stem: decoder.decode(file.read_bytes()) for file in files}


def filled(
    consent: Consent,
    *,
    screening: str,
    organiser: str,
    contact: str,
    keep_days: int | None,
    broker: str | None,
) -> dict[str, object]:
    """Title, introduction, sections and the words of the tick, as the page shows them."""
    parts = {
        "organiser": organiser or consent.unnamed_organiser.replace("{screening}", screening),
        "kept": consent.kept_unknown
        if keep_days is None
        else consent.kept_days.replace("{days}", str(keep_days)),
        "contact": consent.contact.replace("{contact}", contact) if contact else "",
        "sent": consent.not_sent if broker is None else consent.sent_to.replace("{broker}", broker),
    }

    def fill(text: str) -> str:
        return _PLACE.sub(lambda place: parts[place[1]], text).strip()

    return {
        "language": consent.language,
        "title": fill(consent.title),
        "introduction": fill(consent.introduction),
        "sections": [
            {
                "heading": section.heading,
                "text": [fill(text) for text in section.text],
                "items": section.items,
            }
            for section in consent.sections
        ],
        "agree": fill(consent.agree),
    }
