"""The page's logic, run without a browser: what it says when, and which scene is chosen."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.handmade_store import Plan, Showing, build_store


def open_page(store: Path) -> AppTest:
    script = f"from pathlib import Path\nfrom dashboard.page import render\nrender(Path({str(store)!r}))\n"
    page = AppTest.from_string(script, default_timeout=60).run()
    assert not page.exception, [one.value for one in page.exception]
    return page


def texts(page: AppTest) -> str:
    """All running text of the page."""
    kinds = (page.title, page.subheader, page.markdown, page.caption, page.code, page.error)
    return "\n".join(str(one.value) for kind in kinds for one in kind)


def heading(page: AppTest) -> str:
    return next(str(one.value) for one in page.subheader if str(one.value).startswith("Scene "))


def test_empty_store_gives_the_exact_commands(tmp_path: Path) -> None:
    page = open_page(tmp_path / "a store")
    assert f"houselights demo --store '{tmp_path}/a store'" in texts(page)
    assert "houselights ingest --from kafka:HOST:PORT" in texts(page)


def test_store_without_films(tmp_path: Path) -> None:
    build_store(tmp_path, Plan(showings=()))
    page = open_page(tmp_path)
    assert f"houselights screening create SCREENING --film FILM --cut CUT --store {tmp_path}" in texts(page)


def test_k_too_high_names_a_k_that_helps(tmp_path: Path) -> None:
    build_store(tmp_path, Plan(showings=(Showing(k=50, viewers=12, simulated=0),)))
    page = open_page(tmp_path)
    assert "--k 12" in texts(page)
    assert "no moment has more than 12 viewers" in texts(page)


def test_no_reactions_yet(tmp_path: Path) -> None:
    build_store(tmp_path, Plan(showings=(Showing(seconds=0, withheld_seconds=(), running=True),)))
    assert "No reactions of this screening have arrived yet" in texts(open_page(tmp_path))


def test_without_scenes_the_timeline_stays_and_import_is_offered(tmp_path: Path) -> None:
    build_store(tmp_path, Plan(scenes=()))
    page = open_page(tmp_path)
    assert (
        f"houselights scenes import scenes.csv --film last-matinee --cut rough-2 --store {tmp_path}"
        in texts(page)
    )
    assert "How the audience felt, moment by moment" in texts(page)


def test_single_viewers_are_announced(tmp_path: Path) -> None:
    build_store(tmp_path, Plan(showings=(Showing(k=1, viewers=1, simulated=0),)))
    page = open_page(tmp_path)
    assert "Single viewers are visible" in texts(page)
    assert "simulated" not in texts(page).lower()


def test_simulated_audience_is_labelled(tmp_path: Path) -> None:
    build_store(tmp_path)
    assert (
        texts(open_page(tmp_path)).lower().count("simulated audience: 40 of 41 viewers drawn by a model") >= 2
    )


def test_first_scene_is_shown_at_first(tmp_path: Path) -> None:
    build_store(tmp_path)
    page = open_page(tmp_path)
    assert heading(page) == "Scene 1: Opening titles"
    assert page.selectbox(key="scene_list").value == 1


def test_the_list_chooses_a_scene_and_the_table_follows(tmp_path: Path) -> None:
    build_store(tmp_path)
    page = open_page(tmp_path)
    page.selectbox(key="scene_list").set_value(4).run()
    assert heading(page) == "Scene 4: The door"
    assert page.session_state["scenes-premiere"]["selection"]["rows"] == [3]


def test_session_state_chooses_a_scene(tmp_path: Path) -> None:
    build_store(tmp_path)
    page = open_page(tmp_path)
    page.session_state["scene"] = 5
    page.run()
    assert heading(page) == "Scene 5: The toast"
    assert page.selectbox(key="scene_list").value == 5


def test_a_scene_worth_a_look_is_a_button(tmp_path: Path) -> None:
    build_store(tmp_path)
    page = open_page(tmp_path)
    page.button(key="look-Lowest attention").click().run()
    assert heading(page) == "Scene 5: The toast"


def test_a_scene_that_is_gone_gives_way_to_the_first(tmp_path: Path) -> None:
    build_store(tmp_path)
    page = open_page(tmp_path)
    page.session_state["scene"] = 6
    page.run()
    build_store(tmp_path, Plan(scenes=(("All of it", 0, 60_000),), version="2"))
    page.run()
    assert heading(page) == "Scene 1: All of it"


def test_choosers_appear_only_where_there_is_a_choice(tmp_path: Path) -> None:
    build_store(
        tmp_path,
        Plan(showings=(Showing(), Showing("second-night", running=True), Showing("fine", cut="fine-1"))),
    )
    page = open_page(tmp_path)
    assert [box.label for box in page.selectbox] == ["Cut", "Screening", "Scene"]
    assert "second-night" in texts(page)
    page.selectbox(key="choose-screening").set_value("premiere").run()
    assert "screening **premiere**" in texts(page)


@pytest.mark.parametrize("measure", ["share", "mean"])
def test_both_measures_draw(tmp_path: Path, measure: str) -> None:
    build_store(tmp_path)
    page = open_page(tmp_path)
    page.session_state["measure"] = measure
    page.run()
    assert not page.exception


def test_a_broken_store_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "serving.duckdb").write_bytes(b"not a database" * 1000)
    page = open_page(tmp_path)
    assert "houselights" in texts(page)
