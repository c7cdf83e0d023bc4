from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from analytics.exports.figures import Figures, LeftOut
from analytics.exports.peaks import peaks
from analytics.exports.report.chart import BROAD, NARROW, Size, film_chart, says
from analytics.exports.report.content import headline, report
from analytics.exports.report.lines import line, share, step_ms, strongest
from tests.analytics.exports.made import a_film, dip, figures, scene, second, shown, split, withheld

VOID = {"meta"}


class _Page(HTMLParser):
    """The words of a page, and whether its elements are nested as they should be."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.said: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.said.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.said).split())


def _text(told: Figures) -> str:
    return _Page(report(told).decode()).text


def test_the_headline_names_the_best_and_the_worst_with_their_n() -> None:
    assert headline(a_film()) == (
        "“Kitchen” reached its audience most: 28 of 42 viewers looked happy. "
        "“Speech” held it least: 42 viewers faced the screen 60% of the time."
    )


def test_the_headline_of_a_film_without_extremes_and_without_scenes() -> None:
    even = figures(scenes=[scene(n, f"S{n}", n, n + 1, {"sad": 2}) for n in range(1, 4)])
    assert headline(even) == (
        "No scene drew a clear reaction from the 42 viewers. No scene lost the audience: attention stayed about even."
    )
    assert "no scene can be shown" in headline(figures(seconds=[second(0)]))
    assert headline(figures(about=shown(viewers=3))).startswith("Too few viewers watched to show anything")


def test_every_scene_stands_in_the_table_with_n_and_interval() -> None:
    text = _text(a_film())
    assert "2 · Kitchen 00:01:00:00 1 min 42 28 of 42 happy 67%, 52–79%; up from 3 a scene earlier" in text
    assert "+0.30 +0.25 to +0.35 90%" in text
    assert "5 · Credits 00:04:00:00 1 min – too few viewers to show – –" in text
    assert "nothing stood out at most 3 of 42 any one emotion" in text


def test_moments_and_what_was_left_out_are_told() -> None:
    text = _text(a_film())
    assert "26 of 42 happy 00:01:10:00 1:10 Kitchen 8 s 62% 47–75% 7%" in text
    assert "Left out: 60 seconds with fewer than 5 viewers." in text
    assert "Left out: 1 scene with fewer than 5 viewers." in text
    assert "1 with too few viewers to show" in text
    assert "A smile is not proof of joy" in text


def test_dips_splits_and_viewers_who_do_not_count_are_told() -> None:
    film = a_film()
    told = figures(
        scenes=film.scenes,
        seconds=film.seconds,
        left_out=[LeftOut("viewer", 3, "too_little_face")],
        moments=[split(100, 104, 30, 11), dip(190, 202, 15)],
    )
    text = _text(told)
    assert (
        "The audience splits at 1:40, “Kitchen”: at its height 30 of 42 viewers moved apart, 19 more pleased"
        in text
    )
    assert (
        "Attention dips at 3:10, “Speech”: at its height 15 of 42 viewers looked away more than they usually"
        in text
    )
    assert "Not counted: 3 viewers whose face was seen too little." in text


def test_a_film_without_moments_says_so() -> None:
    assert "At no moment did clearly more" in _text(
        figures(seconds=[second(at, {"sad": 3}) for at in range(60)])
    )


def test_few_simulated_running_and_single_viewers_are_said_at_the_top() -> None:
    told = figures(
        about=shown(viewers=7, simulated=6, running=True, k=1),
        scenes=[scene(1, "One", 0, 60, {"sad": 5}, viewers=7)],
    )
    text = _text(told)
    for notice in (
        "Simulated audience: 6 of 7 viewers",
        "Only 7 viewers: read every figure as a hint",
        "Set to k = 1",
        "still running",
    ):
        assert notice in text
        assert text.index(notice) < text.index("Best and worst")
    assert "7 few: a hint" in text


def test_no_notice_where_there_is_nothing_to_notice() -> None:
    assert 'class="notice"' not in report(a_film()).decode()


def test_nothing_to_show_is_a_page_all_the_same() -> None:
    text = _text(
        figures(about=shown(viewers=3), scenes=[withheld(1, "One", 0, 60)], left_out=[LeftOut("scene", 1)])
    )
    assert "Too few viewers watched to show anything: a figure needs 5 viewers or more." in text
    assert "Left out: 1 scene" in text
    assert "The film in one picture" not in text


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '" onload="x', "</title><b>", "R&D's “Küche” 厨房"]
)
def test_names_are_words_wherever_they_stand(name: str) -> None:
    film = a_film()
    told = figures(
        about=shown(title=name), scenes=[scene(1, name, 0, 240, {"happy": 30})], seconds=film.seconds
    )
    html = report(told).decode()
    page = _Page(html)
    assert " ".join(name.split()) in page.text
    assert "<script" not in html.replace("&lt;script", "")
    assert not re.search(r"<[^>]*\sonload=", html.replace("&quot;", ""))


def test_the_page_needs_nothing_from_elsewhere() -> None:
    html = report(a_film()).decode()
    addresses = set(re.findall(r"(?:https?:)?//[^\s\"'<>)]+", html))
    assert addresses == {"http://www.w3.org/2000/svg"}  # a name, not an address: nothing is fetched
    assert not re.search(r"<(script|link|img|iframe|object)\b", html)
    assert "default-src 'none'" in html
    assert "@import" not in html
    assert "url(" not in html
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html
    assert 'name="viewport"' in html


@pytest.mark.parametrize("size", [BROAD, NARROW])
def test_the_chart_is_a_drawing_of_what_the_film_did(size: Size) -> None:
    drawn = ET.fromstring(film_chart(a_film(), peaks(a_film().seconds), size))
    names = [element.text for element in drawn.iter() if element.get("class") == "halo"]
    assert names == ["happy", "afraid"]
    titles = [element.text for element in drawn.iter() if element.tag.endswith("title")]
    assert titles == ["1 · Opening", "2 · Kitchen", "3 · Cellar", "4 · Speech", "5 · Credits"]
    numbers = [
        float(number) for element in drawn.iter() for number in re.findall(r"-?\d+\.\d", element.get("d", ""))
    ]
    assert numbers
    assert min(numbers) >= 0
    assert max(numbers) <= max(BROAD.width, 600)


def test_a_screen_reader_hears_the_heights() -> None:
    assert says(a_film()) == (
        "Emotions, mood and attention over the film. Highest: 26 of 42 viewers looked happy at 1:13; "
        "18 of 42 viewers looked afraid at 2:30."
    )


def test_a_line_breaks_where_seconds_were_withheld() -> None:
    seconds = [second(at, {"happy": 21}) for at in (0, 1, 2, 7, 8)]
    stretches = line(seconds, share("happy"), 1000)
    assert [[point.ms for point in stretch] for stretch in stretches] == [[500, 1500, 2500], [7500, 8500]]
    assert {point.value for stretch in stretches for point in stretch} == {0.5}
    # In bins of five seconds nothing is missing between them.
    assert [[point.ms for point in stretch] for stretch in line(seconds, share("happy"), 5000)] == [
        [2500, 7500]
    ]


def test_a_long_film_fits_and_quiet_lines_are_left_out() -> None:
    assert step_ms(600_000, 180) == 5_000
    assert step_ms(3 * 3_600_000, 180) == 60_000
    assert step_ms(100 * 3_600_000, 180) == 120_000
    assert strongest(a_film().seconds, 2000) == ["happy", "fear"]
    assert strongest([second(0, {"sad": 2, "neutral": 40})], 1000) == ["sad"]
    assert strongest([], 1000) == []
