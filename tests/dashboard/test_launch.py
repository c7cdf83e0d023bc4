"""Starting Streamlit: a port in use, the command line, Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from dashboard.errors import DashboardError, PortError
from dashboard.launch import LOOPBACK, check_port, command, environment, serve


def test_port_in_use_is_one_line_with_what_to_try(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortError) as caught:
            serve(tmp_path, port, open_browser=False)
    text = str(caught.value)
    assert f"port {port} is in use" in text
    assert f"--port {port + 1}" in text
    assert "\n" not in text
    assert isinstance(caught.value, DashboardError)


def test_free_port_passes() -> None:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port = probe.getsockname()[1]
    check_port(port)


def test_listens_on_this_machine_only_and_sends_no_statistics(tmp_path: Path) -> None:
    line = command(tmp_path, 8600, address=LOOPBACK)
    assert "--server.address=127.0.0.1" in line
    assert "--browser.gatherUsageStats=false" in line
    assert "--server.headless=true" in line
    assert line[-3:] == ["--", "--store", str(tmp_path)]


def test_packages_are_found_from_any_folder() -> None:
    path = environment({"PYTHONPATH": "/elsewhere"})["PYTHONPATH"].split(os.pathsep)
    assert (Path(path[0]) / "dashboard" / "app.py").is_file()
    assert path[1] == "/elsewhere"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupt_and_termination_end_it_quietly(
    tmp_path: Path, repository: Path, number: signal.Signals
) -> None:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port = probe.getsockname()[1]
    script = f"from dashboard.launch import serve; serve({str(tmp_path)!r}, {port}, headless=True)"
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=repository,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as child:
        try:
            _wait(port)
            if number == signal.SIGINT:
                os.killpg(child.pid, number)  # as a terminal does: to the whole group
            else:
                child.send_signal(number)
            output, _ = child.communicate(timeout=30)
        finally:
            if child.poll() is None:
                child.kill()
    assert child.returncode == 0, output.decode()
    assert b"Traceback" not in output
    check_port(port)


def _wait(port: int) -> None:
    until = time.monotonic() + 90
    while True:
        try:
            with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            assert time.monotonic() < until, "it never answered"
            time.sleep(0.2)
