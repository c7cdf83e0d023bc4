"""The page's logic, run without a browser: what it says when, and which scene is chosen."""

from __future__ import annotations

import json
from datetime import time
from functools import cache
from pathlib import Path

import altair as alt
import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from analytics.catalogue import Catalogue, Scene, ensure_cut
from analytics.serving import Serving
from contract.randomised import ANSWERS
from contract.schema import json_schema
from dashboard.questions.data import examples
from dashboard.site import QUESTIONS
from dashboard.views.scene_table import RANKS
from tests.dashboard.handmade_store import SCENES, Plan, Showing, add_pictures, build_store
from tests.support.app_test import app_test


def open_page(store: Path, first: str = "timeline", **query: str) -> AppTest:
    """The page called ``first``, at an address with ``query``."""
    script = f"from pathlib import Path\nfrom dashboard.page import render\nrender(Path({str(store)!r}), {first!r})\n"
    page = app_test(script)
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception, [one.value for one in page.exception]
    check_charts(page)
    return page


def check_charts(page: AppTest) -> None:
    """Pages draw without holding their charts against Vega-Lite's schema (theme.Drawing): this does."""
    for drawn in page.get("vega_lite_chart"):
        check_chart(drawn.proto.spec)


@cache
def check_chart(spec: str) -> None:
    """Once for each: page after page draws the same."""
    alt.LayerChart.validate(json.loads(spec))


def texts(page: AppTest) -> str:
    """All running text of the page."""
    kinds = (
        page.title,
        page.subheader,
        page.markdown,
        page.caption,
        page.code,
        page.error,
        page.info,
        page.warning,
    )
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


def test_randomised_answers_are_shown_with_what_they_are(tmp_path: Path) -> None:
    store = build_store(tmp_path, Plan(showings=(Showing(viewers=0, simulated=0, seconds=0),)))
    with duckdb.connect(str(store / "serving.duckdb")) as serving:
        serving.execute("UPDATE screening SET sessions = 40")
        for block in range(2):
            for answer in ANSWERS:
                share = 0.6 if (block, answer) == (1, "happy") else -0.02
                serving.execute(
                    "INSERT INTO randomised_reaction VALUES ('premiere', ?, 600000, ?, 40, 9, ?, ?, ?, 8)",
                    [600_000 * block, answer, share, share - 0.1, share + 0.1],
                )
    page = open_page(store, "film")
    assert "- 0:10–0:20: **happy**, 60% (50–70) of the audience" in texts(page)
    assert "epsilon 8" in texts(page)
    assert "**40 devices**" in texts(page)
    (table,) = page.dataframe
    assert table.value.to_dict("records")[0]["sad"] == "0% (0–8)"
    assert list(table.value["Film"]) == ["0:00–0:10", "0:10–0:20"]


def test_without_scenes_the_timeline_stays_and_import_is_offered(tmp_path: Path) -> None:
    build_store(tmp_path, Plan(scenes=()))
    page = open_page(tmp_path)
    assert (
        f"houselights scenes import scenes.csv --film last-matinee --cut rough-2 --store {tmp_path}"
        in texts(page)
    )
    assert "Lines are smoothed over" in texts(page)


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
    page = open_page(tmp_path, "scenes")
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


def test_a_scene_that_is_gone_gives_way_to_the_first(tmp_path: Path) -> None:
    build_store(tmp_path)
    page = open_page(tmp_path)
    page.session_state["scene"] = 6
    page.run()
    build_store(tmp_path, Plan(scenes=(("All of it", 0, 60_000),), version="2"))
    page.run()
    assert heading(page) == "Scene 1: All of it"


SEVERAL = Plan(showings=(Showing(), Showing("second-night", running=True), Showing("fine", cut="fine-1")))


def test_the_choice_begins_with_what_is_running_and_is_written_into_the_address(tmp_path: Path) -> None:
    build_store(tmp_path, SEVERAL)
    page = open_page(tmp_path)
    assert [box.label for box in page.sidebar.selectbox] == ["Film", "Cut", "Screening"]
    assert page.query_params["screening"] == "second-night"
    page.selectbox(key="choose-screening").set_value("premiere").run()
    assert "screening **premiere**" in texts(page)
    assert page.query_params["screening"] == "premiere"
    page.selectbox(key="choose-cut").set_value("fine-1").run()
    assert "screening **fine**" in texts(page)


def test_an_address_chooses_screening_scene_and_moment(tmp_path: Path) -> None:
    build_store(tmp_path, SEVERAL)
    page = open_page(tmp_path, screening="fine", scene="4", at="31000")
    assert "cut **fine-1** · screening **fine**" in texts(page)
    assert heading(page) == "Scene 4: The door"
    assert "The moment at 0:31 · 01:00:31:00" in texts(page)
    page.selectbox(key="choose-cut").set_value("rough-2").run()
    assert heading(page) == "Scene 1: Opening titles"
    assert "No moment is chosen yet" in texts(page)


def test_an_address_that_names_nothing_known_is_passed_over(tmp_path: Path) -> None:
    build_store(tmp_path)
    page = open_page(tmp_path, screening="of-another-store", scene="99", at="soon")
    assert "screening **premiere**" in texts(page)
    assert heading(page) == "Scene 1: Opening titles"


def test_the_timeline_zooms_pans_and_shows_the_whole_film_again(tmp_path: Path) -> None:
    build_store(tmp_path)
    page = open_page(tmp_path)
    page.button(key="zoom-Closer").click().run()
    assert page.session_state["stretch_ms"] == (15_000, 45_000)
    page.button(key="zoom-Later").click().run()
    assert page.session_state["stretch_ms"] == (30_000, 60_000)
    page.button(key="zoom-Later").click().run()
    assert page.session_state["stretch_ms"] == (30_000, 60_000)
    assert [one.isoformat() for one in page.slider[0].value] == ["00:00:30", "00:01:00"]
    page.slider[0].set_value((time(0, 0, 10), time(0, 0, 11))).run()
    assert page.session_state["stretch_ms"] == (10_000, 14_000)
    page.button(key="zoom-Whole film").click().run()
    assert page.session_state["stretch_ms"] == (0, 60_000)


def pictures_in(page: AppTest) -> int:
    """How many pictures are inside the page's charts."""
    datasets = [one.data.data for drawn in page.get("vega_lite_chart") for one in drawn.proto.datasets]
    return sum(data.count(b"data:image/jpeg;base64,") for data in datasets)


def test_scenes_have_their_pictures_where_the_films_shots_were_looked_for(tmp_path: Path) -> None:
    build_store(tmp_path)
    assert pictures_in(open_page(tmp_path)) == 0
    add_pictures(tmp_path)
    page = open_page(tmp_path, scene="4")
    assert pictures_in(page) == len(SCENES)
    (picture,) = page.get("image")
    assert picture.proto.imgs[0].alt == "A picture of scene 4, The door"
    page.button(key="zoom-Closer").click().run()
    assert pictures_in(page) == 4, "of the scenes in the middle half"


def test_a_broken_list_of_shots_costs_the_pictures_alone(tmp_path: Path) -> None:
    build_store(tmp_path)
    add_pictures(tmp_path)
    (tmp_path / "catalogue" / "thumbnails" / "last-matinee" / "rough-2" / "001.jpg").write_bytes(
        b"no picture"
    )
    assert pictures_in(open_page(tmp_path)) == len(SCENES) - 1
    (tmp_path / "catalogue" / "shots" / "last-matinee" / "rough-2.json").write_text("[")
    page = open_page(tmp_path)
    assert pictures_in(page) == 0
    assert not page.error
    assert heading(page) == "Scene 1: Opening titles"


def test_a_moment_says_how_many_and_what_it_was_before(tmp_path: Path) -> None:
    build_store(tmp_path)
    page = open_page(tmp_path, at="14000")
    (row,) = (
        Serving(tmp_path)
        .run_sql("SELECT showing, viewers FROM second_reaction WHERE t_ms = 14000 AND emotion = 'happy'")
        .rows
    )
    (before,) = (
        Serving(tmp_path)
        .run_sql("SELECT showing FROM second_reaction WHERE t_ms = 9000 AND emotion = 'happy'")
        .rows
    )
    said = texts(page)
    assert f"{row[0]} of {row[1]} viewers looked happy" in said
    assert f"Up from {before[0]} of 41 five seconds earlier." in said
    page.button(key="moment+1000").click().run()
    assert "The moment at 0:15" in texts(page)


def test_a_moment_that_k_withheld_says_so(tmp_path: Path) -> None:
    build_store(tmp_path)
    assert "Fewer than 5 viewers watched this second" in texts(open_page(tmp_path, at="58000"))


def test_the_film_in_sentences(tmp_path: Path) -> None:
    build_store(tmp_path)
    page = open_page(tmp_path, "film")
    said = texts(page)
    assert "The clearest reaction came in “Reunion”" in said
    assert "The figures stand for 41 viewers" in said
    assert "40 of them were drawn by a model, 1 was seen by a camera" in said
    assert len(page.expander) == 2, "a table behind each chart"
    assert "Man in a hole** (a metaphor" in said
    assert "4 moments stand out: 2 laughs, 1 jump and 1 split." in said


def test_moments_are_listed_by_kind_with_how_many_of_how_many(tmp_path: Path) -> None:
    build_store(tmp_path)
    page = open_page(tmp_path, "moments")
    said = texts(page)
    assert "30 of 41 viewers laughed at once (95% interval 58–84%)**: most of the audience." in said
    assert "20 of 41 viewers took sides (95% interval 34–64%): 10 pleased, 10 displeased" in said
    assert "On screen: “And that was only the starter.”" in said
    assert "12 of 41 viewers laughed at once (95% interval 18–44%)**: some: few or many is not sure." in said
    page.pills(key="kinds-premiere").set_value(["split"]).run()
    assert "laughed" not in "\n".join(str(one.value) for one in page.markdown)


def test_no_moment_is_no_failure(tmp_path: Path) -> None:
    build_store(tmp_path, Plan(showings=(Showing(seconds=9, withheld_seconds=()),)))
    assert "No moment stands out" in texts(open_page(tmp_path, "moments"))
    build_store(tmp_path, Plan(showings=(Showing(running=True),), version="2"))
    assert "houselights screening close premiere" in texts(open_page(tmp_path, "moments"))


def test_the_audience_and_why_some_are_not_counted(tmp_path: Path) -> None:
    build_store(tmp_path)
    said = texts(open_page(tmp_path, "audience"))
    assert "2 because their face was found too seldom; 1 because their device looked on" in said
    assert (
        "in at least **97%** of the film's seconds. **95%** were still there at the middle, **88%** at the end"
        in said
    )
    assert "Yes, more than chance explains: synchrony +0.41, where chance stays under +0.06" in said
    assert "hardly divided" in said


def test_synchrony_within_chance_is_not_called_synchrony(tmp_path: Path) -> None:
    build_store(tmp_path)
    with duckdb.connect(str(tmp_path / "serving.duckdb")) as database:
        database.execute("UPDATE screening_summary SET synchrony = 0.03, synchrony_p = 0.4")
    said = texts(open_page(tmp_path, "audience"))
    assert "Not shown: synchrony +0.03 is within what chance reaches" in said
    assert "Yes" not in said


def test_two_screenings_are_compared_and_only_clear_differences_are_told(tmp_path: Path) -> None:
    build_store(tmp_path, Plan(showings=(Showing(), Showing("second-night", viewers=33, simulated=33))))
    page = open_page(tmp_path, "compare")
    said = texts(page)
    assert "In 1 of 6 scenes the two audiences differ more than chance explains." in said
    assert "Simulated audience: 73 of 74 viewers drawn by a model." in said
    assert said.count(", corrected)") == 2
    assert (
        "In **The dinner joke** faces looked less happy in second-night: mean score 30 of 100 (33 viewers), against "
        "mean score 52 of 100 (41 viewers) in premiere. Chance alone does as much in fewer than 1 of 100 pairs of "
        "audiences (p 0.004, corrected)." in said
    )
    assert "In **The dinner joke** faces were less pleasant in second-night: mood +" in said
    assert "Over the whole film they differ by no more than chance explains: mood −" in said
    assert "facing 88% of the time in premiere and facing 88% of the time in second-night." in said
    table = page.dataframe[0].value
    assert list(table["Clear"]).count("yes") == 2
    assert len(table) == (1 + 6) * 9
    assert "The whole film" in list(table["Scene"])
    page.pills(key="compare-measure").set_value("fear").run()
    assert not page.exception


def test_a_whole_film_that_differs_is_told_and_figures_without_one_are_shown(tmp_path: Path) -> None:
    build_store(tmp_path, Plan(showings=(Showing(), Showing("second-night", viewers=33, simulated=33))))
    with duckdb.connect(str(tmp_path / "serving.duckdb")) as database:
        database.execute("UPDATE comparison SET p = 0.2")
        database.execute(
            "UPDATE comparison SET p = 0.03, difference = 9, second_value = first_value + 9 "
            "WHERE first_scene IS NULL AND measure = 'happy'"
        )
    said = texts(open_page(tmp_path, "compare"))
    assert (
        "Over the whole film the two audiences differ more than chance explains, in none of 6 scenes alone"
        in said
    )
    assert "Over **the whole film** faces looked more happy in second-night: mean score " in said
    assert "Chance alone does as much in 3 of 100 pairs of audiences (p 0.030, corrected)" in said
    assert "by no more than chance" not in said
    with duckdb.connect(str(tmp_path / "serving.duckdb")) as database:
        database.execute("DELETE FROM comparison WHERE first_scene IS NULL; UPDATE published SET version = 2")
    said = texts(open_page(tmp_path, "compare"))
    assert "In none of 6 scenes" in said
    assert "he whole film" not in said


def test_one_screening_alone_cannot_be_compared(tmp_path: Path) -> None:
    build_store(tmp_path)
    assert "This film has one screening" in texts(open_page(tmp_path, "compare"))
    build_store(tmp_path, Plan(showings=(Showing(), Showing("late", running=True)), version="2"))
    assert "houselights compare add late premiere" in texts(open_page(tmp_path, "compare"))


def test_scenes_are_edited_on_their_page(tmp_path: Path) -> None:
    build_store(tmp_path)
    catalogue = Catalogue(tmp_path)
    ensure_cut(catalogue, "last-matinee", "rough-2", title="The Last Matinee")
    catalogue.save_scenes("last-matinee", "rough-2", [Scene(*scene) for scene in SCENES])
    page = open_page(tmp_path, "scenes")
    page.toggle(key="edit-scenes").set_value(True).run()
    assert not page.exception
    assert "**6 scenes** of cut **rough-2**" in texts(page)


@pytest.mark.parametrize("ranked", RANKS)
def test_scenes_are_ranked(tmp_path: Path, ranked: str) -> None:
    build_store(tmp_path)
    page = open_page(tmp_path, "scenes")
    page.selectbox(key="ranked-by").set_value(ranked).run()
    found = list(page.dataframe[0].value[ranked])
    assert found == sorted(found, reverse=ranked != "scene")
    assert not page.exception


def test_scenes_side_by_side_have_their_figures_and_what_followed_what(tmp_path: Path) -> None:
    build_store(tmp_path)
    page = open_page(tmp_path, "scenes")
    said = texts(page)
    assert (
        "From “The door” to “The toast”, 41 of 41 viewers went from surprised to sad (95% interval 91–100%)."
        in said
    )
    assert "Ways that fewer than 5 viewers went are one" in said
    behind = {len(one.value): list(one.value.columns) for one in page.dataframe}
    assert behind[3] == ["From scene", "To scene", "From", "To", "How many", "Share, %", "95% interval"]
    assert behind[58][:4] == ["Scene", "Film time", "Timecode", "Viewers"], (
        "a row a second that was not withheld"
    )
    assert "41 of 41 viewers went from surprised to sad" in texts(open_page(tmp_path, "film"))


def test_without_steps_the_page_says_why(tmp_path: Path) -> None:
    build_store(tmp_path, Plan(showings=(Showing(running=True),)))
    assert "no two neighbouring scenes have 5 viewers who were seen in both" in texts(
        open_page(tmp_path, "scenes")
    )


def test_sql_is_answered_and_a_mistake_is_one_line(tmp_path: Path) -> None:
    build_store(tmp_path)
    page = open_page(tmp_path, "data")
    page.text_area[0].set_value("SELECT count(*) AS scenes FROM scene")
    page.button[0].click().run()
    assert page.dataframe[0].value.to_dict("list") == {"scenes": [6]}
    page.text_area[0].set_value("SELECT nothing FROM scene")
    page.button[0].click().run()
    (error,) = page.error
    assert "nothing" in error.value
    assert "\n" not in error.value
    page.selectbox(key="sql-example").set_value("What was withheld, and which k would show it").run()
    page.button[0].click().run()
    assert list(page.dataframe[0].value["cells"]) == [2, 2, 1]


def test_every_example_answers(tmp_path: Path) -> None:
    build_store(tmp_path)
    for title, text in examples().items():
        assert Serving(tmp_path).run_sql(text).rows, title


def test_the_reference_has_every_table(tmp_path: Path) -> None:
    build_store(tmp_path)
    page = open_page(tmp_path, "data")
    tables = Serving(tmp_path).run_sql("SELECT DISTINCT table_name FROM duckdb_tables()").rows
    assert {one.label for one in page.expander} == {f"**{name}**" for (name,) in tables}


def test_privacy_names_every_field_of_the_contract(tmp_path: Path) -> None:
    build_store(tmp_path)
    page = open_page(tmp_path, "privacy")
    fields = {str(field).strip("`") for table in page.table for field in table.value.index}
    wanted = {field for part in json_schema()["$defs"].values() for field in part["properties"]}
    assert fields == wanted
    assert "2 seconds: fewer than k viewers watched" in str(page.dataframe[0].value["Left out"].iloc[0])


def test_privacy_warns_of_a_low_k(tmp_path: Path) -> None:
    build_store(tmp_path, Plan(showings=(Showing(k=1, viewers=1, simulated=0),)))
    assert "single viewers easier to recognise; it is set so for premiere" in texts(
        open_page(tmp_path, "privacy")
    )


def test_live_says_what_comes_in(tmp_path: Path) -> None:
    build_store(tmp_path, Plan(showings=(Showing(running=True, seconds=45, withheld_seconds=()),)))
    page = open_page(tmp_path, "live")
    assert {one.label: one.value for one in page.metric} == {
        "Devices": "41", "Viewers": "41", "Furthest moment": "0:44", "Facing the screen": "90%",
    }  # fmt: skip
    assert "In the last ten seconds that came in" in texts(page)
    assert "looked sad at once" in texts(page)


def test_live_without_a_running_screening_says_what_to_do(tmp_path: Path) -> None:
    build_store(tmp_path)
    assert "houselights agent run --film last-matinee --cut rough-2" in texts(open_page(tmp_path, "live"))


def test_live_waits_for_k_viewers(tmp_path: Path) -> None:
    build_store(tmp_path, Plan(showings=(Showing(running=True, k=50, viewers=12),)))
    assert "once 50 viewers have seen it" in texts(open_page(tmp_path, "live"))


@pytest.mark.parametrize("question", [one.name for one in QUESTIONS])
@pytest.mark.parametrize(
    "plan",
    [
        Plan(showings=()),
        Plan(showings=(Showing(seconds=0, withheld_seconds=(), running=True),)),
        Plan(showings=(Showing(k=50, viewers=12, simulated=0),)),
        Plan(scenes=()),
        Plan(showings=(Showing(k=1, viewers=1, simulated=0),)),
    ],
    ids=["no film", "no reactions", "all withheld", "no scenes", "one viewer"],
)
def test_every_page_copes_with_little(tmp_path: Path, question: str, plan: Plan) -> None:
    build_store(tmp_path, plan)
    assert len(texts(open_page(tmp_path, question))) > 80


def test_a_store_of_an_earlier_version_says_what_to_do(tmp_path: Path) -> None:
    build_store(tmp_path)
    with duckdb.connect(str(tmp_path / "serving.duckdb")) as database:
        database.execute("DROP TABLE second_summary")
    assert f"houselights publish --store {tmp_path}" in texts(open_page(tmp_path))


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
