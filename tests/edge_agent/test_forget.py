from __future__ import annotations

from pathlib import Path

import pytest

from contract.messages import Reactions, Sample, Start
from edge_agent.errors import OutboxError
from edge_agent.forget import Kept, forget, kept_in
from edge_agent.outbox import Outbox

A, B = "a" * 32, "b" * 32


def fill(outbox: Outbox) -> None:
    for session in (A, B):
        outbox.append(Start(session, "s", "film", "cut", 1, "en", "0.1", "bundled", 80))
        outbox.append(Reactions(session, 1, [Sample(0, 1000, 0, 0, 4, 100, 90, (0, 0, 0, 100, 0, 0, 0))]))


def test_the_file_and_all_beside_it_go(tmp_path: Path) -> None:
    path = tmp_path / "friday.outbox"
    with Outbox(path) as outbox:
        fill(outbox)
        outbox.withdraw(B)
        assert len(list(tmp_path.iterdir())) > 1
    assert kept_in(path) == Kept(samples=1, withdrawals=1)
    forget(path)
    assert list(tmp_path.iterdir()) == []


def test_an_outbox_in_use_is_left_whole(tmp_path: Path) -> None:
    path = tmp_path / "friday.outbox"
    with Outbox(path) as outbox:
        fill(outbox)
        with pytest.raises(OutboxError, match=r"in use .*stop the agent"):
            forget(path)
        assert outbox.left() == 2
    assert kept_in(path).samples == 2


def test_another_file_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not an outbox at all, but somebody's notes\n" * 50)
    with pytest.raises(OutboxError):
        kept_in(path)
    with pytest.raises(OutboxError, match="cannot be removed"):
        forget(path)
    assert path.read_text().startswith("not an outbox")
