"""Passwords, certificates and rights, against a real broker with the settings of compose/secure."""

from __future__ import annotations

import contextlib
import logging
import subprocess
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from kafka import KafkaConsumer, TopicPartition
from kafka.admin import ACLOperation

from contract.broker_access import OPEN, PASSWORD, PASSWORD_FILE, USERNAME, BrokerAccess
from contract.broker_probe import reach
from contract.errors import BrokerRefusedError
from contract.messages import DEAD_LETTER_TOPIC, TOPIC, Message
from edge_agent.errors import PublishError
from edge_agent.outbox import Outbox
from edge_agent.publisher import KafkaPublisher
from ingest.dead_letters import DeadLetter
from ingest.errors import SourceError, TopicError
from ingest.kafka_dead_letters import KafkaDeadLetters
from ingest.kafka_source import KafkaSource
from ingest.rights import grant
from ingest.store import Store
from ingest.topics import create_topic
from tests.ingest.conftest import B, end, reactions, start, store_dir
from tests.support.command import done, houselights, refused
from tests.support.secure_broker import SECURE, SecureBroker, make_secrets

__all__ = ["store_dir"]  # a fixture

LETTER = DeadLetter("kafka:t", 0, 7, "not_json", "no JSON", 0, None, b"junk")
COMPOSE = SECURE.parent / "compose.secure.yaml"
WRONG = "not-the-password-2718281828"


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory, artefacts: Path) -> Iterator[SecureBroker]:
    """The broker, with the topics and rights that compose's own command gives, as compose's own user."""
    log = artefacts / "secure-broker.log"
    log.unlink(missing_ok=True)
    broker = SecureBroker(tmp_path_factory.mktemp("secure") / "node", log)
    with broker:
        said = done(service(broker, "topics"))
        assert said.splitlines()[2:] == [
            f"user 'device' may write {TOPIC}",
            f"user 'ingest' may read {TOPIC}, write {DEAD_LETTER_TOPIC}",
        ]
        yield broker
        printed = log.read_text(encoding="utf-8")
    assert not [password for password in broker.passwords() if password in printed]


def service(broker: SecureBroker, name: str, *more: str, store: str = "") -> subprocess.CompletedProcess[str]:
    """A service of the compose file run here: its command, as its user."""
    found = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"][name]
    words = [word.replace("kafka:9093", broker.inside).replace("/store", store) for word in found["command"]]
    environment = {
        key: value.replace("/run/secrets", str(broker.secrets)) for key, value in found["environment"].items()
    }
    return houselights(*words, *more, environment=environment)


def publish(
    folder: Path, access: BrokerAccess, address: str, *messages: Message, topic: str = TOPIC
) -> PublishError | None:
    """What keeps the messages back when a device sends them."""
    with Outbox(folder / f"{uuid.uuid4().hex}.outbox") as outbox:
        for message in messages:
            outbox.append(message)
        publisher = KafkaPublisher(outbox, address, topic=topic, access=access, flush_s=0.1)
        publisher.start()
        deadline = time.monotonic() + 60
        while outbox.waiting() and publisher.trouble is None and time.monotonic() < deadline:
            time.sleep(0.05)
        return publisher.finish()


def everything(broker: SecureBroker, topic: str) -> list[Any]:
    consumer = KafkaConsumer(
        bootstrap_servers=broker.address,
        auto_offset_reset="earliest",
        **broker.access("admin").client_settings(),
    )
    with contextlib.closing(consumer):
        consumer.assign([TopicPartition(topic, 0)])
        return [record for batch in consumer.poll(10_000).values() for record in batch]


def read(source: KafkaSource) -> None:
    """Until the first delivery that brings nothing."""
    source.open(patient=False)
    try:
        source.start({})
        while source.poll(2).next_offsets:
            pass
    finally:
        source.close()


def test_devices_write_and_ingest_reads(
    secure: SecureBroker, store_dir: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    session: list[Message] = [start(), reactions(1, 0, 1), end(1, 2), start(B, screening="nowhere")]
    assert publish(tmp_path, secure.access("device"), secure.address, *session) is None
    said = done(service(secure, "ingest", "--once", store=str(store_dir)))
    assert said.startswith("4 records: 2 samples stored, 1 records rejected")
    with Store(store_dir) as store:
        assert store.connection.execute("SELECT count(*) FROM reaction").fetchone() == (2,)
    (letter,) = everything(secure, DEAD_LETTER_TOPIC)
    assert dict(letter.headers)["reason"] == b"unknown_screening"
    assert not [password for password in secure.passwords() if password in caplog.text]


def test_the_administrators_settings_are_logged_without_the_password(
    secure: SecureBroker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "kafka")
    create_topic(secure.address, access=secure.access("admin"))
    assert "sasl_plain_username" in caplog.text
    assert "'sasl_plain_password': '***'" in caplog.text
    assert not [password for password in secure.passwords() if password in caplog.text]


def test_a_device_may_not_read(secure: SecureBroker, tmp_path: Path) -> None:
    assert publish(tmp_path, secure.access("device"), secure.address, start("c" * 32)) is None
    with pytest.raises(SourceError) as caught:
        read(KafkaSource(secure.address, access=secure.access("device")))
    assert str(caught.value) == (
        f"user 'device' has no right to read {TOPIC} at {secure.address}: give it with houselights topics create "
        "--ingest USER, then start ingest again"
    )


def test_ingest_may_not_write_reactions(secure: SecureBroker, tmp_path: Path) -> None:
    trouble = publish(tmp_path, secure.access("ingest"), secure.address, start("d" * 32))
    assert str(trouble) == (
        f"user 'ingest' has no right to write to {TOPIC} at {secure.address}: ask who runs the broker to give it with "
        "houselights topics create --devices USER"
    )


def test_a_missing_right_is_named(secure: SecureBroker, tmp_path: Path) -> None:
    topic = f"closed-{uuid.uuid4().hex}"
    create_topic(secure.address, topic, access=secure.access("admin"))
    trouble = publish(tmp_path, secure.access("device"), secure.address, start(), topic=topic)
    assert f"user 'device' has no right to write to {topic}" in str(trouble)
    with pytest.raises(SourceError, match=f"user 'ingest' has no right to read {topic}"):
        read(KafkaSource(secure.address, topic, access=secure.access("ingest")))
    with pytest.raises(TopicError, match=f"sent to {topic} .*: user 'device' has no right to write there"):
        KafkaDeadLetters(secure.address, topic, access=secure.access("device")).send([LETTER])
    with pytest.raises(TopicError, match="user 'device' has no right to create new-one"):
        create_topic(secure.address, "new-one", access=secure.access("device"))
    with pytest.raises(TopicError, match="user 'device' has no right to give rights"):
        grant(secure.address, "device", {topic: ACLOperation.READ}, access=secure.access("device"))


def test_rights_beyond_those_given_are_named(secure: SecureBroker) -> None:
    access = secure.access("admin")
    assert (
        grant(secure.address, "guest", {"a": ACLOperation.READ}, access=access) == "user 'guest' may read a"
    )
    assert grant(secure.address, "guest", {"a": ACLOperation.WRITE}, access=access).startswith(
        "user 'guest' may write a; it also may read a: take that back"
    )


def test_a_user_is_added_while_the_broker_runs(secure: SecureBroker, tmp_path: Path) -> None:
    made = secure.tool(
        "kafka.admin.ConfigCommand",
        *("--alter", "--entity-type", "users", "--entity-name", "late", "--add-config-file", "/dev/stdin"),
        given=f"SCRAM-SHA-512=password={WRONG}\n",
    )
    assert made.returncode == 0, made.stderr
    access = replace(secure.access("device"), username="late", password=WRONG)
    trouble = publish(tmp_path, access, secure.address, start("e" * 32))
    assert "user 'late' has no right to write" in str(trouble)


def test_a_broker_that_asks_nobody_for_rights_is_told(kafka: str) -> None:
    with pytest.raises(TopicError, match="asks nobody for rights: set authorizer"):
        grant(kafka, "device", {TOPIC: ACLOperation.WRITE})


@pytest.fixture
def other_ca(tmp_path: Path) -> Path:
    make_secrets(tmp_path / "other")
    return tmp_path / "other" / "ca.pem"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("password", "does not know user 'device' with this password: check HOUSELIGHTS_KAFKA_USERNAME and"),
        ("user", "does not know user 'nobody' with this password: check HOUSELIGHTS_KAFKA_USERNAME and"),
        (
            "expired",
            "shows a certificate that has expired: renew it on the broker, or set this machine's clock",
        ),
        ("signer", "has signed: name the file of the right CA in HOUSELIGHTS_KAFKA_CA_FILE"),
        ("host", "shows a certificate for another host name: use the name that the certificate was made for"),
        ("no user", "lets nobody in without a user: set HOUSELIGHTS_KAFKA_USERNAME and"),
    ],
)
def test_what_the_broker_or_we_refuse_is_one_line_everywhere(
    secure: SecureBroker,
    tmp_path: Path,
    other_ca: Path,
    caplog: pytest.LogCaptureFixture,
    wrong: str,
    says: str,
) -> None:
    caplog.set_level(logging.DEBUG, "kafka")
    right = secure.access("device")
    access, address = {
        "password": (replace(right, password=WRONG), secure.address),
        "user": (replace(right, username="nobody", password=WRONG), secure.address),
        "expired": (right, secure.expired),
        "signer": (replace(right, ca_file=other_ca), secure.address),
        "host": (right, secure.address.replace("localhost", "127.0.0.1")),
        "no user": (replace(right, username="", password=""), secure.address),
    }[wrong]
    with pytest.raises(BrokerRefusedError) as caught:
        reach(address, access, 10)
    line = str(caught.value)
    assert line.startswith(f"the broker at {address} ")
    assert says in line
    assert "\n" not in line
    assert str(publish(tmp_path, access, address, start())) == line
    with pytest.raises(SourceError) as source:  # at once, though it would wait for a broker that is away
        KafkaSource(address, access=access).open(patient=True)
    with pytest.raises(TopicError) as topic:
        create_topic(address, access=access)
    assert str(source.value) == str(topic.value) == line
    with pytest.raises(TopicError) as letters:
        KafkaDeadLetters(address, "t", access=access).send([LETTER])
    assert line in str(letters.value)
    assert not [secret for secret in (WRONG, *secure.passwords()) if secret in caplog.text + line]


@pytest.mark.parametrize(
    "words", [("topics", "create", "--kafka", "{}"), ("ingest", "--from", "kafka:{}", "--store", "s")]
)
def test_a_command_refuses_in_one_line_without_the_password(
    secure: SecureBroker, tmp_path: Path, words: tuple[str, ...]
) -> None:
    environment = secure.environment_of("device") | {PASSWORD_FILE: "", PASSWORD: WRONG}
    finished = houselights(
        *(word.format(secure.address) for word in words), cwd=tmp_path, environment=environment
    )
    assert f"the broker at {secure.address} does not know user 'device' with this password" in refused(
        finished
    )
    assert WRONG not in finished.stdout + finished.stderr


def test_half_said_settings_stop_the_agent_before_the_film(tmp_path: Path) -> None:
    finished = houselights(
        *("agent", "run", "--film", "f", "--cut", "c", "--screening", "s", "--source", "film.mp4"),
        *("--to", "kafka:localhost:9092"),
        cwd=tmp_path,
        environment={USERNAME: "device"},
    )
    assert "HOUSELIGHTS_KAFKA_USERNAME is set, but no password" in refused(finished)
    assert not list(tmp_path.iterdir())


def test_a_missing_right_is_one_line_of_the_command(secure: SecureBroker, tmp_path: Path) -> None:
    line = refused(
        houselights(
            *("topics", "create", "--kafka", secure.address, "--devices", "device"),
            cwd=tmp_path,
            environment=secure.environment_of("ingest"),
        )
    )
    assert "user 'ingest' has no right to" in line


def test_a_plain_client_at_a_secured_broker_is_told_what_to_set(secure: SecureBroker, tmp_path: Path) -> None:
    trouble = publish(tmp_path, OPEN, secure.address, start())
    assert "a secured one wants HOUSELIGHTS_KAFKA_TLS=on, or HOUSELIGHTS_KAFKA_USERNAME" in str(trouble)


def test_a_secured_client_at_a_plain_broker_is_told(secure: SecureBroker, kafka: str, tmp_path: Path) -> None:
    trouble = publish(tmp_path, secure.access("device"), kafka, start())
    assert str(trouble).startswith(f"no broker answers at {kafka} (TLS failed, ")
