"""The messages that leave a viewer's device, and nothing else does.

Every field is defined here once; the JSON Schema and the AsyncAPI document are generated from these structs.
"""

from __future__ import annotations

import secrets
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from contract.emotions import EMOTIONS
from contract.errors import MessageError
from contract.randomised import LONGEST_BLOCK_MS, Randomised

TOPIC = "houselights.reactions.v1"
DEAD_LETTER_TOPIC = f"{TOPIC}.dlq"
"""Where ingest puts what it refused."""
CONSENT_VERSION = 1
WINDOW_MS = 1000
"""Windows are aligned to whole film seconds."""
MOST_SAMPLES = 600
"""In one message: ten minutes of one viewer, 64 KiB; an agent sends far fewer."""
LONGEST_WINDOW_MS = 60_000
"""Of what is measured."""
LAST_FILM_MS = 24 * 3600 * 1000
"""A film longer than a day is a mistake."""

REASONS = (
    "not_json", "missing_field", "out_of_range", "bad_scores", "bad_window",
    "wrong_key", "unknown_screening", "wrong_cut", "unknown_session",
    "screening_closed", "not_invited", "wrong_privacy", "past_the_end", "too_many",
)  # fmt: skip
"""Why a message is rejected. The later lines need more than the message and are found by ingest."""

SessionId = Annotated[
    str, Meta(pattern="^[0-9a-f]{32}$", description="128 random bits made on the device for one screening")
]
Slug = Annotated[str, Meta(pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description="an id of the catalogue")]
Name = Annotated[str, Meta(min_length=1, max_length=128)]
Count = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Percent = Annotated[int, Meta(ge=0, le=100)]
FilmMs = Annotated[int, Meta(ge=0, le=LAST_FILM_MS, description="milliseconds of the cut")]


class Sample(Struct, frozen=True, omit_defaults=True, gc=False, rename={"pass_": "pass"}):
    """One window [t, t + d) of film time for one viewer."""

    t: FilmMs
    d: Annotated[
        int,
        Meta(
            ge=1,
            le=LONGEST_BLOCK_MS,
            description="window length, ms; above 60000 only in randomised answers",
        ),
    ]
    pass_: Annotated[
        int, Meta(ge=0, le=1000, description="0 the first time this moment is seen, +1 each rewatch")
    ]
    viewer: Annotated[
        int, Meta(ge=0, le=999, description="seat within the session; means nothing outside it")
    ]
    n: Annotated[int, Meta(ge=0, le=10_000, description="frames classified in the window")]
    seen: Annotated[int, Meta(ge=0, le=100, description="percent of sampled frames with this face found")]
    front: Annotated[
        int, Meta(ge=0, le=100, description="percent of sampled frames with this face turned to the screen")
    ]
    p: (
        Annotated[
            tuple[Percent, Percent, Percent, Percent, Percent, Percent, Percent],
            Meta(description=f"percent, order {' '.join(EMOTIONS)}, sum exactly 100; absent when n is 0"),
        ]
        | None
    ) = None


class Start(Struct, frozen=True, gc=False, tag_field="type", tag="start"):
    """A viewer's device begins a session."""

    session: SessionId
    screening: Slug
    film: Slug
    cut: Slug
    consent_version: Count
    consent_language: Annotated[str, Meta(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    agent_version: Name
    model: Name
    calibration: Annotated[
        int, Meta(ge=0, le=100, description="quality of the viewer's neutral baseline, percent; 0 is none")
    ]
    simulated: bool = False
    """True when the scores were drawn by a model of an audience, not from a face."""
    join: Annotated[
        str, Meta(max_length=256, description="the organiser's invitation, where one is asked for")
    ] = ""
    randomised: Randomised | None = None
    """How its answers are randomised; without it samples are what was measured."""


class Reactions(Struct, frozen=True, gc=False, tag_field="type", tag="reactions"):
    """A batch of samples, in the order they were made."""

    session: SessionId
    seq: Annotated[
        int, Meta(ge=1, le=2**31 - 1, description="1, 2, 3, … within the session; a repeat is a re-send")
    ]
    samples: Annotated[list[Sample], Meta(min_length=1, max_length=MOST_SAMPLES)]


class End(Struct, frozen=True, gc=False, tag_field="type", tag="end"):
    """A session is over; counts are of samples, so the ledger can be closed."""

    session: SessionId
    seq: Annotated[
        int, Meta(ge=0, le=2**31 - 1, description="seq of the session's last reactions; 0 if it had none")
    ]
    generated: Count
    dropped: Count
    left: Count
    """Samples still in the outbox ahead of this message when it was written."""


class Withdraw(Struct, frozen=True, gc=False, tag_field="type", tag="withdraw"):
    """The viewer takes everything back; the store forgets the session."""

    session: SessionId


Message = Start | Reactions | End | Withdraw

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)


def new_session_id() -> SessionId:
    """128 random bits as 32 hex digits."""
    return secrets.token_hex(16)


def encode(message: Message) -> bytes:
    """The message as JSON."""
    return _encoder.encode(message)


def decode(record: bytes) -> Message:
    """The message in ``record``; fields this version does not know are ignored.

    Raises MessageError when it is not JSON, lacks a field, or holds a value that cannot be.
    """
    message = parse(record)
    if isinstance(message, Reactions):
        verify(message)
    return message


def parse(record: bytes) -> Message:
    """The half of ``decode`` that the JSON Schema can say."""
    try:
        return _decoder.decode(record)
    except msgspec.ValidationError as error:
        reason = "missing_field" if "missing required field" in str(error) else "out_of_range"
        raise MessageError(reason, str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:  # nested past all reason
        raise MessageError("not_json", str(error)) from error


def verify(message: Reactions) -> None:
    """The other half, which a schema cannot say: scores that sum to 100, windows on whole seconds."""
    for sample in message.samples:
        _check(sample)


def _check(sample: Sample) -> None:
    if (sample.p is None) != (sample.n == 0):
        raise MessageError("bad_scores", f"p must be present exactly when n > 0; n is {sample.n}")
    if sample.p is not None and sum(sample.p) != 100:
        raise MessageError("bad_scores", f"p must sum to 100, got {sum(sample.p)}")
    if sample.front > sample.seen:
        raise MessageError("bad_scores", f"front ({sample.front}) cannot exceed seen ({sample.seen})")
    if sample.t % WINDOW_MS or sample.d % WINDOW_MS:
        raise MessageError(
            "bad_window",
            f"t and d must be whole film seconds ({WINDOW_MS} ms), got t={sample.t}, d={sample.d}",
        )
