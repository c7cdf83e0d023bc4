"""The mirror's server; what it shares with the viewer's page is tested there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from edge_agent.mirror.server import LANGUAGES, MOST_BYTES, PAGE, SHARED_FILES, MirrorServer
from edge_agent.view.local_server import PAGE as VIEWERS_PAGE
from tests.edge_agent.mirror.reflected import Running, mirroring, picture_file
from tests.edge_agent.view.asking import WAIT_S, Browser, closed_with, until


@pytest.fixture
def running() -> Iterator[Running]:
    with mirroring() as running:
        yield running


@pytest.fixture
def server(running: Running) -> Iterator[MirrorServer]:
    server = MirrorServer(running.mirror)
    with server.serving():
        yield server


def posted(browser: Browser, sent: bytes, **headers: str) -> tuple[int, bytes]:
    answer, body = browser.get("/picture", {"Origin": browser.origin} | headers, "POST", sent)
    return answer.status, body


def test_the_page_is_served_with_what_it_shares_and_nothing_of_it_is_kept(server: MirrorServer) -> None:
    browser = Browser(server)
    for file in [*PAGE.glob("*.*"), *(VIEWERS_PAGE / name for name in SHARED_FILES)]:
        answer, body = browser.get("/" if file.name == "index.html" else f"/{file.name}")
        assert (answer.status, body) == (200, file.read_bytes())
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    about = json.loads(browser.get("/page.json")[1])
    assert about == {"languages": LANGUAGES, "most_bytes": MOST_BYTES}
    for path in ("/film", "/sent.jsonl", "/picture", "/words/xx.json"):
        assert browser.get(path)[0].status in {404, 405}


def test_who_did_not_open_the_page_sees_nothing_and_shows_nothing(
    server: MirrorServer, running: Running
) -> None:
    browser, picture = Browser(server), picture_file().getvalue()
    for path in ("/", "/main.js", "/page.json"):
        assert browser.get(path, {"Cookie": "", "Sec-Fetch-Site": "none"})[0].status == 401
    assert posted(browser, picture, Cookie="")[0] == 401
    assert posted(browser, picture, Origin="http://films.example")[0] == 403
    assert posted(browser, picture, **{"Sec-Fetch-Site": "cross-site"})[0] == 403
    assert browser.get("/picture", method="POST", sent=picture)[0].status == 403
    with pytest.raises(InvalidStatus), browser.socket(origin="http://films.example"):
        pass
    told, shown = running.mirror.take()
    assert (told.showing, told.camera, shown) == ("camera", "closed", None)


def test_the_page_sees_and_turns_off_the_camera(server: MirrorServer, running: Running) -> None:
    with Browser(server).socket() as page:

        def told_until(**wanted: Any) -> dict[str, Any]:
            while True:
                came = page.recv(WAIT_S)
                if isinstance(came, str) and wanted.items() <= (told := json.loads(came)).items():
                    return dict(told)

        told_until(looked=True, camera="open")
        picture = next(came for came in iter(lambda: page.recv(WAIT_S), None) if isinstance(came, bytes))
        assert len(picture) == 4 + 160 * 120 * 4
        page.send('{"type":"camera","on":false}')
        told_until(on=False, camera="closed")
        page.send('{"type":"camera","on":true}')
        told_until(on=True, camera="open")
        page.send('{"type":"visible","on":false}')
        told_until(on=True, camera="closed")
        page.send('{"type":"visible","on":true}')
        told_until(on=True, camera="open")
        assert not server.left.is_set()
        page.send('{"type":"end"}')
        assert server.left.wait(WAIT_S)
    until(lambda: running.cameras.open == 0)


def test_a_page_that_is_closed_ends_the_mirror(server: MirrorServer, running: Running) -> None:
    with Browser(server).socket():
        until(lambda: running.cameras.open == 1)
    until(lambda: running.cameras.open == 0)
    assert server.left.wait(WAIT_S)


def test_a_second_window_takes_the_firsts_place(server: MirrorServer, running: Running) -> None:
    browser = Browser(server)
    with browser.socket() as first, browser.socket():
        assert closed_with(first) == 4001
        until(lambda: running.cameras.open == 1)


@pytest.mark.parametrize("said", ["", "[]", '{"type":"told"}', '{"type":"agree"}'])
def test_a_page_that_says_what_no_page_says_is_left(server: MirrorServer, said: str) -> None:
    with Browser(server).socket() as page:
        page.send(said)
        assert closed_with(page) == 1003


def test_a_picture_is_shown_or_refused_in_a_sentence(server: MirrorServer, running: Running) -> None:
    browser = Browser(server)
    assert posted(browser, picture_file().getvalue()) == (200, b'{"why":""}')
    assert running.mirror.take()[0].showing == "picture"
    status, body = posted(browser, b"no picture")
    assert (status, json.loads(body)["why"]) == (
        200,
        "this file is no picture that can be read; give a PNG, JPEG, TIFF or WebP file",
    )
    assert posted(browser, bytes(MOST_BYTES + 1))[0] == 413
