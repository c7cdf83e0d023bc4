"""The libraries of the extra ``edit``, loaded only where a file needs them."""

from __future__ import annotations

import importlib
from types import ModuleType

from analytics.errors import MissingLibraryError


def library(name: str, what: str) -> ModuleType:
    """The module ``name``, which ``what`` needs. Raises MissingLibraryError where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingLibraryError(
            f"{what} needs {name.partition('.')[0]}, which is not installed here: "
            "pip install 'houselights[edit]'"
        ) from error
