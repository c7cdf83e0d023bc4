"""Invitations to a screening: a number drawn at random, signed with the screening's secret (HMAC-SHA256, RFC 2104).

    h1.DRAWN.SIGNATURE               h2.SETTING.DRAWN.SIGNATURE

The second form says where the audience watches (contract/setting.py), which the viewer's device reads. An invitation
says nothing of who holds it, and ingest keeps none: one card at the door may serve everybody.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from contract.setting import INVITATION_WITH_SETTING, SETTINGS, Setting

_VERSION = "h1"
_FRONTS = {_VERSION, *(f"{INVITATION_WITH_SETTING}.{setting}" for setting in SETTINGS)}


def invitation(key: bytes, screening: str, setting: Setting | None = None) -> str:
    """A new invitation, such as ``h1.0f3a….77c1…``."""
    drawn = secrets.token_hex(16)
    front = _VERSION if setting is None else f"{INVITATION_WITH_SETTING}.{setting}"
    return f"{front}.{drawn}.{_signature(key, front, screening, drawn)}"


def is_invited(join: str, key: bytes, screening: str) -> bool:
    """Whether ``join`` is an invitation to this screening that was signed with ``key``."""
    if not join.isascii() or join.count(".") < 2:
        return False
    front, drawn, signature = join.rsplit(".", 2)
    if front not in _FRONTS:  # one with a dot too many could be signed for a screening of another name
        return False
    return hmac.compare_digest(signature, _signature(key, front, screening, drawn))


def _signature(key: bytes, front: str, screening: str, drawn: str) -> str:
    said = f"{front}.{screening}.{drawn}".encode()
    return hmac.new(key, said, hashlib.sha256).hexdigest()
