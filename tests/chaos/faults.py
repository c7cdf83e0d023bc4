"""The fault table."""

from __future__ import annotations

from tests.chaos.disks import bit_flips, disk_full_outbox, disk_full_store, wal_cut
from tests.chaos.hostile import crowd, fuzzed_messages
from tests.chaos.kills import frozen_writer, kill_agent, kill_ingest
from tests.chaos.network import bad_network, broker_restarts
from tests.chaos.outcome import Fault

FAULTS: dict[str, Fault] = {
    fault.__name__: fault
    for fault in (
        kill_ingest, kill_agent, frozen_writer, broker_restarts, bad_network,
        disk_full_store, disk_full_outbox, wal_cut, bit_flips, fuzzed_messages, crowd,
    )
}  # fmt: skip
