"""What whoever runs the screening watches: ``/metrics`` for Prometheus, ``/healthz`` for a supervisor.

No session, key or address of a device is in either, nor in a label.
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, make_wsgi_app

from ingest.batch import Batch
from ingest.errors import OperationsError

STALE_S = 60.0
"""Without a look at the source for so long, ingest hangs; a publish of ten million rows takes a few seconds."""
AWAY_S = 30.0
"""A broker that is started again is back within half of it; one that has not answered for so long is away."""

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Operations:
    """Counts what an ingest run does. Safe to read from another thread."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic, *, away_s: float = AWAY_S) -> None:
        """``now_s``: a clock that never goes back, seconds. ``away_s``: silence of a broker that is not well."""
        self.registry = CollectorRegistry()
        self._now_s = now_s
        self._away_s = away_s
        self._seen_s = now_s()
        self._answered_s: float | None = None
        self._connected = False

        def counter(name: str, text: str, labels: Iterable[str] = ()) -> Counter:
            return Counter(f"houselights_ingest_{name}", text, labels, registry=self.registry)

        def seconds(name: str, text: str) -> Histogram:
            return Histogram(
                f"houselights_ingest_{name}_seconds", text, registry=self.registry, buckets=_SECONDS
            )

        self._records = counter("records", "Records read.")
        self._samples = counter("samples_stored", "Samples stored.")
        self._rejected = counter("rejected", "Records refused, by reason.", ["reason"])
        self._resent = counter("resent", "Records that came before, dropped.")
        self._forgotten = counter("forgotten", "Records of viewers who took everything back, dropped.")
        self._forwarded = counter("dead_letters_forwarded", "Dead letters sent to their topic.")
        self._commit = seconds("commit", "Time to store one batch.")
        self._publish = seconds("publish", "Time to publish.")
        self._lag = Gauge(
            "houselights_ingest_lag_records", "Records that wait at the source.", registry=self.registry
        )
        self._waited = Gauge(
            "houselights_ingest_lag_seconds",
            "How long the oldest record of the last delivery had waited at the broker; 0 when nothing waits.",
            registry=self.registry,
        )
        self._waited.set(math.nan)
        self._silent = Gauge(
            "houselights_ingest_source_silent_seconds",
            "How long ago the broker last sent a record, or answered when asked.",
            registry=self.registry,
        )
        self._silent.set_function(self._silent_s)

    def looked(self, lag: int | None, waited_s: float | None = None, silent_s: float | None = None) -> None:
        """The source was asked; None for what it cannot tell.

        ``lag``: records that wait there, ``waited_s``: how long. ``silent_s``: how long ago it last answered.
        """
        self._connected = True
        self._seen_s = self._now_s()
        self._answered_s = None if silent_s is None else self._seen_s - silent_s
        if lag is not None:
            self._lag.set(lag)
        if waited_s is not None:
            self._waited.set(waited_s)

    def stored(self, batch: Batch, took_s: float) -> None:
        """One batch was committed."""
        self._commit.observe(took_s)
        self._records.inc(batch.records)
        self._samples.inc(len(batch.rows))
        self._resent.inc(batch.resent)
        self._forgotten.inc(batch.forgotten)
        for letter in batch.rejected:
            self._rejected.labels(letter.reason).inc()

    def forwarded(self, letters: int) -> None:
        """Dead letters reached their topic."""
        self._forwarded.inc(letters)

    def published(self, took_s: float) -> None:
        """Figures were put in place."""
        self._publish.observe(took_s)
        self._seen_s = self._now_s()

    def health(self) -> tuple[bool, dict[str, Any]]:
        """Whether ingest is at work, and why not."""
        unseen_s = self._now_s() - self._seen_s
        if not self._connected:
            return False, {"status": "waiting", "why": "the source has not answered yet"}
        if unseen_s > STALE_S:
            return False, {"status": "stuck", "why": f"no look at the source for {unseen_s:.0f} s"}
        if self._silent_s() > self._away_s:
            return False, {
                "status": "away",
                "why": f"the broker has not answered for {self._silent_s():.0f} s; what is stored is safe, and ingest "
                "goes on once it is back",
            }
        return True, {"status": "ok"}

    def _silent_s(self) -> float:
        """NaN where nobody has to answer."""
        return math.nan if self._answered_s is None else self._now_s() - self._answered_s


class OperationsServer:
    """Answers ``/metrics`` and ``/healthz`` in threads of its own."""

    def __init__(self, operations: Operations, host: str, port: int) -> None:
        """Listens at once; port 0 takes a free one. Raises OperationsError when the address is taken."""
        metrics = make_wsgi_app(operations.registry)

        def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            path = environ.get("PATH_INFO")
            if path == "/metrics":
                return metrics(environ, start_response)  # type: ignore[no-any-return]  # a WSGI answer
            well, found = (
                operations.health() if path == "/healthz" else (None, {"there is": "/metrics, /healthz"})
            )
            status = {True: "200 OK", False: "503 Service Unavailable", None: "404 Not Found"}[well]
            start_response(status, [("Content-Type", "application/json"), ("Cache-Control", "no-store")])
            return [json.dumps(found).encode()]

        try:
            self._server = make_server(host, port, answer, _Threads, _Quiet)
        except (OSError, OverflowError) as error:
            raise OperationsError(
                f"cannot listen on {host}:{port} ({getattr(error, 'strerror', None) or error}); give another --listen"
            ) from error
        self._thread = threading.Thread(target=self._server.serve_forever, name="operations", daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """HOST:PORT."""
        host, port = self._server.server_address[:2]
        return f"{host!s}:{port}"

    def close(self) -> None:
        """Stops listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    timeout = 10  # seconds; who connects and says nothing holds one thread no longer

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class names it so
        """A supervisor asks every few seconds: no line for each."""
