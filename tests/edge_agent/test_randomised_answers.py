"""What a device answers in place of what it measured."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import pytest
from scipy.stats import chisquare

from contract.emotions import EMOTIONS
from contract.messages import Sample
from contract.randomised import ANSWERS, NOT_READ, Randomised
from edge_agent.randomised_answers import Answers

HOW = Randomised(400, 60_000, 4)  # one of four minutes
CLEAR = Randomised(2000, 60_000, 1)  # an answer is true in all but one of 70 million


def second(t_s: int, emotion: str | None, viewer: int = 0, pass_: int = 0) -> Sample:
    if emotion is None:
        return Sample(t=1000 * t_s, d=1000, pass_=pass_, viewer=viewer, n=0, seen=50, front=0)
    scores = tuple(64 if one == emotion else 6 for one in EMOTIONS)
    return Sample(t=1000 * t_s, d=1000, pass_=pass_, viewer=viewer, n=4, seen=100, front=75, p=scores)  # type: ignore[arg-type]


def named(answer: Sample) -> str:
    return NOT_READ if answer.p is None else EMOTIONS[answer.p.index(100)]


def seconds(emotions: Sequence[str | None], viewer: int = 0, first: int = 0) -> list[Sample]:
    return [second(at, emotion, viewer) for at, emotion in enumerate(emotions, first)]


def watched(how: Randomised, samples: list[Sample], chance: random.Random, film_s: int) -> list[list[Sample]]:
    """What leaves while the film plays, second by second, and at its end."""
    answers = Answers(how, chance)
    left = [
        answers.take([one for one in samples if one.t == 1000 * (at - 1)], 1000 * at)
        for at in range(film_s + 1)
    ]
    return [*left, answers.rest()]


@pytest.mark.parametrize(
    ("samples", "true"),
    [
        (seconds(["happy"] * 6 + ["neutral"] * 54), "happy"),
        (seconds(["happy"] * 5 + ["neutral"] * 55), "neutral"),
        (seconds(["happy"] * 10 + ["sad"] * 11 + ["neutral"] * 39), "sad"),
        (seconds(["surprise"] * 1 + ["neutral"] * 5 + [None] * 54), "surprise"),
        (seconds(["happy"] * 5 + [None] * 55), NOT_READ),
        (seconds(["happy"] * 3) + seconds(["happy"] * 3, viewer=1, first=9), "happy"),  # lost, found again
        (seconds([None] * 60) + seconds(["sad"] * 60, viewer=1), "sad"),
        ([], NOT_READ),
    ],
)
def test_the_true_answer_is_the_feeling_that_led(samples: list[Sample], true: str) -> None:
    answers = Answers(CLEAR)
    answers.take(samples, 59_000)
    answers.take([second(at, "angry", pass_=1) for at in range(60)], 59_000)  # seen again: not the first look
    assert [named(one) for one in answers.rest()] == [true]
    assert answers.rest() == []


def test_several_viewers_answer_as_one_of_them_drawn_by_how_long_each_was_read() -> None:
    chance = random.Random(5)
    both = seconds(["happy"] * 45 + [None] * 15) + seconds(["sad"] * 15 + [None] * 45, viewer=3)
    found = Counter(named(one) for _ in range(1000) for one in watched(CLEAR, both, chance, 60)[-2])
    assert chisquare([found["happy"], found["sad"]], [750, 250]).pvalue > 0.001
    assert found.total() == 1000


FILMS: dict[str, list[Sample]] = {
    "nobody": [],
    "unread": seconds([None] * 240),
    "one": seconds(["happy"] * 240),
    "lost and found in another seat": seconds(["happy"] * 90) + seconds(["sad"] * 100, viewer=1, first=140),
    "late": seconds(["fear"] * 60, first=180),
    "five": [one for viewer in range(5) for one in seconds(["angry"] * 240, viewer)],
}


@pytest.mark.parametrize("samples", FILMS.values(), ids=list(FILMS))
def test_how_many_answers_leave_and_when_says_nothing_of_what_was_seen(samples: list[Sample]) -> None:
    """Each draw of blocks is as likely, and what is read of the faces moves no answer to another moment."""
    left: Counter[int] = Counter()
    for seed in range(300):
        said = watched(HOW, samples, random.Random(seed), 200)
        all_of = [one for moment in said for one in moment]
        assert len(all_of) == len({one.t for one in all_of}) == HOW.answers == 1
        for at, moment in enumerate(said):
            assert [one.t + one.d for one in moment if at <= 200] in ([], [1000 * at])
        assert all(one.t == 180_000 for one in said[-1])  # the film stopped at 3:20
        left.update(one.t for one in all_of)
        others = {(one.d, one.pass_, one.viewer, one.n, one.seen, one.front) for one in all_of}
        assert others <= {(60_000, 0, 0, 1, 100, 100), (60_000, 0, 0, 0, 0, 0)}
    assert sorted(left) == [0, 60_000, 120_000, 180_000]
    assert chisquare(list(left.values())).pvalue > 0.001


def test_a_film_wound_on_or_back_is_answered_for_once() -> None:
    answers = Answers(Randomised(1600, 60_000, 4))
    early = answers.take([second(3, "happy")], 150_000)
    assert [one.t for one in early] == [0, 60_000]
    assert answers.take([second(61, "happy")], 62_000) == []
    assert [one.t for one in answers.rest()] == [120_000, 180_000]


@pytest.mark.parametrize("samples", [[], seconds(["fear"] * 60)], ids=["nobody", "fear"])
def test_answers_are_true_and_false_as_often_as_is_promised(samples: list[Sample]) -> None:
    how = Randomised(250, 60_000, 1)
    chance = random.Random(7)
    found = Counter(named(one) for _ in range(4000) for one in watched(how, samples, chance, 60)[-2])
    true = "fear" if samples else NOT_READ
    expected = [4000 * (how.truth if one == true else how.lie) for one in ANSWERS]
    assert chisquare([found[one] for one in ANSWERS], expected).pvalue > 0.001
