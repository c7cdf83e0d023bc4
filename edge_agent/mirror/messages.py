"""What the mirror's page and the program say to one another over the socket; nothing of it goes any further. Pure."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import Struct

from edge_agent.light import Light


class Camera(Struct, frozen=True, tag_field="type", tag="camera"):
    """Turn the camera on, or off."""

    on: bool


class Visible(Struct, frozen=True, tag_field="type", tag="visible"):
    """Whether the page is in view."""

    on: bool


class End(Struct, frozen=True, tag_field="type", tag="end"):
    """The person is done."""


Said = Camera | Visible | End


class ShownFace(Struct, frozen=True):
    """One that was found.

    box: left, top, right, bottom, in shares of the picture's width and height. number: from 1, of its seat, or by size
    in a picture; None while it has no seat. scores: percent, in the order of EMOTIONS; None for a face that is too
    small, or too far cut off, to read.
    """

    box: tuple[float, float, float, float]
    number: int | None
    front: bool
    scores: tuple[int, ...] | None


class Told(Struct, frozen=True, tag_field="type", tag="told"):
    """All that the page shows beside the picture, each time anything changes.

    on: the camera is wanted. trouble: one line, why there is none. looked: the faces are those of the picture that is
    shown. turned: the camera's picture lay on its side or head, and was turned.
    """

    showing: Literal["camera", "picture"] = "camera"
    on: bool = True
    camera: Literal["closed", "opening", "open", "missing"] = "closed"
    trouble: str = ""
    light: Light | None = None
    looked: bool = False
    faces: tuple[ShownFace, ...] = ()
    turned: bool = False


_decoder: msgspec.json.Decoder[Said] = msgspec.json.Decoder(Said)
_encoder = msgspec.json.Encoder()


def read(text: str | bytes) -> Said:
    """Raises msgspec.DecodeError for what the page does not say."""
    return _decoder.decode(text)


def write(message: Told) -> str:
    """As JSON."""
    return _encoder.encode(message).decode()
