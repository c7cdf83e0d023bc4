"""From a picture to sightings: who is seated, who is scored, what a person is told; on real footage too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from edge_agent.face_tracker import TrackingFinder
from edge_agent.faces import SMALLEST_READABLE_PX, Face
from edge_agent.mtcnn import MtcnnFinder
from edge_agent.upright import Upright
from edge_agent.viewers import Viewers
from edge_agent.windows import Sighting
from tests.edge_agent.footage import FEMALE, MALE, Picture, frames_of, infra_red, resized, turned

EMPTY = np.zeros((400, 600, 3), np.uint8)


class EvenClassifier:
    """Every emotion alike; remembers the sides of the crops."""

    model_id = "even"

    def __init__(self) -> None:
        self.sides: list[int] = []

    def scores(self, crops: list[NDArray[np.uint8]]) -> NDArray[np.float32]:
        self.sides += [len(crop) for crop in crops]
        return np.full((len(crops), 7), 1 / 7, np.float32)


class FacesAt:
    """Faces of these boxes, in pixels of a picture 600 wide, whatever the picture."""

    def __init__(self, *boxes: Sequence[float]) -> None:
        self._faces = [Face(np.array(box, np.float32), 1.0, np.zeros((5, 2), np.float32)) for box in boxes]

    def find(self, image: NDArray[np.uint8]) -> list[Face]:
        scale = np.float32(image.shape[1] / 600)
        return [replace(face, box=face.box * scale) for face in self._faces]


def watch(viewers: Viewers, pictures: Sequence[Picture], step_ms: int = 250) -> list[list[Sighting]]:
    return [viewers.look(picture, number * step_ms) for number, picture in enumerate(pictures)]


def test_a_face_too_small_to_read_is_there_and_not_scored() -> None:
    viewers = Viewers(FacesAt((10, 10, 30, 34)), EvenClassifier())
    (sighting,) = watch(viewers, [EMPTY] * 4)[-1]
    assert sighting.scores is None
    assert list(viewers.seated.values()) == [0]
    (warning,) = viewers.warnings()
    assert "only about 22 px" in warning
    assert f"at least {SMALLEST_READABLE_PX} are needed" in warning
    assert "come nearer or zoom" in warning


def test_a_far_viewer_beside_a_near_one_is_told() -> None:
    viewers = Viewers(FacesAt((10, 10, 30, 34), (300, 100, 380, 200)), EvenClassifier())
    far, near = sorted(watch(viewers, [EMPTY] * 4)[-1], key=lambda sighting: sighting.track)
    assert far.scores is None
    assert near.scores is not None
    (warning,) = viewers.warnings()
    assert warning.startswith("1 of 2 viewers were never scored")


def test_a_face_that_the_edge_cuts_off_is_there_and_not_scored() -> None:
    viewers = Viewers(FacesAt((-30, 100, 50, 200)), EvenClassifier())
    (sighting,) = watch(viewers, [EMPTY] * 4)[-1]
    assert sighting.scores is None
    (warning,) = viewers.warnings()
    assert "point the camera at the faces" in warning


def test_nobody_is_no_reason_to_warn() -> None:
    viewers = Viewers(FacesAt(), EvenClassifier())
    assert watch(viewers, [EMPTY] * 4) == [[]] * 4
    assert viewers.warnings() == []


def test_a_camera_that_changes_its_size_moves_nobody() -> None:
    viewers = Viewers(FacesAt((300, 100, 380, 200)), EvenClassifier())
    looks = watch(viewers, [EMPTY] * 4 + [np.zeros((1200, 1800, 3), np.uint8)] * 4)
    assert [[sighting.track for sighting in look] for look in looks] == [[0]] * 8


# ------------------------------------------------------------------------------------- real footage


@pytest.fixture(scope="module")
def detector(one_thread: None) -> MtcnnFinder:  # noqa: ARG001 - a fixture asks for another by its name
    return MtcnnFinder()


def real_viewers(detector: MtcnnFinder, rate_hz: float = 4.0) -> Viewers:
    return Viewers(TrackingFinder(detector, rate_hz=rate_hz), EvenClassifier(), Upright(detector))


def seen_shares(viewers: Viewers, looks: list[list[Sighting]]) -> list[float]:
    """Share of the looks in which each viewer was found."""
    tracks = [sighting.track for look in looks for sighting in look]
    return [tracks.count(track) / len(looks) for track in viewers.seated]


@pytest.mark.parametrize(
    ("clip", "every", "people"),
    [
        ("classroom.gif", 4, 4),
        ("classroom.gif", 1, 4),
        (FEMALE, 3, 1),
        (FEMALE, 1, 1),
        (MALE, 3, 1),
        (MALE, 1, 1),
        ("face-demographics-walking.gif", 3, 2),
        ("face-demographics-walking.gif", 1, 2),
    ],
)
def test_each_person_has_one_seat(
    shared: Path, detector: MtcnnFinder, clip: str, every: int, people: int
) -> None:
    """At about four pictures a second, and at every one."""
    step_ms = {1: 75, 3: 240, 4: 250}[every]
    viewers = real_viewers(detector, rate_hz=1000 / step_ms)
    looks = watch(viewers, frames_of(shared / "media" / clip)[::every], step_ms)
    assert len(viewers.seated) == people
    if "walking" not in clip:  # those come out of a dark corridor
        assert min(seen_shares(viewers, looks)) == 1


def test_who_looks_away_is_seen_and_not_to_the_front(shared: Path, detector: MtcnnFinder) -> None:
    aside = [
        s.front for look in watch(real_viewers(detector), frames_of(shared / "media" / FEMALE)) for s in look
    ]
    ahead = [
        s.front for look in watch(real_viewers(detector), frames_of(shared / "media" / MALE)) for s in look
    ]
    assert len(aside) == 23
    assert 0.2 <= np.mean(aside) <= 0.45  # she turns from one side to the other and back
    assert not any(aside[:7])
    assert np.mean(ahead) == 1


def test_who_leaves_is_gone_at_once_and_who_comes_is_there_within_two_seconds(
    shared: Path, detector: MtcnnFinder
) -> None:
    with_her = frames_of(shared / "media" / MALE)[:24:3]
    without = [np.ascontiguousarray(picture[:, :160]) for picture in with_her]
    without = [resized(picture, 480, 270) for picture in without]  # the wall beside the face
    looks = watch(real_viewers(detector), [*without, *with_her, *without, *with_her])
    found = [len(look) for look in looks]
    assert found[:8] == [0] * 8
    assert found[16:24] == [0] * 8
    assert sum(found[8:16]) >= 1
    assert found[15] == found[31] == 1


@pytest.mark.parametrize(("width", "height"), [(213, 120), (640, 360), (3840, 2160)])
def test_from_120_lines_to_4k(shared: Path, detector: MtcnnFinder, width: int, height: int) -> None:
    viewers = real_viewers(detector)
    pictures = [resized(picture, width, height) for picture in frames_of(shared / "media" / MALE)[:18:3]]
    looks = watch(viewers, pictures)
    assert [len(look) for look in looks] == [1] * 6
    assert all(sighting.scores is not None for look in looks for sighting in look)


@pytest.mark.parametrize("contrast", [0.4, 0.2, 0.1])
def test_infra_red_footage(shared: Path, detector: MtcnnFinder, contrast: float) -> None:
    pictures = [
        infra_red(picture, contrast, seed)
        for seed, picture in enumerate(frames_of(shared / "media" / MALE)[::6])
    ]
    viewers = real_viewers(detector)
    looks = watch(viewers, pictures)
    assert list(viewers.seated.values()) == [0]
    assert seen_shares(viewers, looks)[0] >= 0.9
    as_it_is = [[face for face in detector.find(picture) if face.probability > 0.9] for picture in pictures]
    assert contrast == 0.4 or not any(as_it_is)  # without a stretch nobody would be there


@pytest.mark.parametrize("quarter_turns", [1, 2, 3])
@pytest.mark.parametrize("clip", ["classroom.gif", MALE, FEMALE])
def test_a_camera_on_its_side_or_on_its_head_is_noticed(
    shared: Path, detector: MtcnnFinder, clip: str, quarter_turns: int
) -> None:
    viewers = real_viewers(detector)
    looks = watch(
        viewers, [turned(picture, quarter_turns) for picture in frames_of(shared / "media" / clip)[::4]]
    )
    assert len(viewers.seated) == (4 if clip == "classroom.gif" else 1)
    assert len(looks[-1]) == len(viewers.seated)
    (warning,) = [line for line in viewers.warnings() if "turn the camera" in line]
    assert ("180°" in warning) == (quarter_turns == 2)


def test_a_face_cut_by_the_edge(shared: Path, detector: MtcnnFinder) -> None:
    pictures = frames_of(shared / "media" / MALE)[:30:3]
    without_chin = real_viewers(detector)
    looks = watch(without_chin, [np.ascontiguousarray(picture[:110]) for picture in pictures])
    assert all(sighting.scores is None for look in looks for sighting in look)
    assert "point the camera at the faces" in without_chin.warnings()[0]
    half = real_viewers(detector)
    watch(half, [np.ascontiguousarray(picture[:, 245:]) for picture in pictures])
    assert not half.seated
