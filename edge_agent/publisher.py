"""From the outbox to Kafka, in a thread of its own: the film never waits for the network.

In order, until the outbox is empty: connect; take the oldest messages; send the oldest of each session;
delete those that all in-sync replicas hold; then the next of each. One message a session at a time, because
ingest takes a lower ``seq`` than its last for a repeat: no later message may overtake one that failed. After
any failure the connection is closed and, after a pause, all begins again with what is left; a message that
was sent twice has the same ``seq``.
"""

from __future__ import annotations

import contextlib
import logging
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from kafka import KafkaProducer
from kafka import errors as kafka_errors
from kafka.net.inet import KafkaNetSocket

from contract import kafka_clients
from contract.broker_access import OPEN, BrokerAccess
from contract.broker_probe import away, reach
from contract.errors import BrokerError
from contract.messages import TOPIC
from edge_agent.errors import OutboxError, OutboxStuckError, PublishError
from edge_agent.outbox import Outbox, Outgoing

_BATCH = 500  # messages taken from the outbox at a time: about 1 MB at most for one session
_CONNECT_MS = 3_000
_DELIVER_MS = 10_000  # from send to the last replica's ack, with the client's own retries
_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 30.0


class KafkaPublisher:
    """Idempotent, acknowledged by all in-sync replicas, compressed. A record is session and message only."""

    def __init__(
        self,
        outbox: Outbox,
        bootstrap: str,
        *,
        topic: str = TOPIC,
        access: BrokerAccess = OPEN,
        flush_s: float = 10.0,
        taken: Callable[[Outgoing], None] = lambda _: None,
    ) -> None:
        """``bootstrap``: HOST:PORT. ``flush_s``: how long ``finish`` waits without any progress.

        ``taken`` is told, in the publisher's thread, of each message that the broker has taken.
        """
        self._outbox = outbox
        self._bootstrap = bootstrap
        self._topic = topic
        self._access = access
        self._flush_s = flush_s
        self._taken = taken
        self._woken = threading.Event()
        self._finishing = threading.Event()
        self._abandoned = threading.Event()
        self._progress_at = time.monotonic()
        self._trouble: PublishError | None = None
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)

    @property
    def trouble(self) -> PublishError | None:
        """What keeps messages back at the moment."""
        return self._trouble

    def start(self) -> None:
        """Begin in the background; a broker that is away is tried again until ``finish``."""
        self._thread.start()

    def wake(self) -> None:
        """There is something new in the outbox."""
        self._woken.set()

    def finish(self) -> PublishError | None:
        """Wait until the outbox is empty or ``flush_s`` seconds pass without progress, then stop.

        Gives what kept messages back, or None when all are sent. Ctrl-C ends the wait.
        """
        self._progress_at = time.monotonic()
        self._finishing.set()
        self._woken.set()
        with contextlib.suppress(KeyboardInterrupt):
            while self._thread.is_alive() and time.monotonic() < self._progress_at + self._flush_s:
                self._thread.join(0.1)
        self._abandoned.set()  # a thread that still waits for the network ends without taking more
        self._thread.join(1.0)
        if self._outbox.waiting() == 0:
            return None
        return self._trouble or PublishError(
            f"{self._bootstrap} took not everything within {self._flush_s:g} seconds"
        )

    def _run(self) -> None:
        pause_s = _FIRST_PAUSE_S
        while not self._abandoned.is_set():
            try:
                self._until_finished()
            except (kafka_errors.KafkaError, PublishError, OutboxStuckError) as error:
                self._trouble = (
                    PublishError(str(error))
                    if isinstance(error, OutboxStuckError)
                    else _translate(error, self._bootstrap, self._topic, self._access)
                )
                logging.getLogger(__name__).debug("publishing failed: %s", self._trouble)
                self._pause(pause_s)
                pause_s = min(_LONGEST_PAUSE_S, pause_s * 2)
            except OutboxError as error:
                self._trouble = PublishError(str(error))
                return
            else:
                return

    def _pause(self, pause_s: float) -> None:
        """Half of it is chance, so that a hall full of devices does not come back at the same instant."""
        if not self._finishing.wait(pause_s * random.uniform(0.5, 1.0)):  # noqa: S311
            return
        self._abandoned.wait(_FIRST_PAUSE_S)  # the last tries are close together

    def _until_finished(self) -> None:
        """Send whatever comes until told to finish and the outbox is empty.

        Raises KafkaError, PublishError, OutboxError.
        """
        producer = _connect(self._bootstrap, self._access)
        try:
            while not self._abandoned.is_set():
                self._woken.clear()
                batch = self._outbox.pending(_BATCH)
                if batch:
                    self._send(producer, batch)
                    self._trouble = None
                elif self._finishing.is_set():
                    return
                else:
                    self._woken.wait(1.0)  # another process may have appended, too
        finally:
            with contextlib.suppress(kafka_errors.KafkaError):  # what it still held is in the outbox
                producer.close(timeout=_CONNECT_MS / 1000)

    def _send(self, producer: Any, batch: list[Outgoing]) -> None:
        queues: dict[str, deque[Outgoing]] = {}
        for message in batch:
            queues.setdefault(message.session, deque()).append(message)
        while queues and not self._abandoned.is_set():
            heads = [queue.popleft() for queue in queues.values()]
            queues = {session: queue for session, queue in queues.items() if queue}
            self._send_wave(producer, heads)

    def _send_wave(self, producer: Any, heads: list[Outgoing]) -> None:
        sent: list[tuple[Outgoing, Any]] = []
        failure: kafka_errors.KafkaError | None = None
        for message in heads:
            try:
                # No clock of the device: the topic stamps records itself, and 0 says nothing if it does not.
                future = producer.send(
                    self._topic, message.body, key=message.session.encode(), timestamp_ms=0
                )
            except kafka_errors.KafkaError as error:
                failure = error
                break
            sent.append((message, future))
        taken = []
        for message, future in sent:
            try:
                future.get(timeout=_DELIVER_MS / 1000 + 2)
            except kafka_errors.KafkaError as error:
                failure = error
            else:
                taken.append(message)
        if taken:
            self._outbox.ack([message.id for message in taken])
            self._progress_at = time.monotonic()
            for message in taken:
                self._taken(message)
        if failure is not None:
            raise failure


def _connect(bootstrap: str, access: BrokerAccess) -> Any:
    """A producer with a connection. Raises PublishError, KafkaError."""
    # Every retry of the client is an ERROR line otherwise; what matters comes back as one error.
    logging.getLogger("kafka").setLevel(logging.CRITICAL + 1)
    try:
        reach(bootstrap, access, _CONNECT_MS / 1000)
    except BrokerError as error:
        raise PublishError(str(error)) from error
    return kafka_clients.make(
        KafkaProducer,
        KafkaNetSocket,
        bootstrap_servers=bootstrap,
        client_id="houselights-agent",  # the default would do, but a host name must never get in
        enable_idempotence=True,
        acks="all",
        compression_type="lz4",
        linger_ms=5,
        batch_size=256 * 1024,
        bootstrap_timeout_ms=_CONNECT_MS,
        max_block_ms=_CONNECT_MS,
        request_timeout_ms=_DELIVER_MS - 2_000,
        delivery_timeout_ms=_DELIVER_MS,
        allow_auto_create_topics=False,  # a topic made in passing would keep the device's clock
        metrics_enabled=False,
        **access.client_settings(),
    )


def _translate(
    error: kafka_errors.KafkaError | PublishError, bootstrap: str, topic: str, access: BrokerAccess
) -> PublishError:
    if isinstance(error, PublishError):
        return error
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    if "bootstrap" in text:
        reason = str(away(bootstrap, "it took the connection, and then said nothing"))
    elif isinstance(error, kafka_errors.UnknownTopicOrPartitionError) or "metadata" in text:
        reason = (
            f"the broker at {bootstrap} has no topic {topic}, or went away; "
            f"make it with: houselights topics create --kafka {bootstrap}"
        )
    elif isinstance(error, kafka_errors.AuthorizationError):
        reason = (
            f"{access.who} has no right to write to {topic} at {bootstrap}: ask who runs the broker to give it with "
            f"houselights topics create --devices USER"
        )
    else:
        reason = f"the broker at {bootstrap} did not take a message ({text})"
    made = PublishError(reason)
    made.__cause__ = error
    return made
