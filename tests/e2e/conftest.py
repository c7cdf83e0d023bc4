"""The real page in a real browser: what every end-to-end test of the dashboard starts from."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.page_driver import DashboardPage, open_page


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the system: ``CHROMIUM``, or the first one on the path."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    """A blank page, 1440 by 900, light; whatever it logs as an error fails the test."""
    with open_page(browser) as page:
        yield page


__all__ = ["DashboardPage"]
