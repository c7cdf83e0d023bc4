from __future__ import annotations

import io

import pytest

from edge_agent.errors import SourceError
from tests.edge_agent.mirror.reflected import mirroring, picture_file


def test_the_camera_is_open_only_while_the_page_is_there_in_view_and_wants_it() -> None:
    with mirroring() as running:
        mirror = running.mirror
        assert running.cameras.open == 0
        mirror.attend(True)
        for switch in (mirror.camera, mirror.visible, mirror.attend):
            running.wait_for(lambda told: told.camera == "open")
            assert running.cameras.open == 1
            switch(False)
            running.wait_for(lambda told: told.camera == "closed")
            assert running.cameras.open == 0
            switch(True)


def test_a_face_has_its_place_in_the_picture_its_seat_and_its_scores() -> None:
    with mirroring() as running:
        running.mirror.attend(True)
        told = running.wait_for(lambda told: bool(told.faces) and told.faces[0].number is not None)
        (face,) = told.faces
        assert face.number == 1
        assert face.front
        assert face.scores == (0, 0, 0, 100, 0, 0, 0)
        assert face.box == pytest.approx((40 / 160, 20 / 120, 100 / 160, 90 / 120))
        assert told.light == "good"
        assert set(running.pictures) == {(160, 120)}


def test_what_was_seen_stays_when_the_camera_is_turned_off_and_goes_when_it_comes_on() -> None:
    with mirroring() as running:
        running.mirror.attend(True)
        running.wait_for(lambda told: bool(told.faces))
        running.mirror.camera(False)
        assert running.wait_for(lambda told: told.camera == "closed").faces
        running.mirror.attend(False)
        running.mirror.camera(True)
        told = running.wait_for(lambda told: told.on)
        assert (told.faces, told.looked, told.light) == ((), False, None)


def test_a_picture_takes_the_cameras_place_until_it_is_turned_on_again() -> None:
    with mirroring() as running:
        running.mirror.attend(True)
        running.wait_for(lambda told: bool(told.faces))
        running.mirror.show(picture_file())
        told = running.wait_for(lambda told: told.camera == "closed")
        assert (told.showing, told.on, told.looked) == ("picture", False, True)
        assert told.faces[0].number == 1
        assert told.faces[0].box == pytest.approx((40 / 200, 20 / 150, 100 / 200, 90 / 150))
        assert running.pictures[-1] == (200, 150)
        running.mirror.camera(True)
        told = running.wait_for(lambda told: told.looked and told.camera == "open")
        assert (told.showing, told.on) == ("camera", True)


@pytest.mark.parametrize("content", [b"", b"no picture", picture_file().getvalue()[:80]])
def test_a_file_that_cannot_be_read_changes_nothing(content: bytes) -> None:
    with mirroring() as running:
        running.mirror.attend(True)
        running.wait_for(lambda told: told.camera == "open")
        with pytest.raises(SourceError, match="this file "):
            running.mirror.show(io.BytesIO(content))
        told = running.wait_for(lambda told: told.looked)
        assert (told.showing, told.on, told.camera) == ("camera", True, "open")
