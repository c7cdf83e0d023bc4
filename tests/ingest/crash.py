"""An ingest that dies between two steps.

    python -m tests.ingest.crash OUTBOX STORE LETTERS EVENT FUNCTION TIMES TORN

It is the real one, watched as a debugger would: at the TIMES-th EVENT (``call`` or ``return``) of FUNCTION, by its
qualified name, it is killed with SIGKILL. With TORN above 0 the system kills it instead while it writes, once a file
holds that many bytes: in the middle of a commit, when that is what comes next.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from ingest.dead_letters import DeadLetter
from ingest.outbox_source import OutboxSource
from ingest.service import run


class LettersFile:
    """A dead letter topic as a file: a line a letter, written through before ``send`` returns."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def send(self, letters: Sequence[DeadLetter]) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps([one.partition, one.offset, one.reason]) + "\n" for one in letters)

    def close(self) -> None:
        """Nothing is open between two batches."""


def main(outbox: str, store: str, letters: str, event: str, function: str, times: str, torn: str) -> None:
    left = int(times)

    def watch(frame: FrameType, what: str, _: Any) -> None:
        nonlocal left
        if what != event or frame.f_code.co_qualname != function:
            return
        left -= 1
        if left == 0 and int(torn):
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it, and the write would only fail
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(torn), int(torn)))
        elif left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(watch)
    run(OutboxSource(outbox), store, once=True, dead_letters=LettersFile(Path(letters)))


if __name__ == "__main__":
    main(*sys.argv[1:])
