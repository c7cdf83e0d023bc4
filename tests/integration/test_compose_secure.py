"""The secured compose example, as far as it can be checked without a Docker engine.

``test_secure_kafka`` runs its broker settings, its script and its commands.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.test_compose import understood
from tests.support.secure_broker import SECURE, make_secrets

NAME = "compose.secure.yaml"
SECRETS = "/run/secrets/"


@pytest.fixture(scope="module")
def compose(repository: Path) -> dict[str, Any]:
    read = understood(repository, NAME, HOUSELIGHTS_BROKER_HOST="broker.example.org")
    assert read.returncode == 0, read.stderr
    parsed: dict[str, Any] = yaml.safe_load(read.stdout)
    return parsed


def properties() -> dict[str, str]:
    lines = (SECURE / "server.properties").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def secrets_of(service: dict[str, Any]) -> set[str]:
    return {each["source"] for each in service.get("secrets", [])}


def paths(text: object) -> set[str]:
    return set(re.findall(rf"{SECRETS}([\w.]+)", str(text)))


def test_the_host_must_be_named(repository: Path) -> None:
    read = understood(repository, NAME, HOUSELIGHTS_BROKER_HOST="")
    assert read.returncode != 0
    assert "the name that devices reach this server by" in read.stderr


def test_it_is_the_plain_example_but_for_the_broker(compose: dict[str, Any], repository: Path) -> None:
    plain = yaml.safe_load(understood(repository, "compose.yaml").stdout)["services"]
    secured = compose["services"]
    assert secured["dashboard"] == plain["dashboard"]
    assert secured["kafka"]["image"] == plain["kafka"]["image"]
    for name in ("topics", "ingest"):
        assert set(secured[name]) - set(plain[name]) == {"environment", "secrets"}
        changed = {key for key in plain[name] if secured[name][key] != plain[name][key]}
        assert changed == {"command"}


def test_only_the_brokers_port_for_devices_is_open(compose: dict[str, Any]) -> None:
    open_to_all = {
        name: port["target"]
        for name, service in compose["services"].items()
        for port in service.get("ports", [])
        if not (port if isinstance(port, str) else port.get("host_ip", "")).startswith("127.0.0.1")
    }
    assert open_to_all == {"kafka": 9092}
    assert properties()["listeners"].startswith("DEVICES://:9092,")


def test_every_way_in_is_by_tls_and_nobody_is_anonymous() -> None:
    found = properties()
    protocols = dict(each.split(":") for each in found["listener.security.protocol.map"].split(","))
    assert set(protocols.values()) == {"SASL_SSL", "SSL"}
    for name, protocol in protocols.items():
        if protocol == "SSL":
            assert found[f"listener.name.{name.lower()}.ssl.client.auth"] == "required"
            assert f"{name}://localhost:" in found["listeners"]
    assert found["super.users"] == "User:admin;User:CN=broker"
    assert "allow.everyone.if.no.acl.found" not in found


def test_the_services_meet(compose: dict[str, Any]) -> None:
    services, found = compose["services"], properties()
    assert "INSIDE://kafka:9093" in found["advertised.listeners"]
    assert services["ingest"]["command"][2] == "kafka:kafka:9093"
    assert services["topics"]["command"][3] == "kafka:9093"
    check = services["kafka"]["healthcheck"]["test"]
    assert f"BROKER://{check[check.index('--bootstrap-server') + 1]}" in found["advertised.listeners"]


def test_passwords_are_files_that_the_script_makes_and_only_who_needs_one_has_it(
    compose: dict[str, Any], tmp_path: Path
) -> None:
    make_secrets(tmp_path)
    for name, secret in compose["secrets"].items():
        assert (tmp_path / name).exists()
        assert Path(secret["file"]).parent == SECURE / "secrets"
    kafka, topics, ingest = (compose["services"][name] for name in ("kafka", "topics", "ingest"))
    mounted = "".join(path.read_text(encoding="utf-8") for path in SECURE.glob("*.properties"))
    assert secrets_of(kafka) == paths(mounted) | paths(kafka["command"])
    assert secrets_of(topics) == paths(topics["environment"]) == {"admin.password", "ca.pem"}
    assert secrets_of(ingest) == paths(ingest["environment"]) == {"ingest.password", "ca.pem"}
    for user in ("admin", "device", "ingest"):
        password = (tmp_path / f"{user}.password").read_text(encoding="utf-8").strip()
        assert f"[name={user},password={password}]" in (tmp_path / "users.args").read_text(encoding="utf-8")


def test_the_kept_passwords_and_a_new_certificate_of_the_same_ca(tmp_path: Path) -> None:
    make_secrets(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    make_secrets(tmp_path)
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {name for name in after if after[name] != before[name]} <= {"broker.pem", "ca.srl"}
    assert after["broker.pem"] != before["broker.pem"]


def test_others_on_the_server_read_no_secret(tmp_path: Path) -> None:
    make_secrets(tmp_path / "made")
    assert (tmp_path / "made").stat().st_mode & 0o077 == 0
    assert (tmp_path / "made" / "ca.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("host", ["", "a b", "-x/../y", "*"])
def test_the_script_refuses_what_is_no_host(tmp_path: Path, host: str) -> None:
    made = subprocess.run(
        [SECURE / "make-secrets.sh", host, tmp_path / "made"], capture_output=True, text=True, check=False
    )
    assert made.returncode != 0
    assert made.stderr
    assert not (tmp_path / "made").exists()


def test_the_secrets_stay_out_of_the_repository(repository: Path) -> None:
    assert "/compose/secure/secrets/" in (repository / ".gitignore").read_text(encoding="utf-8").splitlines()
