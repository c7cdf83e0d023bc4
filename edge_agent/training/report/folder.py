"""A report's files in a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from edge_agent.errors import SettingsError


def open_report(out: Path) -> None:
    """Make the folder, before anything slow is done for it. Raises SettingsError when it cannot be one."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"cannot make the folder {out} ({error.strerror}); give another --out") from error


def write_report(out: Path, files: Mapping[str, str | bytes]) -> None:
    """Write ``files`` by name, over those of an earlier report. Raises SettingsError when the folder takes none."""
    open_report(out)
    try:
        for name, content in files.items():
            if isinstance(content, str):
                (out / name).write_text(content, encoding="utf-8")
            else:
                (out / name).write_bytes(content)
    except OSError as error:
        raise SettingsError(f"cannot write into {out} ({error.strerror}); give another --out") from error
