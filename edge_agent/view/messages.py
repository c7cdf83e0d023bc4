"""What the page and the agent say to one another over the socket, and nothing of it goes any further. Pure."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from edge_agent.clocks.report import PlayerState
from edge_agent.guest import Why as Slowed
from edge_agent.light import Light

PageMs = Annotated[float, Meta(ge=0, le=1e12, description="performance.now() of the page")]


class Pong(Struct, frozen=True, tag_field="type", tag="pong"):
    """The page's time, asked for by a ping."""

    id: int
    page_ms: PageMs


class Film(Struct, frozen=True, tag_field="type", tag="film"):
    """What the player shows, true at ``page_ms``; see ``clocks.report.Report``."""

    page_ms: PageMs
    state: PlayerState
    film_ms: float | None = None
    rate: float = 1.0
    dropped: Annotated[int, Meta(ge=0)] | None = None


class Agree(Struct, frozen=True, tag_field="type", tag="agree"):
    """The viewer has read this version of the consent in this language, and agrees."""

    version: int
    language: Annotated[str, Meta(pattern="^[a-z]{2}$")]


class Decline(Struct, frozen=True, tag_field="type", tag="decline"):
    """The viewer watches without being measured."""


class Begin(Struct, frozen=True, tag_field="type", tag="begin"):
    """The camera is well placed."""


class Skip(Struct, frozen=True, tag_field="type", tag="skip"):
    """No more of the quiet seconds."""


class Measure(Struct, frozen=True, tag_field="type", tag="measure"):
    """Pause measuring, or go on with it."""

    on: bool


class Stop(Struct, frozen=True, tag_field="type", tag="stop"):
    """Measure no more; what was measured stays."""


class Finish(Struct, frozen=True, tag_field="type", tag="finish"):
    """The film is over for this viewer."""


class TakeBack(Struct, frozen=True, tag_field="type", tag="withdraw"):
    """Delete the session, wherever it is."""


Said = Pong | Film | Agree | Decline | Begin | Skip | Measure | Stop | Finish | TakeBack

Stage = Literal["consent", "check", "baseline", "film", "summary"]
Measuring = Literal["on", "paused", "off"]
Why = Literal[
    "", "not_asked", "declined", "stopped", "withdrawn", "finished", "model", "session",
    "machine", "by_viewer", "film_paused", "film_ended", "page_hidden", "camera",
]  # fmt: skip
"""Why nothing is measured."""


class Sent(Struct, frozen=True):
    """Counts of this session. messages: sent; waiting: kept on this machine for now; samples, bytes: of both."""

    messages: int = 0
    waiting: int = 0
    samples: int = 0
    bytes: int = 0


class Last(Struct, frozen=True):
    """The newest message. body: as it left, or as it will; sent: whether the broker has it."""

    body: str
    sent: bool


class Cost(Struct, frozen=True):
    """What the agent takes of this machine, as in ``guest.Burden``. slowed: why it looks less often for now."""

    cpu: float
    memory_mb: int
    battery: int | None
    slowed: Slowed


class Told(Struct, frozen=True, tag_field="type", tag="told"):
    """All that the page shows, each time anything changes.

    ready: the model is loaded. trouble: one line of an error. faces: found in the newest look. readable: one of them is
    near enough and turned to the screen. baseline_left_s: seconds to go. quality: of the baseline, percent. sends: a
    broker is named. withdrawn: the session was taken back. cost: None before it was measured.
    """

    stage: Stage = "consent"
    ready: bool = False
    measuring: Measuring = "off"
    why: Why = "not_asked"
    trouble: str = ""
    camera: Literal["closed", "opening", "open", "missing"] = "closed"
    light: Light | None = None
    faces: int = 0
    readable: bool = False
    baseline_left_s: float = 0.0
    quality: int | None = None
    sent: Sent = Sent()
    last: Last | None = None
    sends: bool = False
    withdrawn: bool = False
    cost: Cost | None = None


class Ping(Struct, frozen=True, tag_field="type", tag="ping"):
    """Asks the page for its time."""

    id: int


class Replaced(Struct, frozen=True, tag_field="type", tag="replaced"):
    """The film goes on in another window."""


_decoder: msgspec.json.Decoder[Said] = msgspec.json.Decoder(Said)
_encoder = msgspec.json.Encoder()


def read(text: str | bytes) -> Said:
    """Raises msgspec.DecodeError for what the page does not say."""
    return _decoder.decode(text)


def write(message: Told | Ping | Replaced) -> str:
    """As JSON."""
    return _encoder.encode(message).decode()
