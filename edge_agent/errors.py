"""What can go wrong on the viewer's device.

EdgeError
├── SettingsError     the agent or the model laboratory was asked for something that cannot be
├── SourceError       a camera or a file gives no frames
├── PlayerError       a player does not say where the film is
├── FilmError         a film's file cannot be read
├── ViewError         the viewer's page cannot be served
├── ModelError        a classifier cannot be loaded or used
├── DatasetError      a training set is missing or malformed
├── OutboxError       the outbox file cannot be opened or written
│   └── OutboxStuckError  for now: the disk is full or fails, or another program holds it
└── PublishError      the broker is away or refused what was sent
"""

from __future__ import annotations


class EdgeError(Exception):
    """Root of the package; its text is one line a person can act on."""


class SettingsError(EdgeError):
    """The agent, or the model laboratory, was asked for something that cannot be."""


class SourceError(EdgeError):
    """A camera or a file gives no frames."""


class PlayerError(EdgeError):
    """A player does not say where the film is."""


class FilmError(EdgeError):
    """A film's file cannot be read."""


class ViewError(EdgeError):
    """The viewer's page cannot be served."""


class ModelError(EdgeError):
    """A classifier cannot be loaded or used."""


class DatasetError(EdgeError):
    """A training set is missing or malformed."""


class OutboxError(EdgeError):
    """The outbox file cannot be opened or written."""


class OutboxStuckError(OutboxError):
    """It cannot be for now: the disk is full or fails, or another program holds the file. Worth another try."""


class PublishError(EdgeError):
    """The broker is away or refused what was sent; the outbox still holds it."""
