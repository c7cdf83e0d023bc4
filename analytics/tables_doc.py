"""Writes docs/tables.md from the published tables' own comments.

python -m analytics.tables_doc > docs/tables.md
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import duckdb

from analytics.publish import STEPS_TO_SERVING, publish
from analytics.serving import Serving

_TOP = """\
# The published tables

`serving.duckdb` is what the dashboard, `houselights query` and any DuckDB client read. It is replaced as a
whole at each publish, so read it anew when `published.version` changes. It holds no row of a single viewer:
a second or a scene stands for at least `screening.k` viewers, or it is left out and counted in `left_out`.

This page is written by `python -m analytics.tables_doc > docs/tables.md` from the comments in the file
itself (`SELECT * FROM duckdb_columns()`).

How figures are made: only the first viewing of a moment counts. Each viewer's seconds are averaged first,
then viewers are, so nobody weighs more for having looked longer. A viewer *shows* an emotion in a second
when its score is at least 20 points above that viewer's own median over the screening. A second belongs to
the scene that holds its middle.

## Examples

The scenes of each screening, strongest feeling first:

```sql
SELECT screening.screening, scene.name, scene_summary.strongest, scene_summary.valence, scene_summary.viewers
FROM screening
JOIN scene USING (film, cut)
JOIN scene_summary USING (screening, scene)
ORDER BY screening.screening, abs(scene_summary.valence) DESC
```

The seconds in which surely more than a third of the audience was happy:

```sql
SELECT screening, t_ms / 1000 AS film_s, share, viewers
FROM second_reaction
WHERE emotion = 'happy' AND share_low > 1 / 3
ORDER BY screening, t_ms
```

What was withheld, and which k would show it:

```sql
SELECT screening, what, cells, viewers_most
FROM left_out
```
"""


def page() -> str:
    """The whole page, as Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        return _TOP + "".join(f"\n{_table(Path(folder), name)}" for name in _tables(Path(folder)))


def _tables(folder: Path) -> tuple[str, ...]:
    """Publishes an empty store into ``folder``; the names of its tables in the order they are made."""
    with duckdb.connect() as store:
        # What publishing reads of a store, without a row: analytics may not import ingest, which owns it.
        store.execute(
            "CREATE TABLE session (session VARCHAR, screening VARCHAR, film VARCHAR, cut VARCHAR, simulated "
            "BOOLEAN, "
            "ended BOOLEAN)"
        )
        store.execute(
            "CREATE TABLE reaction (session VARCHAR, viewer USMALLINT, pass USMALLINT, t_ms INTEGER, d_ms "
            "INTEGER, "
            "n USMALLINT, seen UTINYINT, front UTINYINT, angry UTINYINT, disgust UTINYINT, fear UTINYINT, "
            "happy UTINYINT, neutral UTINYINT, sad UTINYINT, surprise UTINYINT)"
        )
        publish(store, folder)
    return (*STEPS_TO_SERVING, "published")


def _table(folder: Path, name: str) -> str:
    serving = Serving(folder)
    ((about,),) = serving.run_sql(
        f"SELECT comment FROM duckdb_tables() WHERE table_name = '{name}'"  # noqa: S608  # a name of our own
    ).rows
    columns = serving.run_sql(
        "SELECT column_name, data_type, comment FROM duckdb_columns() "  # noqa: S608  # as above
        f"WHERE table_name = '{name}' ORDER BY column_index"
    ).rows
    rows = "".join(f"| `{column}` | {kind} | {comment} |\n" for column, kind, comment in columns)
    return f"## {name}\n\n{about}\n\n| column | type | meaning |\n|---|---|---|\n{rows}"


if __name__ == "__main__":
    sys.stdout.write(page())
