"""What `streamlit run` starts: ``streamlit run dashboard/app.py -- --store DIR [--behind-loopback]``."""

from __future__ import annotations

import argparse
from pathlib import Path

from dashboard.login import let_in
from dashboard.page import render


def main() -> None:
    """Reads the command line and draws the page, unless who looks at it is not let in."""
    parser = argparse.ArgumentParser(prog="houselights dashboard")
    parser.add_argument("--store", type=Path, required=True, help="the store directory")
    parser.add_argument(
        "--behind-loopback",
        action="store_true",
        help="only this machine reaches the port, whatever it listens on",
    )
    given = parser.parse_args()
    render(given.store, let_in=lambda: let_in(behind_loopback=given.behind_loopback))


main()
