from __future__ import annotations

import pytest

from houselights.tables import number, print_table


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.00"),
        (0.4567, "0.46"),
        (-12.345, "-12.35"),
        (0.0625, "0.062"),
        (0.0451, "0.045"),
        (0.004975, "0.005"),
        (0.0002, "0.0002"),
        (-0.0002, "-0.0002"),
        (0.000001, "<0.000001"),
        (-1e-9, ">-0.000001"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
    ],
)
def test_a_small_figure_keeps_the_digits_that_tell(value: float, text: str) -> None:
    assert number(value) == text


def test_a_table_shows_a_small_p(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["screening", "synchrony_p", "viewers"], [("friday", 0.0002, 41), ("saturday", None, 40)])
    friday, saturday = [line for line in capsys.readouterr().out.splitlines() if "day" in line]
    assert [cell.strip() for cell in friday.strip("│").split("│")] == ["friday", "0.0002", "41"]
    assert [cell.strip() for cell in saturday.strip("│").split("│")] == ["saturday", "–", "40"]
