"""Peaks: stretches in which more of the audience shows an emotion than the film's own usual share explains. Pure.

A second stands out when so many viewers show the emotion that, did each show it as often as viewers of this film do on
average, chance would bring as many in at most 5% of such films: an exact one-sided binomial test (Clopper and Pearson
1934), its level divided by the number of seconds and emotions looked at (Bonferroni). Reactions that last, so that
neighbouring seconds resemble each other, do no harm to that bound, nor do viewers who differ from each other: both
make fewer seconds stand out. And at least STANDS_OUT of the viewers show it: what is certain can still be small.

Seconds that stand out with no more than LONGEST_GAP_MS between them are one peak (runs declustering: Smith and Weissman
1994). It is found in published seconds alone, so none stands for fewer than k viewers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, fsum, lgamma, log

from analytics.exports.figures import Reaction, Second
from analytics.exports.words import STANDS_OUT
from contract.emotions import EMOTIONS

LEVEL = 0.05
"""Share of films without any shared reaction in which a peak is found all the same, at most."""
LONGEST_GAP_MS = 2_000
"""A laugh that takes breath is one laugh."""
MOST_PEAKS = 60
"""The strongest; one a minute and a half in a feature is what an editor still reads."""


@dataclass(frozen=True, slots=True)
class Peak:
    """Film time [start_ms, end_ms); ``height``: its second of largest share; ``usual``: the film's mean, 0 to 1."""

    start_ms: int
    end_ms: int
    height_ms: int
    height: Reaction
    usual: float

    @property
    def emotion(self) -> str:
        """Which emotion it is a peak of."""
        return self.height.emotion


def peaks(seconds: Sequence[Second], most: int = MOST_PEAKS) -> list[Peak]:
    """The ``most`` strongest peaks of the published ``seconds``, in film order; neutral has none."""
    emotions = [emotion for emotion in EMOTIONS if emotion != "neutral"]
    level = LEVEL / max(1, len(seconds) * len(emotions))
    found: list[Peak] = []
    for emotion in emotions:
        known = [(second, second.reactions[emotion]) for second in seconds if emotion in second.reactions]
        if known:
            usual = fsum(reaction.share for _, reaction in known) / len(known)
            high = [pair for pair in known if _stands_out(pair[1], usual, level)]
            found += [_peak(run, usual) for run in _runs(high)]
    found.sort(key=lambda peak: (peak.usual - peak.height.share, peak.start_ms, peak.emotion))
    return sorted(found[:most], key=lambda peak: (peak.start_ms, peak.emotion))


@lru_cache(maxsize=4096)
def fewest(viewers: int, usual: float, level: float) -> int:
    """The least x with P(X ≥ x) ≤ ``level`` for X binomial(``viewers``, ``usual``); viewers + 1 where there is none."""
    if usual <= 0:
        return 1
    if usual >= 1:
        return viewers + 1
    tail = 0.0
    for showing in range(viewers, -1, -1):
        tail += exp(
            lgamma(viewers + 1)
            - lgamma(showing + 1)
            - lgamma(viewers - showing + 1)
            + showing * log(usual)
            + (viewers - showing) * log(1 - usual)
        )
        if tail > level:
            return showing + 1
    return 0


def _stands_out(reaction: Reaction, usual: float, level: float) -> bool:
    return reaction.share >= STANDS_OUT and reaction.showing >= fewest(reaction.viewers, usual, level)


def _runs(high: Sequence[tuple[Second, Reaction]]) -> list[list[tuple[Second, Reaction]]]:
    runs: list[list[tuple[Second, Reaction]]] = []
    for pair in high:
        last = runs[-1][-1][0] if runs else None
        if last is not None and pair[0].t_ms - (last.t_ms + last.d_ms) <= LONGEST_GAP_MS:
            runs[-1].append(pair)
        else:
            runs.append([pair])
    return runs


def _peak(run: Sequence[tuple[Second, Reaction]], usual: float) -> Peak:
    at, height = max(run, key=lambda pair: (pair[1].share, -pair[0].t_ms))
    return Peak(run[0][0].t_ms, run[-1][0].t_ms + run[-1][0].d_ms, at.t_ms, height, usual)
