"""What every test may ask for, and the rule that a logged ERROR fails the test."""

from __future__ import annotations

import logging
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.broker import Broker

if TYPE_CHECKING:
    from playwright.sync_api import Browser

REPOSITORY = Path(__file__).resolve().parent.parent
ARTEFACTS = REPOSITORY / "tests" / "artefacts"
"""What tests leave to be looked at: screenshots, the broker's log. Not committed."""

NO_ERRORS = {
    # kafka-python calls it an error when close() cuts off a metadata refresh that happens to be under way.
    ("kafka.cluster", "Metadata refresh: failed Cancelled"),
    # Nor is it one that close() closes a socket which is being read.
    (
        "kafka.net.transport",
        "<KafkaTCPTransport [none] (closed)>: Error receiving network data closing socket",
    ),
}
"""(logger, message) of records at level ERROR that tell of nothing wrong."""


# Tests run a process a core (`make test`), and start more: threads of PyTorch's own would only wait for one another.
os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_configure() -> None:
    """Take a termination like Ctrl-C: fixtures end the broker and the servers they started."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture(scope="session")
def of_process(worker_id: str) -> str:
    """What tells files of this test process from those of the ones beside it: nothing where there is one."""
    return "" if worker_id == "master" else f"-{worker_id}"


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def artefacts() -> Path:
    """A folder for screenshots and logs that outlive the run."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    return ARTEFACTS


@pytest.fixture(scope="session")
def shared() -> Path:
    """The project's shared data: ``HOUSELIGHTS_SHARED``, or ``shared`` beside the checkout."""
    folder = Path(os.environ.get("HOUSELIGHTS_SHARED") or REPOSITORY.parent / "shared")
    if not (folder / "media").is_dir():
        pytest.fail(
            f"no shared data in {folder}: put the folder `shared` (data/, media/) beside the checkout, "
            "or name it in HOUSELIGHTS_SHARED",
            pytrace=False,
        )
    return folder


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory, artefacts: Path, of_process: str) -> Iterator[str]:
    """HOST:PORT of a real broker: ``HOUSELIGHTS_TEST_KAFKA``, or one started for this process.

    Tests share it, so each uses topics of its own.
    """
    given = os.environ.get("HOUSELIGHTS_TEST_KAFKA")
    if given:
        yield given
        return
    log = artefacts / f"broker{of_process}.log"
    log.unlink(missing_ok=True)
    with Broker(tmp_path_factory.mktemp("kafka") / "node", log) as broker:
        yield broker.address


@pytest.fixture
def private_broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker of this test alone, not yet started: ``start``, ``stop`` and ``kill`` it."""
    broker = Broker(tmp_path / "broker")
    try:
        yield broker
    finally:
        broker.kill()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the system: ``CHROMIUM``, or the first on the path. One for all: a second Playwright is refused."""
    # Not at the top: the environment of `make test-intel` has no Playwright.
    from playwright.sync_api import expect, sync_playwright

    from tests.e2e.page_driver import WAIT_MS

    program = (
        os.environ.get("CHROMIUM")
        or shutil.which("chromium")
        or shutil.which("chromium-browser")
        or "/usr/bin/chromium"
    )
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            timeout=WAIT_MS,
        )
        expect.set_options(timeout=WAIT_MS)  # a bound for what never comes; a busy machine takes its time
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def logged_errors_fail(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test that logged an ERROR, unless it is marked ``logs_errors("why")``."""
    yield
    if request.node.get_closest_marker("logs_errors"):
        return
    logged = [
        f"{record.name}: {record.getMessage()}"
        for when in ("setup", "call")
        for record in caplog.get_records(when)
        if record.levelno >= logging.ERROR and (record.name, record.getMessage()) not in NO_ERRORS
    ]
    if logged:
        pytest.fail("logged as ERROR: " + "; ".join(logged), pytrace=False)
