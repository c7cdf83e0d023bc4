"""A batch as rows of the store: the statements, each inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import duckdb
import numpy as np

from contract.emotions import EMOTIONS
from contract.messages import End, Start
from ingest import rejects
from ingest.batch import Batch
from ingest.columns import FIELDS, Rows


def write_rows(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Forgets who took theirs back, and adds the rest; what was rejected is the caller's."""
    _forget_sessions(connection, batch.withdrawn)
    _add_sessions(connection, list(batch.starts.values()))
    _add_rows(connection, batch.rows)
    _update_sessions(connection, batch.last_seq, batch.ends)


def _forget_sessions(connection: duckdb.DuckDBPyConnection, sessions: Collection[str]) -> None:
    if not sessions:
        return
    delete(connection, sessions)
    for table in ("withdrawn", "purge_due"):
        connection.execute(f"INSERT INTO {table} SELECT unnest(?::VARCHAR[])", [list(sessions)])


def delete(connection: duckdb.DuckDBPyConnection, sessions: Collection[str]) -> int:
    """Deletes all that is of ``sessions``; how many reactions that was."""
    named = [list(sessions)]
    deleted = connection.execute(
        "DELETE FROM reaction WHERE session IN (SELECT unnest(?::VARCHAR[]))", named
    ).fetchone()
    for table in ("session", "reject"):
        connection.execute(
            f"DELETE FROM {table} WHERE session IN (SELECT unnest(?::VARCHAR[]))",  # noqa: S608
            named,
        )
    # A record too damaged to say whose it is may still hold the session's name, and more of it.
    connection.execute(
        "DELETE FROM reject WHERE session IS NULL "
        "AND len(list_filter(?::VARCHAR[], lambda one: contains(hex(body), hex(one)))) > 0",
        named,
    )
    connection.execute(
        f"DELETE FROM letter_due WHERE {rejects.PLACE} NOT IN (SELECT {rejects.PLACE} FROM reject)"  # noqa: S608
    )
    return int(deleted[0]) if deleted else 0


def _add_sessions(connection: duckdb.DuckDBPyConnection, starts: list[Start]) -> None:
    append(
        connection,
        "session",
        [
            (
                start.session, start.screening, start.film, start.cut, start.model, start.agent_version,
                start.consent_version, start.consent_language, start.calibration, start.simulated,
                0, None, None, None, False,
            )
            for start in starts
        ],
    )  # fmt: skip


def _add_rows(connection: duckdb.DuckDBPyConnection, rows: Rows) -> None:
    """Whole columns at once: three times as fast as the Appender, which takes Python's values one by one."""
    if not len(rows):
        return
    incoming = {
        "session": np.array(rows.sessions, dtype=object)[rows.of],
        **dict(zip((*FIELDS, *EMOTIONS), rows.values, strict=True)),
    }
    scores = ", ".join(f"nullif({emotion}, -1)" for emotion in EMOTIONS)
    connection.register("incoming", incoming)
    try:
        connection.execute(
            f"INSERT INTO reaction SELECT session, {', '.join(FIELDS)}, {scores} FROM incoming"  # noqa: S608
        )
    finally:
        connection.unregister("incoming")


def _update_sessions(
    connection: duckdb.DuckDBPyConnection, last_seq: Mapping[str, int], ends: Mapping[str, End]
) -> None:
    if last_seq:
        connection.execute(
            """
            UPDATE session SET last_seq = moved.last_seq
            FROM (SELECT unnest(?::VARCHAR[]) AS session, unnest(?::INTEGER[]) AS last_seq) AS moved
            WHERE session.session = moved.session
            """,
            [list(last_seq.keys()), list(last_seq.values())],
        )
    if ends:
        over = list(ends.values())
        connection.execute(
            """
            UPDATE session
            SET
                ended = true,
                generated = over.generated,
                dropped = over.dropped,
                left_behind = over.left_behind
            FROM (
                SELECT
                    unnest(?::VARCHAR[]) AS session,
                    unnest(?::INTEGER[]) AS generated,
                    unnest(?::INTEGER[]) AS dropped,
                    unnest(?::INTEGER[]) AS left_behind
            ) AS over
            WHERE session.session = over.session
            """,
            [
                [end.session for end in over],
                [end.generated for end in over],
                [end.dropped for end in over],
                [end.left for end in over],
            ],
        )


def append(connection: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[Any, ...]]) -> None:
    """Adds whole rows to a table."""
    if rows:
        appender = connection.appender(table)  # 200 times as fast as executemany
        try:
            appender.append_rows(rows)
            appender.flush()
        except BaseException:
            appender.clear()  # else it would try again as it is collected, outside the transaction
            raise
