"""Who may do what on a secured broker: devices write reactions and nothing else, ingest reads them.

A right to write or to read a topic includes the right to ask where it lies; writing with sequence numbers needs no
right of its own since Kafka 3.
"""

from __future__ import annotations

from typing import Any

from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
)
from kafka.errors import ClusterAuthorizationFailedError, KafkaError, SecurityDisabledError

from contract.broker_access import OPEN, BrokerAccess
from contract.messages import DEAD_LETTER_TOPIC, TOPIC
from ingest.brokers import BOOTSTRAP_S, administering
from ingest.errors import TopicError, one_line

DEVICE = {TOPIC: ACLOperation.WRITE}
INGEST = {TOPIC: ACLOperation.READ, DEAD_LETTER_TOPIC: ACLOperation.WRITE}


def grant(
    bootstrap: str,
    user: str,
    rights: dict[str, ACLOperation],
    *,
    access: BrokerAccess = OPEN,
    bootstrap_s: float = BOOTSTRAP_S,
) -> str:
    """Gives ``user`` the ``rights``, an operation on each topic, and says in one line what it may do now.

    Rights that the user has beyond these are named, and stay. Raises TopicError.
    """
    wanted = {
        _acl(user, ResourcePattern(ResourceType.TOPIC, topic, ACLResourcePatternType.LITERAL), operation)
        for topic, operation in rights.items()
    }
    with administering(bootstrap, access, bootstrap_s) as client:
        try:
            failed = client.create_acls(list(wanted))["failed"]
            if failed:
                raise failed[0]
            everything = ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY)
            has, _ = client.describe_acls(
                ACLFilter(f"User:{user}", None, ACLOperation.ANY, ACLPermissionType.ALLOW, everything)
            )
        except SecurityDisabledError as error:
            raise TopicError(
                f"the broker at {bootstrap} asks nobody for rights: set authorizer.class.name on the broker"
            ) from error
        except ClusterAuthorizationFailedError as error:
            raise TopicError(
                f"{access.who} has no right to give rights at {bootstrap}: take the broker's administrator"
            ) from error
        except KafkaError as error:
            raise TopicError(
                f"giving rights to {user!r} at {bootstrap} failed: {one_line(error)[:200]}"
            ) from error
    beyond = _listed(set(has) - wanted)
    return f"user {user!r} may {_listed(wanted)}" + (
        f"; it also may {beyond}: take that back with kafka-acls.sh --remove if it is not meant"
        if beyond
        else ""
    )


def _acl(user: str, pattern: ResourcePattern, operation: ACLOperation) -> Any:
    return ACL(f"User:{user}", "*", operation, ACLPermissionType.ALLOW, pattern)


def _listed(acls: set[Any]) -> str:
    return ", ".join(
        sorted(f"{acl.operation.name.lower()} {acl.resource_pattern.resource_name}" for acl in acls)
    )
