"""Invitations to a screening: a number drawn at random, signed with the screening's secret (HMAC-SHA256, RFC 2104).

    h1.DRAWN.SIGNATURE     h2.SETTING.DRAWN.SIGNATURE     h3.SETTING.RANDOMISED.DRAWN.SIGNATURE

The second form says where the audience watches, the third also how answers are randomised (contract/setting.py), which
the viewer's device reads. An invitation
says nothing of who holds it, and ingest keeps none: one card at the door may serve everybody.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from contract.randomised import Randomised
from contract.setting import Setting, front_of, is_front

_VERSION = "h1"


def invitation(
    key: bytes, screening: str, setting: Setting | None = None, randomised: Randomised | None = None
) -> str:
    """A new invitation, such as ``h1.0f3a….77c1…``."""
    drawn = secrets.token_hex(16)
    front = front_of(setting, randomised) or _VERSION
    return f"{front}.{drawn}.{_signature(key, front, screening, drawn)}"


def is_invited(join: str, key: bytes, screening: str) -> bool:
    """Whether ``join`` is an invitation to this screening that was signed with ``key``."""
    if not join.isascii() or join.count(".") < 2:
        return False
    front, drawn, signature = join.rsplit(".", 2)
    if front != _VERSION and not is_front(
        front
    ):  # one with a dot too many could be signed for a screening of another name
        return False
    return hmac.compare_digest(signature, _signature(key, front, screening, drawn))


def _signature(key: bytes, front: str, screening: str, drawn: str) -> str:
    said = f"{front}.{screening}.{drawn}".encode()
    return hmac.new(key, said, hashlib.sha256).hexdigest()
