"""A small OpenID Connect provider on 127.0.0.1: everybody who asks is logged in as the one user it is given."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "houselights-test"


@dataclass
class Provider:
    """``user``: the claims of whoever logs in next; ``logins``: how many codes were turned into a token."""

    user: dict[str, object]
    address: str = ""
    logins: int = 0
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))
    codes: dict[str, str] = field(default_factory=dict)
    """Code → the nonce it was asked for with."""

    @property
    def metadata_url(self) -> str:
        """Where its description stands."""
        return f"{self.address}/.well-known/openid-configuration"

    def answer(self, path: str, query: Mapping[str, list[str]]) -> dict[str, object] | str | None:
        """JSON, or an address to be sent to; None for what it does not know."""
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        if path == "/keys":
            return {"keys": [self.key.as_dict(private=False)]}
        if path == "/authorize":
            code = secrets.token_hex(8)
            self.codes[code] = query.get("nonce", [""])[0]
            return f"{query['redirect_uri'][0]}?{urlencode({'code': code, 'state': query['state'][0]})}"
        if path == "/token" and (nonce := self.codes.pop(query["code"][0], None)) is not None:
            self.logins += 1
            now = int(time.time())
            claims = {
                "iss": self.address,
                "aud": CLIENT,
                "sub": "1",
                "iat": now,
                "exp": now + 600,
                "nonce": nonce,
            }
            token = jwt.encode({"alg": "RS256", "kid": "one"}, {**claims, **self.user}, self.key)
            return {"access_token": "unused", "token_type": "Bearer", "expires_in": 600, "id_token": token}
        return None


@contextmanager
def running_provider(user: dict[str, object]) -> Iterator[Provider]:
    """A provider that logs everybody in as ``user``."""
    provider = Provider(user)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self._send(provider.answer(parts.path, parse_qs(parts.query)))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            self._send(provider.answer(urlsplit(self.path).path, parse_qs(body)))

        def _send(self, answer: dict[str, object] | str | None) -> None:
            if isinstance(answer, str):
                self.send_response(302)
                self.send_header("Location", answer)
                self.end_headers()
                return
            self.send_response(404 if answer is None else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.address = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield provider
        finally:
            server.shutdown()
