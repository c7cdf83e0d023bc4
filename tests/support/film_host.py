"""A host of films on this machine, as a festival's server would be another."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@contextmanager
def film_host(folder: Path, *, readable: bool = True) -> Iterator[str]:
    """The address of ``folder``; ``readable``: other pages may read what is there."""

    class Handler(SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            if readable:
                self.send_header("Access-Control-Allow-Origin", "*")
            super().end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's own word
            """Nothing, for tests are quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
