"""The file ``store.duckdb``: opened by one writer, or read where there is none; its errors as lines for people."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from analytics.files import flush_to_disk, remove_database
from ingest.errors import StoreError, StoreLockedError, one_line

STORE_NAME = "store.duckdb"
LOCK_NAME = "store.lock"
_FULL = "No space left"
"""In DuckDB's words, which are the system's."""
READER_S = 10.0
"""How long ``houselights ledger`` may keep an ingest from starting; it reads for a fraction of a second."""
_DAMAGED = ("Corrupt", "does not match stored checksum")
_FREE_SPACE = "free some space, then start ingest again"
_BACKUP = "put a backup in its place, or start a new --store directory and read the topic again"
_HOLDER = re.compile(r"held in (?P<program>\S+).*?\(PID (?P<pid>\d+)\)")


def connect_behind_readers(path: Path) -> duckdb.DuckDBPyConnection:
    """The connection of who holds the folder's lock: another process in the file only reads, and is soon done.

    Makes the file where there is none.
    """
    if not path.exists():
        _make(path)
    until = time.monotonic() + READER_S
    while True:
        try:
            return connect(path)
        except StoreLockedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


@contextmanager
def opened_to_read(store_dir: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The store of a directory where no ingest runs. Raises StoreLockedError where one does, StoreError."""
    path = store_dir / STORE_NAME
    if not path.is_file():
        raise StoreError(
            f"there is no {path}: name the directory that was given to houselights ingest --store"
        )
    connection = connect(path, read_only=True)
    try:
        with translated(path):
            yield connection
    finally:
        connection.close()


def held(path: Path, who: str) -> StoreLockedError:
    """What to raise when ``who`` has the store open."""
    return StoreLockedError(
        f"{path} is open in {who}, and one ingest writes at a time: stop it, or read serving.duckdb instead"
    )


def connect(path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open the file. Raises StoreLockedError when another process holds it, StoreError when it is damaged."""
    try:
        return duckdb.connect(str(path), read_only=read_only)
    except duckdb.Error as error:
        text = one_line(error)
        if "lock" in text and "held in" in text:
            holder = _HOLDER.search(text)
            who = f"process {holder['pid']} ({holder['program']})" if holder else "another process"
            raise held(path, who) from error
        advice = _FREE_SPACE if _FULL in str(error) else _BACKUP
        raise StoreError(f"cannot open {path}: {text}; {advice}") from error


def _make(path: Path) -> None:
    """An empty database, put in place whole: DuckDB could not open what a full disk or a crash leaves of one."""
    new = path.with_name(f"{path.name}.new")
    try:
        remove_database(new)
        connect(new).close()
        flush_to_disk(new)
        new.replace(path)
        flush_to_disk(path.parent)  # the rename itself
    except OSError as error:
        raise StoreError(f"cannot make {path}: {error.strerror or error}; {_FREE_SPACE}") from error


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """DuckDB's errors inside as a StoreError."""
    try:
        yield
    except duckdb.Error as error:
        text = str(error)
        if _FULL in text:
            advice = f"a batch is stored whole or not at all: {_FREE_SPACE}"
        elif any(word in text for word in _DAMAGED):
            advice = f"the file is damaged: {_BACKUP}"
        else:
            advice = "nothing of this batch was stored: check the disk, then start ingest again"
        raise StoreError(f"{path}: {one_line(error)}; {advice}") from error
