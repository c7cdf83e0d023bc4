"""What leaves the device in a screening of randomised answers, in place of what was measured. Pure but for chance.

How many answers leave, for which blocks and when is decided by chance and by the film's position, never by what was
seen: so a session gives the same number of them whether nobody sat there, one viewer was lost and found again, or five
came. Together they answer as one.
"""

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

Led = Counter[str]
"""The seconds of a block in which each emotion led in one face."""


class Answers:
    """Takes the samples of a session and gives its answers."""

    def __init__(self, how: Randomised, chance: random.Random | None = None) -> None:
        """``chance``: the system's own, which nobody can foretell, unless another is given."""
        self._how = how
        self._chance = chance or random.SystemRandom()
        self._due = sorted(self._chance.sample(range(how.blocks), how.answers))
        """Blocks that are still to be answered for, in film order."""
        self._led: defaultdict[int, defaultdict[int, Led]] = defaultdict(lambda: defaultdict(Counter))
        """Of each such block, by viewer."""

    def take(self, samples: Sequence[Sample], film_ms: int) -> list[Sample]:
        """The answers for blocks that the film, now at ``film_ms``, has left behind."""
        for sample in samples:
            block = sample.t // self._how.block_ms
            if block in self._due and sample.pass_ == 0 and sample.p is not None:
                led = EMOTIONS[sample.p.index(max(sample.p))]
                self._led[block][sample.viewer][led] += sample.d // 1000
        return self._before(film_ms // self._how.block_ms)

    def rest(self) -> list[Sample]:
        """All others, at the end: a block that nobody watched is answered for like any other."""
        return self._before(self._how.blocks)

    def _before(self, block: int) -> list[Sample]:
        past = [due for due in self._due if due < block]
        self._due = self._due[len(past) :]
        return [self._answer(due) for due in past]

    def _answer(self, block: int) -> Sample:
        true = self._true(list(self._led.pop(block, {}).values()))
        said = true
        if self._chance.randrange(self._how.weights) >= self._how.truth_weight:
            said = self._chance.choice([one for one in ANSWERS if one != true])
        return _sample(block * self._how.block_ms, self._how.block_ms, said)

    def _true(self, viewers: Sequence[Led]) -> str:
        """The feeling that led most in one of ``viewers``, drawn by how long each was read, if not too seldom."""
        read = [led.total() for led in viewers]
        if sum(read) < LEAST_READ * self._how.block_ms / 1000:
            return NOT_READ
        (led,) = self._chance.choices(viewers, read)
        felt = max(
            (emotion for emotion in EMOTIONS if emotion != "neutral"), key=lambda emotion: led[emotion]
        )
        return felt if led[felt] >= LEAST_FELT * led.total() else "neutral"


def _sample(t_ms: int, d_ms: int, answer: str) -> Sample:
    """One emotion at 100, or nothing: what else a sample says is the same whatever was seen."""
    if answer == NOT_READ:
        return Sample(t=t_ms, d=d_ms, pass_=0, viewer=0, n=0, seen=0, front=0)
    scores = [100 if one == answer else 0 for one in EMOTIONS]
    return Sample(t=t_ms, d=d_ms, pass_=0, viewer=0, n=1, seen=100, front=100, p=tuple(scores))  # type: ignore[arg-type]  # seven of them
