"""Randomised response: a device that names a feeling by chance often enough that nobody can tell what it saw. Pure.

k-ary randomised response (Warner 1965; Kairouz, Bonawitz and Ramage 2016). The film is cut into blocks. For some of
them, drawn at random, each session answers which of ANSWERS was true, or names another with a chance that both sides
know: so shares over an audience can be put right exactly, and one answer can be denied. How many answers leave, and
when, depends on the film's position alone. For a whole session the promise is epsilon-local differential privacy:
whatever it sends is at most e^epsilon times likelier of those who sat there than of any others, or of nobody.
"""

from __future__ import annotations

import math
import re
from statistics import NormalDist
from typing import Annotated

from msgspec import Meta, Struct

from contract.emotions import EMOTIONS

NOT_READ = "not_read"
ANSWERS = (*EMOTIONS, NOT_READ)
BEST_EACH = 4
"""Epsilon of one answer where shares come out most exactly: with less each answer is noise, with more there are few."""
LIE_WEIGHT = 1000
"""Chances are whole numbers, so that the promise holds to the last digit: of each lie this one, of the truth more."""
LONGEST_BLOCK_MS = 3_600_000
_MINUTE_MS = 60_000
_TEXT = re.compile(r"(?P<epsilon>\d{1,2}(?:\.\d{1,2})?):(?P<minutes>\d{1,2}):(?P<blocks>\d{1,4})")


class Randomised(Struct, frozen=True):
    """How a screening is answered."""

    epsilon: Annotated[int, Meta(ge=1, le=2000, description="of a whole session, in hundredths: 800 is 8")]
    block_ms: Annotated[
        int,
        Meta(
            ge=_MINUTE_MS,
            le=LONGEST_BLOCK_MS,
            multiple_of=_MINUTE_MS,
            description="length of a block of film",
        ),
    ]
    blocks: Annotated[int, Meta(ge=1, le=1440, description="that the film has")]

    @property
    def answers(self) -> int:
        """Blocks that each session answers for."""
        return min(self.blocks, max(1, round(self.epsilon / 100 / BEST_EACH)))

    @property
    def truth_weight(self) -> int:
        """Of the true answer, beside LIE_WEIGHT of each other one: rounded down, so never above e^epsilon of it."""
        return math.floor(LIE_WEIGHT * math.exp(self.epsilon / 100 / self.answers))

    @property
    def truth(self) -> float:
        """Chance that an answer is the true one."""
        return self.truth_weight / self.weights

    @property
    def lie(self) -> float:
        """Chance that an answer is a certain other one."""
        return LIE_WEIGHT / self.weights

    @property
    def weights(self) -> int:
        """Of all answers."""
        return self.truth_weight + LIE_WEIGHT * (len(ANSWERS) - 1)

    def error(self, sessions: int, share: float = 0.2) -> float | None:
        """How far off a share is, 95 times in 100, where ``share`` of an audience is right; None without answers."""
        answers = sessions * self.answers / self.blocks
        named = self.lie + share * (self.truth - self.lie)
        spread = math.sqrt(named * (1 - named) / answers) if answers else math.inf
        off = NormalDist().inv_cdf(0.975) * spread / (self.truth - self.lie)
        return off if math.isfinite(off) else None

    @property
    def in_words(self) -> str:
        """Of which blocks a session answers."""
        return f"{self.answers} of {self.blocks} blocks of {self.block_ms // _MINUTE_MS} minutes"

    def __str__(self) -> str:
        """EPSILON:MINUTES:BLOCKS, as a person gives it."""
        return f"{self.epsilon / 100:g}:{self.block_ms // _MINUTE_MS}:{self.blocks}"


def parse_randomised(text: str) -> Randomised | None:
    """Of EPSILON:MINUTES:BLOCKS, such as 8:10:12; None where it is no such thing."""
    match = _TEXT.fullmatch(text)
    if match is None:
        return None
    epsilon, minutes, blocks = (
        round(float(match["epsilon"]) * 100),
        int(match["minutes"]),
        int(match["blocks"]),
    )
    if not (1 <= epsilon <= 2000 and 1 <= minutes <= LONGEST_BLOCK_MS // _MINUTE_MS and 1 <= blocks <= 1440):
        return None
    return Randomised(epsilon, minutes * _MINUTE_MS, blocks)


def for_film(epsilon: float, minutes: int, duration_ms: int) -> Randomised | None:
    """Of a film of that length; None where it cannot be."""
    blocks = max(1, math.ceil(duration_ms / (minutes * _MINUTE_MS)))
    return parse_randomised(f"{round(epsilon, 2):g}:{minutes}:{blocks}")
