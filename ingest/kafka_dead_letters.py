"""The dead letter topic: what ingest refused, for whoever looks after the devices.

A record is the refused one's key and body; its headers say where it lay (``original-topic``, ``original-partition``,
``original-offset``) and why it is here (``reason``, ``detail``). A letter can come twice, with the same headers.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from kafka import KafkaProducer
from kafka.errors import AuthorizationError, KafkaError
from kafka.net.inet import KafkaNetSocket

from contract import kafka_clients
from contract.broker_access import OPEN, BrokerAccess
from contract.broker_probe import reach
from contract.errors import BrokerError
from ingest.brokers import quieten
from ingest.dead_letters import DeadLetter
from ingest.errors import TopicError, one_line

SEND_S = 10.0
"""For a whole batch; a broker that runs takes milliseconds."""
MISSING_S = 3.0
"""How long a dead letter topic that is not there holds ingest up, each time it is tried."""

log = logging.getLogger(__name__)


class KafkaDeadLetters:
    """A producer that connects with the first letter: most screenings have none."""

    def __init__(
        self, bootstrap: str, topic: str, *, access: BrokerAccess = OPEN, bootstrap_s: float = SEND_S
    ) -> None:
        """``bootstrap``: HOST:PORT of a broker, or several with commas between. ``topic``: of the dead letters."""
        self.bootstrap, self.topic = bootstrap, topic
        self._access = access
        self._bootstrap_s = bootstrap_s
        self._producer: Any = None

    def send(self, letters: Sequence[DeadLetter]) -> None:
        """Returns once all of them are held by the broker. Raises TopicError when they are not."""
        try:
            producer = self._connected()
            sent = [
                producer.send(
                    self.topic,
                    key=letter.session.encode() if letter.session is not None else None,
                    value=letter.body,
                    headers=_headers(letter),
                    timestamp_ms=0,  # no clock of ours either: the topic is stamped by the broker
                )
                for letter in letters
            ]
            for one in sent:
                one.get(timeout=SEND_S)
        except AuthorizationError as error:
            self.close()
            raise self._kept(
                f"{self._access.who} has no right to write there, topics create --ingest gives it"
            ) from error
        except BrokerError as error:
            raise self._kept(str(error)) from error
        except (KafkaError, OSError, ValueError) as error:
            self.close()
            raise self._kept(
                f"{one_line(error)[:200]}; is the topic there? houselights topics create --kafka {self.bootstrap}"
            ) from error

    def close(self) -> None:
        """Lets go of the connection; a second call does nothing."""
        if self._producer is not None:
            self._producer.close(timeout=1)
            self._producer = None

    def _connected(self) -> Any:
        if self._producer is None:
            quieten()
            addresses = reach(self.bootstrap, self._access, self._bootstrap_s)
            self._producer = kafka_clients.make(
                KafkaProducer,
                KafkaNetSocket,
                bootstrap_servers=addresses,
                bootstrap_timeout_ms=int(self._bootstrap_s * 1000),
                acks="all",
                enable_idempotence=True,
                compression_type="lz4",
                max_block_ms=int(MISSING_S * 1000),
                delivery_timeout_ms=int(SEND_S * 1000),
                request_timeout_ms=int(SEND_S * 500),
                allow_auto_create_topics=False,  # a topic made in passing would keep our clock
                metrics_enabled=False,
                **self._access.client_settings(),
            )
        return self._producer

    def _kept(self, why: str) -> TopicError:
        return TopicError(
            f"the dead letters are kept in the store, and not sent to {self.topic} at {self.bootstrap}: {why}"
        )


def _headers(letter: DeadLetter) -> list[tuple[str, bytes]]:
    said = {
        "original-topic": letter.source.removeprefix("kafka:"),
        "original-partition": letter.partition,
        "original-offset": letter.offset,
        "reason": letter.reason,
        "detail": letter.detail,
    }
    return [(name, str(value).encode()) for name, value in said.items()]
