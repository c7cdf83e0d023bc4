"""Serving the page: one Streamlit process on this machine, started and stopped here."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import webbrowser
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType

from dashboard.access import Login, check, from_environment, from_files
from dashboard.errors import LaunchError, PortError

APP = Path(__file__).with_name("app.py")
LOOPBACK = "127.0.0.1"
_STOP_S = 5
_ASK_AGAIN_S = 0.2


def serve(
    store_dir: str | Path,
    port: int = 8501,
    *,
    open_browser: bool = True,
    headless: bool = False,
    address: str = LOOPBACK,
    behind_loopback: bool = False,
) -> None:
    """Serves the page until it is interrupted (Ctrl-C returns normally).

    ``headless``: no browser, whatever ``open_browser`` says. ``address``: where to listen; others than this machine
    are let in only by a login (access.py), unless ``behind_loopback``: only this machine reaches ``address``.
    Raises AccessError for an address open to others, PortError when the port is taken, LaunchError when Streamlit
    is missing or stops with an error.
    """
    written = from_environment(os.environ)
    login = written or from_files(Path.cwd(), Path.home())
    check(address, login, behind_loopback=behind_loopback)
    check_port(port, address)
    if importlib.util.find_spec("streamlit") is None:
        raise LaunchError(
            "the dashboard needs Streamlit, which is not installed: pip install 'houselights[dashboard]'"
        )
    if login is not None and importlib.util.find_spec("authlib") is None:
        raise LaunchError(
            "a login needs Authlib, which is not installed: pip install 'houselights[dashboard]'"
        )
    show = open_browser and not headless
    words = command(Path(store_dir), port, address=address, behind_loopback=behind_loopback)
    with ExitStack() as kept:
        if written is not None:
            words.insert(words.index("--"), f"--secrets.files={kept.enter_context(_secrets_file(written))}")
        _run(words, (address, port) if show else None)


def _run(words: list[str], shown: tuple[str, int] | None) -> None:
    """``shown``: where to open a browser once the page is there."""
    with _terminated_like_interrupted(), subprocess.Popen(words, env=environment(os.environ)) as child:
        try:
            if shown is not None and _there(child, *shown):
                webbrowser.open(f"http://{shown[0]}:{shown[1]}")
            code = child.wait()
        except KeyboardInterrupt:
            _stop(child)
            return
    if code:
        raise LaunchError(f"the dashboard stopped with exit code {code}: its own message stands above")


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """Ctrl-C reaches the page's process by the terminal; a service's end (SIGTERM) reaches only this one."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _there(child: subprocess.Popen[bytes], address: str, port: int) -> bool:
    """Once somebody answers; False when ``child`` has ended."""
    while child.poll() is None:
        with suppress(OSError), socket.create_connection((address, port), timeout=1):
            return True
        time.sleep(_ASK_AGAIN_S)
    return False


@contextmanager
def _secrets_file(login: Login) -> Iterator[Path]:
    """A file that only this account can read, for as long as the page is served."""
    with tempfile.TemporaryDirectory(prefix="houselights-") as folder:  # made with mode 700
        path = Path(folder) / "secrets.toml"
        path.write_text(login.toml(), encoding="utf-8")
        yield path


def command(store_dir: Path, port: int, *, address: str, behind_loopback: bool = False) -> list[str]:
    """The command line of the Streamlit process."""
    return [
        sys.executable, "-m", "streamlit", "run", str(APP),
        f"--server.port={port}",
        f"--server.address={address}",
        # Else it takes whoever opens the page for somebody who writes it: it asks for an e-mail address, and recommends
        # programs to write pages with.
        "--server.headless=true",
        "--browser.gatherUsageStats=false",
        "--", *(["--behind-loopback"] if behind_loopback else []), "--store", str(store_dir),
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
