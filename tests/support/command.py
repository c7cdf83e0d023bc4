"""The ``houselights`` command as a person runs it: a process of its own, with its output and exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_LONGEST_S = 300
"""A bound for a stuck command, not a measure of speed."""


def houselights(
    *arguments: str | Path, cwd: Path | None = None, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run ``houselights ARGUMENTS`` to its end; standard input is empty, output is not a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "houselights", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        timeout=_LONGEST_S,
        env={**os.environ, **(environment or {})},
    )


def done(finished: subprocess.CompletedProcess[str]) -> str:
    """Standard output of a command that must have succeeded."""
    assert finished.returncode == 0, (
        f"{finished.args} exited {finished.returncode}:\n{finished.stdout}{finished.stderr}"
    )
    return finished.stdout


def refused(finished: subprocess.CompletedProcess[str]) -> str:
    """The one line on standard error of a command that must have been refused, without a traceback."""
    assert finished.returncode == 1, f"exited {finished.returncode}:\n{finished.stdout}{finished.stderr}"
    lines = [line for line in finished.stderr.splitlines() if line.strip()]
    assert "Traceback" not in finished.stderr
    assert len(lines) == 1, finished.stderr
    assert lines[0].startswith("houselights: ")
    return lines[0]
