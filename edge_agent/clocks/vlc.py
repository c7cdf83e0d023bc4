"""VLC, asked through its web interface: ``vlc --extraintf http --http-host 127.0.0.1 --http-port PORT FILM``.

VLC 3 looks at its own position four times a second, and tells it as a share of a length that it rounds down to whole
seconds; the time, too, comes in whole seconds. So what is new in an answer was true at about the time when it first
came up, and the length is narrowed down from all of them: with share p and time t, it lies between t/p and (t + 1)/p.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import math
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from edge_agent.clocks.report import Report
from edge_agent.clocks.reported import ReportedClock
from edge_agent.errors import PlayerError

_EVERY_S = 0.08
"""Between two questions: half of it is what an answer may be late."""
_AGAIN_S = 1.0
_ANSWER_S = 2.0
_STALLED_MS = 1000.0
"""A position that stands for longer, of a film that plays, is one that waits for data."""
_JUMP_MS = 400.0
_SETTLE_MS = 600.0
"""After a jump VLC tells the new place before the screen shows it."""
_NEW_RATE_MS = 1200.0
"""After a change of speed it plays on at the one before, for as long as it has decoded ahead."""
_RESUMED_MS = 800.0
"""After a pause its position moves before the picture does."""
_MOST_UNSURE_MS = 150.0
"""Until the length is known so well that the position is, the film is somewhere."""
_NS_PER_MS = 1_000_000
_HOW = "vlc --extraintf http --http-host 127.0.0.1 --http-port {port} FILM"


class VlcState:
    """From VLC's answers to reports; pure."""

    def __init__(self) -> None:
        self._film: object = None
        self._shortest_ms, self._longest_ms = 0.0, math.inf
        self._said: object = None
        self._asked_ns = 0
        self._new_ns = 0
        self._settles_ns = 0
        self._rate = 1.0
        self._state = ""
        self._last: tuple[int, float] | None = None

    def take(self, status: Mapping[str, Any], monotonic_ns: int) -> Report | None:
        """What VLC says, asked at about this instant; None when that is no news."""
        since_ns, self._asked_ns = self._asked_ns, monotonic_ns
        state, rate = status.get("state"), float(status.get("rate") or 1.0)
        if state not in {"playing", "paused"}:
            self._last = None
            return Report(monotonic_ns, None, "ended" if state == "stopped" else "lost")
        position, seconds = float(status.get("position") or 0.0), float(status.get("time") or 0.0)
        if rate != self._rate:
            self._settle(monotonic_ns, _NEW_RATE_MS)
        if (self._state, state) == ("paused", "playing"):
            self._settle(monotonic_ns, _RESUMED_MS)
        self._rate, self._state = rate, state
        if (position, seconds) == self._said:
            return self._unchanged(state, rate, monotonic_ns)
        self._said, self._new_ns = (position, seconds), monotonic_ns
        self._narrow(status, position, seconds)
        film_ms = position * (self._shortest_ms + self._longest_ms) / 2
        # It came up at some time since the question before, if that was not long ago.
        at_ns = monotonic_ns - min(monotonic_ns - since_ns, round(2 * _EVERY_S * 1e9)) // 2
        before, self._last = self._last, (at_ns, film_ms)
        if _jumped(before, at_ns, film_ms, rate if state == "playing" else 0.0):
            self._settle(at_ns, _SETTLE_MS)
            # It may have been moved as soon as it had last said where it was.
            return Report(before[0] if before else at_ns, None, "seeking")
        unsure_ms = position * (self._longest_ms - self._shortest_ms) / 2
        if at_ns < self._settles_ns or unsure_ms > _MOST_UNSURE_MS:
            return Report(at_ns, None, "seeking")
        return Report(at_ns, film_ms, "playing" if state == "playing" else "paused", rate)

    def _settle(self, since_ns: int, ms: float) -> None:
        self._settles_ns = max(self._settles_ns, since_ns + round(ms * _NS_PER_MS))

    def _unchanged(self, state: str, rate: float, now_ns: int) -> Report | None:
        if state == "paused":
            return Report(now_ns, None, "paused", rate)
        if now_ns < self._settles_ns:
            return Report(now_ns, None, "seeking")
        if now_ns - self._new_ns > _STALLED_MS * _NS_PER_MS:
            return Report(now_ns, None, "buffering")
        return None

    def _narrow(self, status: Mapping[str, Any], position: float, seconds: float) -> None:
        """What is known of the film's length."""
        length_ms = float(status.get("length") or 0.0) * 1000
        film = (length_ms, status.get("currentplid"))
        if film != self._film:
            self._film, self._last = film, None
            self._shortest_ms, self._longest_ms = length_ms, length_ms + 1000
        if position <= 0:
            return
        shortest_ms = max(self._shortest_ms, seconds * 1000 / position)
        longest_ms = min(self._longest_ms, (seconds + 1) * 1000 / position)
        if shortest_ms < longest_ms:  # a seek changes the share before the time
            self._shortest_ms, self._longest_ms = shortest_ms, longest_ms


def _jumped(before: tuple[int, float] | None, at_ns: int, film_ms: float, rate: float) -> bool:
    if before is None:
        return True
    last_ns, last_ms = before
    expected_ms = last_ms + rate * (at_ns - last_ns) / _NS_PER_MS
    least, most = sorted((last_ms, expected_ms))
    return not least - _JUMP_MS <= film_ms <= most + _JUMP_MS


class VlcPlayer:
    """Tells ``clock`` what VLC plays, from a thread of its own, until ``close``; also when VLC is started again."""

    hold_ms = 600
    """How late a jump may be told: a question and two of VLC's looks at itself."""

    def __init__(
        self,
        host: str,
        port: int,
        password: str,
        clock: ReportedClock,
        *,
        now_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        """Raises PlayerError when VLC does not answer there, or does not take the password."""
        self.clock = clock
        self._host, self._port = host, port
        self._sent = {"Authorization": "Basic " + base64.b64encode(f":{password}".encode()).decode()}
        self._now_ns = now_ns
        self._closed = threading.Event()
        connection = http.client.HTTPConnection(host, port, timeout=_ANSWER_S)
        try:
            self._ask(connection)
        except (OSError, http.client.HTTPException, ValueError) as error:
            connection.close()
            raise PlayerError(
                f"no VLC answers at {host}:{port} ({error}); start it first: {_HOW.format(port=port)}"
            ) from error
        except PlayerError:
            connection.close()
            raise
        self._thread = threading.Thread(target=self._run, args=(connection,), name="vlc", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ask no more; VLC plays on."""
        self._closed.set()
        self._thread.join()

    def _run(self, connection: http.client.HTTPConnection) -> None:
        state = VlcState()
        while not self._closed.is_set():
            before_ns = self._now_ns()
            try:
                status = self._ask(connection)
            except (OSError, http.client.HTTPException, ValueError, PlayerError):
                connection.close()  # the next question opens another
                state = VlcState()
                self.clock.report(Report(self._now_ns(), None, "lost"))
                self._closed.wait(_AGAIN_S)
                continue
            with contextlib.suppress(TypeError, ValueError):  # an answer with other things in it says nothing
                report = state.take(status, (before_ns + self._now_ns()) // 2)
                if report is not None:
                    self.clock.report(report)
            self._closed.wait(_EVERY_S)
        connection.close()

    def _ask(self, connection: http.client.HTTPConnection) -> Mapping[str, Any]:
        connection.request("GET", "/requests/status.json", headers=self._sent)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status in {401, 403}:
            raise PlayerError(
                f"VLC at {self._host}:{self._port} refuses the password; give the one of its --http-password in "
                "HOUSELIGHTS_VLC_PASSWORD_FILE or HOUSELIGHTS_VLC_PASSWORD"
            )
        if answer.status != http.client.OK:
            raise http.client.HTTPException(f"status {answer.status}")
        status = json.loads(body)
        if not isinstance(status, dict):
            raise ValueError("an answer that is no status")
        return status
