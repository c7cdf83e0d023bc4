"""What ingest's Kafka clients share: fewer words of the library's own, and the administrator's connection."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager

from kafka import KafkaAdminClient
from kafka.errors import KafkaError
from kafka.net.inet import KafkaNetSocket

from contract import kafka_clients
from contract.broker_access import BrokerAccess
from contract.broker_probe import away, reach
from contract.errors import BrokerError
from ingest.errors import TopicError, one_line

BOOTSTRAP_S = 10.0
TALKATIVE = ("kafka.cluster", "kafka.consumer.fetcher", "kafka.producer.sender")
"""They log as an error what they then raise; a broker that went away is told by ``kafka.net``."""
TRACED = ("kafka.net.connection", "kafka.net.transport")
"""They add a traceback to a connection that was reset."""


class _OneLine(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        return True


_ONE_LINE = _OneLine()


def quieten() -> None:
    """Have what kafka-python raises told once, by us."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    for name in TRACED:
        logging.getLogger(name).addFilter(_ONE_LINE)


@contextmanager
def administering(
    bootstrap: str, access: BrokerAccess, bootstrap_s: float = BOOTSTRAP_S
) -> Iterator[KafkaAdminClient]:
    """Raises TopicError when no broker answers, or it does not take us."""
    quieten()
    try:
        addresses = reach(bootstrap, access, bootstrap_s)
        try:
            client = kafka_clients.make(
                KafkaAdminClient,
                KafkaNetSocket,
                bootstrap_servers=addresses,
                bootstrap_timeout_ms=int(bootstrap_s * 1000),
                **access.client_settings(),
            )
        except (KafkaError, OSError, ValueError) as error:
            raise away(bootstrap, one_line(error)) from error
    except BrokerError as error:
        raise TopicError(str(error)) from error
    with closing(client):
        yield client
