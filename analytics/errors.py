"""What can go wrong between stored reactions and the figures people look at.

AnalyticsError
├── CatalogueError        a film, cut, scene list or screening is missing, malformed or misnamed
├── SceneListError        a file of scenes cannot be read, or its scenes cannot be
├── SubtitleError         a file of subtitles cannot be read, or its times cannot be
├── SceneEditError        a change to a list of scenes cannot be made
├── MissingLibraryError   a format needs a library of an optional extra that is not installed
├── ExportError           figures cannot be written in a format (exports/errors.py)
├── PrivacyBudgetError    a private release would cost more than a screening's viewers were promised
├── PublishStoppedError   a publish was told to stop; what was published before stays
├── StoreError            nothing is published yet, or a file of the store cannot be read or written
└── QueryError            a query that the serving tables cannot answer
"""

from __future__ import annotations


class AnalyticsError(Exception):
    """Root of the package; its text is one line a person can act on."""


class CatalogueError(AnalyticsError):
    """A film, cut, scene list or screening is missing, malformed or misnamed."""


class SceneListError(AnalyticsError):
    """A file of scenes cannot be read, or its scenes cannot be."""


class SubtitleError(AnalyticsError):
    """A file of subtitles cannot be read, or its times cannot be."""


class SceneEditError(AnalyticsError):
    """A change to a list of scenes cannot be made."""


class MissingLibraryError(AnalyticsError):
    """A format needs a library of an optional extra that is not installed."""


class PrivacyBudgetError(AnalyticsError):
    """A private release would cost more than a screening's viewers were promised, or what was spent is not known."""


class PublishStoppedError(AnalyticsError):
    """A publish was told to stop before it had everything; what was published before stays."""


class StoreError(AnalyticsError):
    """Nothing is published yet, or a file of the store cannot be read or written."""


class QueryError(AnalyticsError):
    """A query that the serving tables cannot answer."""


def one_line(error: BaseException) -> str:
    """The first line of a library's message: the rest is a picture for a terminal."""
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__
