"""What can go wrong between the broker and the store.

IngestError
├── SourceError              records cannot be read: broker down, topic missing, no outbox there
├── TopicError               the topic cannot be created, or is not what is needed
├── OperationsError          the address for metrics and health cannot be listened on
└── StoreError               store.duckdb cannot be opened, read or written
    ├── StoreLockedError     another process holds it
    └── OffsetConflictError  another ingest moved an offset in the meantime
"""

from __future__ import annotations


class IngestError(Exception):
    """Root of the package; its text is one line a person can act on."""


class SourceError(IngestError):
    """Records cannot be read: broker down, topic missing, no outbox there."""


class TopicError(IngestError):
    """The topic cannot be created, or is not what is needed."""


class OperationsError(IngestError):
    """The address for metrics and health cannot be listened on."""


class StoreError(IngestError):
    """``store.duckdb`` cannot be opened, read or written."""


class StoreLockedError(StoreError):
    """Another process holds ``store.duckdb``."""


class OffsetConflictError(StoreError):
    """Another ingest moved an offset in the meantime; nothing of the batch was written."""


def one_line(error: BaseException) -> str:
    """The first line of a library's message: the rest is a picture for a terminal."""
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__
