"""What a viewer's course is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from edge_agent.guest import Guest
from edge_agent.outbox import Outbox, Outgoing
from edge_agent.ports import Publisher
from edge_agent.sources import FrameSource
from edge_agent.view.eyes import Eyes


class Parts(Protocol):
    """What a course opens: ``eyes`` at once, the others once the viewer has agreed. Each may raise EdgeError."""

    def eyes(self) -> Eyes:
        """Loads the models."""
        ...

    def camera(self) -> FrameSource:
        """Opens the camera, or the footage in its place."""
        ...

    def outbox(self) -> Outbox:
        """Opens the outbox."""
        ...

    def publisher(self, outbox: Outbox, taken: Callable[[Outgoing], None]) -> Publisher | None:
        """A new publisher; None where everything stays in the outbox."""
        ...

    def guest(self, dropped: Callable[[], int | None]) -> Guest:
        """How often to look; ``dropped``: frames that the player has dropped so far."""
        ...
