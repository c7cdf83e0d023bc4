"""The compose example, as far as it can be checked without a Docker engine.

``docker-compose config`` reads the file; each image's install step is run in a clean environment, which must
then hold no torch, and run the service's own command.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import yaml

BROKER_INSIDE = "kafka:19092"
START_SECONDS = 60


@dataclass(frozen=True)
class Image:
    """One image, installed without Docker: its /app in ``app``, its Python in ``bin``."""

    app: Path
    bin: Path
    entrypoint: list[str]
    default_command: list[str]
    environment: dict[str, str]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.words(*words),
            cwd=self.app,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def words(self, *words: str) -> list[str]:
        program, *rest = [*self.entrypoint, *words]
        return [str(self.bin / program), *rest]

    def installed(self) -> set[str]:
        listed = subprocess.run(
            [self.bin / "python", "-m", "pip", "list", "--format=json"],
            capture_output=True,
            text=True,
            check=True,
        )
        return {package["name"].lower() for package in json.loads(listed.stdout)}


def instructions(dockerfile: Path) -> list[tuple[str, str]]:
    """(instruction, rest of the line) of each line of a Dockerfile that holds no continuations."""
    text = dockerfile.read_text(encoding="utf-8")
    assert "\\\n" not in text, "this reader takes one instruction a line"
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def build(repository: Path, name: str, folder: Path) -> Image:
    """Do what the Dockerfile does: its COPYs into a folder, its pip lines in a fresh environment."""
    steps = instructions(repository / "compose" / f"Dockerfile.{name}")
    app, binaries = folder / "app", folder / "venv" / "bin"
    app.mkdir(parents=True)
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    environment["HOME"] = str(folder)
    for instruction, rest in steps:
        if instruction == "COPY":
            *sources, target = rest.split()
            for source in map(repository.joinpath, sources):
                if source.is_dir():
                    shutil.copytree(source, app / target, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    shutil.copy(source, app / target)
        elif instruction == "RUN" and rest.startswith("pip "):
            words = [word for word in shlex.split(rest) if word != "--no-cache-dir"]  # the same, quicker
            installed = subprocess.run(
                [binaries / words[0], *words[1:]], cwd=app, capture_output=True, text=True, check=False
            )
            assert installed.returncode == 0, installed.stderr[-3000:]
        elif instruction == "ENV":
            key, _, value = rest.partition("=")
            environment[key] = value.replace("/app", str(app))
    lists = {
        instruction: json.loads(rest) for instruction, rest in steps if instruction in ("ENTRYPOINT", "CMD")
    }
    return Image(app, binaries, lists["ENTRYPOINT"], lists["CMD"], environment)


def understood(repository: Path, name: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The compose file as docker-compose understands it, on standard output."""
    program = ["docker-compose"] if shutil.which("docker-compose") else ["docker", "compose"]
    if shutil.which(program[0]) is None:
        pytest.fail("this test needs docker-compose (Debian: apt-get install docker-compose)", pytrace=False)
    return subprocess.run(
        [*program, "-f", f"compose/{name}", "config"],
        cwd=repository,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def compose(repository: Path) -> dict[str, Any]:
    read = understood(repository, "compose.yaml")
    assert read.returncode == 0, read.stderr
    parsed: dict[str, Any] = yaml.safe_load(read.stdout)
    return parsed


@pytest.fixture(scope="module")
def ingest_image(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Image:
    return build(repository, "ingest", tmp_path_factory.mktemp("image") / "ingest")


@pytest.fixture(scope="module")
def dashboard_image(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Image:
    return build(repository, "dashboard", tmp_path_factory.mktemp("image") / "dashboard")


def test_the_services_start_in_order(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {"kafka", "topics", "ingest", "dashboard"}
    assert services["topics"]["depends_on"]["kafka"]["condition"] == "service_healthy"
    assert services["ingest"]["depends_on"]["topics"]["condition"] == "service_completed_successfully"
    for name in ("kafka", "ingest", "dashboard"):
        assert "healthcheck" in services[name], name


def test_nothing_is_open_to_the_network(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for port in service.get("ports", []):
            assert (port if isinstance(port, str) else port["host_ip"]).startswith("127.0.0.1")


def test_the_broker_is_the_one_the_tests_run(compose: dict[str, Any], repository: Path) -> None:
    pom = (repository / "tests/support/kafka/pom.xml").read_text(encoding="utf-8")
    found = re.search(r"kafka_2\.13</artifactId>\s*<version>([^<]+)", pom)
    assert found is not None
    assert compose["services"]["kafka"]["image"] == f"apache/kafka:{found[1]}"


def test_ingest_and_dashboard_share_one_store(compose: dict[str, Any]) -> None:
    def volumes(name: str) -> set[str]:
        return {
            each if isinstance(each, str) else f"{each['source']}:{each['target']}"
            for each in compose["services"][name]["volumes"]
        }

    assert {each.removesuffix(":rw") for each in volumes("ingest")} == {"store:/store"}
    assert volumes("ingest") == volumes("dashboard")


@pytest.mark.parametrize("name", ["ingest", "dashboard"])
def test_no_image_runs_as_root(repository: Path, name: str) -> None:
    steps = instructions(repository / "compose" / f"Dockerfile.{name}")
    assert dict(steps)["USER"] == "houselights"


def test_images_hold_only_their_extra(ingest_image: Image, dashboard_image: Image) -> None:
    for image in (ingest_image, dashboard_image):
        assert "houselights" in image.installed()
        assert not image.installed() & {
            "torch", "torchvision", "facenet-pytorch", "transformers",
            "opencv-python", "opencv-python-headless",
        }  # fmt: skip
    assert "streamlit" not in ingest_image.installed()
    assert "kafka-python" not in dashboard_image.installed()


def test_the_ingest_images_commands_run(
    compose: dict[str, Any], ingest_image: Image, kafka: str, tmp_path: Path
) -> None:
    helped = ingest_image.run("--help")
    assert helped.returncode == 0, helped.stderr
    assert "ingest" in helped.stdout

    def here(words: list[str]) -> list[str]:
        return [
            word.replace(BROKER_INSIDE, kafka).replace("/store", str(tmp_path / "store"), 1) for word in words
        ]

    for _ in range(2):  # `up` a second time finds the topic there
        created = ingest_image.run(*here(compose["services"]["topics"]["command"]))
        assert created.returncode == 0, created.stderr
    assert compose["services"]["ingest"]["command"] == ingest_image.default_command
    taken = ingest_image.run(*here(ingest_image.default_command), "--once")
    assert taken.returncode == 0, taken.stderr
    check = compose["services"]["ingest"]["healthcheck"]["test"]
    assert subprocess.run(here(check[1:]), check=False).returncode == 0


def test_the_dashboard_image_serves_the_page(
    compose: dict[str, Any], dashboard_image: Image, tmp_path: Path
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "store").mkdir()
    words = dashboard_image.words(*dashboard_image.default_command)
    words = [word.replace("8501", str(port)).replace("/store", str(tmp_path / "store")) for word in words]
    log = tmp_path / "dashboard.log"
    with log.open("wb") as out:
        served = subprocess.Popen(
            words,
            cwd=dashboard_image.app,
            env=dashboard_image.environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        check = compose["services"]["dashboard"]["healthcheck"]["test"]
        health = [
            str(dashboard_image.bin / check[1]),
            *(word.replace("8501", str(port)) for word in check[2:]),
        ]
        deadline = time.monotonic() + START_SECONDS
        while subprocess.run(health, capture_output=True, check=False).returncode:
            assert served.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
        with contextlib.closing(urlopen(f"http://127.0.0.1:{port}/", timeout=10)) as page:
            assert b"<title>" in page.read()
    finally:
        served.terminate()
        served.wait(30)
    assert "Traceback" not in log.read_text()
