"""How a Kafka broker is approached: as whom, with which password, and whose certificates count.

    HOUSELIGHTS_KAFKA_USERNAME        user of the broker; without it nobody is named
    HOUSELIGHTS_KAFKA_PASSWORD_FILE   file with the user's password, one line
    HOUSELIGHTS_KAFKA_PASSWORD        the password itself, where a file cannot be
    HOUSELIGHTS_KAFKA_CA_FILE         PEM file of the CA that signs the broker's certificate; default: the system's CAs
    HOUSELIGHTS_KAFKA_TLS             on or off; default: on as soon as one of the others is set

A password is never taken from a command line, which every user of a machine can read.
"""

from __future__ import annotations

import logging
import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contract.errors import BrokerSettingsError

USERNAME = "HOUSELIGHTS_KAFKA_USERNAME"
PASSWORD = "HOUSELIGHTS_KAFKA_PASSWORD"  # noqa: S105  # a name, not a password
PASSWORD_FILE = "HOUSELIGHTS_KAFKA_PASSWORD_FILE"  # noqa: S105
CA_FILE = "HOUSELIGHTS_KAFKA_CA_FILE"
TLS = "HOUSELIGHTS_KAFKA_TLS"

MECHANISM = "SCRAM-SHA-512"
_USER = re.compile(r"[A-Za-z0-9._@-]{1,128}")
"""SCRAM would need commas and equals signs escaped, which not every client does."""
_ON, _OFF = {"on", "true", "yes", "1"}, {"off", "false", "no", "0"}
_CONTAINER_SECRETS = Path("/run/secrets")
"""Readable by all inside a container, where there is nobody else."""

log = logging.getLogger(__name__)


class _Masked(str):
    """Text for a library to encode that prints as stars: kafka-python's admin client logs all of its settings."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"

    def __str__(self) -> str:
        return "***"

    def __format__(self, _spec: str) -> str:
        return "***"


class _ClosesWhenRefused(ssl.SSLSocket):
    """kafka-python 3.0.12 leaves the socket of a handshake that failed to the garbage collector."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise  # it goes on
        except OSError:
            self.close()
            raise


@dataclass(frozen=True)
class BrokerAccess:
    """Settings that belong together; BrokerSettingsError says which is missing or wrong. The default is no security.

    ca_file: None is the system's CAs.
    """

    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    tls: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.password, _Masked):  # a second mask would hold the stars of the first
            object.__setattr__(self, "password", _Masked(self.password))
        if self.username and not self.password:
            raise BrokerSettingsError(
                f"{USERNAME} is set, but no password: name a file that holds it in {PASSWORD_FILE}"
            )
        if self.password and not self.username:
            raise BrokerSettingsError(f"there is a password for the broker, but no user: set {USERNAME}")
        if self.username and not _USER.fullmatch(self.username):
            raise BrokerSettingsError(
                f"a user is 1 to 128 letters, digits, dots, dashes, underscores and @, got {self.username!r}: "
                f"correct {USERNAME}"
            )
        if self.username and not self.tls:
            raise BrokerSettingsError(
                f"a password goes over TLS or not at all: leave {TLS} unset, or set it to on"
            )
        if self.ca_file is not None and not self.tls:
            raise BrokerSettingsError(f"{CA_FILE} is set, but {TLS} is off: unset one of them")
        if self.tls:
            self.tls_context()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> BrokerAccess:
        """What the five variables say; an empty one counts as not set. Raises BrokerSettingsError."""
        username, ca_file = environ.get(USERNAME, ""), environ.get(CA_FILE, "")
        password, switch = _password(environ), environ.get(TLS, "").lower()
        if switch and switch not in _ON | _OFF:
            raise BrokerSettingsError(f"{TLS} must be on or off, got {switch!r}")
        return cls(
            username=username,
            password=password,
            ca_file=Path(ca_file) if ca_file else None,
            tls=switch in _ON or (not switch and bool(username or password or ca_file)),
        )

    @property
    def who(self) -> str:
        """The user as a message names it."""
        return f"user {self.username!r}" if self.username else f"nobody (no {USERNAME} is set)"

    def tls_context(self) -> ssl.SSLContext:
        """Checks the chain, the dates and the host name. Raises BrokerSettingsError when the CA file is no help."""
        try:
            context = ssl.create_default_context(cafile=self.ca_file)
        except ssl.SSLError as error:
            raise BrokerSettingsError(
                f"{self.ca_file} holds no certificate in PEM form: correct {CA_FILE}"
            ) from error
        except OSError as error:
            raise BrokerSettingsError(
                f"the CA file {self.ca_file} cannot be read ({error.strerror}): correct {CA_FILE}"
            ) from error
        context.sslsocket_class = _ClosesWhenRefused
        return context

    def client_settings(self) -> dict[str, Any]:
        """Keyword arguments of kafka-python's clients; their values may be logged, the password prints as stars."""
        if not self.tls:
            return {}
        settings: dict[str, Any] = {"security_protocol": "SSL", "ssl_context": self.tls_context()}
        if self.username:
            settings |= {
                "security_protocol": "SASL_SSL",
                "sasl_mechanism": MECHANISM,
                "sasl_plain_username": self.username,
                "sasl_plain_password": self.password,
            }
        return settings


OPEN = BrokerAccess()
"""A broker without security, as on a laptop."""


def _password(environ: Mapping[str, str]) -> str:
    given, file = environ.get(PASSWORD, ""), environ.get(PASSWORD_FILE, "")
    if not file:
        return given
    if given:
        raise BrokerSettingsError(f"{PASSWORD} and {PASSWORD_FILE} are both set: unset one of them")
    path = Path(file)
    try:
        text = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise BrokerSettingsError(
            f"the password file {path} cannot be read ({why}): correct {PASSWORD_FILE}"
        ) from error
    if not text or "\n" in text:
        raise BrokerSettingsError(f"the password file {path} must hold one line, the password: correct it")
    if _open_to_others(path):
        log.warning("the password file %s can be read by every user of this machine: chmod 600 it", path)
    return text


def _open_to_others(path: Path) -> bool:
    """Whether the file and every folder on the way to it let anybody in."""
    if os.name != "posix":
        return False
    real = path.resolve()
    if real.is_relative_to(_CONTAINER_SECRETS):
        return False
    return bool(real.stat().st_mode & 0o004) and all(folder.stat().st_mode & 0o001 for folder in real.parents)
