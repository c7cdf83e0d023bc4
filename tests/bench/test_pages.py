from __future__ import annotations

from pathlib import Path

from analytics.serving import Serving
from tests.bench.pages import copy_screenings, publish_one, query_costs


def test_the_copies_are_screenings_like_the_one_that_was_published(tmp_path: Path) -> None:
    publish_one(tmp_path, viewers=12, seconds=240)
    version = Serving(tmp_path).version()
    copy_screenings(tmp_path, 3)
    copy_screenings(tmp_path, 5)
    assert Serving(tmp_path).version() != version
    for table in ("screening", "second_reaction", "scene_summary", "screening_summary"):
        found = Serving(tmp_path).run_sql(
            f"SELECT screening, count(*) FROM {table} GROUP BY screening ORDER BY 1"
        )
        assert [name for name, _ in found.rows] == ["s000", "s001", "s002", "s003", "s004"], table
        assert len({count for _, count in found.rows}) == 1, table
    assert {"timeline", "scenes", "choices", "moments"} <= {name for name, _ in query_costs(tmp_path)}
