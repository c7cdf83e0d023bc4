"""What the environment says about the broker."""

from __future__ import annotations

import copy
import pickle
import re
import ssl
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from contract.broker_access import CA_FILE, OPEN, PASSWORD, PASSWORD_FILE, TLS, USERNAME, BrokerAccess
from contract.errors import BrokerSettingsError

SECRET = "correct horse battery staple"
FULL = {USERNAME: "device", PASSWORD: SECRET}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text(f"{SECRET}\n", encoding="utf-8")
    path.chmod(0o600)
    return path


def read(**environ: str) -> BrokerAccess:
    return BrokerAccess.from_environment(environ)


def test_nothing_said_is_no_security() -> None:
    assert read() == OPEN
    assert read(**{USERNAME: "", PASSWORD: "", PASSWORD_FILE: "", CA_FILE: "", TLS: ""}) == OPEN
    assert OPEN.client_settings() == {}


def test_a_password_turns_everything_on(file: Path) -> None:
    for access in (read(**FULL), read(**{USERNAME: "device", PASSWORD_FILE: str(file)})):
        settings = access.client_settings()
        assert settings["security_protocol"] == "SASL_SSL"
        assert settings["sasl_mechanism"] == "SCRAM-SHA-512"
        assert settings["sasl_plain_username"] == "device"
        assert settings["sasl_plain_password"].encode() == SECRET.encode()
        context = settings["ssl_context"]
        assert context.check_hostname
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


def test_tls_alone_names_nobody() -> None:
    settings = read(**{TLS: "On"}).client_settings()
    assert settings["security_protocol"] == "SSL"
    assert "sasl_mechanism" not in settings


def test_the_password_prints_as_stars() -> None:
    access = read(**FULL)
    password = access.client_settings()["sasl_plain_password"]
    shown = [f"{access} {access!r} {password} {password!r} {password:>3}", f"{access.client_settings()}"]
    shown += ["%s %r" % (password, password), str(copy.deepcopy(access)), str(vars(access))]  # noqa: UP031
    assert not [text for text in shown if SECRET in text]
    assert replace(access, username="other").password.encode() == SECRET.encode()
    assert pickle.loads(pickle.dumps(access)).password.encode() == SECRET.encode()


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        (
            {USERNAME: "device"},
            f"{USERNAME} is set, but no password: name a file that holds it in {PASSWORD_FILE}",
        ),
        ({PASSWORD: SECRET}, f"there is a password for the broker, but no user: set {USERNAME}"),
        (FULL | {PASSWORD_FILE: "x"}, f"{PASSWORD} and {PASSWORD_FILE} are both set: unset one of them"),
        (FULL | {TLS: "off"}, f"a password goes over TLS or not at all: leave {TLS} unset"),
        ({CA_FILE: "ca.pem", TLS: "0"}, f"{CA_FILE} is set, but {TLS} is off"),
        ({TLS: "maybe"}, f"{TLS} must be on or off, got 'maybe'"),
        (FULL | {USERNAME: "a,b=c"}, "a user is 1 to 128 letters"),
        (
            FULL | {CA_FILE: "/no/such.pem"},
            "the CA file /no/such.pem cannot be read (No such file or directory)",
        ),
        (
            {USERNAME: "device", PASSWORD_FILE: "/no/such"},
            "the password file /no/such cannot be read (No such file",
        ),
        ({USERNAME: "device", PASSWORD_FILE: "/"}, "the password file / cannot be read (Is a directory)"),
    ],
)
def test_half_said_is_one_line(environ: dict[str, str], says: str) -> None:
    with pytest.raises(BrokerSettingsError, match=re.escape(says)) as caught:
        BrokerAccess.from_environment(environ)
    assert "\n" not in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\n", b"two\nlines\n", b"\xff\xfe"])
def test_a_password_file_holds_one_line(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(BrokerSettingsError, match=f"the password file {file} "):
        read(**{USERNAME: "device", PASSWORD_FILE: str(file)})


def test_a_ca_file_holds_a_certificate(file: Path) -> None:
    with pytest.raises(
        BrokerSettingsError, match=f"{file} holds no certificate in PEM form: correct {CA_FILE}"
    ):
        read(**FULL, **{CA_FILE: str(file)})


def test_a_password_that_everybody_can_read_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as name:  # pytest's own folders keep others out
        folder, file = Path(name), Path(name) / "password"
        file.write_text(SECRET, encoding="utf-8")
        for folder_mode, file_mode in ((0o711, 0o600), (0o700, 0o644), (0o711, 0o644)):
            assert not caplog.messages
            folder.chmod(folder_mode)
            file.chmod(file_mode)
            read(**{USERNAME: "device", PASSWORD_FILE: str(file)})
        assert caplog.messages == [
            f"the password file {file} can be read by every user of this machine: chmod 600 it"
        ]
