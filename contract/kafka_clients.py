"""kafka-python's clients, made so that they close what they open.

kafka-python 3.0.12 leaves two things to the garbage collector, which in a large process may take hours to come by: the
socket of each attempt to connect that failed, and, where the making of a client failed, all that it had opened (a
thread with it). Whoever waits through a night for a broker that is away would run out of file descriptors. A third, the
socket of a TLS handshake that failed, is closed by ``contract.broker_access``.

The library is handed in, because this package imports none.
"""

from __future__ import annotations

import functools
import socket
from typing import Any

_SCHEME = "houselights"
"""kafka-python picks who connects by the scheme of ``proxy_url``; behind ours there is no proxy."""


def make(kind: Any, sockets: Any, **settings: Any) -> Any:
    """A client of ``kind``: KafkaProducer, KafkaConsumer or KafkaAdminClient; raises what that raises.

    ``sockets``: the library's KafkaNetSocket. ``settings``: what ``kind`` takes.
    """
    _closing(sockets)
    opened: list[Any] = []

    def open_client(**options: Any) -> Any:
        opened.append(kind.DEFAULT_CONFIG["kafka_client"](**options))
        return opened[-1]

    try:
        return kind(kafka_client=open_client, proxy_url=f"{_SCHEME}://", **settings)
    except BaseException:
        for client in opened:
            client.close()
        raise


class _ClosesWhatFails:
    """In front of KafkaNetSocket."""

    SCHEMES = (_SCHEME,)

    async def sock_connect(
        self, net: Any, sock: socket.socket, sockaddr: Any, timeout_at: float | None = None
    ) -> Any:
        """``sock``, connected; closed on any other way out, such as the client's being closed meanwhile."""
        library: Any = super()
        try:
            return await library.sock_connect(net, sock, sockaddr, timeout_at=timeout_at)
        except BaseException:
            sock.close()
            raise


@functools.cache
def _closing(sockets: Any) -> type[Any]:
    """Known to the library by its scheme once it is made."""
    return type("ClosingKafkaNetSocket", (_ClosesWhatFails, sockets), {})
