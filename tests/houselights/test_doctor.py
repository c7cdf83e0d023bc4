"""``houselights doctor``, as a person runs it, with footage in the camera's place."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np

from tests.bench.footage import HEAD_POSE
from tests.edge_agent.test_forget import fill
from tests.support.broker import free_ports
from tests.support.command import done, houselights


def test_what_works_is_ticked(shared: Path, tmp_path: Path, kafka: str) -> None:
    footage = shared / "media" / HEAD_POSE[0]
    said = done(
        houselights(
            *("doctor", "--source", footage, "--to", f"kafka:{kafka}", "--outbox", tmp_path / "one.outbox")
        )
    )
    assert [line.split()[:2] for line in said.splitlines()] == [
        ["✓", part] for part in ("camera", "light", "face", "model", "broker", "outbox")
    ]
    assert list(tmp_path.iterdir()) == []  # nothing is kept


def test_what_does_not_work_says_what_to_do(tmp_path: Path) -> None:
    dark = tmp_path / "dark.png"
    cv2.imwrite(str(dark), np.zeros((240, 320, 3), np.uint8))
    (port,) = free_ports(1)
    outbox = tmp_path / "notes.outbox"
    outbox.write_text("not an outbox\n" * 100)
    ran = houselights(
        *("doctor", "--json", "--source", dark, "--to", f"kafka:127.0.0.1:{port}", "--outbox", outbox),
        *("--clock", f"mpv:{tmp_path / 'mpv'}", "--store", tmp_path / "store", "--model", tmp_path / "model"),
    )
    assert ran.returncode == 1
    found = {check["part"]: (check["works"], check["said"]) for check in json.loads(ran.stdout)}
    assert {part for part, (works, _) in found.items() if works} == {"camera"}
    for part, says in {
        "light": "take the lid",
        "face": "sit in front",
        "model": "there is no folder",
        "player": "start it first",
        "broker": "check the address",
        "outbox": "notes.outbox",
        "store": "nothing published yet",
    }.items():
        assert says in found[part][1]


def test_a_camera_that_is_not_there_leaves_the_rest_to_be_looked_at(tmp_path: Path) -> None:
    ran = houselights("doctor", "--source", "camera:9", "--outbox", tmp_path / "one.outbox")
    assert ran.returncode == 1
    assert [line.split()[:2] for line in ran.stdout.splitlines()] == [
        ["✗", "camera"],
        ["✓", "model"],
        ["✓", "outbox"],
    ]
    assert "plugged in" in ran.stdout


def test_samples_that_wait_are_told(shared: Path, tmp_path: Path) -> None:
    from edge_agent.outbox import Outbox

    path = tmp_path / "one.outbox"
    with Outbox(path) as outbox:
        fill(outbox)
    said = done(houselights("doctor", "--source", shared / "media" / HEAD_POSE[0], "--outbox", path))
    assert "2 samples wait" in said
