"""``store.duckdb``: the one writer.

A batch is written in this order, in one transaction, so a crash at any instruction repeats nothing and loses
nothing:

1. The offsets are compared with those the batch was read from, and moved on. Somebody else moved them:
   nothing is written.
2. Sessions taken back are forgotten.
3. New sessions, reactions, ends and dead letters are added.
4. Commit. Only then is the source told.

``purge`` then makes what step 2 deleted vanish from the file too:

1. Everything is copied into a new file, which so has no free blocks, and flushed to disk.
2. The new file is renamed over the old one, under a lock that outlives the old file's own.

A crash before 2 leaves the old file, whose table purge_due says that it has yet to be done.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import duckdb
from filelock import FileLock, Timeout

from analytics.files import flush_to_disk, remove_database
from analytics.publish import PublishReport, publish
from ingest import rejects
from ingest.batch import Batch
from ingest.batch_rows import append, delete, write_rows
from ingest.errors import OffsetConflictError, StoreError
from ingest.memory import Memory, MemoryLimit, forget_spilled
from ingest.store_file import LOCK_NAME, STORE_NAME, connect, connect_behind_readers, held, translated
from ingest.validate import Rejected

SCHEMA_VERSION = 1
_SCHEMA = Path(__file__).with_name("schema.sql")


class Store:
    """The store of one directory, open for writing; as long as it is, no other process can open it."""

    def __init__(self, store_dir: str | Path, memory: Memory | None = None) -> None:
        """Opens or makes it. ``memory``: what DuckDB may hold; when None it is DuckDB's own limit.

        Raises StoreLockedError when another process holds it, StoreError when it is damaged.
        """
        self.folder = Path(store_dir)
        self.path = self.folder / STORE_NAME
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"cannot make the store directory {self.folder}: {error.strerror or error}"
            ) from error
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._limit = MemoryLimit(memory, lambda: self.connection)
        self._lock = FileLock(self.folder / LOCK_NAME, timeout=0)
        try:
            self._lock.acquire()
        except Timeout as error:
            connect(self.path).close()  # names the process that holds it, or
            raise held(self.path, "another process") from error
        except OSError as error:
            raise StoreError(
                f"cannot write {self.folder / LOCK_NAME}: {error.strerror or error}; check the folder's rights"
            ) from error
        try:
            forget_spilled(self.path)
            self._connection = connect_behind_readers(self.path)
            self._limit.hold()
            self._prepare()
        except OSError as error:
            self.close()
            raise StoreError(
                f"cannot remove {self.path}.tmp: {error.strerror or error}; check the folder's rights"
            ) from error
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """For reading between batches, in this process. Another one after each ``purge``."""
        if self._connection is None:
            raise StoreError(f"{self.path} is not open")
        return self._connection

    def close(self) -> None:
        """Lets go of the locks; a second call does nothing."""
        if self._connection is not None:
            self._connection.close()
        self._lock.release()

    def offsets(self, source: str) -> dict[int, int]:
        """The next offset of each partition of ``source`` that was ever stored."""
        with translated(self.path):
            return dict(
                self.connection.execute(
                    "SELECT partition, next_offset FROM source_offset WHERE source = ?", [source]
                ).fetchall()
            )

    def last_seqs(self, sessions: Collection[str]) -> dict[str, int]:
        """The seq of the last reactions stored, for those of ``sessions`` that the store knows."""
        return self._of_sessions("last_seq", sessions)

    def screenings_of(self, sessions: Collection[str]) -> dict[str, str]:
        """The screening of those of ``sessions`` that the store knows."""
        return self._of_sessions("screening", sessions)

    def withdrawn(self, sessions: Collection[str]) -> set[str]:
        """Those of ``sessions`` whose viewers took everything back."""
        with translated(self.path):
            found = self.connection.execute(
                "SELECT session FROM withdrawn WHERE session IN (SELECT unnest(?::VARCHAR[]))",
                [list(sessions)],
            ).fetchall()
        return {session for (session,) in found}

    def write(
        self, batch: Batch, source: str, expected: Mapping[int, int], next_offsets: Mapping[int, int]
    ) -> int:
        """Writes a batch and its offsets, whole or not at all; returns how many dead letters were new.

        ``expected``: what ``offsets`` said when the batch was read; a partition that is missing had no offset
        yet. Raises OffsetConflictError when the store's offsets are others by now.
        """
        with translated(self.path), self._room_for(batch), self._transaction():
            self._move_offsets(source, expected, next_offsets)
            write_rows(self.connection, batch)
            return self._add_rejected(batch.rejected)

    def letters_due(self, most: int) -> list[tuple[Any, ...]]:
        """Dead letters that are not in the dead letter topic yet, oldest first; the columns of ``reject``."""
        with translated(self.path), self._limit.for_all():
            return rejects.due(self.connection, most)

    def letters_sent(self, places: Sequence[rejects.Place]) -> None:
        """Notes that the dead letter topic holds these."""
        with translated(self.path), self._transaction():
            rejects.delete_at(self.connection, "letter_due", places)

    def take_replayed(self, batch: Batch, places: Sequence[rejects.Place]) -> None:
        """Writes a batch made of dead letters, which are none any more, whole or not at all."""
        with translated(self.path), self._room_for(batch), self._transaction():
            write_rows(self.connection, batch)
            rejects.delete_at(self.connection, "reject", places)
            rejects.delete_at(self.connection, "letter_due", places)

    def screenings_with_sessions(self, screenings: Collection[str]) -> list[str]:
        """Those of ``screenings`` of which the store has per-viewer rows, by name."""
        with translated(self.path):
            found = self.connection.execute(
                "SELECT DISTINCT screening FROM session WHERE list_contains(?, screening) ORDER BY screening",
                [list(screenings)],
            ).fetchall()
        return [screening for (screening,) in found]

    def remove_screenings(self, screenings: Collection[str]) -> tuple[int, int]:
        """Deletes the sessions of ``screenings`` and all that is theirs; how many sessions and reactions."""
        with translated(self.path), self._transaction():
            sessions = [
                session
                for (session,) in self.connection.execute(
                    "SELECT session FROM session WHERE list_contains(?, screening)", [list(screenings)]
                ).fetchall()
            ]
            rows = delete(self.connection, sessions)
            self.connection.execute("INSERT INTO purge_due SELECT unnest(?::VARCHAR[])", [sessions])
        return len(sessions), rows

    def purge(self) -> bool:
        """Rewrites the file when sessions were taken back since the last time; whether that was due.

        Takes about half a second for 100,000 rows. Raises StoreError, and the store is then as it was.
        """
        new = self.path.with_name(f"{STORE_NAME}.purged")
        try:
            with translated(self.path):
                if self.connection.execute("SELECT count(*) FROM purge_due").fetchone() == (0,):
                    return False
                remove_database(new)
                with self._limit.for_all():
                    self._copy_to(new)
            flush_to_disk(new)
            self.connection.close()
            try:
                new.replace(self.path)
                flush_to_disk(self.folder)  # the rename itself
            finally:
                self._connection = connect_behind_readers(self.path)
                self._limit.hold()
        except OSError as error:
            raise StoreError(
                f"cannot rewrite {self.path}: {error.strerror or error}; free some space, then start ingest again"
            ) from error
        return True

    def _copy_to(self, new: Path) -> None:
        """Copies everything into a file of its own, with nothing left to purge, and nothing in a log beside it."""
        quoted = str(new).replace("'", "''")
        self.connection.execute("CHECKPOINT")
        self.connection.execute(f"ATTACH '{quoted}' AS purged")
        try:
            self.connection.execute(f"COPY FROM DATABASE {self.path.stem} TO purged")
            self.connection.execute("DELETE FROM purged.purge_due")
            self.connection.execute("CHECKPOINT purged")
        finally:
            self.connection.execute("DETACH purged")

    def publish(
        self,
        *,
        anew: bool = False,
        settled_at_once: int | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> PublishReport:
        """Writes ``serving.duckdb`` from what is stored, as ``analytics.publish.publish`` does.

        Raises PublishStoppedError when ``stopped`` says so, AnalyticsError when publishing fails.
        """
        with translated(self.path), self._limit.for_all():
            return publish(
                self.connection, self.folder, anew=anew, settled_at_once=settled_at_once, stopped=stopped
            )

    def _prepare(self) -> None:
        with translated(self.path), self._transaction():
            self.connection.execute(_SCHEMA.read_text(encoding="utf-8"))
            found = self.connection.execute("SELECT schema_version FROM meta").fetchone()
            if found is None:
                self.connection.execute("INSERT INTO meta VALUES (?)", [SCHEMA_VERSION])
            elif found[0] != SCHEMA_VERSION:
                raise StoreError(
                    f"{self.path} has schema version {found[0]}, this houselights writes {SCHEMA_VERSION}: "
                    "use the version that made it, or another --store directory"
                )

    def _of_sessions(self, column: str, sessions: Collection[str]) -> dict[str, Any]:
        with translated(self.path):
            return dict(
                self.connection.execute(
                    f"SELECT session, {column} FROM session WHERE session IN (SELECT unnest(?::VARCHAR[]))",  # noqa: S608
                    [list(sessions)],
                ).fetchall()
            )

    @contextmanager
    def _room_for(self, batch: Batch) -> Iterator[None]:
        """Memory; a batch with dead letters looks for them among those that lie here, a withdrawal too."""
        with ExitStack() as room:
            if batch.rejected or batch.withdrawn:
                room.enter_context(self._limit.for_all())
            room.enter_context(self._limit.for_batch(batch.size_bytes))
            yield

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def _move_offsets(
        self, source: str, expected: Mapping[int, int], next_offsets: Mapping[int, int]
    ) -> None:
        stored = self.offsets(source)
        for partition, next_offset in next_offsets.items():
            if stored.get(partition) != expected.get(partition):
                raise OffsetConflictError(
                    f"{source}, partition {partition}: the store stands at offset "
                    f"{stored.get(partition, 'none')}, this "
                    f"ingest read from {expected.get(partition, 'none')}; another ingest writes here: run "
                    "only one"
                )
            if partition in stored:
                self.connection.execute(
                    "UPDATE source_offset SET next_offset = ? WHERE source = ? AND partition = ?",
                    [next_offset, source, partition],
                )
            else:
                self.connection.execute(
                    "INSERT INTO source_offset VALUES (?, ?, ?)", [source, partition, next_offset]
                )

    def _add_rejected(self, letters: list[Rejected]) -> int:
        """Adds dead letters, save what lies here already: a re-send counts no sample twice."""
        claimed = [letter.session for letter in letters if letter.session is not None]
        # A wrong key hides from `plan` whose record it is; what was taken back stays forgotten all the same.
        taken_back = self.withdrawn(claimed)
        rows = rejects.new_rows(
            self.connection, [letter for letter in letters if letter.session not in taken_back]
        )
        append(self.connection, "reject", rows)
        append(self.connection, "letter_due", [row[:3] for row in rows])
        return len(rows)
