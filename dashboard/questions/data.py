"""What do the tables say? Read-only SQL, with the meaning of every column beside it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from analytics.errors import AnalyticsError
from analytics.serving import SQL_DIR, Serving
from dashboard import downloads
from dashboard.look import Look

MOST_ROWS, MOST_S = 100_000, 20.0
"""What one answer may hold and take: the page belongs to everybody who has it open."""
SHOWN_ROWS = 1_000
TEXT = "sql-text"


def draw(look: Look) -> None:
    """Draws the page."""
    with st.container(key="header"):
        st.title("What do the tables say?", anchor=False)
        st.caption(
            "Read-only SQL over the published tables; nothing here can change or reach anything else. "
            "No row stands for fewer viewers than a screening's k. DuckDB's dialect."
        )
    with st.container(key="charts"):
        left, right = st.columns([7, 5], gap="large")
    with left:
        _query(look)
    with right:
        _reference(look)


def examples() -> dict[str, str]:
    """Title → SQL, from ``analytics/sql/examples``: the first line of each file is its title."""
    found = {}
    for path in sorted((Path(SQL_DIR) / "examples").glob("*.sql")):
        title, _, text = path.read_text(encoding="utf-8").partition("\n")
        found[title.removeprefix("-- ").strip()] = text.strip()
    return found


def _query(look: Look) -> None:
    known = examples()
    if TEXT not in st.session_state:
        st.session_state[TEXT] = st.session_state.get("sql-kept") or next(iter(known.values()))
    st.selectbox(
        "Begin with an example",
        list(known),
        index=None,
        placeholder="Choose one to put it below",
        key="sql-example",
        on_change=lambda: _take(known),
    )
    with st.form("sql", border=False):
        text = st.text_area("SQL", key=TEXT, height=210)
        st.form_submit_button(
            "Run", type="primary", icon=":material/play_arrow:", help="Or Ctrl+Enter in the text"
        )
    st.session_state["sql-kept"] = text  # a widget's own state ends when another page is shown
    if not text.strip():
        st.info("Write a query, or choose an example above.")
        return
    try:
        answer = _answer(str(look.store_dir), look.published.version, text)
    except AnalyticsError as error:
        st.error(str(error), icon=":material/error:")
        return
    _show(answer)


def _take(known: dict[str, str]) -> None:
    asked = st.session_state.get("sql-example")
    if asked:
        st.session_state[TEXT] = known[asked]


@st.cache_data(show_spinner="Running", max_entries=8)
def _answer(store_dir: str, version: str, text: str) -> pd.DataFrame:
    del version  # a part of the key only
    found = Serving(store_dir).run_sql(text, most_rows=MOST_ROWS + 1, most_s=MOST_S)
    return pd.DataFrame.from_records(found.rows, columns=_unique(found.columns))


def _unique(columns: tuple[str, ...]) -> list[str]:
    """Column names that a file can have: the second "name" becomes "name_2"."""
    seen: dict[str, int] = {}
    names = []
    for column in columns:
        seen[column] = seen.get(column, 0) + 1
        names.append(column if seen[column] == 1 else f"{column}_{seen[column]}")
    return names


def _show(answer: pd.DataFrame) -> None:
    cut = len(answer) > MOST_ROWS
    answer = answer.head(MOST_ROWS)
    rows = f"{len(answer):,} row{'' if len(answer) == 1 else 's'}"
    if cut:
        st.warning(
            f"The answer has more than {MOST_ROWS:,} rows; here are the first. "
            "For all of them: houselights query, or houselights export tables."
        )
    elif answer.empty:
        st.info(
            "The query ran and found no row. A WHERE may be too strict, or nothing of the kind is published."
        )
    st.caption(rows + (f", the first {SHOWN_ROWS:,} shown" if len(answer) > SHOWN_ROWS else ""))
    st.dataframe(answer.head(SHOWN_ROWS), hide_index=True, placeholder="–", alt="Answer of the query")
    with st.container(horizontal=True):
        st.download_button(
            "CSV",
            lambda: downloads.csv(answer),
            "houselights.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="csv",
        )
        st.download_button(
            "Parquet",
            lambda: downloads.parquet(answer),
            "houselights.parquet",
            "application/vnd.apache.parquet",
            icon=":material/download:",
            on_click="ignore",
            key="parquet",
        )


def _reference(look: Look) -> None:
    st.subheader("The tables", anchor=False)
    st.caption("What each column means, from the published file itself.")
    tables, columns = look.published.read("export_tables"), look.published.read("export_columns")
    for name, comment in zip(tables["name"], tables["comment"], strict=True):
        of_table = columns[columns["table_name"] == name]
        with st.expander(f"**{name}**", icon=":material/table:"):
            st.markdown(comment)
            st.table(
                pd.DataFrame(
                    {
                        "column": [f"`{column}`" for column in of_table["name"]],
                        "meaning": [str(said or "") for said in of_table["comment"]],
                    }
                ).set_index("column"),
            )
