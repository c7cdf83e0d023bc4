"""Films that come in parts, in the viewer's page: DASH and HLS, from another host."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from edge_agent.clocks.reported import ReportedClock
from edge_agent.view.local_server import PAGE
from tests.e2e.page_driver import open_page
from tests.support.film_host import film_host
from tests.support.films import make_film
from tests.support.mpv import until
from tests.support.viewing import OnlyTheClock, ViewerPage, page_server

FILM_S = 8


@pytest.fixture(scope="module", params=["reel.mpd", "reel.m3u8"])
def stream(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its list; the parts lie beside it."""
    name: str = request.param
    return make_film(tmp_path_factory.mktemp("stream") / name, [(1, 100), (2, 100)], size=(120, 160))


def test_a_stream_plays_and_the_clock_follows_it(browser: Browser, stream: Path, artefacts: Path) -> None:
    clock = ReportedClock()

    def film_ms() -> float:
        position = clock.media_at(time.monotonic_ns())
        return position.film_ms if position else -1

    with film_host(stream.parent) as host, open_page(browser, width=1280, height=800) as page:
        server = page_server(OnlyTheClock(clock), f"{host}/{stream.name}")
        with server.serving():
            seen = ViewerPage(page)
            page.goto(server.access.address)
            seen.play()
            until(lambda: film_ms() > 1000)
            expect(page.locator("#time")).to_contain_text("/ 0:08")
            page.evaluate("document.getElementById('video').currentTime = 6")
            until(lambda: film_ms() > 6000)
            assert abs(film_ms() - 1000 * seen.film_s()) < 300
            page.screenshot(path=artefacts / f"view-{stream.suffix[1:]}.png")
            until(lambda: clock.state_at(time.monotonic_ns()) == "ended")
            assert seen.film_s() == pytest.approx(FILM_S, abs=0.2)
            assert seen.hosts == {server.access.host, host.partition("//")[2]}
            page.close()


def test_a_stream_that_no_other_page_may_read_is_told(browser: Browser, stream: Path) -> None:
    if stream.suffix == ".m3u8":
        stream = stream.with_name("missing.m3u8")  # a browser that plays HLS by itself asks nobody
    with film_host(stream.parent, readable=False) as host, browser.new_context() as context:
        server = page_server(OnlyTheClock(ReportedClock()), f"{host}/{stream.name}")
        with server.serving():
            page = context.new_page()
            page.goto(server.access.address)
            expect(page.get_by_role("alert")).to_contain_text("The stream at that address cannot be played.")
            page.close()


def test_the_player_of_streams_is_the_published_one() -> None:
    """Shaka Player 5.2.12: ``dist/shaka-player.compiled-es2021.js`` of the package shaka-player, as it is there."""
    found = hashlib.sha256((PAGE / "vendor" / "shaka-player.js").read_bytes()).hexdigest()
    assert found == "1c57fdc3fdf98ae0405af66234986bc21ef1e453034bfcd6b19ebf009bd5d3d6"
