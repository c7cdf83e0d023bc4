"""Puts a mirror together from settings."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from edge_agent.engines.port import EngineName
from edge_agent.mirror.mirror import Mirror
from edge_agent.mirror.server import MirrorServer
from edge_agent.view.eyes import load_eyes, open_source

_LOOK_S = 0.2


@dataclass(frozen=True)
class MirrorSettings:
    """source: ``camera:N`` or a path. rate_hz: looks a second. port: of the page, 0 takes a free one."""

    source: str = "camera:0"
    model: str = "bundled"
    engine: EngineName = "torch"
    rate_hz: float = 4.0
    port: int = 0


def open_and_mirror(
    settings: MirrorSettings, opened: Callable[[str], None], *, stop: threading.Event
) -> None:
    """Serve the page until it is closed or ``stop`` is set.

    ``opened`` is given the address, to be opened in a browser, once. Raises EdgeError when a part cannot be opened.
    """
    open_source(settings.source).close()  # what is not there is told before the models are loaded
    mirror = Mirror(
        load_eyes(settings.model, settings.engine, rate_hz=settings.rate_hz),
        lambda: open_source(settings.source),
        rate_hz=settings.rate_hz,
    )
    server = MirrorServer(mirror, port=settings.port)
    with server.serving(), ThreadPoolExecutor(1, thread_name_prefix="mirror") as thread:
        running = thread.submit(mirror.run)
        try:
            opened(server.access.address)
            while not (stop.wait(_LOOK_S) or server.left.is_set() or running.done()):
                pass
        finally:
            mirror.close()
        running.result()
