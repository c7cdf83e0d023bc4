"""What every request meets first, and what every answer carries."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from edge_agent.view.access import Access

_NOT_OPENED = (
    "This page belongs to the browser that houselights opened. Its address works once: "
    "start houselights again for a new one.\n"
)


class Guard:
    """An ASGI app around the page's own."""

    def __init__(self, app: ASGIApp, access: Access, headers: Mapping[str, str]) -> None:
        """``headers``: of every answer."""
        self._app = app
        self._access = access
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, let in, or pass on."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        is_socket = scope["type"] == "websocket"
        changes = is_socket or scope["method"] not in {"GET", "HEAD"}
        foreign = self._access.foreign(headers, needs_origin=changes)
        known = foreign is None and self._access.is_known(headers)
        if known:
            await self._app(scope, receive, send if is_socket else self._with_headers(send))
        elif is_socket:
            await receive()
            await send({"type": "websocket.close", "code": 1008})  # before it is accepted: 403
        else:
            answer = _refused(foreign) if foreign else self._enter(scope)
            await answer(scope, receive, self._with_headers(send))

    def _enter(self, scope: Scope) -> PlainTextResponse | RedirectResponse:
        """Exchange the launch token for the cookie."""
        tokens = parse_qs(scope["query_string"].decode("latin-1")).get("launch", [])
        cookie = self._access.enter(tokens[0]) if scope["path"] == "/" and len(tokens) == 1 else None
        if cookie is None:
            return PlainTextResponse(_NOT_OPENED, status_code=401)
        # Without the token: what stands in the browser's history works no more.
        return RedirectResponse("/", status_code=303, headers={"Set-Cookie": cookie})

    def _with_headers(self, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    answered[name] = value
            await send(message)

        return sending


def _refused(why: str) -> PlainTextResponse:
    return PlainTextResponse(f"Refused: {why}.\n", status_code=403)
