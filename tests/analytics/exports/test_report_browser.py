"""The report in a real browser and on paper."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser

from analytics.exports.errors import ExportError
from analytics.exports.pdf import find_chromium, write_pdf
from analytics.exports.report.content import report
from tests.analytics.exports.made import a_film
from tests.e2e.page_driver import open_page


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize(
    ("device", "width", "height"), [("phone", 390, 844), ("tablet", 768, 1024), ("desk", 1280, 900)]
)
def test_it_reads_on_a_phone_and_on_a_desk_light_and_dark(
    browser: Browser,
    artefacts: Path,
    tmp_path: Path,
    device: str,
    width: int,
    height: int,
    colours: Literal["light", "dark"],
) -> None:
    path = tmp_path / "report.html"
    path.write_bytes(report(a_film()))
    with open_page(browser, width=width, height=height, colours=colours) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        page.screenshot(path=artefacts / f"report-{device}-{colours}.png", full_page=True)
        assert asked == [path.as_uri()]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        broad, narrow = page.locator("figure .broad"), page.locator("figure .narrow")
        assert (broad.is_visible(), narrow.is_visible()) == (device != "phone", device == "phone")
        smallest = page.evaluate(
            "Math.min(...[...document.querySelectorAll('svg text')].filter(t => t.getClientRects().length)"
            ".map(t => t.getBoundingClientRect().height))"
        )
        assert smallest >= 10  # pixels, of a line of the chart's words
        row = page.locator("tbody tr").nth(1)
        assert row.is_visible()
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert background == ("rgb(251, 250, 248)" if colours == "light" else "rgb(20, 22, 27)")


def test_it_prints_to_pages_of_a_pdf(tmp_path: Path) -> None:
    write_pdf(report(a_film()), tmp_path / "out" / "report.pdf")
    content = (tmp_path / "out" / "report.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", content)) <= 8


def test_without_a_browser_it_says_what_to_install(tmp_path: Path) -> None:
    nothing = {"PATH": str(tmp_path)}
    assert find_chromium({**nothing, "CHROMIUM": "no-such-browser"}) is None
    with pytest.raises(ExportError, match="apt install chromium"):
        write_pdf(b"", tmp_path / "report.pdf", {**nothing, "CHROMIUM": "no-such-browser"})


def test_a_browser_that_fails_is_named_with_its_own_words(tmp_path: Path) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\necho 'no display here' >&2\nexit 3\n", encoding="utf-8")
    broken.chmod(0o755)
    environ = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    assert find_chromium(environ) == str(broken)
    with pytest.raises(ExportError, match=r"exit code 3.*no display here"):
        write_pdf(b"<p>", tmp_path / "report.pdf", environ)
    assert not (tmp_path / "report.pdf").exists()
