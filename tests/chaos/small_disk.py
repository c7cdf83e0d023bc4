"""A file system of its own that can really be full."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.chaos.running import ChaosError

_PAGE = 4096


class SmallDisk:
    """What ``small_disk`` gives: a folder, and a file that takes up room in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def leave_free(self, byte_count: int) -> None:
        """Take up all but ``byte_count`` bytes, rounded down to whole pages."""
        self.empty()
        status = os.statvfs(self.folder)
        size = status.f_bavail * status.f_frsize - byte_count // _PAGE * _PAGE
        with self._ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(size, 1))

    def empty(self) -> None:
        """Give the room back."""
        self._ballast.unlink(missing_ok=True)


@contextlib.contextmanager
def small_disk(folder: Path, mebibytes: int) -> Iterator[SmallDisk]:
    """A tmpfs over ``folder``, which is made: mounted as root, or else in a user namespace of its own."""
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(folder)]
    if os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0:
        try:
            yield SmallDisk(folder)
        finally:
            # Lazily: a failed test may leave a file open in it.
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
        return
    holder = subprocess.Popen(
        # The mount is seen through /proc by this user's processes, and gone with the one that made it.
        [
            "unshare",
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            '"$@" && echo mounted && cat',
            "sh",
            *mount,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        if holder.stdout.readline() != "mounted\n":
            raise ChaosError(
                "a full disk needs a small file system of its own: run this as root, or where user namespaces are "
                "allowed (unshare --user --map-root-user --mount)"
            )
        try:
            yield SmallDisk(Path(f"/proc/{holder.pid}/root{folder.resolve()}"))
        finally:
            holder.stdin.close()
