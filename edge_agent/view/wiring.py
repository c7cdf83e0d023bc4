"""Puts a viewer's page together from settings."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from edge_agent.agent import RunReport
from edge_agent.burden import BurdenMeter
from edge_agent.guest import Guest
from edge_agent.outbox import Outbox, Outgoing
from edge_agent.publisher import KafkaPublisher
from edge_agent.settings import AgentSettings
from edge_agent.sources import FrameSource
from edge_agent.view.course import Course
from edge_agent.view.eyes import Eyes, load_eyes, open_source
from edge_agent.view.server import PageServer
from edge_agent.view.settings import ViewSettings

_LOOK_S = 0.2


def open_and_view(
    settings: ViewSettings, opened: Callable[[str], None], *, stop: threading.Event
) -> RunReport | None:
    """Serve the page until the viewer is done with it or ``stop`` is set; None when nothing was measured.

    ``opened`` is given the address, to be opened in a browser, once. Raises EdgeError when the page cannot be served.
    """
    course = Course(settings.agent, _Parts(settings.agent), baseline_s=settings.baseline_s)
    server = PageServer(course, settings.about(), settings.film, port=settings.port)
    with server.serving(), ThreadPoolExecutor(1, thread_name_prefix="course") as thread:
        running = thread.submit(course.run)
        try:
            opened(server.access.address)
            while not stop.wait(_LOOK_S) and not server.left.is_set():
                pass
        finally:
            course.close()
        return running.result()


class _Parts:
    """The real ones; ``parts.Parts``."""

    def __init__(self, settings: AgentSettings) -> None:
        self._settings = settings

    def eyes(self) -> Eyes:
        # The seconds that these take to load, the viewer has to read.
        settings = self._settings
        return load_eyes(
            settings.model,
            settings.engine,
            room=settings.room,
            rate_hz=settings.rate_hz,
            threads=settings.threads,
        )

    def camera(self) -> FrameSource:
        return open_source(self._settings.source)

    def outbox(self) -> Outbox:
        return Outbox(self._settings.outbox)

    def publisher(self, outbox: Outbox, taken: Callable[[Outgoing], None]) -> KafkaPublisher | None:
        if self._settings.bootstrap is None:
            return None
        return KafkaPublisher(
            outbox,
            self._settings.bootstrap,
            access=self._settings.access,
            flush_s=self._settings.flush_seconds,
            taken=taken,
        )

    def guest(self, dropped: Callable[[], int | None]) -> Guest:
        return Guest(self._settings.rate_hz, BurdenMeter(), dropped)
