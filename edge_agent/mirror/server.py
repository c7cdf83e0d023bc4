"""The mirror's server: the page's files, a socket to the page, and a door for a picture."""

from __future__ import annotations

import asyncio
import io
import json
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.websockets import WebSocket

from edge_agent.errors import SourceError
from edge_agent.mirror import messages
from edge_agent.mirror.messages import Camera, Told, Visible
from edge_agent.mirror.mirror import Mirror
from edge_agent.view.local_server import PAGE as VIEWERS_PAGE
from edge_agent.view.local_server import Answer, LocalServer, file_route, folder_routes, heard

PAGE = Path(__file__).with_name("page")
SHARED_FILES = ("icon.svg", "link.js", "style.css", "words.js")
"""Of the viewer's page."""
WORDS = Path(__file__).with_name("words")
LANGUAGES = {"de": "Deutsch", "en": "English", "es": "Español", "fr": "Français"}
MOST_BYTES = 50_000_000
"""Of a picture: the largest that a camera writes as JPEG are half of it."""
GONE_S = 3.0
"""A page that is loaded again comes back within this."""


class MirrorServer(LocalServer):
    """Shows a ``Mirror``."""

    def __init__(self, mirror: Mirror, *, port: int = 0) -> None:
        """Raises ViewError when ``port`` is taken."""
        super().__init__(port=port)
        self._mirror = mirror
        mirror.when_changed(self.changed)

    def routes(self) -> list[BaseRoute]:
        """The page, and where it sends a picture."""
        return [
            Route("/page.json", self._tell_about),
            Route("/picture", self._take_picture, methods=["POST"]),
            *(Route(f"/words/{language}.json", _words(language)) for language in LANGUAGES),
            *(file_route(VIEWERS_PAGE / name, name) for name in SHARED_FILES),
            *folder_routes(PAGE),
        ]

    async def converse(self, page: WebSocket) -> None:
        """Tell what changes, and do what the person wants."""
        self._mirror.attend(True)
        telling = asyncio.create_task(self._tell(page))
        try:
            async for said in heard(page, messages.read):
                if not self.is_current(page):
                    continue
                if isinstance(said, Camera):
                    self._mirror.camera(said.on)
                elif isinstance(said, Visible):
                    self._mirror.visible(said.on)
                else:
                    self.left.set()
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)

    def gone(self) -> float:
        """The camera is closed at once."""
        self._mirror.attend(False)
        return GONE_S

    async def _tell(self, page: WebSocket) -> None:
        before: Told | None = None
        async for _ in self.news():
            told, picture = self._mirror.take()
            if picture is not None:
                await page.send_bytes(picture)
            if told != before:
                await page.send_text(messages.write(told))
                before = told

    async def _tell_about(self, _: Request) -> Response:
        return JSONResponse({"languages": LANGUAGES, "most_bytes": MOST_BYTES})

    async def _take_picture(self, request: Request) -> Response:
        file = io.BytesIO()
        try:
            async for part in request.stream():
                file.write(part)
                if file.tell() > MOST_BYTES:
                    return PlainTextResponse("too large\n", status_code=413)  # the page asks for none
            file.seek(0)
            await run_in_threadpool(self._mirror.show, file)
        except ClientDisconnect:  # nobody waits for an answer
            return Response(status_code=400)
        except SourceError as error:
            return JSONResponse({"why": str(error)})
        return JSONResponse({"why": ""})


def _words(language: str) -> Answer:
    """The viewer's page's words and the mirror's own."""
    words: dict[str, str] = {}
    for folder in (VIEWERS_PAGE / "words", WORDS):
        words |= json.loads((folder / f"{language}.json").read_text("utf-8"))

    async def answer(_: Request) -> Response:
        return JSONResponse(words)

    return answer
