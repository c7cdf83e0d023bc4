"""The store's tables of dead letters, ``reject`` and ``letter_due``: what goes in, and what is found there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from ingest.validate import Rejected

LONGEST_BODY = 128 * 1024
"""Of a dead letter, bytes: twice the longest message there is. What is longer is kept up to here: packed well it
could be a hundred times what a broker takes, and would fill the store and stop the dead letter topic.
"""

PLACE = '(source, partition, "offset")'

Place = tuple[str, int, int]
"""Source, partition and offset of a record."""


def due(connection: duckdb.DuckDBPyConnection, most: int) -> list[tuple[Any, ...]]:
    """Dead letters that are not in the dead letter topic yet, oldest first; the columns of ``reject``."""
    return connection.execute(
        f"""
        SELECT source, partition, "offset", reason, detail, samples, session, body
        FROM reject
        JOIN letter_due USING {PLACE}
        ORDER BY source, partition, "offset"
        LIMIT ?
        """,  # noqa: S608
        [most],
    ).fetchall()


def new_rows(connection: duckdb.DuckDBPyConnection, letters: Sequence[Rejected]) -> list[tuple[Any, ...]]:
    """The rows of ``reject`` that ``letters`` make, save what lies there already: a re-send counts no sample twice."""
    # Only what is sent again is read: all that a hostile session ever sent may not fit the memory.
    counted = [
        (letter.session, _kept(letter)) for letter in letters if letter.session is not None and letter.samples
    ]
    known: set[tuple[str, bytes]] = set()
    if counted:
        known = set(
            connection.execute(
                "SELECT session, body FROM reject WHERE (session, body) IN "
                "(SELECT unnest(?::VARCHAR[]), unnest(?::BLOB[]))",
                [[session for session, _ in counted], [body for _, body in counted]],
            ).fetchall()
        )
    return [
        (
            letter.record.source, letter.record.partition, letter.record.offset,
            letter.reason, letter.detail, letter.samples, letter.session, _kept(letter),
        )
        for letter in letters
        if not (letter.samples and (letter.session, _kept(letter)) in known)
    ]  # fmt: skip


def delete_at(connection: duckdb.DuckDBPyConnection, table: str, places: Sequence[Place]) -> None:
    """Delete the rows of ``reject`` or ``letter_due`` at ``places``."""
    if places:
        sources, partitions, offsets = (list(part) for part in zip(*places, strict=True))
        connection.execute(
            f"DELETE FROM {table} WHERE {PLACE} IN "  # noqa: S608
            "(SELECT unnest(?::VARCHAR[]), unnest(?::INTEGER[]), unnest(?::BIGINT[]))",
            [sources, partitions, offsets],
        )


def _kept(letter: Rejected) -> bytes:
    return (letter.record.value or b"")[:LONGEST_BODY]
