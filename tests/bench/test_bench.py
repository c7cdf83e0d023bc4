from __future__ import annotations

from itertools import islice
from pathlib import Path

from edge_agent.mtcnn import MtcnnFinder
from tests.bench.figures import at_least, at_most, cpu_ms, exactly
from tests.bench.footage import HEAD_POSE, HEIGHT, WIDTH, clip_pictures, viewer_pictures, write_film


def test_a_target_is_met_on_its_very_edge_and_not_beyond() -> None:
    assert [at_least("a", value, 0.712).met for value in (0.72, 0.712, 0.7119)] == [True, True, False]
    assert [at_most("a", value, 6, "{:.1f} ms").met for value in (5, 6, 6.01)] == [True, True, False]
    assert [exactly("a", value, 4).met for value in (3, 4, 5)] == [False, True, False]
    assert at_most("a", 6.04, 6, "{:.1f} ms").target == "≤ 6.0 ms"


def test_the_cpu_time_of_a_call_is_measured_after_it_has_warmed_up() -> None:
    calls: list[int] = []
    assert cpu_ms(lambda: calls.append(sum(range(2000))), least_ms=2, rounds=3) > 0
    assert len(calls) > 2 + 3


def test_the_viewer_is_in_the_picture_and_no_two_pictures_are_the_same(shared: Path) -> None:
    for name in HEAD_POSE:
        pictures = list(islice(viewer_pictures(shared / "media" / name, rate_hz=4), 40))
        assert {picture.shape for picture in pictures} == {(HEIGHT, WIDTH, 3)}
        assert len({picture.tobytes() for picture in pictures}) == len(pictures)
        assert len(MtcnnFinder().find(pictures[-1])) == 1


def test_a_film_has_its_length(shared: Path, tmp_path: Path) -> None:
    write_film(shared / "media" / HEAD_POSE[0], tmp_path / "film.mp4", minutes=0.1)
    assert len(clip_pictures(tmp_path / "film.mp4")) == 48
