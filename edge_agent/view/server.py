"""The viewer's page's server: the page's files, the film, and a socket to the page."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.websockets import WebSocket

from edge_agent.clocks.report import Report
from edge_agent.view import messages
from edge_agent.view.film import ShownFilm
from edge_agent.view.local_server import PAGE, Answer, LocalServer, folder_routes, heard
from edge_agent.view.messages import Film, Ping, Pong, Said, Told
from edge_agent.view.page_clock import PageClock
from edge_agent.view.preview import preview

PING_S, FIRST_PING_S, FIRST_PINGS = 2.0, 0.1, 8
"""The first come close together: the quickest answer of a few tells the page's clock to a millisecond."""
GONE_S = 60.0
"""A page that is loaded again, or a laptop that is opened again, goes on within this; then the session ends."""
DONE_S = 3.0
"""The same where nothing is left to be done."""


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


class PageServer(LocalServer):
    """Shows what is ``hosted``."""

    def __init__(
        self, hosted: Hosted, about: Mapping[str, object], film: ShownFilm | None, *, port: int = 0
    ) -> None:
        """``about``: what the page is told once, at ``/page.json``. Raises ViewError when ``port`` is taken."""
        super().__init__(
            port=port,
            film_origin=film.origin if film else None,
            streams=film is not None and film.kind == "stream",
        )
        self._hosted = hosted
        self._about = about
        self._film = film
        hosted.when_changed(self.changed)

    def routes(self) -> list[BaseRoute]:
        """The page, the film, and what was sent of it."""
        return [
            Route("/page.json", self._tell_about),
            Route("/sent.jsonl", self._lines(sent=True)),
            Route("/kept.jsonl", self._lines(sent=False)),
            Route("/film", self._show_film),
            *folder_routes(PAGE),
        ]

    async def converse(self, page: WebSocket) -> None:
        """Tell what changes, and learn the page's clock and what its viewer wants."""
        self._hosted.attend(True)
        clock, asked_ns = PageClock(), dict[int, int]()
        tasks = [asyncio.create_task(self._tell(page)), asyncio.create_task(_ask(page, asked_ns))]
        try:
            await self._listen(page, clock, asked_ns)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def gone(self) -> float:
        """Nobody knows where the film is."""
        self._hosted.film(Report(time.monotonic_ns(), None, "lost"))
        self._hosted.attend(False)
        return DONE_S if self._hosted.told().stage == "summary" else GONE_S

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

    async def _listen(self, page: WebSocket, clock: PageClock, asked_ns: dict[int, int]) -> None:
        """Until the page goes."""
        async for said in heard(page, messages.read):
            came_ns = time.monotonic_ns()
            if isinstance(said, Pong):
                if said.id in asked_ns:
                    clock.answer(asked_ns.pop(said.id), said.page_ms, came_ns)
            elif not self.is_current(page):
                continue
            elif isinstance(said, Film):
                instant_ns = clock.monotonic_ns(said.page_ms)
                if instant_ns is not None:
                    self._hosted.film(Report(instant_ns, said.film_ms, said.state, said.rate, said.dropped))
            else:
                self._hosted.say(said)

    async def _tell(self, page: WebSocket) -> None:
        before: Told | None = None
        async for _ in self.news():
            picture = self._hosted.take_preview()
            if picture is not None:
                await page.send_bytes(preview(picture))
            told = self._hosted.told()
            if told != before:
                await page.send_text(messages.write(told))
                before = told


async def _ask(page: WebSocket, asked_ns: dict[int, int]) -> None:
    """Ask the page for its time, again and again."""
    number = 0
    while True:
        number += 1
        asked_ns[number] = time.monotonic_ns()
        asked_ns.pop(number - 10, None)  # never answered
        await page.send_text(messages.write(Ping(number)))
        await asyncio.sleep(FIRST_PING_S if number < FIRST_PINGS else PING_S)
