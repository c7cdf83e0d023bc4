"""A real Kafka broker for the tests: one KRaft node on 127.0.0.1, its jars from Maven Central.

Run by hand, it starts a broker, prints its address, and ends with Ctrl-C:

    python -m tests.support.broker
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Self

POM = Path(__file__).parent / "kafka" / "pom.xml"
START_SECONDS = 90
"""An idle machine needs two; this is for one whose cores are all busy."""
STOP_SECONDS = 30
OLDEST_JAVA = 17
LOGGING = (
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info",  # says when it serves
)
MISSING = (
    "the tests need a Kafka broker: install Java 17 or later and Maven "
    "(Debian: apt-get install default-jre-headless maven), "
    "or name a running broker in HOUSELIGHTS_TEST_KAFKA=HOST:PORT"
)


class BrokerError(RuntimeError):
    """The broker cannot be fetched or started; the text says what to do."""


class Broker:
    """One private broker; ``start`` after ``stop`` or ``kill`` goes on, same port, same data."""

    def __init__(self, folder: Path, log: Path | None = None, *, advertised: Sequence[str] = ()) -> None:
        """Keep data and settings in ``folder``, made when missing, and the log, unless ``log`` is given.

        ``advertised``: addresses of proxies, each with a further listener behind it (``behind``) that sends clients
        back to the proxy, where they came from.
        """
        self.folder = folder
        self.log = log or folder / "broker.log"
        self.port, self._controller_port, *further = free_ports(2 + len(advertised))
        self.behind = [f"127.0.0.1:{port}" for port in further]
        """Where each of the advertised proxies reaches the broker."""
        self._advertised = list(advertised)
        self.environment: dict[str, str] = {}
        """What the broker finds in its environment beside what the tests do."""
        self._log_from = 0
        """Where the log of this run begins, bytes."""
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """``127.0.0.1:PORT``, the same through the broker's whole life."""
        return f"127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Start and wait until it serves; raises BrokerError with the end of its log when it does not."""
        classpath = f"{jars()}/*"
        settings = self.folder / "server.properties"
        if not settings.exists():
            self._format(classpath, settings)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._log_from = log.tell()
            self._process = subprocess.Popen(
                ["java", "-Xmx512m", *LOGGING, "-cp", classpath, "kafka.Kafka", str(settings)],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=os.environ | self.environment,
                start_new_session=True,  # Ctrl-C is for the tests, which end the broker themselves
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._serves():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise BrokerError(f"the broker did not start; its log ({self.log}) ends:\n{_tail(self.log)}")
            time.sleep(0.1)
        return self

    def stop(self) -> None:
        """Let it shut down in order, as an operator would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.kill()

    def _format(self, classpath: str, settings: Path) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        settings.write_text(self._settings(), encoding="utf-8")
        formatted = subprocess.run(
            [
                "java", *LOGGING, "-cp", classpath,
                "kafka.tools.StorageTool", "format", "-c", str(settings), *self._format_words(),
            ],
            capture_output=True, text=True, check=False, env=os.environ | self.environment,
        )  # fmt: skip
        if formatted.returncode:
            settings.unlink()
            raise BrokerError(
                f"the broker's storage could not be formatted: {formatted.stdout}{formatted.stderr}"
            )

    def _settings(self) -> str:
        behind = "".join(f",PROXY{number}://{address}" for number, address in enumerate(self.behind))
        advertised = "".join(f",PROXY{number}://{address}" for number, address in enumerate(self._advertised))
        plain = "".join(f",PROXY{number}:PLAINTEXT" for number, _ in enumerate(self.behind))
        return f"""process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{self._controller_port}
listeners=PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{self._controller_port}{behind}
advertised.listeners=PLAINTEXT://127.0.0.1:{self.port}{advertised}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT{plain}
log.dirs={self.folder}/data
num.partitions=1
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
# after a kill, the controller waits this long for the old broker before it lets the new one in
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
"""

    def _format_words(self) -> list[str]:
        cluster = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        return [f"--cluster-id={cluster}"]  # one that begins with a dash is taken for an option otherwise

    def _serves(self) -> bool:
        """Whether this run of it said so: a port that answers might be somebody else's."""
        with self.log.open("rb") as log:
            log.seek(self._log_from)
            return b"Kafka Server started" in log.read()

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def jars() -> Path:
    """The folder of the broker's jars; fetched through Maven the first time, by one process at a time."""
    _check_java()
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "houselights-test-kafka"
    version = re.search(r"kafka_2\.13</artifactId>\s*<version>([^<]+)", POM.read_text(encoding="utf-8"))
    assert version is not None, POM
    done = root / version[1]
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            _fetch(done)
    return done


def _fetch(done: Path) -> None:
    mvn = shutil.which("mvn")
    if mvn is None:
        raise BrokerError(MISSING)
    # Maven wants to write beside its pom, and a fetch cut short must not look finished.
    with tempfile.TemporaryDirectory(dir=done.parent) as scratch:
        shutil.copy(POM, scratch)
        fetched = subprocess.run(
            [mvn, "-B", "-q", "dependency:copy-dependencies", f"-DoutputDirectory={scratch}/libs"],
            cwd=scratch, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if fetched.returncode:
            raise BrokerError(
                "Maven could not fetch the Kafka broker of the tests from Maven Central: is the network up? "
                "HOUSELIGHTS_TEST_KAFKA=HOST:PORT takes a running broker. "
                f"Maven said:\n{fetched.stdout[-2000:]}"
            )
        (Path(scratch) / "libs").rename(done)


def _check_java() -> None:
    java = shutil.which("java")
    if java is None:
        raise BrokerError(MISSING)
    text = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', text)
    if found is None or int(found[1]) < OLDEST_JAVA:
        raise BrokerError(f"{MISSING}; found: {text.splitlines()[0] if text else 'nothing'}")


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on; held together while they are chosen, so that they differ."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()


def _tail(path: Path, lines: int = 30) -> str:
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def main() -> None:
    """Run one broker until Ctrl-C."""
    with tempfile.TemporaryDirectory() as folder, Broker(Path(folder) / "kafka") as broker:
        print(broker.address, flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            print("stopping", file=sys.stderr)


if __name__ == "__main__":
    main()
