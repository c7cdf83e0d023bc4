"""Messages that no device of ours would send: each is wrong by the way it is made, never by chance.

A mutation that could leave a valid message (another digit, another letter of a model's name) is none of these.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from contract.messages import MOST_SAMPLES, End, Reactions, encode
from tests.chaos.world import samples, start

BIG_BYTES = 900_000
UNPACKED_BYTES = 2_000_000
"""More than a broker takes, of one byte again and again: packed, it is a few kilobytes."""
_STRUCTURE = b'{}[]":,'
_REACTIONS = ("session", "seq", "samples")
_SAMPLE = ("t", "d", "pass", "viewer", "n", "seen", "front")

SYNTAX = frozenset({"not_json", "missing_field", "out_of_range", "bad_scores"})
"""What a message is called whose bytes were damaged: which of them depends on the byte."""


@dataclass(frozen=True, slots=True)
class Malformed:
    """A record, and the reasons of which one must be given for it."""

    key: bytes | None
    value: bytes | None
    reasons: frozenset[str]


@dataclass(frozen=True)
class Targets:
    """What the fuzzer builds on.

    ``sessions``: started, on a cut without an end. ``timed``: started, on a cut of ``duration_ms``. The screenings:
    one that takes no new session, one by invitation, and the one that ``sessions`` are of.
    """

    sessions: list[str]
    timed: list[str]
    duration_ms: int
    screening: str
    closed: str
    by_invitation: str


def malformed(targets: Targets, count: int, big: int, chance: random.Random) -> Iterator[Malformed]:
    """``count`` records, no two with samples the same; ``big`` of them are large, spread over the whole."""
    fuzzer = _Fuzzer(targets, chance)
    every = max(1, count // max(1, big))
    for number in range(count):
        yield fuzzer.large() if big and number % every == every // 2 else fuzzer.one()


class _Fuzzer:
    def __init__(self, targets: Targets, chance: random.Random) -> None:
        self._targets = targets
        self._chance = chance
        self._seq = 1_000_000
        self._kinds: list[Callable[[], Malformed]] = [
            self._damaged_byte, self._structure_lost, self._truncated, self._field_dropped, self._retyped,
            self._huge, self._nested, self._not_utf8, self._wrong_key, self._nothing, self._unknown_session,
            self._not_admitted, self._wrong_scores, self._wrong_window, self._past_the_end, self._wrong_count,
            self._other_json, self._trailing,
        ]  # fmt: skip

    def one(self) -> Malformed:
        return self._chance.choice(self._kinds)()

    def large(self) -> Malformed:
        session, message = self._valid()
        if self._chance.random() < 0.4:
            return self._of(session, b"\x80" + self._chance.randbytes(BIG_BYTES - 1), {"not_json"})
        if self._chance.random() < 0.4:
            return self._of(
                session, json.dumps(message).encode() + b" " * UNPACKED_BYTES + b"x", {"not_json"}
            )
        # Valid but for its length.
        message["samples"] *= BIG_BYTES // len(json.dumps(message["samples"])) + 1
        return self._of(session, message, {"out_of_range"})

    def _valid(self) -> tuple[str, dict[str, Any]]:
        """A session and a message of reactions that would be taken, as JSON, not to be found twice."""
        self._seq += 1
        session = self._chance.choice(self._targets.sessions)
        found = samples(self._chance.randrange(80_000), self._chance.randint(1, 6))
        content: dict[str, Any] = json.loads(encode(Reactions(session, self._seq, found)))
        content["samples"][0]["n"] = 1 + self._seq % 10_000  # another one also where its seq is spoilt
        return session, content

    def _of(self, session: str | None, content: Any, reasons: set[str] | frozenset[str]) -> Malformed:
        value = content if isinstance(content, bytes) or content is None else json.dumps(content).encode()
        key = session.encode() if session is not None else None
        return Malformed(key, value, frozenset(reasons))

    def _text(self) -> tuple[str, bytes]:
        session, message = self._valid()
        return session, json.dumps(message, separators=(",", ":")).encode()

    def _damaged_byte(self) -> Malformed:
        """One byte with its highest bit set: no digit, letter or bracket any more. Two quotes could leave sense."""
        session, text = self._text()
        damaged = bytearray(text)
        damaged[self._chance.randrange(len(text))] |= 0x80
        return self._of(session, bytes(damaged), SYNTAX)

    def _structure_lost(self) -> Malformed:
        session, text = self._text()
        at = self._chance.choice([place for place, byte in enumerate(text) if byte in _STRUCTURE])
        return self._of(session, text[:at] + text[at + 1 :], SYNTAX)

    def _truncated(self) -> Malformed:
        session, text = self._text()
        return self._of(session, text[: self._chance.randrange(len(text))], {"not_json"})

    def _field_dropped(self) -> Malformed:
        session, message = self._valid()
        name = self._chance.choice(("type", *_REACTIONS, *_SAMPLE, "p"))
        holder = message if name in message else self._chance.choice(message["samples"])
        del holder[name]
        return self._of(session, message, {"bad_scores" if name == "p" else "missing_field"})

    def _retyped(self) -> Malformed:
        session, message = self._valid()
        name = self._chance.choice(("type", *_REACTIONS, *_SAMPLE, "p"))
        holder = message if name in message else self._chance.choice(message["samples"])
        wrong = [True, 1.5, {}, {"a": 1}, [[]], "½"]
        holder[name] = self._chance.choice(wrong)
        return self._of(session, message, {"out_of_range"})

    def _huge(self) -> Malformed:
        session, message = self._valid()
        name = self._chance.choice(("seq", *_SAMPLE))
        holder = message if name in message else self._chance.choice(message["samples"])
        holder[name] = self._chance.choice([-1, 2**31, 2**63, 2**64, 10**30, 10**400, -(2**63), 1e308])
        return self._of(session, message, {"out_of_range"})

    def _nested(self) -> Malformed:
        session, message = self._valid()
        depth = self._chance.choice([50, 200, 900, 1_100, 1_500])
        opened, closed = self._chance.choice([("[", "]"), ('{"a":', "}")])
        deep = opened * depth + "1" + closed * depth
        if self._chance.random() < 0.3:
            return self._of(session, (opened * depth).encode(), {"not_json", "out_of_range", "missing_field"})
        if self._chance.random() < 0.5:
            message["samples"] = "DEEP"
        else:  # in a field that nobody knows, and so passes over; what is wrong comes behind it
            message = {"type": message["type"], "unknown": "DEEP"} | message
            message["seq"] = "wrong"
        text = json.dumps(message).replace('"DEEP"', deep)
        return self._of(session, text.encode(), {"out_of_range", "not_json"})

    def _not_utf8(self) -> Malformed:
        session, text = self._text()
        broken = self._chance.choice([b"\xff\xfe", b"\xc0\xaf", b"\xed\xa0\x80", b"\x80"])
        way = self._chance.randrange(4)
        if way == 0:
            return self._of(session, text.replace(session.encode(), broken + session.encode()), SYNTAX)
        if way == 1:
            return self._of(session, b"\xef\xbb\xbf" + text, {"not_json"})
        if way == 2:
            return self._of(session, text.decode().encode("utf-16"), {"not_json"})
        return self._of(session, broken + self._chance.randbytes(self._chance.randint(1, 300)), {"not_json"})

    def _wrong_key(self) -> Malformed:
        session, text = self._text()
        other = self._chance.choice([
            None, b"", b"\xff\x00", session.upper().encode() + b"0", session.encode()[:-1],
            self._chance.randbytes(16).hex().encode(),
        ])  # fmt: skip
        return Malformed(other, text, frozenset({"wrong_key"}))

    def _nothing(self) -> Malformed:
        session = self._chance.choice(self._targets.sessions)
        value = self._chance.choice([None, b"", b" \n"])
        # Without key and value there is no record: the client library sends none.
        key = self._chance.choice([session.encode(), b"", *([None] if value is not None else [])])
        return Malformed(key, value, frozenset({"not_json"}))

    def _unknown_session(self) -> Malformed:
        _, message = self._valid()
        stranger = self._chance.randbytes(16).hex()
        message["session"] = stranger
        if self._chance.random() < 0.3:
            return self._of(stranger, encode(End(stranger, 1, 5, 0, 0)), {"unknown_session"})
        return self._of(stranger, message, {"unknown_session"})

    def _not_admitted(self) -> Malformed:
        session = self._chance.randbytes(16).hex()
        message: dict[str, Any] = json.loads(encode(start(session)))
        ways: list[tuple[dict[str, Any], str]] = [
            ({"screening": f"nosuch-{self._chance.randrange(10**9)}"}, "unknown_screening"),
            ({"screening": "../../etc/passwd"}, "out_of_range"),
            ({"film": "another"}, "wrong_cut"),
            ({"cut": "another"}, "wrong_cut"),
            ({"screening": self._targets.closed}, "screening_closed"),
            ({"screening": self._targets.by_invitation}, "not_invited"),
            ({"screening": self._targets.by_invitation, "join": "h1.00.00"}, "not_invited"),
            ({"screening": self._targets.by_invitation, "join": "½" * 50}, "not_invited"),
            ({"randomised": {"epsilon": 800, "block_ms": 600_000, "blocks": 12}}, "wrong_privacy"),
            ({"randomised": {"epsilon": 0, "block_ms": 600_000, "blocks": 12}}, "out_of_range"),
            ({"join": "x" * 257}, "out_of_range"),
            ({"consent_language": "English, please"}, "out_of_range"),
            ({"calibration": 101}, "out_of_range"),
            ({"model": ""}, "out_of_range"),
        ]
        how, reason = self._chance.choice(ways)
        return self._of(session, message | how, {reason})

    def _wrong_scores(self) -> Malformed:
        session, message = self._valid()
        sample = self._chance.choice(message["samples"])
        way = self._chance.randrange(4)
        if way == 0:
            sample["p"][0] += self._chance.choice([1, 7])  # the first score of a valid one is 0
        elif way == 1:
            sample["p"] = [0] * 7
        elif way == 2:
            sample["n"] = 0
        else:
            sample["front"], sample["seen"] = 90, 89
        return self._of(session, message, {"bad_scores"})

    def _wrong_window(self) -> Malformed:
        session, message = self._valid()
        sample = self._chance.choice(message["samples"])
        if self._chance.random() < 0.5:
            sample["t"] += self._chance.randint(1, 999)
        else:
            sample["d"] = self._chance.choice([1, 500, 1500, 59_999, 61_000, 3_600_000])
        return self._of(session, message, {"bad_window"})

    def _past_the_end(self) -> Malformed:
        _, message = self._valid()
        timed = self._chance.choice(self._targets.timed)
        message["session"] = timed
        self._chance.choice(message["samples"])["t"] = self._chance.choice(
            [self._targets.duration_ms, self._targets.duration_ms + 1000, 80_000_000]
        )
        return self._of(timed, message, {"past_the_end"})

    def _wrong_count(self) -> Malformed:
        session, message = self._valid()
        way = self._chance.randrange(10)
        if way == 0:
            message["samples"] = [message["samples"][0]] * (MOST_SAMPLES + 1)
        elif way < 4:
            message["samples"] = []
        else:
            scores = self._chance.choice(message["samples"])["p"]
            scores += [0] if way < 7 else []
            del scores[8 if way < 7 else 6 :]
        return self._of(session, message, {"out_of_range"})

    def _other_json(self) -> Malformed:
        session, message = self._valid()
        content = self._chance.choice([
            None, 5, "a message", [], [copy.deepcopy(message)], True, {"type": "teapot", "session": session},
            message | {"type": "Reactions"}, message | {"type": 1},
        ])  # fmt: skip
        return self._of(session, json.dumps(content).encode(), {"out_of_range"})

    def _trailing(self) -> Malformed:
        session, text = self._text()
        return self._of(
            session, text + self._chance.choice([b"x", text, b"\x00", b"]", b",{}"]), {"not_json"}
        )
