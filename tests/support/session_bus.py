"""A session bus of a test's own, and a player on it that does what it is told."""

from __future__ import annotations

import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, HeaderFields, MessageType, message_bus, new_method_return, new_signal
from jeepney.io.blocking import open_dbus_connection

_CONFIGURATION = """
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
_INTERFACE = "org.mpris.MediaPlayer2.Player"
_AT = DBusAddress("/org/mpris/MediaPlayer2", interface=_INTERFACE)
_PROPERTIES = _AT.with_interface("org.freedesktop.DBus.Properties")


@contextmanager
def session_bus() -> Iterator[str]:
    """Its address; every user of this machine may come, as VLC does, which root's tests run as nobody."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)
        configuration = folder / "bus.conf"
        configuration.write_text(_CONFIGURATION.format(socket=folder / "bus"))
        daemon = subprocess.Popen(
            ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--nopidfile", "--print-address"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            assert daemon.stdout is not None
            yield daemon.stdout.readline().strip()
        finally:
            daemon.terminate()
            daemon.communicate()


class FakePlayer:
    """Plays a film of no pictures. Units: film milliseconds."""

    def __init__(self, address: str, name: str = "fake", film: str = "file:///films/The%20Last.mp4") -> None:
        self.properties: dict[str, Any] = {
            "PlaybackStatus": ("s", "Playing"),
            "Rate": ("d", 1.0),
            "Metadata": ("a{sv}", {"xesam:url": ("s", film), "xesam:title": ("s", "The Last")}),
        }
        self.answers = True
        self.tells_position = True
        self._since_ns, self._from_ms = time.monotonic_ns(), 0.0
        self._connection = open_dbus_connection(address)
        self._connection.send_and_get_reply(message_bus.RequestName(f"org.mpris.MediaPlayer2.{name}"))
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def film_ms(self) -> float:
        """Where it is."""
        plays = self.properties["PlaybackStatus"] == ("s", "Playing")
        pace = self.properties["Rate"][1] if plays else 0.0
        return self._from_ms + pace * (time.monotonic_ns() - self._since_ns) / 1e6

    def change(self, **properties: tuple[str, Any]) -> None:
        """Say so, as a player does."""
        self._from_ms, self._since_ns = self.film_ms(), time.monotonic_ns()
        self.properties |= properties
        body: tuple[object, ...] = (_INTERFACE, properties, [])
        self._connection.send(new_signal(_PROPERTIES, "PropertiesChanged", "sa{sv}as", body))

    def seek(self, film_ms: float) -> None:
        """Jump there, and say so."""
        self._from_ms, self._since_ns = film_ms, time.monotonic_ns()
        self._connection.send(new_signal(_AT, "Seeked", "x", (round(film_ms * 1000),)))

    def close(self) -> None:
        """Leave the bus."""
        self._closed.set()
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                asked = self._connection.receive(timeout=0.02)
            except TimeoutError:
                continue
            fields = asked.header.fields
            if asked.header.message_type is MessageType.method_call and self.answers:
                assert fields[HeaderFields.member] == "GetAll"
                assert asked.body == (_INTERFACE,)
                position = {"Position": ("x", round(self.film_ms() * 1000))} if self.tells_position else {}
                self._connection.send(new_method_return(asked, "a{sv}", (self.properties | position,)))
