"""What leaves the device in a screening of randomised answers, in place of what was measured. Pure but for chance."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence

from contract.emotions import EMOTIONS
from contract.messages import Sample
from contract.randomised import ANSWERS, NOT_READ, Randomised

LEAST_READ = 0.1
"""Of a block's seconds: a face that was read in fewer was not read."""
LEAST_FELT = 0.1
"""Of the seconds read: a feeling that led in fewer was a flicker, and the face was neutral: as it is in most
seconds of any film."""


class Answers:
    """Takes the samples of a session and gives its answers."""

    def __init__(self, how: Randomised, chance: random.Random | None = None) -> None:
        """``chance``: the system's own, which nobody can foretell, unless another is given."""
        self._how = how
        self._chance = chance or random.SystemRandom()
        self._due: dict[int, list[int]] = {}
        """Of each viewer, the blocks that are still to be answered for, in film order."""
        self._led: defaultdict[tuple[int, int], Counter[str]] = defaultdict(Counter)
        """Of each viewer and block, the seconds in which each emotion led."""

    def take(self, samples: Sequence[Sample]) -> list[Sample]:
        """The answers for blocks that the film has left behind."""
        for sample in samples:
            due = self._due_of(sample.viewer)
            block = sample.t // self._how.block_ms
            if block in due and sample.pass_ == 0 and sample.p is not None:
                self._led[sample.viewer, block][EMOTIONS[sample.p.index(max(sample.p))]] += sample.d // 1000
        if not samples:
            return []
        now = samples[-1].t // self._how.block_ms
        return self._answer(now)

    def rest(self) -> list[Sample]:
        """All others, at the end: a block that the viewer did not see is answered for like any other."""
        return self._answer(self._how.blocks)

    def _due_of(self, viewer: int) -> list[int]:
        if viewer not in self._due:
            self._due[viewer] = sorted(self._chance.sample(range(self._how.blocks), self._how.answers))
        return self._due[viewer]

    def _answer(self, before: int) -> list[Sample]:
        answers = []
        for viewer, due in self._due.items():
            while due and due[0] < before:
                block = due.pop(0)
                true = self.true_answer(self._led.pop((viewer, block), Counter()))
                answers.append(
                    _sample(viewer, block * self._how.block_ms, self._how.block_ms, self._said(true))
                )
        return answers

    def true_answer(self, led: Counter[str]) -> str:
        """By the seconds in which each emotion led: the feeling that led in most, if it is not too few."""
        read = led.total()
        if read < LEAST_READ * self._how.block_ms / 1000:
            return NOT_READ
        felt, seconds = max(
            ((emotion, led[emotion]) for emotion in EMOTIONS if emotion != "neutral"), key=lambda one: one[1]
        )
        return felt if seconds >= LEAST_FELT * read else "neutral"

    def _said(self, true: str) -> str:
        if self._chance.random() < self._how.truth:
            return true
        return self._chance.choice([one for one in ANSWERS if one != true])


def _sample(viewer: int, t_ms: int, d_ms: int, answer: str) -> Sample:
    """One emotion at 100, or nothing: what else a sample says is the same whatever was seen."""
    if answer == NOT_READ:
        return Sample(t=t_ms, d=d_ms, pass_=0, viewer=viewer, n=0, seen=0, front=0)
    scores = [100 if one == answer else 0 for one in EMOTIONS]
    return Sample(t=t_ms, d=d_ms, pass_=0, viewer=viewer, n=1, seen=100, front=100, p=tuple(scores))  # type: ignore[arg-type]  # seven of them
