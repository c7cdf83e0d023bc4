"""Making the topic that reactions travel through."""

from __future__ import annotations

from typing import Any

from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import (
    InvalidReplicationFactorError,
    KafkaError,
    TopicAlreadyExistsError,
    TopicAuthorizationFailedError,
)

from contract.broker_access import OPEN, BrokerAccess
from contract.messages import TOPIC
from ingest.brokers import BOOTSTRAP_S, administering
from ingest.errors import TopicError, one_line

STAMP = "message.timestamp.type"
STAMPED_BY_BROKER = "LogAppendTime"
"""So that no record carries a device's clock, and retention by age still works."""

SETTINGS = {STAMP: STAMPED_BY_BROKER, "compression.type": "lz4"}
"""The second: a device may pack its messages as it likes, and the broker packs anew what ingest has no library for."""


def create_topic(
    bootstrap: str,
    topic: str = TOPIC,
    *,
    partitions: int = 3,
    replication: int = 1,
    access: BrokerAccess = OPEN,
    bootstrap_s: float = BOOTSTRAP_S,
) -> str:
    """Makes the topic, and says in one line what is there now; one that exists already and fits is fine.

    Raises TopicError when no broker answers, the broker refuses, or an existing topic keeps the device's
    clock.
    """
    with administering(bootstrap, access, bootstrap_s) as client:
        try:
            client.create_topics(
                {
                    topic: {
                        "num_partitions": partitions,
                        "replication_factor": replication,
                        "configs": SETTINGS,
                    }
                },
                wait_for_metadata=True,
            )
        except TopicAlreadyExistsError:
            return _existing(client, bootstrap, topic, partitions)
        except InvalidReplicationFactorError as error:
            raise TopicError(
                f"the brokers cannot keep {replication} copies of {topic}: lower --replication to the number "
                "of brokers"
            ) from error
        except TopicAuthorizationFailedError as error:
            raise TopicError(
                f"{access.who} has no right to create {topic} at {bootstrap}: take the broker's administrator"
            ) from error
        except KafkaError as error:
            raise TopicError(f"creating {topic} at {bootstrap} failed: {one_line(error)[:200]}") from error
    copies = _counted(replication, "copy", "copies")
    return f"topic {topic} created at {bootstrap}: {_counted(partitions)}, {copies} of each record"


def _existing(client: Any, bootstrap: str, topic: str, partitions: int) -> str:
    try:
        (described,) = client.describe_topics([topic])
        there = len(described["partitions"])
        resource = ConfigResource(ConfigResourceType.TOPIC, topic, dict.fromkeys(SETTINGS))
        configs = client.describe_configs([resource], config_filter="all")
        found = {name: configs["topic"][topic][name]["value"] for name in SETTINGS}
    except KafkaError as error:
        raise TopicError(
            f"{topic} exists at {bootstrap}, but looking at it failed: {one_line(error)[:200]}"
        ) from error
    for name, wanted in SETTINGS.items():
        if found[name] != wanted:
            raise TopicError(
                f"{topic} exists at {bootstrap} with {name}={found[name]}, expected {wanted}: set it with "
                f"kafka-configs.sh --alter --entity-type topics --entity-name {topic} --add-config {name}={wanted}"
            )
    other = "" if there == partitions else f", not the {partitions} asked for"
    return f"topic {topic} exists already at {bootstrap}, with {_counted(there)}{other}; it fits"


def _counted(number: int, one: str = "partition", many: str = "partitions") -> str:
    return f"{number} {one if number == 1 else many}"
