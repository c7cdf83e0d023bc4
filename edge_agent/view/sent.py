"""What was sent of a session, as it left. Kept in memory for the page, and gone with it."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from contract.messages import Message, Reactions, Withdraw, encode
from edge_agent.outbox import Outgoing
from edge_agent.view.messages import Last, Sent


@dataclass
class _Entry:
    body: bytes
    samples: int
    sent: bool = False


class SentLog:
    """Any thread may call any method."""

    def __init__(self, session: str) -> None:
        self._session = session
        self._entries: list[_Entry] = []
        self._lock = threading.Lock()

    def kept(self, message: Message) -> None:
        """The outbox holds ``message`` now; it goes from there."""
        samples = len(message.samples) if isinstance(message, Reactions) else 0
        with self._lock:
            if isinstance(message, Withdraw):  # what waited was taken out of the outbox
                self._entries = [entry for entry in self._entries if entry.sent]
            self._entries.append(_Entry(encode(message), samples))

    def taken(self, outgoing: Outgoing) -> None:
        """The broker has it."""
        if outgoing.session != self._session:
            return  # left over from an earlier film
        with self._lock:
            for entry in self._entries:
                if not entry.sent and entry.body == outgoing.body:
                    entry.sent = True
                    return
            self._entries.append(_Entry(outgoing.body, outgoing.samples, sent=True))

    @property
    def counts(self) -> Sent:
        """So far; samples and bytes are of both."""
        with self._lock:
            sent = sum(entry.sent for entry in self._entries)
            return Sent(
                messages=sent,
                waiting=len(self._entries) - sent,
                samples=sum(entry.samples for entry in self._entries),
                bytes=sum(len(entry.body) for entry in self._entries),
            )

    @property
    def last(self) -> Last | None:
        """The newest that was sent; where none was, the newest that waits."""
        with self._lock:
            sent = [entry for entry in self._entries if entry.sent]
            newest = (sent or self._entries)[-1:]
        return Last(newest[0].body.decode(), newest[0].sent) if newest else None

    def lines(self, *, sent: bool) -> bytes:
        """The messages that were sent, or those that wait: oldest first, one a line, as they left or will."""
        with self._lock:
            return b"".join(entry.body + b"\n" for entry in self._entries if entry.sent == sent)
