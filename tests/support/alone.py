"""A command in a network of its own, in which there is nothing but one door: what passes it is kept, byte by byte.

The command runs in a network namespace whose only interface is its loopback. There a listener takes connections at the
door's address and hands them, through a Unix socket, to a ``Door`` outside, which alone can reach the real one.

    unshare --net -- python -m tests.support.alone HOST:PORT SOCKET -- COMMAND …
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Self

AS_ROOT = () if os.geteuid() == 0 else ("--user", "--map-root-user")
"""For unshare: a network of one's own is root's to make, or somebody's who is root in there."""
_CHUNK = 64 * 1024
_SIOCSIFFLAGS, _UP_AND_RUNNING = 0x8914, 0x41


class Door:
    """Lets through to ``target`` (HOST:PORT), and keeps what leaves: a list of bytes a connection."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.left: list[bytearray] = []
        self._open: list[socket.socket] = []
        self._folder = Path(tempfile.mkdtemp(prefix="door"))
        self.path = self._folder / "socket"
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.path))
        self._listener.listen()
        self._thread = threading.Thread(target=self._take, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes who waits for the next
        self._thread.join()
        for one in (self._listener, *self._open):
            one.close()
        shutil.rmtree(self._folder)

    def command(self, *command: str | Path) -> list[str]:
        """``command`` behind this door."""
        inside = [sys.executable, "-m", "tests.support.alone", self.target, str(self.path), "--"]
        return ["unshare", "--net", *AS_ROOT, "--", *inside, *map(str, command)]

    def _take(self) -> None:
        while True:
            try:
                inner, _ = self._listener.accept()
            except OSError:  # closed
                return
            outer = _connected(self.target)
            self._open += inner, outer
            kept = bytearray()
            self.left.append(kept)
            _join(inner, outer, kept)


def _connected(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)))


def _join(inner: socket.socket, outer: socket.socket, kept: bytearray | None = None) -> None:
    threading.Thread(target=_pump, args=(inner, outer, kept), daemon=True).start()
    threading.Thread(target=_pump, args=(outer, inner, None), daemon=True).start()


def _pump(source: socket.socket, target: socket.socket, kept: bytearray | None) -> None:
    with contextlib.suppress(OSError):  # the other way has ended it
        while piece := source.recv(_CHUNK):
            if kept is not None:
                kept += piece
            target.sendall(piece)
    for one in (source, target):
        with contextlib.suppress(OSError):  # it has gone
            one.shutdown(socket.SHUT_RDWR)


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", _UP_AND_RUNNING))


def _interfaces() -> set[str]:
    return {name for _, name in socket.if_nameindex()}


def main(address: str, path: str, command: Sequence[str]) -> int:
    """Inside the namespace: the door's listener, and the command's exit code."""
    if _interfaces() - {"lo"}:
        raise RuntimeError(f"expected no interface but lo, found {_interfaces()}: run this by Door.command")
    _raise_loopback()
    host, _, port = address.rpartition(":")
    listener = socket.create_server((host, int(port)))

    def take() -> None:
        while True:
            inner, _ = listener.accept()
            outer = socket.socket(socket.AF_UNIX)
            outer.connect(path)
            _join(inner, outer)

    threading.Thread(target=take, daemon=True).start()
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[4:]))
