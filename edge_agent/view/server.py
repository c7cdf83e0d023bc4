"""The page's server, on this machine alone: the page's files, the film, and a socket to the page."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket as sockets
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np
import uvicorn
from numpy.typing import NDArray
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from edge_agent.clocks.report import Report
from edge_agent.errors import ViewError
from edge_agent.view import messages
from edge_agent.view.access import LOOPBACK, Access
from edge_agent.view.film import ShownFilm
from edge_agent.view.guard import Guard
from edge_agent.view.messages import Film, Ping, Pong, Replaced, Said, Told
from edge_agent.view.page_clock import PageClock
from edge_agent.view.preview import preview

Answer = Callable[[Request], Awaitable[Response]]
PAGE = Path(__file__).with_name("page")
PING_S, FIRST_PING_S, FIRST_PINGS = 2.0, 0.1, 8
"""The first come close together: the quickest answer of a few tells the page's clock to a millisecond."""
TELL_S = 0.05
"""Between two words to the page, at least."""
GONE_S = 60.0
"""A page that is loaded again, or a laptop that is opened again, goes on within this; then the session ends."""
DONE_S = 3.0
"""The same where nothing is left to be done."""
_LONGEST_SAID = 4096
_REPLACED, _NOT_UNDERSTOOD, _GOING = 4001, 1003, 1001


class Hosted(Protocol):
    """What a page shows; ``course.Course``."""

    def when_changed(self, changed: Callable[[], None]) -> None:
        """Whom to call, from any thread, when ``told`` or ``take_preview`` has something new."""
        ...

    def told(self) -> Told:
        """All that the page shows now."""
        ...

    def take_preview(self) -> NDArray[np.uint8] | None:
        """A picture for the page that was not taken yet: (height, width, 3) uint8 RGB."""
        ...

    def lines(self, *, sent: bool) -> bytes:
        """The messages that were sent, or those that wait: lines of JSON."""
        ...

    def say(self, message: Said) -> None:
        """What the viewer wants."""
        ...

    def film(self, report: Report) -> None:
        """What the player shows."""
        ...

    def attend(self, there: bool) -> None:
        """Whether a page is there."""
        ...


class PageServer:
    """Listens as soon as it is made, and answers while ``serving``."""

    def __init__(
        self, hosted: Hosted, about: Mapping[str, object], film: ShownFilm | None, *, port: int = 0
    ) -> None:
        """``about``: what the page is told once, at ``/page.json``. Raises ViewError when ``port`` is taken."""
        self._hosted = hosted
        self._about = about
        self._film = film
        self._listener = _listen(port)
        self.access = Access(self._listener.getsockname()[1])
        self.left = threading.Event()
        """Set when the page was there and has gone for good."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news = asyncio.Event()
        self._page: WebSocket | None = None
        self._leaving: asyncio.TimerHandle | None = None
        hosted.when_changed(self._changed)

    def _changed(self) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended: nobody to tell
                self._loop.call_soon_threadsafe(self._news.set)

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Answer, from a thread of its own."""
        server = uvicorn.Server(
            uvicorn.Config(
                Guard(self._app(), self.access, self._film.origin if self._film else None),
                http="h11",
                ws="websockets-sansio",
                ws_max_size=_LONGEST_SAID,
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
            )
        )
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [self._listener]}, name="page server", daemon=True
        )
        thread.start()
        try:
            yield
        finally:
            server.should_exit = server.force_exit = True  # a browser holds on to a film that it has not read
            thread.join()
            self._listener.close()

    def _app(self) -> Starlette:
        routes: list[BaseRoute] = [
            WebSocketRoute("/socket", self._talk),
            Route("/page.json", self._tell_about),
            Route("/sent.jsonl", self._lines(sent=True)),
            Route("/kept.jsonl", self._lines(sent=False)),
            Route("/film", self._show_film),
        ]
        # Only files that are there now: no path that a request names is ever looked up.
        for file in sorted(PAGE.rglob("*")):
            if file.is_file():
                name = file.relative_to(PAGE).as_posix()
                routes.append(Route("/" if name == "index.html" else f"/{name}", _file(file)))
        return Starlette(routes=routes)

    async def _tell_about(self, _: Request) -> Response:
        return JSONResponse(self._about)

    def _lines(self, *, sent: bool) -> Answer:
        async def answer(_: Request) -> Response:
            return Response(self._hosted.lines(sent=sent), media_type="application/x-ndjson")

        return answer

    async def _show_film(self, _: Request) -> Response:
        film = self._film
        if film is None or film.path is None or not film.path.is_file():
            return PlainTextResponse("the film's file is gone\n", status_code=404)
        return FileResponse(film.path, media_type=film.media_type or "application/octet-stream")

    async def _talk(self, page: WebSocket) -> None:
        await page.accept()
        before, self._page = self._page, page
        if before is not None:
            with contextlib.suppress(RuntimeError):  # it is closed already
                await before.send_text(messages.write(Replaced()))
                await before.close(_REPLACED)
        if self._leaving is not None:
            self._leaving.cancel()
        self._loop = asyncio.get_running_loop()
        self._hosted.attend(True)
        clock, asked_ns = PageClock(), dict[int, int]()
        tasks = [asyncio.create_task(self._tell(page)), asyncio.create_task(_ask(page, asked_ns))]
        try:
            await self._listen(page, clock, asked_ns)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if self._page is page:
                self._gone()

    async def _listen(self, page: WebSocket, clock: PageClock, asked_ns: dict[int, int]) -> None:
        """Until the page goes."""
        while (came := await page.receive())["type"] != "websocket.disconnect":
            came_ns = time.monotonic_ns()
            try:
                said = messages.read(came.get("text") or b"")
            except msgspec.DecodeError:
                await page.close(_NOT_UNDERSTOOD)
                return
            if isinstance(said, Pong):
                if said.id in asked_ns:
                    clock.answer(asked_ns.pop(said.id), said.page_ms, came_ns)
            elif self._page is not page:
                continue  # another page took its place
            elif isinstance(said, Film):
                instant_ns = clock.monotonic_ns(said.page_ms)
                if instant_ns is not None:
                    self._hosted.film(Report(instant_ns, said.film_ms, said.state, said.rate))
            else:
                self._hosted.say(said)

    async def _tell(self, page: WebSocket) -> None:
        before: Told | None = None
        while True:
            self._news.clear()
            picture = self._hosted.take_preview()
            if picture is not None:
                await page.send_bytes(preview(picture))
            told = self._hosted.told()
            if told != before:
                await page.send_text(messages.write(told))
                before = told
            await self._news.wait()
            await asyncio.sleep(TELL_S)

    def _gone(self) -> None:
        self._page = None
        self._hosted.film(Report(time.monotonic_ns(), None, "lost"))
        self._hosted.attend(False)
        wait_s = DONE_S if self._hosted.told().stage == "summary" else GONE_S
        self._leaving = asyncio.get_running_loop().call_later(wait_s, self.left.set)


async def _ask(page: WebSocket, asked_ns: dict[int, int]) -> None:
    """Ask the page for its time, again and again."""
    number = 0
    while True:
        number += 1
        asked_ns[number] = time.monotonic_ns()
        asked_ns.pop(number - 10, None)  # never answered
        await page.send_text(messages.write(Ping(number)))
        await asyncio.sleep(FIRST_PING_S if number < FIRST_PINGS else PING_S)


def _file(path: Path) -> Answer:
    media_type = {".js": "text/javascript", ".html": "text/html", ".css": "text/css"}.get(path.suffix)

    async def answer(_: Request) -> Response:
        return FileResponse(path, media_type=media_type)

    return answer


def _listen(port: int) -> sockets.socket:
    listener = sockets.socket(sockets.AF_INET, sockets.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere it would let another program take the port over
            listener.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise ViewError(
            f"port {port} cannot be used ({error.strerror}); leave --port out for a free one"
        ) from error
    return listener
