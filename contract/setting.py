"""Where an audience watches, as the organiser declares it, and where nobody may be measured.

The declaration travels in the invitation, signed with the rest of it (ingest/join.py), so that the viewer's device can
refuse before a camera is opened.
"""

from __future__ import annotations

from typing import Literal, get_args

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


def declared(invitation: str) -> Setting | None:
    """The setting that an invitation names; None for one that names none, or none that is known."""
    version, _, rest = invitation.partition(".")
    name = rest.partition(".")[0]
    if version != INVITATION_WITH_SETTING:
        return None
    return next((setting for setting in SETTINGS if setting == name), None)
