"""A page of this machine for itself: listens on loopback, behind the guard, and talks with one window at a time."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket as sockets
import threading
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from edge_agent.errors import ViewError
from edge_agent.view import messages
from edge_agent.view.access import LOOPBACK, Access, page_headers
from edge_agent.view.guard import Guard

Answer = Callable[[Request], Awaitable[Response]]
Heard = TypeVar("Heard")
PAGE = Path(__file__).with_name("page")
"""The viewer's page, of which another page may take files."""
TELL_S = 0.05
"""Between two words to the page, at least."""
_LONGEST_SAID = 4096
_REPLACED, _NOT_UNDERSTOOD = 4001, 1003


class LocalServer(ABC):
    """Listens as soon as it is made, and answers while ``serving``."""

    def __init__(self, *, port: int = 0, film_origin: str | None = None, streams: bool = False) -> None:
        """``film_origin``, ``streams``: as of ``page_headers``. Raises ViewError when ``port`` is taken."""
        self._listener = _listen(port)
        self.access = Access(self._listener.getsockname()[1])
        self._headers = page_headers(self.access.origin, film_origin, streams=streams)
        self.left = threading.Event()
        """Set when the page was there and has gone for good."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news = asyncio.Event()
        self._page: WebSocket | None = None
        self._leaving: asyncio.TimerHandle | None = None

    @abstractmethod
    def routes(self) -> list[BaseRoute]:
        """All that is served, but for the socket."""

    @abstractmethod
    async def converse(self, page: WebSocket) -> None:
        """Talk with a window until it goes."""

    @abstractmethod
    def gone(self) -> float:
        """No window is there any more; for how many seconds another may come before the page has ``left``."""

    def changed(self) -> None:
        """There is something new to tell; may be called from any thread."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended: nobody to tell
                self._loop.call_soon_threadsafe(self._news.set)

    def is_current(self, page: WebSocket) -> bool:
        """Whether no other window has taken the place of this one."""
        return self._page is page

    async def news(self) -> AsyncIterator[None]:
        """Once at the start, and after each change."""
        while True:
            self._news.clear()
            yield
            await self._news.wait()
            await asyncio.sleep(TELL_S)

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Answer, from a thread of its own."""
        app = Starlette(routes=[WebSocketRoute("/socket", self._talk), *self.routes()])
        server = uvicorn.Server(
            uvicorn.Config(
                Guard(app, self.access, self._headers),
                http="h11",
                ws="websockets-sansio",
                ws_max_size=_LONGEST_SAID,
                ws_per_message_deflate=False,  # to deflate 15 pictures 640 wide a second takes a quarter core
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

    async def _talk(self, page: WebSocket) -> None:
        await page.accept()
        before, self._page = self._page, page
        if before is not None:
            with contextlib.suppress(RuntimeError):  # it is closed already
                await before.send_text(messages.write(messages.Replaced()))
                await before.close(_REPLACED)
        if self._leaving is not None:
            self._leaving.cancel()
        self._loop = asyncio.get_running_loop()
        try:
            await self.converse(page)
        finally:
            if self._page is page:
                self._page = None
                self._leaving = self._loop.call_later(self.gone(), self.left.set)


async def heard(page: WebSocket, read: Callable[[str | bytes], Heard]) -> AsyncIterator[Heard]:
    """What the page says, until it goes; one that says what ``read`` refuses (msgspec.DecodeError) is left."""
    while (came := await page.receive())["type"] != "websocket.disconnect":
        try:
            said = read(came.get("text") or b"")
        except msgspec.DecodeError:
            await page.close(_NOT_UNDERSTOOD)
            return
        yield said


def file_route(path: Path, name: str) -> Route:
    """The file as it is, at ``/name``; a page's ``index.html`` at ``/``."""
    media_type = {".js": "text/javascript", ".html": "text/html", ".css": "text/css"}.get(path.suffix)

    async def answer(_: Request) -> Response:
        return FileResponse(path, media_type=media_type)

    return Route("/" if name == "index.html" else f"/{name}", answer)


def folder_routes(folder: Path) -> list[BaseRoute]:
    """Of files that are there now: no path that a request names is ever looked up."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return [file_route(file, file.relative_to(folder).as_posix()) for file in files]


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
