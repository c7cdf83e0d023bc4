"""The set-up says what it needs: `make help`, and the check for programs that pip cannot install."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = ("bash", "head", "sed", "env")
"""All that the script itself uses, in a PATH that holds nothing else."""


class Machine:
    """A machine with the programs that a test puts on it, and no others."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found is not None, tool
            (folder / tool).symlink_to(found)
        self.program("python3", f'exec "{sys.executable}" "$@"')

    def program(self, name: str, body: str) -> None:
        path = self.folder / name
        path.write_text(f"#!/bin/bash\n{body}\n", encoding="utf-8")
        path.chmod(0o755)

    def has(self, *, java: str = "17.0.15") -> None:
        self.program("java", f"echo 'openjdk version \"{java}\" 2025-04-15' >&2")
        for name in (
            "mvn",
            "chromium",
            "openssl",
            "mpv",
            "vlc",
            "Xvfb",
            "dbus-daemon",
            "strace",
            "unshare",
            "docker-compose",
        ):
            self.program(name, "exit 0")

    def user(self, uid: int) -> None:
        self.program("id", f"echo {uid}")

    def check(self, repository: Path, what: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [repository / ".ci" / "system-packages", what],
            env={"PATH": str(self.folder)}, capture_output=True, text=True, check=False,
        )  # fmt: skip


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "bin")


def test_a_machine_with_everything_is_left_alone(machine: Machine, repository: Path) -> None:
    machine.has()
    for what in ("setup", "test"):
        done = machine.check(repository, what)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_without_apt_it_says_what_to_install(machine: Machine, repository: Path) -> None:
    done = machine.check(repository, "test")
    assert done.returncode == 1
    for name in (
        "Java 17",
        "default-jre-headless",
        "maven",
        "chromium",
        "openssl",
        "mpv",
        "xvfb",
        "strace",
        "util-linux",
        "docker-compose",
    ):
        assert name in done.stderr


def test_an_old_java_is_a_missing_one(machine: Machine, repository: Path) -> None:
    machine.has(java="11.0.2")
    done = machine.check(repository, "test")
    assert done.returncode == 1
    assert "Java 17" in done.stderr
    assert "maven" not in done.stderr


def test_who_may_not_install_gets_the_line_to_type(machine: Machine, repository: Path) -> None:
    machine.program("apt-get", "echo must not run; exit 9")
    machine.user(1000)
    done = machine.check(repository, "test")
    assert done.returncode == 1
    packages = "default-jre-headless maven chromium fonts-liberation openssl mpv vlc-bin"
    assert f"sudo apt-get install {packages}" in done.stderr


def test_root_installs_what_is_missing(machine: Machine, repository: Path, tmp_path: Path) -> None:
    machine.has()
    java = machine.folder / "java"
    java.rename(tmp_path / "java")
    mv = shutil.which("mv")
    machine.program(
        "apt-get", f'echo "apt-get $*"; if [ "$1" = install ]; then {mv} "{tmp_path}/java" "{java}"; fi'
    )
    machine.user(0)
    done = machine.check(repository, "test")
    assert done.returncode == 0, done.stderr
    assert "apt-get update" in done.stdout
    assert re.search("apt-get install .* default-jre-headless$", done.stdout, re.MULTILINE)


def test_packages_that_do_not_help_are_told(machine: Machine, repository: Path) -> None:
    machine.program("apt-get", "exit 0")
    machine.user(0)
    done = machine.check(repository, "test")
    assert done.returncode == 1
    assert "these still do not run" in done.stderr


def test_an_old_python_is_refused_before_anything_is_installed(machine: Machine, repository: Path) -> None:
    machine.program("python3", 'if [ "$1" = --version ]; then echo Python 3.9.2; else exit 1; fi')
    done = machine.check(repository, "setup")
    assert done.returncode == 1
    assert "Python 3.11 or later; 'python3' is: Python 3.9.2" in done.stderr


def test_make_help_explains_every_target(repository: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    helped = subprocess.run(
        ["make", "--no-print-directory"],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    phony = re.search(r"^\.PHONY: (.*)$", (repository / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert phony is not None
    for target in phony[1].split():
        assert re.search(rf"^  make {target} +\S", helped, re.MULTILINE), target
