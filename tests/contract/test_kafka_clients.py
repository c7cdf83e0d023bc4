"""What kafka-python leaves open where nobody, nobody yet or nobody sensible answers."""

from __future__ import annotations

import gc
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

import pytest
from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaTimeoutError
from kafka.net.inet import KafkaNetSocket

from contract import kafka_clients
from contract.broker_access import OPEN, BrokerAccess

TRY_MS = 400
"""Time for three attempts where each fails at once."""

pytestmark = pytest.mark.logs_errors("kafka-python logs every attempt that fails")


@contextmanager
def nobody() -> Iterator[str]:
    """Connections are refused: the port is taken, and not listened at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


@contextmanager
def full() -> Iterator[str]:
    """Connections are neither taken nor refused: as many wait to be accepted as may."""
    with ExitStack() as waiting:
        listener = waiting.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(3):
            waits = waiting.enter_context(socket.socket())
            waits.setblocking(False)
            waits.connect_ex(listener.getsockname())
        yield f"127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def hangs_up() -> Iterator[str]:
    """Connections are taken and ended, as by a relay whose broker is away."""

    def serve() -> None:
        while not done.is_set():
            listener.accept()[0].close()

    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=serve)
        server.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            done.set()
            socket.create_connection(listener.getsockname()).close()
            server.join()


def open_sockets() -> list[socket.socket]:
    # Not isinstance: a proxy's __class__ may load who knows what.
    return [one for one in gc.get_objects() if issubclass(type(one), socket.socket) and one.fileno() >= 0]


def kafka_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("kafka")]


@pytest.fixture
def no_collection() -> Iterator[None]:
    """What is not closed stays open."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collection")
@pytest.mark.parametrize("kind", [KafkaProducer, KafkaConsumer, KafkaAdminClient])
@pytest.mark.parametrize(
    ("where", "access"),
    [(nobody, OPEN), (full, OPEN), (hangs_up, OPEN), (hangs_up, BrokerAccess(tls=True))],
    ids=["nobody", "full", "hangs up", "hangs up, TLS"],
)
def test_a_client_that_finds_no_broker_leaves_nothing_open(
    kind: type[Any], where: Callable[[], AbstractContextManager[str]], access: BrokerAccess
) -> None:
    with where() as address:
        before = len(open_sockets())
        with pytest.raises(KafkaTimeoutError):
            kafka_clients.make(
                kind,
                KafkaNetSocket,
                bootstrap_servers=address,
                bootstrap_timeout_ms=TRY_MS,
                **access.client_settings(),
            )
        assert len(open_sockets()) == before
    assert kafka_threads() == []


@pytest.mark.usefixtures("no_collection")
def test_the_library_still_needs_that() -> None:
    with nobody() as address:
        before = open_sockets()
        with pytest.raises(KafkaTimeoutError):
            KafkaProducer(bootstrap_servers=address, bootstrap_timeout_ms=TRY_MS)
        left = [one for one in open_sockets() if one not in before]
        for one in left:
            one.close()
    assert left, "contract/kafka_clients.py can go, and what calls it"
