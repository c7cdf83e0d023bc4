"""The pages stand alone, escape what they are given, and follow the reader's light or dark."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest

from contract.emotions import EMOTIONS
from dashboard.theme import EMOTION_COLOURS as DASHBOARD_COLOURS
from edge_agent.errors import SettingsError
from edge_agent.network import VOTE_LABELS
from edge_agent.training.cluster import Agreement, Clustering
from edge_agent.training.evaluate import FACE_SIZES_PX, Calibration, Evaluation, SizeFigures, VoteAgreement
from edge_agent.training.explain import Explanation
from edge_agent.training.metrics import accuracy_interval, measure, reliability
from edge_agent.training.regions import region_masks, region_shares
from edge_agent.training.report.clusters import cluster_page
from edge_agent.training.report.drawing import EMOTION_COLOURS, INK, png
from edge_agent.training.report.evaluation import evaluation_page
from edge_agent.training.report.evaluation_figures import confusion_figure
from edge_agent.training.report.explanation import explanation_page, region_columns, region_rows
from edge_agent.training.report.folder import write_report


class _Links(HTMLParser):
    """What a browser would fetch, every id, and the words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.ids: Counter[str] = Counter()
        self.words = ""
        self.tags: Counter[str] = Counter()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        for name, value in attrs:
            if name in {"src", "href", "xlink:href", "data", "srcset"}:
                self.fetched.append(value or "")
            if name == "id":
                self.ids[value or ""] += 1

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture
def evaluation() -> Evaluation:
    rng = np.random.default_rng(0)
    labels = np.arange(210) % 7
    shares = rng.dirichlet(np.ones(7), 210) + 0.8 * np.eye(7)[labels] * (rng.random(210) < 0.6)[:, None]
    shares /= shares.sum(1, keepdims=True)
    metrics = measure(labels, shares)
    bins = reliability(labels, shares)
    votes = measure(labels, np.eye(8)[labels], VOTE_LABELS)
    sizes = tuple(
        SizeFigures(px, 210, px / 60, (px / 70, px / 50), px / 70, 0.1, 0.5) for px in FACE_SIZES_PX
    )
    calibration = Calibration(0.8, "model", 0.1, 0.05, bins, bins)
    return Evaluation(metrics, metrics, calibration, VoteAgreement(VOTE_LABELS, votes, votes), sizes)


@pytest.fixture
def clustering() -> Clustering:
    rng = np.random.default_rng(1)
    labels = (np.arange(140) % 7).astype(np.uint8)
    one = Agreement(140, 0.4, 0.5)
    return Clustering(
        rng.normal(0, 3, (140, 2)), labels, labels.astype(np.intp), 192, (0.3, 0.2), one, one, one
    )


@pytest.fixture
def explanation() -> Explanation:
    landmarks = np.array([[34, 40], [66, 40], [50, 58], [37, 77], [63, 77]], np.float32)
    maps = np.random.default_rng(2).normal(0, 0.2, (7, 48, 48)).astype(np.float32)
    masks = region_masks(landmarks * 0.48, 48)
    return Explanation(
        scores=np.array([0.02, 0.02, 0.02, 0.8, 0.1, 0.02, 0.02], np.float32),
        maps=maps,
        crop=np.full((100, 100, 3), 120, np.uint8),
        landmarks=landmarks,
        regions={name: region_shares(values, masks) for name, values in zip(EMOTIONS, maps, strict=True)},
    )


@pytest.fixture
def pages(evaluation: Evaluation, clustering: Clustering, explanation: Explanation) -> dict[str, str]:
    name = "<script>alert(1)</script> & co"
    return {
        "evaluation": evaluation_page(evaluation, model=name, model_id="local-1", split=1),
        "clusters": cluster_page(clustering, model=name, model_id="local-1", split=1),
        "explanation": explanation_page(
            explanation, name=name, model=name, model_id="local-1", face=1, faces=2
        ),
    }


@pytest.mark.parametrize("which", ["evaluation", "clusters", "explanation"])
def test_a_page_fetches_nothing_and_runs_nothing(pages: dict[str, str], which: str) -> None:
    page = _Links(pages[which])
    assert page.tags["svg"] > 0
    assert not page.tags["script"] + page.tags["link"] + page.tags["iframe"]
    assert all(link.startswith(("data:", "#")) for link in page.fetched)
    assert not re.search(r"url\((?!#)|@import", pages[which])


@pytest.mark.parametrize("which", ["evaluation", "clusters", "explanation"])
def test_a_page_escapes_names_and_says_them(pages: dict[str, str], which: str) -> None:
    assert "<script" not in pages[which]
    assert "<script>alert(1)</script> & co" in _Links(pages[which]).words


@pytest.mark.parametrize("which", ["evaluation", "clusters", "explanation"])
def test_a_drawing_takes_the_pages_ink_and_can_be_read_aloud(pages: dict[str, str], which: str) -> None:
    page = pages[which]
    assert INK.lower() not in page.split("</style>", 1)[1].lower()
    assert "currentColor" in page
    assert page.count("<svg") == len(re.findall(r'role="img" aria-label="[^"]{10,}"', page))
    assert "prefers-color-scheme: dark" in page


@pytest.mark.parametrize("which", ["evaluation", "clusters", "explanation"])
def test_an_id_that_is_referred_to_means_one_thing(pages: dict[str, str], which: str) -> None:
    page = pages[which]
    for found, count in _Links(page).ids.items():
        definitions = set(re.findall(rf'<\w+ id="{re.escape(found)}".*?</\w+>', page, re.DOTALL))
        assert count == 1 or len(definitions) == 1


def test_the_evaluation_page_says_n_intervals_and_the_chosen_size(
    pages: dict[str, str], evaluation: Evaluation
) -> None:
    words = _Links(pages["evaluation"]).words
    low, high = accuracy_interval(evaluation.single)
    assert f"95% interval {low * 100:.1f}% to {high * 100:.1f}%" in words
    assert "210 faces" in words
    assert f"From {evaluation.smallest_face_px} pixels up" in words
    assert all(name in words for name in EMOTIONS)
    assert "more than half of all ten votes" in words


def test_what_was_not_measured_is_left_out(evaluation: Evaluation) -> None:
    page = evaluation_page(replace(evaluation, votes=None, by_face_size=()), model="m", model_id="m", split=1)
    assert "How small may a face be?" not in page
    assert "FER+" not in page


def test_the_region_table_has_a_row_an_emotion_and_a_column_a_region(explanation: Explanation) -> None:
    rows = region_rows(explanation)
    assert [row[0] for row in rows] == list(EMOTIONS)
    assert {len(row) for row in rows} == {len(region_columns(explanation))}


def test_several_faces_are_said(pages: dict[str, str]) -> None:
    assert "Face 1 of 2" in _Links(pages["explanation"]).words


def test_colours_are_the_dashboards() -> None:
    assert EMOTION_COLOURS == DASHBOARD_COLOURS


def test_drawing_leaves_the_librarys_defaults_alone(evaluation: Evaluation) -> None:
    before = dict(mpl.rcParams)
    picture = png(confusion_figure(evaluation.single))
    assert picture.startswith(b"\x89PNG")
    assert dict(mpl.rcParams) == before


def test_a_folder_that_cannot_be_one_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(SettingsError, match=r"taken.*another --out"):
        write_report(tmp_path / "taken", {"index.html": ""})
