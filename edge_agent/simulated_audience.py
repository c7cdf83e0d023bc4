"""An audience drawn by a model, for a demonstration without forty cameras.

Never to be mistaken for people: every session it makes says ``simulated`` in its start message, and every
page that shows it says so too.

The model, for viewer v, second s and emotion e:

    score[v, s, e]  is proportional to  rest[v, e] * exp(response[v] * drive[s - delay[v], e] + noise[v, s, e])

- ``rest``: a resting face, Dirichlet with most weight on neutral and some on sad, as real resting faces read;
- ``response``: how much of it shows, log-normal around 1; one viewer in eight barely reacts;
- ``delay``: 0 to 2 seconds until it shows;
- ``drive``: the cue's strength, risen over two seconds and faded over three after it;
- ``noise``: normal, correlated from second to second (AR(1), 0.7).

A viewer is found in about 97% of the frames and faces the screen for a share of them drawn once (beta, mean 0.9),
less the share that a lull of the film loses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contract.emotions import EMOTIONS
from contract.messages import CONSENT_VERSION, WINDOW_MS, End, Message, Reactions, Sample, Start
from edge_agent.windows import whole_percents

_REST_WEIGHTS = (1.2, 0.4, 0.8, 1.6, 14.0, 3.0, 0.8)
"""Dirichlet weights in the order of EMOTIONS; their sum, about 22, sets how alike resting faces are."""
_RISE_S, _FADE_S = 2.0, 3.0
_NOISE, _NOISE_MEMORY = 0.35, 0.7
_UNMOVED_SHARE = 1 / 8
_FRAMES_PER_WINDOW = 4
_BATCH = 5  # samples a message, as the agent sends them


@dataclass(frozen=True)
class Cue:
    """Something in the film that moves people: ``emotion`` with ``strength`` (3 is strong) in [start_s, end_s)."""

    emotion: str
    start_s: int
    end_s: int
    strength: float
    split: bool = False
    """True when it moves only every second viewer."""


@dataclass(frozen=True)
class Lull:
    """A stretch [start_s, end_s) in which viewers turn away for ``lost`` (0..1) of the time they would have watched."""

    start_s: int
    end_s: int
    lost: float


@dataclass(frozen=True)
class Screening:
    """What the audience sits in: catalogue ids, the film's length in whole seconds, what happens in it."""

    screening: str
    film: str
    cut: str
    seconds: int
    cues: Sequence[Cue]
    lulls: Sequence[Lull] = ()


def simulate_session(screening: Screening, session: str, index: int, seed: int) -> Iterator[Message]:
    """The messages of viewer ``index``: a start, reactions in batches, an end. The same seed gives the same."""
    rng = np.random.default_rng([seed, index])
    percents = _scores(rng, screening, index)
    attention = rng.beta(18, 2)
    yield Start(
        session=session,
        screening=screening.screening,
        film=screening.film,
        cut=screening.cut,
        consent_version=CONSENT_VERSION,
        consent_language="en",
        agent_version="simulated",
        model="simulated-audience-1",
        calibration=0,
        simulated=True,
    )
    samples = [
        _sample(rng, second, row, attention * _kept(screening, second)) for second, row in enumerate(percents)
    ]
    batches = [samples[start : start + _BATCH] for start in range(0, len(samples), _BATCH)]
    for seq, batch in enumerate(batches, start=1):
        yield Reactions(session=session, seq=seq, samples=batch)
    yield End(session=session, seq=len(batches), generated=len(samples), dropped=0, left=0)


def _scores(rng: np.random.Generator, screening: Screening, index: int) -> NDArray[np.float64]:
    """Shares (seconds, 7) that sum to 1 a second."""
    rest = rng.dirichlet(_REST_WEIGHTS)
    response = 0.15 if rng.random() < _UNMOVED_SHARE else rng.lognormal(0.0, 0.3)
    drive = _drive(screening, index, delay_s=rng.uniform(0.0, 2.0))
    noise = np.zeros((screening.seconds, len(EMOTIONS)))
    shock = rng.normal(0, _NOISE * np.sqrt(1 - _NOISE_MEMORY**2), noise.shape)
    noise[0] = rng.normal(0, _NOISE, len(EMOTIONS))
    for second in range(1, screening.seconds):
        noise[second] = _NOISE_MEMORY * noise[second - 1] + shock[second]
    weight = np.maximum(rest, 1e-3) * np.exp(response * drive + noise)
    shares: NDArray[np.float64] = weight / weight.sum(1, keepdims=True)
    return shares


def _drive(screening: Screening, index: int, delay_s: float) -> NDArray[np.float64]:
    """Strength (seconds, 7) with which the film pulls at each emotion."""
    second = np.arange(screening.seconds) + 0.5 - delay_s
    drive = np.zeros((screening.seconds, len(EMOTIONS)))
    for cue in screening.cues:
        if cue.split and index % 2:
            continue
        risen = np.clip((second - cue.start_s) / _RISE_S, 0, 1)
        faded = np.clip(1 - (second - cue.end_s) / _FADE_S, 0, 1)
        drive[:, EMOTIONS.index(cue.emotion)] += cue.strength * np.minimum(risen, faded)
    return drive


def _kept(screening: Screening, second: int) -> float:
    """Share of their attention that viewers keep in this second."""
    lost = max((lull.lost for lull in screening.lulls if lull.start_s <= second < lull.end_s), default=0.0)
    return 1 - lost


def _sample(rng: np.random.Generator, second: int, shares: NDArray[np.float64], attention: float) -> Sample:
    found = int(rng.binomial(_FRAMES_PER_WINDOW, 0.97))
    turned = int(rng.binomial(found, attention))
    return Sample(
        t=second * WINDOW_MS,
        d=WINDOW_MS,
        pass_=0,
        viewer=0,
        n=found,
        seen=100 * found // _FRAMES_PER_WINDOW,
        front=100 * turned // _FRAMES_PER_WINDOW,
        p=whole_percents(shares) if found else None,
    )
