"""Which audiences of a film are compared with which. Pure.

An audience is one screening, or all screenings of a cut, or all of one cohort that saw the same cut. Compared are, of
each film,

1. every two cuts;
2. every two cohorts of a cut;
3. every two screenings;
4. the screenings that somebody asked for by name: ``houselights compare add``.

Of 1 to 3 at most MOST audiences each, the last by id (rough-9 comes before rough-10): 15 pairs, for with a hundred
screenings there are 4,950 pairs that nobody reads. A screening waits until it is
settled, as moments do: ``analytics.taken_over``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from analytics.catalogue import Comparison, Screening

Kind = Literal["screening", "cut", "cohort"]
MOST = 6
"""Audiences of one kind that are compared of their own accord: 15 pairs."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who saw ``cut`` of ``film``; ``screenings`` are ids, sorted."""

    kind: Kind
    name: str
    film: str
    cut: str
    screenings: tuple[str, ...]


Pair = tuple[Audience, Audience]


def pairs(screenings: Sequence[Screening], asked: Iterable[Comparison], ready: Container[str]) -> list[Pair]:
    """Every pair once; ``ready``: ids of the screenings that can be compared."""
    by_film: defaultdict[str, list[Screening]] = defaultdict(list)
    for one in screenings:
        if one.id in ready:
            by_film[one.film].append(one)
    found: dict[tuple[Kind, str, str, str, str], Pair] = {}

    def add(first: Audience, second: Audience) -> None:
        found.setdefault((first.kind, first.cut, first.name, second.cut, second.name), (first, second))

    for film in sorted(by_film):
        for kind, group in _grouped(by_film[film]):
            for first, second in combinations(group[-MOST:], 2):
                add(first, second)
            if kind == "screening":
                single = {one.name: one for one in group}
                for wanted in asked:
                    if wanted.first in single and wanted.second in single:
                        first, second = single[wanted.first], single[wanted.second]
                        # Once, whichever way round somebody asked.
                        if (kind, second.cut, second.name, first.cut, first.name) not in found:
                            add(first, second)
    return list(found.values())


def _grouped(screenings: Sequence[Screening]) -> list[tuple[Kind, list[Audience]]]:
    """The audiences of one film that may be compared with each other, in the order of their names."""
    cuts = _pooled("cut", screenings, lambda one: one.cut)
    cohorts: list[tuple[Kind, list[Audience]]] = []
    for cut in cuts:
        labelled = [one for one in screenings if one.cut == cut.name and one.cohort is not None]
        cohorts.append(("cohort", _pooled("cohort", labelled, lambda one: one.cohort or "")))
    single = _pooled("screening", screenings, lambda one: one.id)
    return [("cut", cuts), *cohorts, ("screening", single)]


def _pooled(kind: Kind, screenings: Sequence[Screening], name: Callable[[Screening], str]) -> list[Audience]:
    members: defaultdict[str, list[Screening]] = defaultdict(list)
    for one in screenings:
        members[name(one)].append(one)
    return [
        Audience(kind, label, some[0].film, some[0].cut, tuple(sorted(one.id for one in some)))
        for label, some in sorted(members.items(), key=lambda item: _natural(item[0]))
    ]


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Numbers inside count as numbers."""
    return tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.findall(r"\d+|\D+", text)
    )
