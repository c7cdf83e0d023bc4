"""Removing what the agent keeps on this device: the outbox, the only file there is of a viewer."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from contract.errors import MessageError
from contract.messages import Withdraw, decode
from edge_agent.errors import OutboxError
from edge_agent.outbox import Outbox

_BESIDE = ("", "-wal", "-shm", "-journal")
"""SQLite's own files of one database."""


@dataclass(frozen=True)
class Kept:
    """What an outbox holds that nobody has taken. withdrawals: sessions whose viewer takes them back."""

    samples: int
    withdrawals: int


def kept_in(path: Path) -> Kept:
    """Raises OutboxError when ``path`` is no outbox."""
    with Outbox(path) as outbox:
        waiting = outbox.pending(outbox.waiting())
        return Kept(outbox.left(), sum(_is_withdrawal(one.body) for one in waiting))


def forget(path: Path) -> None:
    """Remove the outbox at ``path`` and SQLite's files beside it.

    Raises OutboxError when another program has it open, or it cannot be removed.
    """
    try:
        connection = sqlite3.connect(path, timeout=0)
        try:
            # Only who has the file alone may leave the log behind.
            connection.execute("PRAGMA journal_mode = DELETE")
        finally:
            connection.close()
        for suffix in _BESIDE:
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    except sqlite3.OperationalError as error:
        raise OutboxError(
            f"{path} is in use ({error}); stop the agent that writes it, then forget it"
        ) from error
    except (OSError, sqlite3.Error) as error:
        raise OutboxError(f"{path} cannot be removed: {error}") from error


def _is_withdrawal(body: bytes) -> bool:
    try:
        return isinstance(decode(body), Withdraw)
    except MessageError:
        return False
