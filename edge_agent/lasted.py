"""A length of time, for a person. Pure."""

from __future__ import annotations


def lasted(seconds: float) -> str:
    """In seconds below a minute and a half, in minutes from there."""
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
