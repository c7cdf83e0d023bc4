"""A page's server, asked as browsers ask, and as others should not."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from edge_agent.view.local_server import LocalServer

WAIT_S = 10


class Browser:
    """Sends what a browser sends that has opened the page."""

    def __init__(self, server: LocalServer) -> None:
        self.host = server.access.host
        self.origin = server.access.origin
        self.headers = {"Sec-Fetch-Site": "none"}
        answer, _ = self.get(server.access.address.removeprefix(server.access.origin))
        assert (answer.status, answer.headers["Location"]) == (303, "/")
        self.headers = {
            "Cookie": answer.headers["Set-Cookie"].partition(";")[0],
            "Sec-Fetch-Site": "same-origin",
        }

    def get(
        self, path: str, headers: dict[str, str] | None = None, method: str = "GET", sent: bytes = b""
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection(self.host, timeout=WAIT_S)
        connection.request(method, path, sent or None, self.headers | (headers or {}))
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer, body

    def socket(self, **changes: Any) -> ClientConnection:
        asked: dict[str, Any] = {"origin": self.origin, "additional_headers": self.headers}
        socket: ClientConnection = connect(f"ws://{self.host}/socket", open_timeout=WAIT_S, **asked | changes)
        return socket


def closed_with(page: ClientConnection) -> int:
    """The code with which the server closes it, whatever it says before."""
    try:
        while True:
            page.recv(WAIT_S)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 0


def until(so: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_S
    while not so():
        assert time.monotonic() < end
        time.sleep(0.01)
