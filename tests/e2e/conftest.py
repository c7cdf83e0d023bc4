"""The real page in a real browser: what every end-to-end test of the dashboard starts from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.page_driver import open_page, running_dashboard


@pytest.fixture
def start_dashboard(artefacts: Path) -> Iterator[Callable[[Path], str]]:
    """``start_dashboard(store_dir)`` serves a store on a free port until the test ends; gives its address."""
    with ExitStack() as running:
        yield lambda store: running.enter_context(running_dashboard(store, artefacts / "dashboard.log"))


@pytest.fixture
def browser_page(browser: Browser, start_dashboard: Callable[[Path], str]) -> Iterator[Page]:  # noqa: ARG001
    """A blank page, 1440 by 900, light; whatever it logs as an error fails the test.

    It asks for ``start_dashboard`` so as to be closed before the dashboard stops: a page left behind
    complains.
    """
    with open_page(browser) as page:
        yield page
