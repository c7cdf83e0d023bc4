"""SQLite's write-ahead log beside an outbox file, looked at before SQLite does.

SQLite reads the log as far as its checksums hold, takes the rest for a write that was under way, and says nothing.
What was committed behind a flipped bit would be gone without a word. The format is public:
https://sqlite.org/fileformat2.html#the_write_ahead_log
"""

from __future__ import annotations

import struct
from pathlib import Path

_HEADER = struct.Struct(">8I")  # magic, version, page size, checkpoint, salt, salt, checksum, checksum
_FRAME = struct.Struct(
    ">6I"
)  # page, pages of the file after a commit or else 0, salt, salt, checksum, checksum
_MAGIC = {0x377F0682: "<", 0x377F0683: ">"}  # and the byte order of the words that are summed


def log_is_damaged(path: Path) -> bool:
    """Whether the log beside ``path`` holds a commit that SQLite will not read.

    To be asked while nobody can write. A power failure, or a disk that was full, leaves the same traces as a flipped
    bit, of a commit that never came back to the program. A log that was cut short between two commits leaves none.
    """
    log = path.with_name(f"{path.name}-wal")
    content = log.read_bytes() if log.is_file() else b""
    if len(content) < _HEADER.size + _FRAME.size:
        return False
    magic, _, page, _, *salts, first, second = _HEADER.unpack_from(content)
    order = _MAGIC.get(magic)
    running = (0, 0)
    if order is not None:
        running = _sums(content[: _HEADER.size - 8], order, running)
    if order is None or running != (first, second):
        return True
    believed = True
    for start in range(_HEADER.size, len(content) - _FRAME.size - page + 1, _FRAME.size + page):
        _, commit, *frame_salts, first, second = _FRAME.unpack_from(content, start)
        if not _alike(salts, frame_salts):
            continue  # of an earlier round of the log
        data = start + _FRAME.size
        if believed:
            running = _sums(content[start : start + 8] + content[data : data + page], order, running)
        believed = believed and frame_salts == salts and running == (first, second)
        if not believed and commit:
            return True
    return False


def _sums(content: bytes, order: str, running: tuple[int, int]) -> tuple[int, int]:
    """The log's own checksum, carried on over ``content``: a multiple of 8 bytes."""
    one, other = running
    words = iter(struct.unpack(f"{order}{len(content) // 4}I", content))
    for word in words:
        one = (one + word + other) & 0xFFFFFFFF
        other = (other + next(words) + one) & 0xFFFFFFFF
    return one, other


def _alike(salts: list[int], others: list[int]) -> bool:
    """The same but for one bit: those of another round differ in about 16, for one of the two is drawn anew."""
    return sum((one ^ other).bit_count() for one, other in zip(salts, others, strict=True)) <= 1
