"""The secured broker of compose/: its own settings with this machine's ports and folders, its own script's secrets.

A further listener, which only the tests have, shows a certificate that has expired.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from contract.broker_access import CA_FILE, PASSWORD_FILE, USERNAME, BrokerAccess
from tests.support.broker import LOGGING, Broker, free_ports, jars

SECURE = Path(__file__).resolve().parents[2] / "compose" / "secure"
USERS = ("admin", "device", "ingest")


class SecureBroker(Broker):
    """Reached as localhost; its certificate does not hold for 127.0.0.1."""

    def __init__(self, folder: Path, log: Path | None = None) -> None:
        super().__init__(folder, log)
        self.secrets = folder / "secrets"
        self.environment = {"HOUSELIGHTS_BROKER_HOST": "localhost"}
        self.port, self._controller_port, self._inside_port, self._itself_port, self._expired_port = (
            free_ports(5)
        )

    @property
    def address(self) -> str:
        """Where devices come in."""
        return f"localhost:{self.port}"

    @property
    def expired(self) -> str:
        """Where the certificate is of yesterday."""
        return f"localhost:{self._expired_port}"

    @property
    def inside(self) -> str:
        """Where ingest comes in, which runs beside the broker."""
        return f"localhost:{self._inside_port}"

    def tool(self, main_class: str, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run one of Kafka's own tools as the broker itself, by its certificate; ``given`` on standard input."""
        settings = self.folder / "broker-client.properties"
        text = (SECURE / settings.name).read_text(encoding="utf-8")
        settings.write_text(text.replace("/run/secrets", str(self.secrets)), encoding="utf-8")
        return subprocess.run(
            [
                "java", *LOGGING, "-cp", f"{jars()}/*", main_class,
                "--bootstrap-server", f"localhost:{self._itself_port}", "--command-config", str(settings), *words,
            ],
            input=given, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def environment_of(self, user: str) -> dict[str, str]:
        """What a command needs in its environment to come in as ``user``."""
        return {
            USERNAME: user,
            PASSWORD_FILE: str(self.secrets / f"{user}.password"),
            CA_FILE: str(self.secrets / "ca.pem"),
        }

    def access(self, user: str) -> BrokerAccess:
        """The same, read."""
        return BrokerAccess.from_environment(self.environment_of(user))

    def passwords(self) -> list[str]:
        """All there are: none of them may ever be printed."""
        return [(self.secrets / f"{user}.password").read_text(encoding="utf-8").strip() for user in USERS]

    def _settings(self) -> str:
        # An expired certificate from the same CA, then the one that holds.
        make_secrets(self.secrets, days=0)
        shutil.copy(self.secrets / "broker.pem", self.secrets / "expired.pem")
        make_secrets(self.secrets)
        text = (SECURE / "server.properties").read_text(encoding="utf-8")
        for before, after in {
            r"/run/secrets": str(self.secrets),
            r"/var/lib/kafka/data": f"{self.folder}/data",
            r"://:": "://127.0.0.1:",
            r"//kafka:": "//localhost:",  # the name of the broker's container
            r":9092\b": f":{self.port}",
            r":9093\b": f":{self._inside_port}",
            r":9094\b": f":{self._controller_port}",
            r":9095\b": f":{self._itself_port}",
            r"(?m)^(listeners=.*)$": rf"\1,EXPIRED://127.0.0.1:{self._expired_port}",
            r"(?m)^(advertised\.listeners=.*)$": rf"\1,EXPIRED://localhost:{self._expired_port}",
            r"(?m)^(listener\.security\.protocol\.map=.*)$": r"\1,EXPIRED:SASL_SSL",
        }.items():
            text, found = re.subn(before, after, text)
            assert found, f"server.properties has no {before}"
        return text + (
            f"listener.name.expired.ssl.keystore.location={self.secrets}/expired.pem\n"
            "listener.name.expired.ssl.keystore.type=PEM\n"
            "listener.name.expired.scram-sha-512.sasl.jaas.config="
            "org.apache.kafka.common.security.scram.ScramLoginModule required;\n"
        )

    def _format_words(self) -> list[str]:
        return [f"@{self.secrets}/users.args"]


def make_secrets(folder: Path, days: int = 2) -> None:
    """Run the example's script for localhost."""
    made = subprocess.run(
        [SECURE / "make-secrets.sh", "localhost", folder],
        capture_output=True, text=True, check=False, env=os.environ | {"CERTIFICATE_DAYS": str(days)},
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
