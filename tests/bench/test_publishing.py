from __future__ import annotations

from pathlib import Path

from analytics.publish import publish
from analytics.serving import Serving
from ingest.store import Store
from tests.bench.publishing import make_store


def test_the_store_that_is_measured_is_one_that_ingest_could_have_written(tmp_path: Path) -> None:
    windows = make_store(tmp_path, screenings=3, viewers=20, seconds=300)
    with Store(tmp_path) as store:
        broken = store.connection.execute(
            "SELECT count(*) FROM reaction LEFT JOIN session USING (session) "
            "WHERE screening IS NULL OR front > seen OR (n = 0) IS DISTINCT FROM (happy IS NULL) "
            "OR n > 0 AND angry + disgust + fear + happy + neutral + sad + surprise <> 100"
        ).fetchall()
        twice = store.connection.execute("SELECT count(*) FROM (SELECT DISTINCT session, t_ms FROM reaction)")
        assert twice.fetchall() == [(windows,)]
        assert broken == [(0,)]
        assert publish(store.connection, tmp_path).screenings == 3
    assert Serving(tmp_path).run_sql(
        "SELECT count(*) > 100, count(DISTINCT strongest) > 1, count(DISTINCT viewers) > 1 FROM scene_summary"
    ).rows == [(True, True, True)]
