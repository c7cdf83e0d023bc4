from __future__ import annotations

from edge_agent.view.baseline import Baseline

S = 1_000_000_000


def test_it_lasts_its_seconds_from_the_first_look_on() -> None:
    baseline = Baseline(20)
    assert baseline.left_s == 20
    baseline.look(100 * S, readable=True)
    assert baseline.left_s == 20
    baseline.look(105 * S, readable=True)
    assert baseline.left_s == 15
    baseline.look(130 * S, readable=True)
    assert baseline.left_s == 0


def test_its_quality_is_the_share_of_looks_that_could_be_read() -> None:
    baseline = Baseline(20)
    assert baseline.quality == 0
    for look in range(3):
        baseline.look(look * S, readable=look != 1)
    assert baseline.quality == 67
