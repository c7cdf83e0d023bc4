"""The published tables as files, with a README of their columns: for other programs and for statisticians."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Literal

import duckdb

from analytics.errors import StoreError, one_line
from analytics.exports.errors import ExportError
from analytics.serving import SQL_DIR, Serving

TableFormat = Literal["parquet", "csv"]
_OPTIONS = {"parquet": "FORMAT parquet, COMPRESSION zstd", "csv": "FORMAT csv, HEADER"}


def export_tables(serving: Serving, folder: Path, form: TableFormat) -> list[str]:
    """Write every published table as ``folder/TABLE.parquet`` or ``.csv``, and README.md; the tables' names.

    All are of one publish. Files of the same names are replaced, others left alone.
    Raises StoreError when nothing is published yet, ExportError when a file cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".export-") as beside:
            names = _copy(serving, Path(beside), form)
            for path in sorted(Path(beside).iterdir()):
                path.replace(folder / path.name)
    except OSError as error:
        raise ExportError(f"cannot write into {folder}: {error.strerror or error}") from error
    return names


def _copy(serving: Serving, folder: Path, form: TableFormat) -> list[str]:
    serving.version()  # says what to do where nothing is published yet
    # A connection of its own: Serving's may touch no file but the one it reads.
    with duckdb.connect(":memory:") as connection:
        try:
            connection.execute(f"ATTACH '{_quoted(serving.path)}' AS serving (READ_ONLY)")
            tables = connection.execute(_sql("export_tables")).fetchall()
            columns = connection.execute(_sql("export_columns")).fetchall()
        except duckdb.Error as error:
            raise StoreError(f"cannot read {serving.path}: {one_line(error)}") from error
        for name, _ in tables:
            target = folder / f"{name}.{form}"
            try:
                connection.execute(f"COPY serving.{_name(name)} TO '{_quoted(target)}' ({_OPTIONS[form]})")
            except duckdb.Error as error:
                raise ExportError(f"cannot write {name}.{form}: {one_line(error)}") from error
        text = _readme(tables, columns, form, connection)
    (folder / "README.md").write_text(text, encoding="utf-8")
    return [name for name, _ in tables]


def _readme(
    tables: list[tuple[str, str | None]],
    columns: list[tuple[str, str, str, str | None]],
    form: TableFormat,
    connection: duckdb.DuckDBPyConnection,
) -> str:
    of_table: defaultdict[str, list[str]] = defaultdict(list)
    for table, name, kind, comment in columns:
        of_table[table].append(f"| `{name}` | {kind} | {comment or ''} |")
    published = connection.execute("SELECT published_at FROM serving.published").fetchone()
    parts = [
        "# Published tables",
        (
            f"Written by Houselights from what was published {published[0]:%Y-%m-%d %H:%M} UTC. "
            if published
            else ""
        )
        + "Every row stands for at least k viewers of its screening (`screening.k`); what that withheld is counted in "
        "`left_out`. Shares are 0 to 1. Times are milliseconds from the first frame of the cut. A face was read, not a "
        "feeling: `happy` says how a viewer looked.",
    ]
    for name, comment in tables:
        head = f"## {name}.{form}\n\n{comment or ''}\n\n| column | type | meaning |\n|---|---|---|\n"
        parts.append(head + "\n".join(of_table[name]))
    return "\n\n".join(parts) + "\n"


def _sql(name: str) -> str:
    return (SQL_DIR / f"{name}.sql").read_text(encoding="utf-8")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _name(table: str) -> str:
    return '"' + table.replace('"', '""') + '"'
