"""docs/tables.md says what the serving file says of itself."""

from __future__ import annotations

import re
from pathlib import Path

from tests.analytics.conftest import FilledStore

REPAIR = "write docs/tables.md anew with: python -m analytics.tables_doc > docs/tables.md"


def test_every_table_and_column_has_a_comment(store: FilledStore) -> None:
    store.publish()
    bare = store.sql(
        "SELECT table_name, NULL FROM duckdb_tables() WHERE comment IS NULL AND database_name = 'serving' "
        "UNION ALL "
        "SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL AND database_name = "
        "'serving'"
    )
    assert bare == []


def test_the_page_holds_every_table_and_column(repository: Path) -> None:
    from analytics.tables_doc import page

    assert (repository / "docs" / "tables.md").read_text(encoding="utf-8") == page(), REPAIR


def test_every_query_on_the_page_runs(repository: Path, store: FilledStore) -> None:
    store.publish()
    examples = re.findall(
        r"```sql\n(.*?)```", (repository / "docs" / "tables.md").read_text(encoding="utf-8"), re.DOTALL
    )
    assert len(examples) >= 3
    for example in examples:
        store.serving.run_sql(example)
