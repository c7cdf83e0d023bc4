"""The rule of the whole suite: a logged ERROR fails the test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CASES = """
import logging
import pytest

def test_error():
    logging.getLogger("some.where").error("lost %d", 3)

@pytest.mark.logs_errors("on purpose")
def test_marked():
    logging.getLogger("some.where").error("lost 4")

def test_warning():
    logging.getLogger("some.where").warning("slow")

def test_cut_off():
    logging.getLogger("kafka.cluster").error("Metadata refresh: failed %s", "Cancelled")
"""


def test_a_logged_error_fails_its_test_and_nothing_else_does(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "test_cases.py").write_text(CASES, encoding="utf-8")
    run = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider",
            "-c", repository / "pyproject.toml", tmp_path / "test_cases.py",
        ],
        cwd=repository, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "4 passed, 1 error" in run.stdout, run.stdout + run.stderr
    assert "logged as ERROR: some.where: lost 3" in run.stdout
