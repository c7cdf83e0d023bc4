"""The scenes of a cut, carried over to the next."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.carry import Carried, Move, carry_moved, carry_paired, carry_scaled
from analytics.catalogue import Scene, check_scenes
from analytics.errors import SceneEditError, SceneListError
from analytics.offsets_file import read_offsets
from contract.film_time import FrameRate

OLD = [Scene("A", 0, 10_000), Scene("B", 10_000, 30_000), Scene("C", 30_000, 40_000)]


def test_the_same_times_and_a_shorter_film() -> None:
    assert carry_scaled(OLD, Fraction(1)) == Carried(OLD)
    assert carry_scaled(OLD, Fraction(1), 20_000) == Carried(
        [OLD[0], Scene("B", 10_000, 20_000)], gone=("C",), shortened=("B",)
    )


def test_a_film_that_runs_at_pal_speed() -> None:
    assert carry_scaled(OLD, Fraction(24, 25)).scenes == [
        Scene("A", 0, 9600), Scene("B", 9600, 28_800), Scene("C", 28_800, 38_400),
    ]  # fmt: skip
    with pytest.raises(SceneEditError, match="a scale is more than 0"):
        carry_scaled(OLD, Fraction(0))


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ([], Carried(OLD)),
        # five seconds put in before B, in the middle of B
        ([Move(10_000, 5000)], Carried([OLD[0], Scene("B", 15_000, 35_000), Scene("C", 35_000, 45_000)])),
        ([Move(20_000, 5000)], Carried([OLD[0], Scene("B", 10_000, 35_000), Scene("C", 35_000, 45_000)])),
        # six seconds of B taken out
        (
            [Move(12_000, None), Move(18_000, -6000)],
            Carried([OLD[0], Scene("B", 10_000, 24_000), Scene("C", 24_000, 34_000)], shortened=("B",)),
        ),
        # B taken out, and the beginning of C
        (
            [Move(10_000, None), Move(32_000, -22_000)],
            Carried([OLD[0], Scene("C", 10_000, 18_000)], gone=("B",), shortened=("C",)),
        ),
        # all after A taken out; a logo before everything
        ([Move(10_000, None)], Carried([OLD[0]], gone=("B", "C"))),
        ([Move(0, 2000)], Carried([Scene(one.name, one.start_ms + 2000, one.end_ms + 2000) for one in OLD])),
    ],
)  # fmt: skip
def test_scenes_move_where_the_moves_say(moves: list[Move], expected: Carried) -> None:
    assert carry_moved(OLD, moves) == expected


def test_moves_that_cannot_be_are_refused() -> None:
    with pytest.raises(SceneEditError, match=r"the move at 20 s by -5 s puts it where something else"):
        carry_moved(OLD, [Move(20_000, -5000)])
    with pytest.raises(SceneEditError, match="list moves in film order"):
        carry_moved(OLD, [Move(20_000, 1000), Move(10_000, 2000)])


@given(st.lists(st.tuples(st.integers(0, 45_000), st.integers(0, 5000) | st.none()), max_size=5))
def test_whatever_moves_can_be_carried_can_be_saved(moves: list[tuple[int, int | None]]) -> None:
    total, given_moves = 0, []
    for at, by in sorted(dict(moves).items()):
        total += by or 0
        given_moves.append(Move(at, None if by is None else total))
    carried = carry_moved(OLD, given_moves)
    check_scenes(carried.scenes)
    assert {scene.name for scene in carried.scenes} | set(carried.gone) == {"A", "B", "C"}
    assert sum(scene.end_ms - scene.start_ms for scene in carried.scenes) <= 40_000 + total


def test_the_new_cuts_own_list_takes_the_old_names() -> None:
    there = [
        Scene("a ", 0, 8000), Scene("0012", 8000, 25_000), Scene("New", 25_000, 30_000), Scene("C", 30_000, 33_000),
    ]  # fmt: skip
    assert carry_paired(OLD, there) == Carried(
        [
            Scene("A", 0, 8000),
            Scene("B", 8000, 25_000),
            Scene("New", 25_000, 30_000),
            Scene("C", 30_000, 33_000),
        ],
        new=("New",),
    )
    assert carry_paired(OLD, [Scene("C", 0, 5000)]) == Carried([Scene("C", 0, 5000)], gone=("A", "B"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_offsets_from_a_file(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "changes.csv"
    rows = [
        "From,Offset,remark",
        "",
        "01:00:12:00,out,titles",
        "18.5,-6",
        "01:00:30:00,+00:00:01:12",
        "40,−2",
    ]
    path.write_text("\r\n".join(rows).replace(",", delimiter), encoding="utf-8-sig")
    assert read_offsets(path, FrameRate.parse("25"), "01:00:00:00") == [
        Move(12_000, None), Move(18_500, -6000), Move(30_000, 1480), Move(40_000, -2000),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "holds no offsets"),
        (b"from,offset\n", "holds no offsets"),
        (b"12,-6\n", "line 1: expected the header from,offset, got '12,-6'"),
        (b"from,offset\n12\n", "line 2: expected a time and an offset, got '12'"),
        (b"from,offset\n12,soon\n", "line 2: 'soon' is neither a timecode"),
        (b"from,offset\n12,-\n", "line 2: '' is neither a timecode"),
        (b"from,offset\n\xff,1\n", "is not UTF-8 text"),
    ],
)
def test_what_is_no_list_of_offsets_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "changes.csv"
    path.write_bytes(content)
    with pytest.raises(SceneListError, match=why):
        read_offsets(path, FrameRate.parse("25"), "00:00:00:00")
    with pytest.raises(SceneListError, match="cannot read"):
        read_offsets(tmp_path / "missing.csv", FrameRate.parse("25"), "00:00:00:00")
