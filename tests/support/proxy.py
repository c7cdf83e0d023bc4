"""A TCP proxy on loopback with a bad network inside: what passes is cut off, held up, slowed, delayed or lost."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Self, TypeVar

_CHUNK = 64 * 1024
_TICK_S = 0.05
"""How often a slow or held-up connection looks whether the weather has changed."""
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER on, for 0 seconds: a cut connection is reset, not closed in order."""
_T = TypeVar("_T")


@dataclass(frozen=True)
class Weather:
    """How the network is at the moment; the default lets everything pass.

    What is lost leaves a gap that nothing may follow. So a connection that lost bytes loses all from then on, in that
    direction, and neither side is told: a router on the way has forgotten it.
    """

    held: bool = False
    """Nothing passes until the weather changes; then everything does."""
    bytes_a_second: float | None = None
    """Each way of each connection."""
    delay_s: float = 0.0
    """Before each piece of at most 64 KiB."""
    requests_lost: bool = False
    """What clients send vanishes."""
    answers_lost: bool = False
    """What they are answered vanishes: the work was done, and nobody hears of it."""
    refused: bool = False
    """New connections are reset at once."""


CLEAR = Weather()
BLACK_HOLE = Weather(requests_lost=True, answers_lost=True)


class Proxy:
    """Listens on 127.0.0.1 from the start. ``target`` may be set later; while nobody is there, clients are reset."""

    def __init__(self, target: str = "") -> None:
        """``target``: HOST:PORT."""
        self.target = target
        self.connections = 0
        """Taken so far."""
        self.lost_bytes = 0
        self._weather = CLEAR
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._take, "127.0.0.1", 0))
        host, port = self._server.sockets[0].getsockname()[:2]
        self.address = f"{host}:{port}"

    def weather(self, weather: Weather) -> None:
        """How it is from now on, for what is under way too."""
        self._weather = weather

    def cut(self) -> None:
        """Reset every connection there is."""
        self._do(self._cut())

    def close(self) -> None:
        """Reset all and listen no more; a second call does nothing."""
        if not self._loop.is_closed():
            self._do(self._close())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _do(self, work: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _cut(self) -> None:
        for writer in list(self._writers):
            _reset(writer)

    async def _close(self) -> None:
        self._server.close()
        await self._cut()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(_TICK_S)  # what was aborted is closed by the loop's next rounds

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            await self._serve(reader, writer)
        except asyncio.CancelledError:
            pass  # the proxy closes
        finally:
            self._tasks.discard(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until its client has left it or was cut off."""
        if self._weather.refused:
            _reset(writer)
            return
        host, _, port = self.target.rpartition(":")
        try:
            far_reader, far_writer = await asyncio.open_connection(host, int(port))
        except (OSError, ValueError):
            _reset(writer)
            return
        both = {writer, far_writer}
        self._writers |= both
        answers = asyncio.create_task(self._pump(far_reader, writer, to_target=False))
        try:
            await self._pump(reader, far_writer, to_target=True)
        finally:
            answers.cancel()
            await asyncio.gather(answers, return_exceptions=True)
            self._writers -= both
            for each in both:
                each.close()
                with contextlib.suppress(OSError):
                    await each.wait_closed()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, to_target: bool
    ) -> None:
        """One way of one connection: all that ``reader`` gives, as the weather allows, to ``writer``."""
        gone = False
        try:
            while chunk := await reader.read(_CHUNK):
                await asyncio.sleep(self._weather.delay_s)
                while chunk:
                    now = self._weather
                    gone = gone or (now.requests_lost if to_target else now.answers_lost)
                    if gone:
                        self.lost_bytes += len(chunk)
                        break
                    chunk = await _passed(chunk, writer, now)
        except OSError:
            _reset(writer)
        else:
            if not gone:  # else nobody is told: the other side finds out by waiting
                writer.close()


async def _passed(chunk: bytes, writer: asyncio.StreamWriter, now: Weather) -> bytes:
    """Write what may pass of ``chunk`` and give the rest."""
    if now.held:
        await asyncio.sleep(_TICK_S)
        return chunk
    if now.bytes_a_second is None:
        piece = chunk
    else:
        piece = chunk[: max(1, int(now.bytes_a_second * _TICK_S))]
        await asyncio.sleep(len(piece) / now.bytes_a_second)
    writer.write(piece)
    await writer.drain()
    return chunk[len(piece) :]


def _reset(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    if connection is not None and connection.fileno() >= 0:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
