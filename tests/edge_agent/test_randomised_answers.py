"""What a device answers in place of what it measured."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from scipy.stats import chisquare

from contract.emotions import EMOTIONS
from contract.messages import Sample
from contract.randomised import ANSWERS, NOT_READ, Randomised
from edge_agent.randomised_answers import Answers

HOW = Randomised(400, 60_000, 4)  # two of four minutes
CLEAR = Randomised(2000, 60_000, 1)  # an answer is true in all but one of 70 million


def second(t_s: int, emotion: str | None, viewer: int = 0, pass_: int = 0) -> Sample:
    if emotion is None:
        return Sample(t=1000 * t_s, d=1000, pass_=pass_, viewer=viewer, n=0, seen=50, front=0)
    scores = tuple(64 if one == emotion else 6 for one in EMOTIONS)
    return Sample(t=1000 * t_s, d=1000, pass_=pass_, viewer=viewer, n=4, seen=100, front=75, p=scores)  # type: ignore[arg-type]


def named(answer: Sample) -> str:
    return NOT_READ if answer.p is None else EMOTIONS[answer.p.index(100)]


@pytest.mark.parametrize(
    ("seconds", "true"),
    [
        (["happy"] * 6 + ["neutral"] * 54, "happy"),
        (["happy"] * 5 + ["neutral"] * 55, "neutral"),
        (["happy"] * 10 + ["sad"] * 11 + ["neutral"] * 39, "sad"),
        (["surprise"] * 1 + ["neutral"] * 5 + [None] * 54, "surprise"),
        (["happy"] * 5 + [None] * 55, NOT_READ),
        ([], NOT_READ),
    ],
)
def test_the_true_answer_is_the_feeling_that_led(seconds: list[str | None], true: str) -> None:
    answers = Answers(CLEAR)
    answers.take([second(0, None)])
    answers.take([second(at, emotion) for at, emotion in enumerate(seconds)])
    answers.take([second(at, "angry", pass_=1) for at in range(60)])  # seen again: not the first look
    assert [named(one) for one in answers.rest()] == [true]
    assert answers.rest() == []


def test_an_answer_is_given_once_the_film_has_left_its_block_and_never_again() -> None:
    given: Counter[int] = Counter()
    for seed in range(200):
        answers = Answers(HOW, random.Random(seed))
        early = answers.take([second(at, "happy") for at in range(60)])
        early += answers.take([second(60, "happy")])
        assert {one.t for one in early} <= {0}
        rest = answers.take([second(3, "happy")]) + answers.rest()
        all_of = early + rest
        assert len(all_of) == len({one.t for one in all_of}) == HOW.answers == 2
        given.update(one.t for one in all_of)
    assert chisquare(list(given.values())).pvalue > 0.001
    assert sorted(given) == [0, 60_000, 120_000, 180_000]


def test_answers_are_true_and_false_as_often_as_is_promised() -> None:
    how = Randomised(250, 60_000, 1)
    found: Counter[str] = Counter()
    chance = random.Random(7)
    for _ in range(4000):
        answers = Answers(how, chance)
        answers.take([second(at, "fear") for at in range(60)])
        found.update(named(one) for one in answers.rest())
    expected = [4000 * (how.truth if one == "fear" else how.lie) for one in ANSWERS]
    assert chisquare([found[one] for one in ANSWERS], expected).pvalue > 0.001


def test_each_seat_answers_for_itself_and_says_nothing_else() -> None:
    answers = Answers(HOW)
    said = answers.take([second(at, "happy", viewer) for at in range(240) for viewer in range(3)])
    said += answers.rest()
    assert sorted(one.viewer for one in said) == [0, 0, 1, 1, 2, 2]
    assert all(
        (one.n, one.seen, one.front) in {(1, 100, 100), (0, 0, 0)} and one.d == 60_000 and one.pass_ == 0
        for one in said
    )
