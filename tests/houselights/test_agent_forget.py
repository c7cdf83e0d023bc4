"""``houselights agent forget``, as a person runs it."""

from __future__ import annotations

from pathlib import Path

from edge_agent.outbox import Outbox
from tests.edge_agent.test_forget import A, fill
from tests.support.command import done, houselights, refused


def test_it_says_what_goes_and_removes_it(tmp_path: Path) -> None:
    path = tmp_path / "friday.outbox"
    with Outbox(path) as outbox:
        fill(outbox)
        outbox.withdraw(A)
    asked = houselights("agent", "forget", "--outbox", path)  # and nobody answers
    assert asked.returncode == 1
    assert path.exists()
    ran = houselights("agent", "forget", "--outbox", path, "--yes")
    said = done(ran)
    assert "1 samples that were not sent" in said
    assert "nothing is kept on this device" in said
    assert "1 sessions are to be taken back" in ran.stderr
    assert list(tmp_path.iterdir()) == []
    assert "nothing is kept here" in done(houselights("agent", "forget", "--outbox", path))


def test_another_file_is_refused_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"a film, long enough to be no database header" * 100)
    refused(houselights("agent", "forget", "--outbox", path, "--yes"))
    assert path.exists()
