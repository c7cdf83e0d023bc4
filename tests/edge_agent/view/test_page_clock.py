from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from edge_agent.view.page_clock import PageClock

MS = 1_000_000
APART_NS = 987_654_321_012_345
"""Of the two clocks: what the page's clock says is this much less."""


def test_nothing_is_known_before_the_page_has_answered() -> None:
    clock = PageClock()
    assert clock.monotonic_ns(5.0) is None
    assert clock.within_ms is None


def test_one_answer_tells_to_half_its_way() -> None:
    clock = PageClock()
    clock.answer(APART_NS, 3.0, APART_NS + 10 * MS)
    assert clock.within_ms == 5.0
    assert clock.monotonic_ns(103.0) == APART_NS + 105 * MS


@given(
    st.lists(
        st.tuples(st.floats(0, 1e6), st.integers(0, 50 * MS), st.integers(0, 50 * MS)),
        min_size=1,
        max_size=60,
    ),
    st.floats(0, 1e7),
)
def test_the_truth_lies_within_what_the_clock_says_of_itself(
    answers: list[tuple[float, int, int]], page_ms: float
) -> None:
    clock = PageClock()
    before_ms = float("inf")
    for page, out_ns, back_ns in answers:
        true_ns = APART_NS + round(page * MS)
        clock.answer(true_ns - out_ns, page, true_ns + back_ns)
        within_ms = clock.within_ms
        assert within_ms is not None
        assert within_ms <= before_ms or len(answers) > 30
        before_ms = within_ms
        said_ns = clock.monotonic_ns(page_ms)
        assert said_ns is not None
        assert abs(said_ns - (APART_NS + round(page_ms * MS))) <= within_ms * MS + 2


def test_a_clock_that_jumped_is_learned_anew() -> None:
    clock = PageClock()
    for number in range(40):
        clock.answer(number * 100 * MS, number * 100.0, number * 100 * MS + MS)
    slept_ns = 3_600_000 * MS
    clock.answer(5000 * MS + slept_ns, 5000.0, 5000 * MS + slept_ns + MS)
    assert clock.monotonic_ns(5001.0) == 5001 * MS + slept_ns + MS // 2
