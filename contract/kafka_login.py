"""The first words of Kafka's protocol, enough to learn whether a broker takes a user's password.

Requests: https://kafka.apache.org/protocol (ApiVersions 0, SaslHandshake 1, SaslAuthenticate 1, all kept by Kafka 4).
SCRAM: RFC 5802, with SHA-512 as in RFC 7677's pattern.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import socket
import struct
from base64 import b64decode, b64encode

from contract.broker_access import MECHANISM

_API_VERSIONS, _SASL_HANDSHAKE, _SASL_AUTHENTICATE = (18, 0), (17, 1), (36, 1)
_LOGS_IN_HERE = {0, 33}
"""Go on, or UNSUPPORTED_SASL_MECHANISM; where nobody has to log in the answer is ILLEGAL_SASL_STATE."""
_CLIENT = b"houselights"
_LONGEST_ANSWER = 64 * 1024
_MOST_ITERATIONS = 1_000_000
"""Half a second of hashing; brokers ask for 4,096 to 16,384."""


class NotKafkaError(Exception):
    """Who listens there does not speak Kafka's protocol, at least not on this port."""


class NoScramError(Exception):
    """A broker, but it does not log users in by SCRAM here."""


class LoginRefusedError(Exception):
    """The broker does not know the user, or the password is wrong: it does not tell which."""


def hello(connection: socket.socket) -> None:
    """Ask a question that every broker answers. Raises NotKafkaError, OSError."""
    _ask(connection, _API_VERSIONS, b"")


def wants_user(connection: socket.socket) -> bool:
    """Whether the broker lets people log in here; then it lets nobody else in. Raises NotKafkaError, OSError."""
    return _error(_ask(connection, _SASL_HANDSHAKE, _text(MECHANISM))) in _LOGS_IN_HERE


def log_in(connection: socket.socket, username: str, password: str) -> None:
    """Raises LoginRefusedError, NoScramError, NotKafkaError, OSError. The broker's own proof is left to the client."""
    answer = _ask(connection, _SASL_HANDSHAKE, _text(MECHANISM))
    if _error(answer):
        raise NoScramError(f"error {_error(answer)} of the protocol")
    nonce = secrets.token_hex(16)
    first = f"n={username},r={nonce}"
    server_first = _authenticate(connection, f"n,,{first}")
    try:
        said = dict(part.split("=", 1) for part in server_first.split(","))
        salt, iterations = b64decode(said["s"], validate=True), int(said["i"])
        if not said["r"].startswith(nonce) or not 0 < iterations <= _MOST_ITERATIONS:
            raise ValueError(server_first)
    except (KeyError, ValueError) as error:
        raise NotKafkaError("its answer is no SCRAM") from error
    last = f"c=biws,r={said['r']}"
    salted = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, iterations)
    client_key = _hmac(salted, b"Client Key")
    signature = _hmac(hashlib.sha512(client_key).digest(), f"{first},{server_first},{last}".encode())
    proof = bytes(key ^ mask for key, mask in zip(client_key, signature, strict=True))
    _authenticate(connection, f"{last},p={b64encode(proof).decode()}")


def _authenticate(connection: socket.socket, said: str) -> str:
    body = said.encode()
    answer = _ask(connection, _SASL_AUTHENTICATE, struct.pack(">i", len(body)) + body)
    if _error(answer):
        raise LoginRefusedError
    words = int.from_bytes(answer[2:4], "big", signed=True)  # of an error message; -1 for none
    start = 4 + max(words, 0)
    length = int.from_bytes(answer[start : start + 4], "big")
    return answer[start + 4 : start + 4 + length].decode(errors="replace")


def _ask(connection: socket.socket, request: tuple[int, int], body: bytes) -> bytes:
    """The answer without its length and correlation id."""
    number = secrets.randbits(31)
    head = struct.pack(">hhi", *request, number) + struct.pack(">h", len(_CLIENT)) + _CLIENT
    connection.sendall(struct.pack(">i", len(head) + len(body)) + head + body)
    length, answered = struct.unpack(">ii", _read(connection, 8))
    if answered != number or not 6 <= length <= _LONGEST_ANSWER:
        raise NotKafkaError("it is no Kafka broker")
    return _read(connection, length - 4)


def _read(connection: socket.socket, length: int) -> bytes:
    found = b""
    while len(found) < length:
        more = connection.recv(length - len(found))
        if not more:
            raise NotKafkaError("it hangs up")
        found += more
    return found


def _error(answer: bytes) -> int:
    return int.from_bytes(answer[:2], "big")


def _text(text: str) -> bytes:
    return struct.pack(">h", len(text)) + text.encode()


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha512")
