"""A page on paper: HTML to PDF by Chromium, where there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from analytics.exports.errors import ExportError
from analytics.exports.files import write_whole

PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
)
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
_LONGEST_S = 180
"""A bound for a stuck browser; a page takes seconds."""
_SWITCHES = (
    *(
        "--headless",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-extensions",
        "--no-first-run",
    ),
    *("--no-pdf-header-footer", "--hide-scrollbars"),
)


def find_chromium(environ: Mapping[str, str] = os.environ) -> str | None:
    """The browser to print with: ``CHROMIUM``, else the first one on the path."""
    named = environ.get("CHROMIUM")
    if named:
        return shutil.which(named, path=environ.get("PATH"))
    found = (shutil.which(program, path=environ.get("PATH")) for program in PROGRAMS)
    return next((program for program in found if program), str(_MAC) if _MAC.exists() else None)


def write_pdf(html: bytes, path: Path, environ: Mapping[str, str] = os.environ) -> None:
    """Print ``html``, a page that needs nothing beside it, to ``path``. Raises ExportError where no browser can."""
    browser = find_chromium(environ)
    if browser is None:
        raise ExportError(
            "a PDF needs Chromium or Chrome, and neither was found: install one (Debian: apt install chromium), "
            "name it in CHROMIUM, or print the HTML from any browser"
        )
    with tempfile.TemporaryDirectory(prefix="houselights-") as folder:
        page, printed = Path(folder) / "report.html", Path(folder) / "report.pdf"
        page.write_bytes(html)
        command = [
            browser,
            *_SWITCHES,
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={printed}",
            page.as_uri(),
        ]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            # Chromium refuses its sandbox to root. The page is the project's own and may load nothing.
            command.insert(1, "--no-sandbox")
        try:
            ran = subprocess.run(command, capture_output=True, timeout=_LONGEST_S, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ExportError(f"{browser} could not print the report: {error}") from error
        content = printed.read_bytes() if printed.exists() else b""
        if not content.startswith(b"%PDF"):
            said = ran.stderr.decode(errors="replace").strip().splitlines()
            raise ExportError(
                f"{browser} printed no PDF (exit code {ran.returncode}): {said[-1] if said else 'no message'}"
            )
    write_whole(path, content)
