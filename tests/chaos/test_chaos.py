from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.faults import FAULTS


@pytest.mark.parametrize("name", FAULTS)
def test_the_short_form_of_every_fault_holds(name: str, tmp_path: Path) -> None:
    outcomes = FAULTS[name](tmp_path, short=True, tell=lambda _: None)
    assert outcomes
    assert [f"{one.fault}: asked {one.asked}, found {one.found}" for one in outcomes if not one.held] == []
