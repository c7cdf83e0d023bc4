"""What a service writes to standard error: lines for a person, or one JSON document a line for a collector."""

from __future__ import annotations

import logging
import sys
from typing import Literal


def log_as(form: Literal["text", "json"]) -> None:
    """Send warnings of every part to standard error in this form. They name no session and no secret."""
    handler = logging.StreamHandler(sys.stderr)
    if form == "json":
        from pythonjsonlogger.json import JsonFormatter

        handler.setFormatter(
            JsonFormatter(
                "{asctime}{levelname}{name}{message}",
                style="{",
                rename_fields={"asctime": "time", "levelname": "level", "name": "part"},
            )
        )
    else:
        handler.setFormatter(logging.Formatter("%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
