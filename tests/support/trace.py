"""What a command asked of the system, as strace saw it: which files it wrote, what it put into them, whom it called."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

_CALLS = (
    "?open,openat,?creat,?rename,?renameat,renameat2,?link,linkat,?symlink,symlinkat,?mkdir,mkdirat,?mknod,mknodat,"
    "memfd_create,mmap,io_uring_setup,"
    "write,pwrite64,writev,pwritev,pwritev2,sendfile,copy_file_range,splice,"
    "connect,sendto,sendmsg,sendmmsg"
)
_HEX = re.compile(r"\\x([0-9a-f]{2})")
_QUOTED = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FILE = re.compile(r"^\d+<([^>]*)>")
_MAPPED = re.compile(r", \d+<([^>]*)>, ")
_RESULT = re.compile(r"= (\d+)(?:<([^>]*)>)?$")
_PLACE = re.compile(r"sin6?_port=htons\((\d+)\).*?\"((?:\\x[0-9a-f]{2})+)\"")
_PATH = re.compile(r'sun_path=@?"((?:\\x[0-9a-f]{2})+)"')
_FAMILY = re.compile(r"sa_family=(AF_\w+)")
_WRITES = ("O_WRONLY", "O_RDWR", "O_CREAT", "O_TMPFILE")


@dataclass
class Trace:
    """By the kernel's own account.

    files: opened to write, made or renamed, by path; folders and links, too. written: pieces put into each. mapped:
    files that can be written as memory, past all these calls. rings: how often it asked for io_uring, which goes past
    them as well. called: whom it asked for, ``HOST:PORT``, a socket's path, or else the family's name.
    """

    files: set[str] = field(default_factory=set)
    written: defaultdict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    mapped: set[str] = field(default_factory=set)
    rings: int = 0
    called: set[str] = field(default_factory=set)


def traced(log: Path, *command: str | Path) -> list[str]:
    """``command`` under strace, which writes ``log`` with each thread's number behind it."""
    return [
        "strace",
        "-ff",
        "-qq",
        "-y",
        "-xx",
        "-s",
        "70000",
        "-e",
        f"trace={_CALLS}",
        "-o",
        str(log),
        *map(str, command),
    ]


def read(log: Path) -> Trace:
    """What all its threads and children did."""
    trace = Trace()
    for path in sorted(log.parent.glob(f"{log.name}.*")):
        with path.open(encoding="ascii") as lines:
            for line in lines:
                name, _, rest = line.rstrip("\n").partition("(")
                _take(trace, name, rest)
    return trace


def _take(trace: Trace, name: str, rest: str) -> None:
    result = _RESULT.search(rest)
    if name in {"open", "openat", "creat"}:
        if result and (name == "creat" or any(flag in rest for flag in _WRITES)):
            trace.files.add(_text(result[2]))
    elif name == "mmap":
        if "PROT_WRITE" in rest and "MAP_SHARED" in rest and (file := _MAPPED.search(rest)):
            trace.mapped.add(_text(file[1]))
    elif name == "io_uring_setup":
        trace.rings += 1
    elif name.startswith(("rename", "link", "symlink", "mkdir", "mknod", "memfd")) and result:
        trace.files.update(_text(quoted) for quoted in _QUOTED.findall(rest))
    elif "write" in name or name in {"sendfile", "copy_file_range", "splice"}:
        file = _FILE.match(rest)
        if result and file:
            trace.written[_text(file[1])] += [_bytes(quoted) for quoted in _QUOTED.findall(rest)]
    elif family := _FAMILY.search(rest):  # none for what goes on along a connection
        place, path = _PLACE.search(rest), _PATH.search(rest)
        name = f"{_text(place[2])}:{place[1]}" if place else _text(path[1]) if path else family[1]
        trace.called.add(name)


def _bytes(escaped: str) -> bytes:
    return bytes(int(pair, 16) for pair in _HEX.findall(escaped))


def _text(escaped: str) -> str:
    return _bytes(escaped).decode("utf-8", "replace")
