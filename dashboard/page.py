"""Every page's frame: the menu, the choice of a screening, what to say when there is nothing to show yet."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import altair as alt
import altair.utils.schemapi
import streamlit as st

from analytics.errors import AnalyticsError, QueryError, StoreError
from analytics.serving import Serving
from dashboard import address, data
from dashboard.data import Choice, Published
from dashboard.frames import records
from dashboard.look import Look, Question
from dashboard.site import MENU, QUESTIONS
from dashboard.theme import ICON, SIDEBAR_PX, STYLE
from dashboard.views import chooser, empty, header, randomised_view

RUNNING_S, RESTING_S, EMPTY_S = 2.0, 20.0, 3.0
"""Seconds between looks for something new: during a screening, otherwise, and before the first."""


def render(store_dir: Path, first: str = "film", *, let_in: Callable[[], bool] = lambda: True) -> None:
    """Draws the page that the address asks for; ``first`` is the one at the bare address.

    ``let_in`` is asked before anything is read, and draws something itself when the answer is no.
    """
    st.set_page_config(
        page_title="Houselights", page_icon=ICON, layout="wide", initial_sidebar_state=SIDEBAR_PX
    )
    st.html(STYLE)
    if not let_in():
        return
    st.logo(ICON, size="large")
    with Serving(store_dir).held() as serving:
        _render(serving, first)


def _render(serving: Serving, first: str) -> None:
    store_dir = serving.path.parent
    version, choices, trouble = _published(serving)

    def page_of(question: Question, path: str, *, default: bool = False, listed: bool = True) -> Any:
        return st.Page(
            _asked(question, lambda one: draw(one)),  # noqa: PLW0108 - draw is made further down
            title=question.title,
            icon=f":material/{question.icon}:",
            url_path=path,
            default=default,
            visibility="visible" if listed else "hidden",
            help=question.asks,
        )

    pages = {one.name: page_of(one, one.name) for one in QUESTIONS if one.name != first}
    begun = next(one for one in QUESTIONS if one.name == first)
    # Streamlit serves the page at the bare address there alone; its own name is an address too.
    pages[first] = page_of(begun, f"{first}-page", default=True)
    menu = {section: [pages[question.name] for question in questions] for section, questions in MENU.items()}
    page = st.navigation({**menu, "": [page_of(begun, first, listed=False)]}, expanded=True)
    chosen = chooser.choose(choices)

    def draw(question: Question) -> None:
        if version is None:
            _nothing(shlex.quote(str(store_dir)), trouble)
            return
        address.on_page(question.name)
        if chosen is not None and chosen.screening:
            address.write("screening", chosen.screening)
        look = Look(Published(serving, version), choices, chosen, pages)
        try:
            _draw(question, look)
        except QueryError as error:
            _outdated(look, error)
        except AnalyticsError as error:
            st.error(str(error), icon=":material/error:")

    # Charts are checked against Vega-Lite's schema by tests (theme.Drawing), not part by part while they are made.
    with alt.utils.schemapi.debug_mode(False):
        page.run()
    _watch(store_dir, version, _every(version, chosen))


def _asked(question: Question, draw: Callable[[Question], None]) -> Callable[[], None]:
    def run() -> None:
        draw(question)

    return run


def _published(serving: Serving) -> tuple[str | None, list[Choice], AnalyticsError | None]:
    """The version and what can be chosen; else nothing, and why."""
    try:
        version = serving.version()
        return version, data.choices(serving, str(serving.path.parent), version), None
    except AnalyticsError as error:
        return None, [], error


def _draw(question: Question, look: Look) -> None:
    if question.needs == "store":
        question.draw(look)
        return
    if look.chosen is None or look.chosen.screening is None:
        empty.no_screening(look.store, look.chosen)
        return
    if question.needs == "figures" and look.data.seconds.empty and look.data.reactions.empty:
        header.header(look, question.asks)
        randomised = records(look.data.read("randomised"))
        if randomised:
            randomised_view.draw(randomised)
            return
        empty.nothing_to_show(look.store, look.choice, look.data.left_out)
        return
    question.draw(look)


def _nothing(store: str, trouble: AnalyticsError | None) -> None:
    if isinstance(trouble, QueryError):
        st.error(f"{trouble}. Publish the store again: houselights publish --store {store}")
    elif trouble is None or isinstance(trouble, StoreError):
        empty.nothing_published(store)
    else:
        st.error(str(trouble), icon=":material/error:")


def _outdated(look: Look, error: QueryError) -> None:
    """A file that an earlier version published lacks tables or columns of this one."""
    st.error(f"This page cannot be drawn from what is published: {error}.", icon=":material/error:")
    st.markdown("If the store was published by an earlier version, publish it again:")
    st.code(f"houselights publish --store {look.store}", language=None, wrap_lines=True)


def _every(version: str | None, chosen: Choice | None) -> float:
    if version is None or chosen is None or chosen.screening is None:
        return EMPTY_S
    return RUNNING_S if chosen.running else RESTING_S


def _watch(store_dir: Path, seen: str | None, every: float) -> None:
    """Draws the page again once the published version differs from ``seen``; draws nothing itself."""
    drawn = False

    @st.fragment(run_every=every)
    def look() -> None:
        nonlocal drawn
        if not drawn:  # the page itself has just looked
            drawn = True
            return
        try:
            version: str | None = Serving(store_dir).version()
        except AnalyticsError:
            version = None
        if version != seen:
            st.rerun()

    look()
