"""What can be wrong with a message, a time, or the way to a broker.

ContractError
├── MessageError             bytes that are no message of the contract
├── TimecodeError            a timecode or a frame rate that does not exist
└── BrokerError              no way to the broker
    ├── BrokerSettingsError  what the environment says about it is wrong or half said
    ├── BrokerAwayError      nobody answers; it may come back
    └── BrokerRefusedError   a certificate or a password is not taken; waiting does not help
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


class BrokerError(ContractError):
    """No way to the broker."""


class BrokerSettingsError(BrokerError):
    """What the environment says about the broker is wrong, or half said."""


class BrokerAwayError(BrokerError):
    """Nobody answers at the broker's address; it may come back."""


class BrokerRefusedError(BrokerError):
    """The broker's certificate, or our password, is not taken; waiting does not help."""
