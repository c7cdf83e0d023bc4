"""What can be wrong with a message or a time.

ContractError
├── MessageError     bytes that are no message of the contract
└── TimecodeError    a timecode or a frame rate that does not exist
"""

from __future__ import annotations


class ContractError(ValueError):
    """Root of the package; its text is one line a person can act on."""


class MessageError(ContractError):
    """Bytes that are no message of the contract. ``reason`` is a short fixed word for counting."""

    def __init__(self, reason: str, detail: str) -> None:
        """``reason``: one of REASONS in ``contract.messages``; ``detail``: what was expected, what came."""
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class TimecodeError(ContractError):
    """A timecode or a frame rate that does not exist."""
