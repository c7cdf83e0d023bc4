"""Is there anybody at a broker's address? Asked before kafka-python is.

Its constructors retry a refused connection until their time is up, log each try as an error and leave sockets
behind.
"""

from __future__ import annotations

import socket

DEFAULT_PORT = 9092


def reachable(bootstrap: str, timeout_s: float) -> tuple[list[str], str]:
    """Those of the addresses that take a connection, and why the last of the others does not.

    ``bootstrap``: HOST:PORT, several with commas between; an IPv6 host in brackets.
    """
    found: list[str] = []
    trouble = ""
    for address in bootstrap.split(","):
        host, port = _parts(address.strip())
        try:
            socket.create_connection((host, int(port)), timeout_s).close()
        except (OSError, ValueError, OverflowError) as error:  # a port that is no number, or none there is
            trouble = str(getattr(error, "strerror", None) or error)
        else:
            found.append(address.strip())
    return found, trouble


def _parts(address: str) -> tuple[str, str]:
    host, colon, port = address.rpartition(":")
    if not colon or "]" in port:  # no port: the last colon, if any, is inside an IPv6 host
        host, port = address, str(DEFAULT_PORT)
    return host.strip("[]"), port
