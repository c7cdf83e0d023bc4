"""``store.duckdb`` as a file: made whole, and refused in words when the disk gave it back otherwise."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from ingest.errors import StoreError
from ingest.store_file import connect_behind_readers, opened_to_read, translated


def test_a_new_store_is_put_in_place_whole_though_half_of_one_was_left(tmp_path: Path) -> None:
    path = tmp_path / "store.duckdb"
    (tmp_path / "store.duckdb.new").write_bytes(b"half of a header")
    (tmp_path / "store.duckdb.new.wal").write_bytes(b"")
    connect_behind_readers(path).close()
    assert [file.name for file in tmp_path.iterdir()] == ["store.duckdb"]
    with opened_to_read(tmp_path) as connection:
        assert connection.execute("FROM duckdb_tables()").fetchall() == []


def test_a_store_cannot_be_made_in_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"cannot (make|open) .*store\.duckdb"):
        connect_behind_readers(tmp_path / "file" / "store.duckdb")


def test_a_damaged_block_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "store.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t AS SELECT hash(range) AS i FROM range(300_000)")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with (
        pytest.raises(StoreError, match="the file is damaged: put a backup in its place") as caught,
        opened_to_read(tmp_path) as connection,
    ):
        connection.execute("SELECT sum(i) FROM t").fetchall()
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == content


def test_a_full_disk_is_one_line_that_says_so() -> None:
    with (
        pytest.raises(
            StoreError,
            match="No space left on device; a batch is stored whole or not at all: free some space",
        ),
        translated(Path("store.duckdb")),
    ):
        raise duckdb.TransactionException("Failed to commit: Could not write file: No space left on device")
