"""The real server, asked as browsers ask, and as others should not."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from websockets.exceptions import InvalidStatus

from edge_agent.clocks.report import Report
from edge_agent.errors import ViewError
from edge_agent.view.film import ShownFilm
from edge_agent.view.local_server import PAGE
from edge_agent.view.messages import Agree, Said, Told
from edge_agent.view.server import PageServer
from tests.edge_agent.view.asking import WAIT_S, Browser, closed_with, until

FILM = bytes(range(256)) * 1000


class Hosted:
    """A course that only listens."""

    def __init__(self) -> None:
        self.state = Told()
        self.picture: NDArray[np.uint8] | None = None
        self.said: list[Said] = []
        self.films: list[Report] = []
        self.attended: list[bool] = []
        self.changed: Callable[[], None] = lambda: None

    def when_changed(self, changed: Callable[[], None]) -> None:
        self.changed = changed

    def told(self) -> Told:
        return self.state

    def take_preview(self) -> NDArray[np.uint8] | None:
        picture, self.picture = self.picture, None
        return picture

    def lines(self, *, sent: bool) -> bytes:
        return b'{"sent":true}\n' if sent else b""

    def say(self, message: Said) -> None:
        self.said.append(message)

    def film(self, report: Report) -> None:
        self.films.append(report)

    def attend(self, there: bool) -> None:
        self.attended.append(there)


@pytest.fixture
def hosted() -> Hosted:
    return Hosted()


@pytest.fixture
def server(hosted: Hosted, tmp_path: Path) -> Iterator[PageServer]:
    path = tmp_path / "film.webm"
    path.write_bytes(FILM)
    server = PageServer(hosted, {"screening": "friday"}, ShownFilm.named(str(path)))
    with server.serving():
        yield server


def test_the_page_is_served_whole_and_nothing_of_it_is_kept(server: PageServer) -> None:
    browser = Browser(server)
    for file in PAGE.rglob("*.*"):
        name = file.relative_to(PAGE).as_posix()
        answer, body = browser.get("/" if name == "index.html" else f"/{name}")
        assert (answer.status, body) == (200, file.read_bytes())
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Server"] is None
    answer, body = browser.get("/page.json")
    assert json.loads(body) == {"screening": "friday"}
    assert browser.get("/sent.jsonl")[1] == b'{"sent":true}\n'
    for path in ("/index.html", "/../server.py", "/%2e%2e/server.py", "/socket", "/words/"):
        assert browser.get(path)[0].status == 404


def test_the_film_comes_in_ranges(server: PageServer) -> None:
    browser = Browser(server)
    answer, body = browser.get("/film")
    assert (answer.status, body) == (200, FILM)
    assert (answer.headers["Accept-Ranges"], answer.headers["Content-Type"]) == ("bytes", "video/webm")
    answer, body = browser.get("/film", {"Range": "bytes=1000-1999"})
    assert (answer.status, body) == (206, FILM[1000:2000])
    assert answer.headers["Content-Range"] == f"bytes 1000-1999/{len(FILM)}"
    answer, body = browser.get("/film", {"Range": "bytes=-10"})
    assert (answer.status, body) == (206, FILM[-10:])
    assert browser.get("/film", {"Range": f"bytes={len(FILM)}-"})[0].status == 416
    answer, body = browser.get("/film", method="HEAD")
    assert (answer.status, body, answer.headers["Content-Length"]) == (200, b"", str(len(FILM)))


def test_a_film_whose_file_was_removed_is_told(server: PageServer, tmp_path: Path) -> None:
    (tmp_path / "film.webm").unlink()
    assert Browser(server).get("/film")[0].status == 404


def test_who_did_not_open_the_page_sees_nothing(server: PageServer) -> None:
    browser = Browser(server)
    stranger = {"Cookie": "", "Sec-Fetch-Site": "none"}
    for path in (
        "/",
        "/main.js",
        "/page.json",
        "/film",
        "/sent.jsonl",
        "/?launch=guess",
        "/film?launch=guess",
    ):
        answer, body = browser.get(path, stranger)
        assert answer.status == 401
        assert b"works once" in body
        assert answer.headers["Cache-Control"] == "no-store"
    for headers in (
        {"Host": "films.example"},
        {"Origin": "http://films.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        for path in ("/", "/film"):
            assert browser.get(path, headers)[0].status == 403
    assert browser.get("/film", method="POST")[0].status == 403
    assert browser.get("/film", {"Origin": browser.origin}, "POST")[0].status == 405


def test_another_page_gets_no_socket(server: PageServer, hosted: Hosted) -> None:
    browser = Browser(server)
    asked: list[dict[str, Any]] = [
        {"origin": "http://films.example"},
        {"origin": None},
        {"additional_headers": {}},
        {"additional_headers": browser.headers | {"Sec-Fetch-Site": "cross-site"}},
    ]
    for changes in asked:
        with pytest.raises(InvalidStatus) as refused, browser.socket(**changes):
            pass
        assert refused.value.response.status_code == 403
    assert hosted.attended == []


def test_the_launch_address_works_once(server: PageServer) -> None:
    address = server.access.address.removeprefix(server.access.origin)
    browser = Browser(server)
    answer, _ = browser.get(address, {"Cookie": ""})
    assert answer.status == 401


def test_the_page_is_told_and_heard_and_its_clock_is_learned(server: PageServer, hosted: Hosted) -> None:
    page_start_ns = time.monotonic_ns() - 5_000_000_000

    def page_ms() -> float:
        return (time.monotonic_ns() - page_start_ns) / 1e6

    with Browser(server).socket() as page:
        told = False
        pings = 0
        while pings < 4 or not told:
            message = json.loads(page.recv(WAIT_S))
            if message["type"] == "ping":
                page.send(json.dumps({"type": "pong", "id": message["id"], "page_ms": page_ms()}))
                pings += 1
            told |= message["type"] == "told" and message["stage"] == "consent"
        shown_ns = time.monotonic_ns()
        page.send(json.dumps({"type": "film", "page_ms": page_ms(), "state": "playing", "film_ms": 400.0}))
        page.send(json.dumps({"type": "agree", "version": 1, "language": "fr"}))
        until(lambda: bool(hosted.said and hosted.films))
        assert hosted.said == [Agree(1, "fr")]
        assert (hosted.films[0].film_ms, hosted.films[0].state) == (400.0, "playing")
        assert abs(hosted.films[0].monotonic_ns - shown_ns) < 50_000_000
        hosted.picture = np.arange(640 * 480 * 3, dtype=np.uint8).reshape(480, 640, 3)
        hosted.state = Told(stage="check")
        hosted.changed()
        picture = None
        while not isinstance(picture, bytes):
            picture = page.recv(WAIT_S)
        assert int.from_bytes(picture[:2], "little") == 320
        assert len(picture) == 4 + 320 * 240 * 4
        assert hosted.attended == [True]
    until(lambda: hosted.attended == [True, False])
    assert hosted.films[-1].state == "lost"


@pytest.mark.parametrize(
    "said", ["", "[]", '{"type":"told"}', '{"type":"agree","version":1,"language":"<script>"}']
)
def test_a_page_that_says_what_no_page_says_is_left(server: PageServer, hosted: Hosted, said: str) -> None:
    with Browser(server).socket() as page:
        page.send(said)
        assert closed_with(page) == 1003
    assert hosted.said == []


def test_a_second_window_takes_the_firsts_place(server: PageServer, hosted: Hosted) -> None:
    browser = Browser(server)
    with browser.socket() as first, browser.socket():
        assert closed_with(first) == 4001
        until(lambda: len(hosted.attended) == 2)
        assert hosted.attended == [True, True]
    until(lambda: hosted.attended == [True, True, False])


def test_a_page_that_is_done_and_closed_ends_the_server(server: PageServer, hosted: Hosted) -> None:
    hosted.state = Told(stage="summary")
    with Browser(server).socket():
        until(lambda: hosted.attended == [True])
    assert not server.left.is_set()
    assert server.left.wait(WAIT_S)


def test_a_port_that_is_taken_is_told(hosted: Hosted) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ViewError, match=f"port {port} cannot be used"):
            PageServer(hosted, {}, None, port=port)
