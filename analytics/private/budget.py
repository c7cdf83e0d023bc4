"""How much of each screening's privacy has been spent: ``privacy_budget.json`` in the store directory.

What several releases give away adds up (basic composition: epsilons and deltas are summed, which never counts too
little). The first release of a screening sets what all of them together may spend; it can be lowered, never raised. A
release is written down, and on the disk, before its noise is drawn: a crash in between costs budget and shows nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from analytics.errors import PrivacyBudgetError
from analytics.files import flush_to_disk

BUDGET_NAME = "privacy_budget.json"
DEFAULT_BUDGET = 8.0
_ROUNDING = 1e-9


class Release(Struct, frozen=True):
    """One release: when, of what, and what it cost."""

    on: str
    figures: list[str]
    epsilon: Annotated[float, Meta(gt=0)]
    delta: float


class Spent(Struct, frozen=True):
    """Of one screening."""

    budget: Annotated[float, Meta(gt=0)]
    releases: list[Release] = []

    @property
    def epsilon(self) -> float:
        """Of all releases together."""
        return sum(release.epsilon for release in self.releases)

    @property
    def left(self) -> float:
        """What further releases may cost."""
        return max(0.0, self.budget - self.epsilon)


def read_budget(store_dir: Path) -> dict[str, Spent]:
    """By screening; nothing where nothing was released. Raises PrivacyBudgetError for a file that is none."""
    path = store_dir / BUDGET_NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Spent])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        # Starting anew would forget what was given away.
        raise PrivacyBudgetError(
            f"cannot read {path}: {error}; put a copy of it back, without it no release is safe"
        ) from error


def spend(store_dir: Path, screening: str, release: Release, budget: float | None = None) -> Spent:
    """Writes the release down. ``budget``: None for what was set, or DEFAULT_BUDGET at first.

    Only one process may do so at a time: the one that holds the store. Raises PrivacyBudgetError when it does not fit.
    """
    everything = read_budget(store_dir)
    known = everything.get(screening, Spent(budget or DEFAULT_BUDGET))
    if budget is not None and budget > known.budget:
        raise PrivacyBudgetError(
            f"the budget of {screening!r} was set to epsilon {known.budget:g} and can only be lowered, not raised to "
            f"{budget:g}: viewers were promised no more"
        )
    now = Spent(budget or known.budget, [*known.releases, release])
    if now.epsilon > now.budget + _ROUNDING:
        left = Spent(now.budget, known.releases).left
        raise PrivacyBudgetError(
            f"a release with epsilon {release.epsilon:g} does not fit the budget of {screening!r}: {known.epsilon:g} "
            f"of {now.budget:g} are spent, {left:g} left; a release can be handed on as often as you like, so use one "
            "that you have"
        )
    path, new = store_dir / BUDGET_NAME, store_dir / f"{BUDGET_NAME}.new"
    try:
        new.write_bytes(
            msgspec.json.format(msgspec.json.encode(everything | {screening: now}), indent=2) + b"\n"
        )
        flush_to_disk(new)
        new.replace(path)
        flush_to_disk(store_dir)
    except OSError as error:
        raise PrivacyBudgetError(
            f"cannot write {path}: {error.strerror or error}; nothing was released"
        ) from error
    return now
