"""Invitations to a screening: a number drawn at random, signed with the screening's secret (HMAC-SHA256, RFC 2104).

An invitation says nothing of who holds it, and ingest keeps none: one card at the door may serve everybody.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

_VERSION = "h1"


def invitation(key: bytes, screening: str) -> str:
    """A new invitation, such as ``h1.0f3a….77c1…``."""
    drawn = secrets.token_hex(16)
    return f"{_VERSION}.{drawn}.{_signature(key, screening, drawn)}"


def is_invited(join: str, key: bytes, screening: str) -> bool:
    """Whether ``join`` is an invitation to this screening that was signed with ``key``."""
    version, _, rest = join.partition(".")
    drawn, _, signature = rest.partition(".")
    if version != _VERSION or not join.isascii():
        return False
    return hmac.compare_digest(signature, _signature(key, screening, drawn))


def _signature(key: bytes, screening: str, drawn: str) -> str:
    said = f"{_VERSION}.{screening}.{drawn}".encode()
    return hmac.new(key, said, hashlib.sha256).hexdigest()
