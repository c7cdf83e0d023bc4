"""What a page is given: the publish, the choice made in the sidebar, and links to the other pages."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from dashboard.data import Choice, Published, ScreeningData

Needs = Literal["store", "screening", "figures"]
"""What a page cannot do without: a publish, a screening in it, or figures of that screening."""


@dataclass(frozen=True)
class Look:
    """One run of one page."""

    published: Published
    choices: list[Choice]
    chosen: Choice | None
    pages: Mapping[str, Any] = field(default_factory=dict)
    """Streamlit's page objects by name, for links."""

    @property
    def store_dir(self) -> Path:
        """The store directory."""
        return self.published.store_dir

    @property
    def store(self) -> str:
        """The store directory, quoted for a shell."""
        return shlex.quote(str(self.store_dir))

    @property
    def choice(self) -> Choice:
        """The chosen screening; for pages that need one."""
        if self.chosen is None:
            raise LookupError("no screening is chosen")
        return self.chosen

    @cached_property
    def data(self) -> ScreeningData:
        """The tables of the chosen screening; for pages that need one."""
        return ScreeningData(self.published, str(self.choice.screening))

    def link(self, page: str, label: str, icon: str | None = None, **query: str | int) -> None:
        """A link to another page that keeps the screening; ``query``: what to show there (scene, at)."""
        asked = {"screening": str(self.choice.screening), **{key: str(value) for key, value in query.items()}}
        st.page_link(self.pages[page], label=label, icon=icon, query_params=asked)

    def go(self, page: str, **query: str | int) -> None:
        """Goes there, as ``link`` would."""
        asked = {"screening": str(self.choice.screening), **{key: str(value) for key, value in query.items()}}
        st.switch_page(self.pages[page], query_params=asked)


@dataclass(frozen=True)
class Question:
    """A page: its address, its name in the menu, the question it answers, and who draws it."""

    name: str
    title: str
    icon: str
    asks: str
    draw: Callable[[Look], None]
    needs: Needs = "figures"
