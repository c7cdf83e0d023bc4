"""Devices that are hostile or broken, and more devices at once than any hall holds."""

from __future__ import annotations

import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from analytics.catalogue import Catalogue, Cut, Screening
from contract.messages import DEAD_LETTER_TOPIC, REASONS, TOPIC, Message, Start, encode
from tests.chaos.devices import Devices
from tests.chaos.fuzz import Targets, malformed
from tests.chaos.outcome import Outcome, Tell
from tests.chaos.running import RunningIngest, Watch, started_broker, until
from tests.chaos.world import SCREENING, compare, screening, sessions, start, topics, whole_session
from tests.support.command import houselights

MESSAGES = 50
"""Of each well-behaved session among the malformed messages; five samples each."""
MARKS = 6
"""Times that memory is looked at, each when everything that was sent is done."""
MOST_GROWTH, MOST_GROWTH_SHORT = 1.15, 1.60
"""Resident memory when all is done, over that when half of it was: by then the 64 MB of the database are full.
Pages that the allocators keep come and go by a tenth between two looks; the file's own would be a third. A short run is
still filling what the database may hold.
"""
MOST_LOG_BYTES = 20
"""For each malformed message, on the average: a line for each would take three times as much."""
_SEED = 6
_TIMED_MS = 60_000
_FORWARDED = "dead_letters_forwarded_total"
_SESSION = re.compile(r"[0-9a-f]{32}")

Place = tuple[int, int]
"""Partition and offset."""


@dataclass
class _Delivered:
    """Where every record lies in the topic."""

    malformed: dict[Place, frozenset[str]] = field(default_factory=dict)
    """With the reasons of which one must be given for it."""
    valid: int = 0


def fuzzed_messages(folder: Path, *, short: bool, tell: Tell) -> list[Outcome]:
    """Malformed messages of every kind, with sessions of well-behaved devices between them."""
    count, big = (5_000, 5) if short else (100_000, 40)
    chance, store = random.Random(_SEED), folder / "store"
    viewers = sessions(4 if short else 20)
    with ExitStack() as opened:
        broker = opened.enter_context(started_broker(folder / "broker"))
        topics(broker.address)
        targets = _targets(store)
        ingest = opened.enter_context(RunningIngest(f"kafka:{broker.address}", store, folder / "ingest.log"))
        until(lambda: ingest.healthy() or not ingest.alive)
        watch = opened.enter_context(Watch(ingest, store, 0.1 if short else 0.5))
        scripts = [list(whole_session(session, MESSAGES)) for session in viewers]

        def settle(wrong: int, valid: int) -> None:
            ingest.reaches("records_total", wrong + valid)
            ingest.reaches(_FORWARDED, wrong)
            watch.mark()

        delivered = _deliver(broker.address, targets, scripts, (count, big), chance, settle, tell)
        settle(count, delivered.valid)
        metrics = ingest.metrics()
        watch.end()
        ingest.stop()
        tell("fuzz: reading the dead letter topic")
        letters = _dead_letters(broker.address)
    return [
        _refused(count, delivered, _rejects(store), metrics),
        _welcome(store, viewers),
        _forwarded(count, delivered, letters, metrics),
        _well(count, ingest, watch, MOST_GROWTH_SHORT if short else MOST_GROWTH),
    ]


def crowd(folder: Path, *, short: bool, tell: Tell) -> list[Outcome]:
    """Devices that all come back with what they kept at the same instant; five share a connection."""
    processes, connections, messages = (2, 10, 6) if short else (2, 100, 24)
    each = 5 * connections
    store = folder / "store"
    with ExitStack() as opened:
        broker = opened.enter_context(started_broker(folder / "broker"))
        topics(broker.address)
        screening(store)
        ingest = opened.enter_context(RunningIngest(f"kafka:{broker.address}", store, folder / "ingest.log"))
        halls = [
            opened.enter_context(
                Devices(
                    broker.address,
                    folder / f"hall-{hall}",
                    connections=connections,
                    devices_each=5,
                    messages=messages,
                )
            )
            for hall in range(processes)
        ]
        tell(f"crowd: filling the outboxes of {processes * each} devices")
        for hall in halls:
            hall.wait_ready()
        for hall in halls:
            hall.go()
        tell(f"crowd: {processes * each} devices send")
        sent = [hall.finish() for hall in halls]
        made = sum(one.samples for one in sent)
        began = time.monotonic()
        ingest.reaches("samples_stored_total", made)
        until(lambda: not ingest.alive or ingest.metrics().get("lag_records") == 0)
        behind_s = time.monotonic() - began
        lag = ingest.metrics().get("lag_records", -1.0)
        ingest.stop()
    generated = {session: count for one in sent for session, count in one.generated.items()}
    found = compare(store, generated)
    left = sum(one.left for one in sent)
    ledger = houselights("ledger", "--store", store)
    return [
        Outcome(
            f"{len(generated):,} devices at once over {processes * connections} connections, 5 samples a message",
            1,
            "all stored, lag back to 0",
            f"{found} of {made:,}, {left} left in outboxes, lag {lag:g}, ledger exit {ledger.returncode}; sent in "
            f"{max(one.seconds for one in sent):.1f} s, ingest was done {behind_s:.1f} s later",
            found.whole
            and found.stored == made == processes * each * messages * 5
            and (left, lag, ledger.returncode, ingest.exit_code) == (0, 0, 0, 0),
        )
    ]


def _targets(store: Path) -> Targets:
    """A catalogue with one screening of each kind that a session can be refused by, and sessions yet to start."""
    screening(store)
    catalogue = Catalogue(store)
    catalogue.save_cut(Cut("film", "timed", duration_ms=_TIMED_MS))
    catalogue.save_screening(Screening("timed", "film", "timed", 1))
    catalogue.save_screening(Screening("closed", "film", "cut", 1, open=False, closed_on="2024-01-01"))
    catalogue.save_screening(Screening("invited", "film", "cut", 1))
    catalogue.make_join_key("invited")
    return Targets(sessions(5), sessions(2), _TIMED_MS, SCREENING, "closed", "invited")


def _deliver(
    address: str,
    targets: Targets,
    scripts: Sequence[Sequence[Message]],
    many: tuple[int, int],
    chance: random.Random,
    settle: Callable[[int, int], None],
    tell: Tell,
) -> _Delivered:
    """Put everything on the topic: the fuzzer's starts, then malformed and valid records in a mix.

    ``settle`` is told at each mark but the last how many malformed and valid ones are there.
    """
    count, big = many
    producer = KafkaProducer(
        bootstrap_servers=address, acks="all", enable_idempotence=True, linger_ms=5, compression_type="lz4",
        max_request_size=8_000_000,  # what counts for the broker is the size when packed
    )  # fmt: skip
    delivered = _Delivered()

    def put(message: Message) -> None:
        producer.send(TOPIC, key=message.session.encode(), value=encode(message), timestamp_ms=0)
        delivered.valid += 1

    for first in _starts(targets):
        put(first)
    producer.flush()
    valid, share, sent = _mixed(scripts, chance), sum(map(len, scripts)) / count, []
    for number, wrong in enumerate(malformed(targets, count, big, chance)):
        if number and number % (count // MARKS) == 0 and number // (count // MARKS) < MARKS:
            producer.flush()
            settle(number, delivered.valid)
        sent.append((producer.send(TOPIC, key=wrong.key, value=wrong.value, timestamp_ms=0), wrong.reasons))
        if chance.random() < 1.5 * share and (message := next(valid, None)) is not None:
            put(message)
        if number % 1000 == 0:
            tell(f"fuzz: {number:,} of {count:,} malformed messages")
    for left in valid:
        put(left)
    producer.flush()
    for future, reasons in sent:
        at = future.get(60)
        delivered.malformed[at.partition, at.offset] = reasons
    producer.close()
    return delivered


def _starts(targets: Targets) -> Iterator[Start]:
    for session in targets.sessions:
        yield start(session)
    for session in targets.timed:
        yield Start(session, "timed", "film", "timed", 1, "en", "0.1", "bundled", 80)


def _mixed(scripts: Sequence[Sequence[Message]], chance: random.Random) -> Iterator[Message]:
    """All messages, each session's in its order."""
    waiting = [iter(script) for script in scripts]
    while waiting:
        one = chance.choice(waiting)
        message = next(one, None)
        if message is None:
            waiting.remove(one)
        else:
            yield message


def _rejects(store: Path) -> tuple[dict[Place, str], int]:
    """Where the rejected records lay and why they are, and how many are not in the dead letter topic yet."""
    with duckdb.connect(str(store / "store.duckdb"), read_only=True) as connection:
        found = connection.execute('SELECT partition, "offset", reason FROM reject').fetchall()
        due = connection.execute("SELECT count(*) FROM letter_due").fetchall()
    rejects = {(partition, offset): reason for partition, offset, reason in found}
    if len(rejects) < len(found):  # one place twice: told as one that is not accounted for
        rejects[-1, -1] = "doubled"
    return rejects, int(due[0][0])


def _dead_letters(address: str) -> Counter[tuple[Place, str]]:
    """Original place and reason of everything in the dead letter topic, and how often each is there."""
    consumer = KafkaConsumer(
        bootstrap_servers=address, group_id=None, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    places = [
        TopicPartition(DEAD_LETTER_TOPIC, one)
        for one in consumer.partitions_for_topic(DEAD_LETTER_TOPIC) or ()
    ]
    consumer.assign(places)
    ends = consumer.end_offsets(places)
    letters: Counter[tuple[Place, str]] = Counter()

    def take() -> bool:
        for batch in consumer.poll(timeout_ms=500, max_records=2_000).values():
            for record in batch:
                says = {name: value.decode() for name, value in record.headers}
                place = int(says["original-partition"]), int(says["original-offset"])
                letters[place, says["reason"]] += 1
        return all(consumer.position(place) >= end for place, end in ends.items())

    until(take, every_s=0)
    consumer.close()
    return letters


def _refused(
    count: int, delivered: _Delivered, rejects: tuple[dict[Place, str], int], metrics: Mapping[str, float]
) -> Outcome:
    reasons, _ = rejects
    taken = len(delivered.malformed.keys() - reasons.keys())
    wronged = len(reasons.keys() - delivered.malformed.keys())
    odd = sum(
        reason not in delivered.malformed.get(place, REASONS) or reason not in REASONS
        for place, reason in reasons.items()
    )
    counted = sum(value for name, value in metrics.items() if name.startswith("rejected_total"))
    by_reason = Counter(reasons.values())
    words = ", ".join(f"{reason} {times:,}" for reason, times in by_reason.most_common())
    return Outcome(
        "malformed messages from a fuzzer: what is refused",
        count,
        "all rejected, each with a reason that fits what is wrong with it",
        f"{len(reasons):,} rejected ({words}), {taken} not, {wronged} sound ones rejected, {odd} for another reason; "
        f"/metrics counts {counted:,.0f}",
        len(delivered.malformed) == len(reasons) == counted == count and (taken, wronged, odd) == (0, 0, 0),
    )


def _welcome(store: Path, viewers: Sequence[str]) -> Outcome:
    found = compare(store, dict.fromkeys(viewers, MESSAGES * 5))
    printed = houselights("ledger", "--store", store, "--json")
    closed = {one["session"] for one in json.loads(printed.stdout)["sessions"] if one["state"] == "closed"}
    return Outcome(
        "malformed messages from a fuzzer: sessions among them",
        len(viewers),
        "all stored, and their ledgers close",
        f"{found}, {len(closed & set(viewers))} of {len(viewers)} ledgers close",
        found.whole and found.stored == len(viewers) * MESSAGES * 5 and set(viewers) <= closed,
    )


def _forwarded(
    count: int,
    delivered: _Delivered,
    letters: Counter[tuple[Place, str]],
    metrics: Mapping[str, float],
) -> Outcome:
    places = {place for place, _ in letters}
    odd = sum(reason not in delivered.malformed.get(place, ()) for place, reason in letters)
    twice = sum(times - 1 for times in letters.values())
    missing = len(delivered.malformed.keys() - places)
    return Outcome(
        "malformed messages from a fuzzer: the dead letter topic",
        count,
        "holds every one, with its place and reason",
        f"{len(places):,} there, {missing} missing, {twice} twice, {odd} with another reason; "
        f"{metrics.get(_FORWARDED, 0):,.0f} counted",
        (missing, odd) == (0, 0) and len(places) == count,
    )


def _well(count: int, ingest: RunningIngest, watch: Watch, most_growth: float) -> Outcome:
    said = ingest.said()
    before, after, stored = watch.memory[MARKS // 2 - 1], watch.memory[-1], watch.stored
    course = ", ".join(f"{memory / 1e6:.0f}" for memory in watch.memory)
    named = len(_SESSION.findall(said))
    tracebacks = said.count("Traceback")
    log_bytes = len(said.encode())
    return Outcome(
        "malformed messages from a fuzzer: ingest",
        count,
        f"alive and well, memory flat (at the end at most {most_growth - 1:.0%} more than after half of them), "
        f"at most {MOST_LOG_BYTES} bytes of log a message, no session in it",
        f"/healthz answered 200 {watch.asked - watch.unwell} times of {watch.asked}, {course} MB after each sixth, "
        f"never more than {watch.most_memory / 1e6:.0f} MB, "
        f"while the file went from {stored[0] / 1e6:.0f} MB to {stored[-1] / 1e6:.0f} MB; "
        f"log of {log_bytes / 1e3:.1f} kB, {named} sessions named, {tracebacks} tracebacks; "
        f"exit code {ingest.exit_code}",
        ingest.exit_code == 0
        and 0 < after <= most_growth * before
        and watch.asked > watch.unwell == 0
        and log_bytes <= MOST_LOG_BYTES * count
        and (named, tracebacks) == (0, 0),
    )
