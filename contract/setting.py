"""What an organiser declares of a screening: where its audience watches, and whether answers are randomised.

The declaration travels in the invitation, signed with the rest of it (ingest/join.py), so that the viewer's device can
refuse before a camera is opened.
"""

from __future__ import annotations

import re
from typing import Literal, get_args

from contract.randomised import Randomised, parse_randomised

Setting = Literal["cinema", "home", "research", "work", "education"]
SETTINGS: tuple[Setting, ...] = get_args(Setting)
REFUSED_SETTINGS: tuple[Setting, ...] = ("work", "education")
"""Emotion recognition there is forbidden in the European Union: Regulation (EU) 2024/1689, Article 5(1)(f)."""
REFUSED = (
    "this screening is declared as {setting}: Houselights does not measure people at work or in education, where the "
    "European Union forbids emotion recognition (Regulation 2024/1689, Article 5(1)(f))"
)
"""For a person, to be filled with the setting."""

INVITATION_WITH_SETTING = "h2"
"""First part of an invitation whose second is the setting."""
INVITATION_WITH_RANDOMISED = "h3"
"""Of one whose second is the setting or NO_SETTING, and whose third is how answers are randomised: 800-10-12."""
NO_SETTING = "any"
_RANDOMISED = re.compile(
    rf"{INVITATION_WITH_RANDOMISED}\.(?:{'|'.join((NO_SETTING, *SETTINGS))})\.(\d{{1,4}})-(\d{{1,2}})-(\d{{1,4}})\."
)


def declared(invitation: str) -> Setting | None:
    """The setting that an invitation names; None for one that names none, or none that is known."""
    version, _, rest = invitation.partition(".")
    name = rest.partition(".")[0]
    if version != INVITATION_WITH_SETTING and randomised_by(invitation) is None:
        return None
    return next((setting for setting in SETTINGS if setting == name), None)


def randomised_by(invitation: str) -> Randomised | None:
    """How answers are to be randomised, as an invitation says it; None for one that says nothing of it."""
    match = _RANDOMISED.match(invitation)
    return parse_randomised(f"{int(match[1]) / 100:g}:{match[2]}:{match[3]}") if match else None


def front_of(setting: Setting | None, randomised: Randomised | None) -> str | None:
    """What an invitation begins with, ahead of what is drawn; None where it says nothing."""
    if randomised is not None:
        how = f"{randomised.epsilon}-{randomised.block_ms // 60_000}-{randomised.blocks}"
        return f"{INVITATION_WITH_RANDOMISED}.{setting or NO_SETTING}.{how}"
    return f"{INVITATION_WITH_SETTING}.{setting}" if setting else None


def is_front(text: str) -> bool:
    """Whether an invitation may begin so."""
    return text in {f"{INVITATION_WITH_SETTING}.{setting}" for setting in SETTINGS} or bool(
        _RANDOMISED.fullmatch(f"{text}.") and randomised_by(f"{text}.")
    )
