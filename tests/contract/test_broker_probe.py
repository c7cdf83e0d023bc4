"""Who answers at an address. Real brokers, certificates and passwords: tests/integration/test_secure_kafka.py."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from contract.broker_access import OPEN
from contract.broker_probe import reach
from contract.errors import BrokerAwayError
from contract.kafka_login import LoginRefusedError, NoScramError, NotKafkaError, log_in, wants_user

Answer = Callable[[bytes], bytes]
"""To a request without its length, its correlation id being bytes 4 to 8; empty hangs up."""


@contextmanager
def peer(*answers: Answer) -> Iterator[str]:
    """Somebody who answers the first connection's requests, and whose address this is."""

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            for answer in answers:
                length = struct.unpack(">i", connection.recv(4))[0]
                said = answer(connection.recv(length, socket.MSG_WAITALL))
                if not said:
                    return
                connection.sendall(said)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        served = threading.Thread(target=serve)
        served.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            served.join(10)


def answered(body: bytes) -> Answer:
    return lambda request: struct.pack(">i", 4 + len(body)) + request[4:8] + body


def error(number: int) -> Answer:
    return answered(struct.pack(">h", number) + b"\0\0\0\0")


def token(text: str) -> Answer:
    """SaslAuthenticate's answer: no error, no message, these bytes, no lifetime."""
    return answered(struct.pack(">hhi", 0, -1, len(text)) + text.encode() + bytes(8))


def hangs_up(_request: bytes) -> bytes:
    return b""


@contextmanager
def connected(*answers: Answer) -> Iterator[socket.socket]:
    with peer(*answers) as address:
        host, port = address.split(":")
        with socket.create_connection((host, int(port)), 10) as connection:
            yield connection


def test_a_plain_broker_is_reached(kafka: str) -> None:
    assert reach(kafka, OPEN, 10) == [kafka]
    assert reach(f"127.0.0.1:1, {kafka}", OPEN, 10) == [kafka]


@pytest.mark.parametrize("answer", [hangs_up, lambda _: b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_who_does_not_speak_kafka_is_no_broker(answer: Answer) -> None:
    with peer(answer) as address, pytest.raises(BrokerAwayError) as caught:
        reach(address, OPEN, 10)
    assert str(caught.value).startswith(f"no broker answers at {address} (something listens there, but it ")
    assert "HOUSELIGHTS_KAFKA_TLS=on" in str(caught.value)


def test_who_says_nothing_is_no_broker() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(BrokerAwayError, match=rf"no broker answers at {address} \(timed out\): check"):
            reach(address, OPEN, 0.2)


@pytest.mark.parametrize(("number", "wants"), [(0, True), (33, True), (34, False)])
def test_a_broker_says_whether_it_wants_a_user(number: int, wants: bool) -> None:
    with connected(error(number)) as connection:
        assert wants_user(connection) is wants


def test_a_password_is_proved_and_not_sent() -> None:
    heard: list[bytes] = []

    def first(request: bytes) -> bytes:
        heard.append(request)
        nonce = request[request.index(b"r=") + 2 :].decode()
        return token(f"r={nonce}server,s=c2FsdA==,i=4096")(request)

    def last(request: bytes) -> bytes:
        heard.append(request)
        return token("v=unchecked")(request)

    with connected(error(0), first, last) as connection:
        log_in(connection, "device", "pencil")
    assert b"n,,n=device,r=" in heard[0]
    assert b"server,p=" in heard[1]
    assert b"pencil" not in b"".join(heard)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "r=other,s=c2FsdA==,i=4096",
        "r={},s=c2FsdA==",
        "r={},s=?,i=4096",
        "r={},s=c2FsdA==,i=0",
        "r={},s=c2FsdA==,i=9999999",
    ],
)
def test_what_is_no_scram_is_told(said: str) -> None:
    def first(request: bytes) -> bytes:
        return token(said.format(request[request.index(b"r=") + 2 :].decode() + "x"))(request)

    with (
        connected(error(0), first) as connection,
        pytest.raises(NotKafkaError, match="its answer is no SCRAM"),
    ):
        log_in(connection, "device", "pencil")


def test_another_way_to_log_in_is_told() -> None:
    with connected(error(33)) as connection, pytest.raises(NoScramError, match="error 33"):
        log_in(connection, "device", "pencil")


def test_a_refusal_is_told() -> None:
    with connected(error(0), error(58)) as connection, pytest.raises(LoginRefusedError):
        log_in(connection, "device", "pencil")
