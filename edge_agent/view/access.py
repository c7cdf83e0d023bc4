"""Who may talk to the page's server: this browser, from this page, and nobody else on the machine or the web. Pure.

The opened address holds a launch token that works once; it is exchanged for a cookie that no script can read. Another
web page that the same browser shows can send requests here, also under a name that it made resolve to 127.0.0.1
(DNS rebinding): so the Host must be the server's own, and Origin and Sec-Fetch-Site must not name another site.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie

LOOPBACK = "127.0.0.1"
_OWN_SITES = {"same-origin", "none"}
"""Of Sec-Fetch-Site: the page itself, and an address that a person opened."""


class Access:
    """What is asked of a request; header names are lower case."""

    def __init__(self, port: int) -> None:
        self.host = f"{LOOPBACK}:{port}"
        self.origin = f"http://{self.host}"
        # Browsers send a cookie to every port of a host, so each server has a name of its own.
        self.cookie_name = f"houselights-{port}"
        self._cookie = secrets.token_urlsafe(32)
        self._launch: str | None = secrets.token_urlsafe(32)

    @property
    def address(self) -> str:
        """To be opened in a browser, once. Raises ValueError when it was."""
        if self._launch is None:
            raise ValueError("the launch token was used")
        return f"{self.origin}/?launch={self._launch}"

    def enter(self, token: str) -> str | None:
        """The Set-Cookie header for whoever brings the launch token first; None for everybody else."""
        if self._launch is None or not secrets.compare_digest(token.encode(), self._launch.encode()):
            return None
        self._launch = None
        return f"{self.cookie_name}={self._cookie}; HttpOnly; SameSite=Strict; Path=/"

    def foreign(self, headers: Mapping[str, str], *, needs_origin: bool = False) -> str | None:
        """Why a request does not come from this page, or from a person who opens it; None when it does.

        ``needs_origin``: a browser always names the page's origin with such a request (it opens a WebSocket, or
        changes something).
        """
        if headers.get("host") != self.host:
            return "the host is not this server's own"
        origin = headers.get("origin")
        if (origin is None and needs_origin) or origin not in {None, self.origin}:
            return "the request comes from another page"
        if headers.get("sec-fetch-site", "none") not in _OWN_SITES:
            return "the request comes from another site"
        return None

    def is_known(self, headers: Mapping[str, str]) -> bool:
        """Whether the request brings the cookie."""
        try:
            brought = SimpleCookie(headers.get("cookie", "")).get(self.cookie_name)
        except CookieError:
            return False
        return brought is not None and secrets.compare_digest(brought.value.encode(), self._cookie.encode())


def page_headers(origin: str, film_origin: str | None, *, streams: bool = False) -> dict[str, str]:
    """Headers of every answer: nothing is kept, nothing is embedded, and nothing comes from elsewhere but the film.

    film_origin: scheme, host and port of a film that is not a file of this machine. streams: the page itself fetches
    its parts, and hands them to the video element as a blob.
    """
    film = f" {film_origin}" if film_origin else ""
    parts = film if streams else ""
    blob = " blob:" if streams else ""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        f"media-src 'self'{film}{blob}; connect-src 'self' {origin.replace('http', 'ws', 1)}{parts}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    )
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        # The camera is the agent's: no script of this page can open one.
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), display-capture=()",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
