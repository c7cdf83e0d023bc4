"""The ``houselights`` command: puts the parts together."""

__version__ = "0.1.0"
