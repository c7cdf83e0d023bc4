"""One file, the environment, the command line: which goes first, and what a mistake says."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from edge_agent.outbox import Outbox
from tests.support.command import done, houselights


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    path = tmp_path / "viewer.outbox"
    Outbox(path).close()
    return path


def _wrong(content: str, tmp_path: Path) -> str:
    path = tmp_path / "houselights.toml"
    path.write_text(content)
    finished = houselights("--config", path, "ingest")
    assert finished.returncode == 2
    assert "Traceback" not in finished.stderr
    return " ".join(finished.stderr.replace("│", " ").split())


def test_the_file_stands_for_options_and_the_command_line_goes_first(tmp_path: Path, outbox: Path) -> None:
    path = tmp_path / "houselights.toml"
    path.write_text(f'[ingest]\nfrom = "outbox:{outbox}"\nstore = "{tmp_path / "filed"}"\nonce = true\n')
    done(houselights("--config", path, "ingest"))
    assert (tmp_path / "filed" / "store.duckdb").exists()
    done(
        houselights(
            "ingest", environment={"HOUSELIGHTS_CONFIG": str(path), "HOUSELIGHTS_STORE": f"{tmp_path}/said"}
        )
    )
    assert (tmp_path / "said" / "store.duckdb").exists()
    done(houselights("--config", path, "ingest", "--store", tmp_path / "typed"))
    assert (tmp_path / "typed" / "store.duckdb").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[ingst]\nstore = "x"', "'ingst', which is no command"),
        ('store = "x"', "'store', which is no command; expected a table"),
        ('[ingest]\nstroe = "x"', "'stroe' in [ingest], which is no option of it"),
        ("[screening.create]\nkk = 1", "'kk' in [screening.create]"),
        ("[ingest", "is no TOML"),
    ],
)
def test_a_mistake_in_the_file_is_named(content: str, said: str, tmp_path: Path) -> None:
    assert said in _wrong(content, tmp_path)


def test_logs_are_json_when_asked_and_name_no_session(tmp_path: Path, outbox: Path) -> None:
    stranger = "f" * 32
    with sqlite3.connect(outbox) as database:
        database.execute(
            "INSERT INTO message (session, samples, body) VALUES (?, 0, ?)",
            (stranger, b"junk " + stranger.encode()),
        )
    database.close()
    finished = houselights(
        "ingest",
        "--from",
        f"outbox:{outbox}",
        "--store",
        tmp_path / "store",
        "--once",
        "--log-format",
        "json",
    )
    done(finished)
    (line,) = [json.loads(line) for line in finished.stderr.splitlines() if line.startswith("{")]
    assert (line["level"], line["part"]) == ("WARNING", "ingest.reject_log")
    assert "not_json" in line["message"]
    assert stranger not in finished.stderr
