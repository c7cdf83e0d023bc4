"""What `streamlit run` starts: ``streamlit run dashboard/app.py -- --store DIR``."""

from __future__ import annotations

import argparse
from pathlib import Path

from dashboard.page import render


def main() -> None:
    """Reads the store directory from the command line and draws the page."""
    parser = argparse.ArgumentParser(prog="houselights dashboard")
    parser.add_argument("--store", type=Path, required=True, help="the store directory")
    render(parser.parse_args().store)


main()
