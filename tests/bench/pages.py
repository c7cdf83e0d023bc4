"""What a page and a query of the dashboard cost with 1, 10 and 100 screenings of 200 viewers.

One screening of a feature film is stored and published for real; the others are copies of its published tables under
other names, because a page reads nothing else, and storing a hundred million reactions would measure ingest.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import streamlit as st
from streamlit.testing.v1 import AppTest

from analytics.publish import publish
from analytics.serving import SERVING_NAME, SQL_DIR, Serving
from analytics.viewer_figures import MEASURES
from dashboard.site import QUESTIONS
from ingest.store import Store
from tests.bench.figures import Figure, at_most
from tests.bench.publishing import make_store

SIZES = (1, 10, 100)
VIEWERS, SECONDS = 200, 5_400
_PAGE_S, _QUERY_S = 2.0, 0.5
_CPU_S = "{:.2f} CPU s"
_FIRST = "s000"
_MADE = {
    "comparison": """
    SELECT
        film, 'screening' AS kind, one.screening AS first, other.screening AS second,
        cut AS first_cut, cut AS second_cut, scene AS first_scene, scene AS second_scene, name, measure,
        0.1 AS first_value, 0.2 AS second_value, 0.1 AS difference, -0.1 AS low, 0.3 AS high, 0.5 AS p,
        200 AS first_viewers, 200 AS second_viewers
    FROM screening AS one
    JOIN screening AS other USING (film, cut)
    JOIN scene USING (film, cut)
    CROSS JOIN (SELECT unnest($measures) AS measure)
    WHERE one.screening < other.screening AND other.screening < 's006'
    """,
    "norm": """
    SELECT
        screening, scene, measure, 0.1 AS value, 50.0 AS percentile, 40.0 AS low, 60.0 AS high, 99 AS screenings,
        900 AS scenes
    FROM scene_summary
    CROSS JOIN (SELECT unnest($measures) AS measure)
    """,
}
"""What is made of several screenings, of copies: every pair of six, and each scene among those of other films."""
_PARAMETERS = {"screening": _FIRST, "since_ms": 0}


def pages() -> list[Figure]:
    """The dearest page and the dearest query at each size, read for the first time after a publish."""
    figures = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "store"
        publish_one(folder, viewers=VIEWERS, seconds=SECONDS)
        _page_s(folder, "film")  # imports, and Streamlit's own first time
        for size in SIZES:
            copy_screenings(folder, size)
            of = f"{size} screening{'' if size == 1 else 's'}"
            name, cost = max(
                ((one.name, _page_s(folder, one.name)) for one in QUESTIONS), key=lambda one: one[1]
            )
            figures.append(
                at_most(f"dearest page, {of}", cost, _PAGE_S, _CPU_S, f"{name}; {VIEWERS} viewers, 90 min")
            )
            query, cost = max(query_costs(folder), key=lambda one: one[1])
            figures.append(at_most(f"dearest query, {of}", cost, _QUERY_S, _CPU_S, f"{query}.sql"))
    return figures


def publish_one(folder: Path, *, viewers: int, seconds: int) -> None:
    """One screening, stored and published as ingest would."""
    make_store(folder, screenings=1, viewers=viewers, seconds=seconds)
    with Store(folder) as store:
        store.connection.execute("UPDATE session SET ended = true")
        publish(store.connection, folder)


def copy_screenings(folder: Path, size: int) -> None:
    """Makes the published file hold ``size`` screenings of the same film; it has at least one."""
    with duckdb.connect(str(folder / SERVING_NAME)) as connection:
        ((have,),) = connection.execute("SELECT count(*) FROM screening").fetchall()
        tables = connection.execute(
            "SELECT table_name FROM duckdb_columns() WHERE column_name = 'screening' AND NOT internal"
        ).fetchall()
        for (table,) in tables:
            connection.execute(
                f"""
                INSERT INTO {table}
                SELECT one.* REPLACE (format('s{{:03d}}', number) AS screening)
                FROM {table} AS one, range($have, $size) AS numbers (number)
                WHERE one.screening = $first
                """,
                {"have": have, "size": size, "first": _FIRST},
            )
        for table, made in _MADE.items():
            connection.execute(f"DELETE FROM {table}")
            connection.execute(f"INSERT INTO {table} BY NAME {made}", {"measures": list(MEASURES)})
        connection.execute("UPDATE published SET version = $version", {"version": f"copies-{size}"})


def query_costs(folder: Path) -> Iterator[tuple[str, float]]:
    """Every query that asks for one screening, or for all, and its CPU seconds."""
    serving = Serving(folder)
    for path in sorted(SQL_DIR.glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        if set(re.findall(r"\$(\w+)", text)) - set(_PARAMETERS):
            continue
        params = {name: value for name, value in _PARAMETERS.items() if f"${name}" in text}
        begun = time.process_time()
        serving.columns(path.stem, **params)
        yield path.stem, time.process_time() - begun


def _page_s(folder: Path, question: str) -> float:
    """CPU seconds of drawing a page from nothing kept: queries, words, charts, all that goes to the browser."""
    st.cache_data.clear()
    script = (
        "from pathlib import Path\nfrom dashboard.page import render\n"
        f"render(Path({str(folder)!r}), {question!r})\n"
    )
    page = AppTest.from_string(script, default_timeout=120)
    begun = time.process_time()
    page.run()
    cost = time.process_time() - begun
    if page.exception:
        raise RuntimeError(f"the page {question} failed: {page.exception[0].value}")
    return cost
