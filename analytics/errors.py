"""What can go wrong between stored reactions and the figures people look at.

AnalyticsError
├── CatalogueError    a film, cut, scene list or screening is missing, malformed or misnamed
├── SceneListError    a file of scenes cannot be read, or its scenes cannot be
├── StoreError        nothing is published yet, or a file of the store cannot be read or written
└── QueryError        a query that the serving tables cannot answer
"""

from __future__ import annotations


class AnalyticsError(Exception):
    """Root of the package; its text is one line a person can act on."""


class CatalogueError(AnalyticsError):
    """A film, cut, scene list or screening is missing, malformed or misnamed."""


class SceneListError(AnalyticsError):
    """A file of scenes cannot be read, or its scenes cannot be."""


class StoreError(AnalyticsError):
    """Nothing is published yet, or a file of the store cannot be read or written."""


class QueryError(AnalyticsError):
    """A query that the serving tables cannot answer."""


def one_line(error: BaseException) -> str:
    """The first line of a library's message: the rest is a picture for a terminal."""
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__
