"""Serving the page: one Streamlit process on this machine, started and stopped here."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from dashboard.errors import LaunchError, PortError

APP = Path(__file__).with_name("app.py")
LOOPBACK = "127.0.0.1"
_STOP_S = 5


def serve(
    store_dir: str | Path,
    port: int = 8501,
    *,
    open_browser: bool = True,
    headless: bool = False,
    address: str = LOOPBACK,
) -> None:
    """Serves the page until it is interrupted (Ctrl-C returns normally).

    ``headless``: no browser, whatever ``open_browser`` says. ``address``: where to listen; a container
    needs 0.0.0.0. Raises PortError when the port is taken, LaunchError when Streamlit is missing or stops
    with an error.
    """
    check_port(port, address)
    if importlib.util.find_spec("streamlit") is None:
        raise LaunchError(
            "the dashboard needs Streamlit, which is not installed: pip install 'houselights[dashboard]'"
        )
    with subprocess.Popen(
        command(Path(store_dir), port, address=address, show=open_browser and not headless),
        env=environment(os.environ),
    ) as child:
        try:
            code = child.wait()
        except KeyboardInterrupt:
            _stop(child)
            return
    if code:
        raise LaunchError(f"the dashboard stopped with exit code {code}: its own message stands above")


def command(store_dir: Path, port: int, *, address: str, show: bool) -> list[str]:
    """The command line of the Streamlit process."""
    return [
        sys.executable, "-m", "streamlit", "run", str(APP),
        f"--server.port={port}",
        f"--server.address={address}",
        f"--server.headless={str(not show).lower()}",
        "--server.showEmailPrompt=false",  # else a newcomer's first start waits for an e-mail address
        "--browser.gatherUsageStats=false",
        "--", "--store", str(store_dir),
    ]  # fmt: skip


def environment(base: Mapping[str, str]) -> dict[str, str]:
    """``base`` with these packages' folder on the path: Streamlit puts only the script's own there."""
    root = str(APP.parent.parent)
    path = base.get("PYTHONPATH")
    return {**base, "PYTHONPATH": f"{root}{os.pathsep}{path}" if path else root}


def check_port(port: int, address: str = LOOPBACK) -> None:
    """Raises PortError unless ``port`` can be listened on now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # as Streamlit does: a port just closed is free
        try:
            probe.bind((address, port))
        except PermissionError as error:
            raise PortError(
                f"port {port} may not be used by this account: try --port {_other(port)}"
            ) from error
        except (OSError, OverflowError) as error:
            raise PortError(
                f"port {port} is in use: stop what listens there, or try --port {_other(port)}"
            ) from error


def _other(port: int) -> int:
    return port + 1 if 1024 <= port < 65535 else 8600


def _stop(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
