"""What a viewer's page is asked to show."""

from __future__ import annotations

from dataclasses import dataclass

from contract.messages import CONSENT_VERSION
from contract.randomised import Randomised
from edge_agent.errors import SettingsError
from edge_agent.settings import AgentSettings
from edge_agent.view.consent import consents, filled
from edge_agent.view.film import ShownFilm

BASELINE_S = 20.0
LONGEST_BASELINE_S = 120.0


@dataclass(frozen=True)
class ViewSettings:
    """SettingsError says what is wrong.

    organiser, contact, keep_days: what the consent says of who gets the numbers, who answers questions, and for how
    many days they are kept; empty or None says that it was not told. baseline_s: of the resting face; 0 leaves it out.
    port: of the page, 0 takes a free one.
    """

    agent: AgentSettings
    film: ShownFilm
    organiser: str = ""
    contact: str = ""
    keep_days: int | None = None
    baseline_s: float = BASELINE_S
    port: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.baseline_s <= LONGEST_BASELINE_S:
            raise SettingsError(
                f"the baseline lasts 0 to {LONGEST_BASELINE_S:g} seconds, got {self.baseline_s:g}"
            )
        if self.agent.clock is not None:
            raise SettingsError("the page itself says where the film is: no clock can be given")

    def about(self) -> dict[str, object]:
        """What the page is told once."""
        film = self.film
        return {
            "film": {
                "title": film.title,
                "kind": film.kind,
                "source": film.url or "/film",
                "type": film.media_type,
            },
            "screening": self.agent.screening,
            "randomised": _told(self.agent.answers),
            "baseline_s": self.baseline_s,
            "consent_version": CONSENT_VERSION,
            "consent": {
                language: filled(
                    consent,
                    screening=self.agent.screening,
                    organiser=self.organiser,
                    contact=self.contact,
                    keep_days=self.keep_days,
                    broker=self.agent.bootstrap,
                )
                for language, consent in consents().items()
            },
        }


def _told(how: Randomised | None) -> dict[str, int] | None:
    """What the viewer is told of randomised answers."""
    if how is None:
        return None
    return {
        "answers": how.answers,
        "blocks": how.blocks,
        "minutes": how.block_ms // 60_000,
        "lies": round(100 * (1 - how.truth)),
    }
