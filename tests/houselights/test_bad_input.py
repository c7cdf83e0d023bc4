"""Whatever a person gets wrong: one line that says what to try, an exit code, and nothing lost."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from ingest.store import Store
from tests.support.command import done, houselights, refused

WHAT = ("--film", "reel", "--cut", "rough")


def _agent(tmp_path: Path, source: str | Path, *more: str | Path) -> subprocess.CompletedProcess[str]:
    return houselights(
        *("agent", "run", *WHAT, "--screening", "friday", "--source", source),
        *("--outbox", tmp_path / "viewer.outbox", *more),
    )


def _nothing_listens() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def empty_room(tmp_path: Path) -> Path:
    """Two seconds of a grey wall."""
    path = tmp_path / "wall.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 10, (320, 240))
    for _ in range(20):
        writer.write(np.full((240, 320, 3), 128, np.uint8))
    writer.release()
    return path


def test_a_missing_camera(tmp_path: Path) -> None:
    assert "camera" in refused(_agent(tmp_path, "camera:97"))


def test_a_missing_video(tmp_path: Path) -> None:
    assert "nothing.mp4" in refused(_agent(tmp_path, tmp_path / "nothing.mp4"))


@pytest.mark.parametrize("content", [b"", b"not a video at all"])
def test_an_empty_or_unreadable_video(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.mp4"
    path.write_bytes(content)
    assert "broken.mp4" in refused(_agent(tmp_path, path))


def test_no_face_in_the_whole_run_is_said_with_its_own_exit_code(tmp_path: Path, empty_room: Path) -> None:
    ran = _agent(tmp_path, empty_room)
    assert ran.returncode == 3
    assert "no face was found" in ran.stderr
    assert "light" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_broker_that_is_down_keeps_everything_in_the_outbox(tmp_path: Path, shared: Path) -> None:
    footage = shared / "media" / "head-pose-face-detection-female.gif"
    ran = _agent(tmp_path, footage, "--to", f"kafka:127.0.0.1:{_nothing_listens()}", "--json")
    report = json.loads(done(ran))
    assert "stay in the outbox" in ran.stderr
    assert report["left"] == report["generated"] > 0
    with sqlite3.connect(tmp_path / "viewer.outbox") as outbox:
        assert outbox.execute("SELECT sum(samples) FROM message").fetchone() == (report["generated"],)


def test_an_offline_hub_id(tmp_path: Path, empty_room: Path) -> None:
    ran = houselights(
        *("agent", "run", *WHAT, "--screening", "friday", "--source", empty_room),
        *("--outbox", tmp_path / "viewer.outbox", "--model", "trpakov/vit-face-expression"),
        environment={
            "HF_ENDPOINT": f"http://127.0.0.1:{_nothing_listens()}",
            "HF_HOME": str(tmp_path / "hub"),
        },
    )
    line = refused(ran)
    assert "trpakov/vit-face-expression" in line
    assert "folder" in line


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("Opening,0,20\nJoke,10,30\n", "overlap"),
        ("Opening,20,10\n", "line 2"),
    ],
)
def test_overlapping_and_reversed_scenes(tmp_path: Path, rows: str, said: str) -> None:
    path = tmp_path / "scenes.csv"
    path.write_text(f"name,start,end\n{rows}")
    assert said in refused(houselights("scenes", "import", path, *WHAT, "--store", tmp_path / "store"))
    assert not list((tmp_path / "store").rglob("scenes/**/*.json"))


def test_a_second_writer_on_the_store(tmp_path: Path) -> None:
    store = tmp_path / "store"
    done(houselights("screening", "create", "friday", *WHAT, "--store", store))
    with Store(store):
        line = refused(houselights("publish", "--store", store))
    assert f"is open in process {os.getpid()}" in line
    assert "one ingest writes at a time" in line


def test_ingest_from_a_broker_that_is_down(tmp_path: Path) -> None:
    port = _nothing_listens()
    line = refused(
        houselights("ingest", "--from", f"kafka:127.0.0.1:{port}", "--store", tmp_path / "s", "--once")
    )
    assert str(port) in line


def test_a_topic_on_a_broker_that_is_down() -> None:
    port = _nothing_listens()
    assert str(port) in refused(houselights("topics", "create", "--kafka", f"127.0.0.1:{port}"))


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = refused(houselights("dashboard", "--store", tmp_path, "--port", str(port), "--no-browser"))
    assert str(port) in line
    assert "--port" in line


def test_a_query_before_anything_is_published(tmp_path: Path) -> None:
    assert "houselights demo" in refused(houselights("query", "--store", tmp_path, "select 1"))


def test_a_missing_data_set(tmp_path: Path) -> None:
    assert "--data" in refused(houselights("model", "evaluate", "--data", tmp_path / "none.npz"))


@pytest.mark.parametrize(
    "arguments", [("ingest", "--from", "nowhere", "--store", "s"), ("topics", "create", "--kafka", "x")]
)
def test_an_address_of_the_wrong_form_is_wrong_usage(arguments: tuple[str, ...]) -> None:
    ran = houselights(*arguments)
    assert ran.returncode == 2
    assert "kafka:HOST:PORT" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_the_command_answers_help_without_heavy_imports() -> None:
    code = (
        "import sys\nfrom typer.testing import CliRunner\nfrom houselights.cli import app\n"
        "assert CliRunner().invoke(app, ['agent', 'run', '--help']).exit_code == 0\n"
        "print(sorted({'torch', 'cv2', 'transformers', 'duckdb', 'streamlit', 'kafka'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
