"""Exported files are put in place whole: an editor never imports half a list."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from analytics.exports.errors import ExportError


def write_whole(path: Path, content: bytes) -> None:
    """Write or replace ``path``, making its folder where needed. Raises ExportError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-", suffix=".tmp")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            temporary.chmod(0o644)  # mkstemp's files are their owner's alone
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ExportError(f"cannot write {path}: {error.strerror or error}") from error
