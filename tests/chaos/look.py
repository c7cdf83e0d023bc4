"""Reads files in which a bit may have flipped: ``python -m tests.chaos.look``, a line in, a line out.

In a process of its own, for a library that takes a damaged file for a whole one may crash. The verdict on each is

right      all that is read is as it was, once ingest has read again what the store lost
told       something is gone, the log says so, and the ledger closes or names the session
refused    an error of the project, in one line
wrong      anything else that was read
traceback  an error that the command line would not take for a line
"""

from __future__ import annotations

import json
import shutil
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from analytics.errors import AnalyticsError
from analytics.publish import publish
from analytics.serving import Serving
from contract.messages import Reactions, decode
from edge_agent.errors import EdgeError
from edge_agent.outbox import Outbox
from ingest.errors import IngestError
from ingest.ledger import ledgers
from ingest.outbox_source import OutboxSource, samples_in_outbox
from ingest.service import run
from ingest.store_file import STORE_NAME, opened_to_read
from tests.chaos.replay import ListSource
from tests.chaos.tried import said_by
from tests.chaos.world import compare, samples

PROJECTS_OWN = (AnalyticsError, EdgeError, IngestError)
Rows = dict[str, list[tuple[object, ...]]]


def serving(folder: Path) -> Rows:
    """All that is published, save when."""
    store = Serving(folder)
    names = store.run_sql(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = 'serving' ORDER BY table_name"
    )
    return {
        name: store.run_sql(f'SELECT * FROM "{name}" ORDER BY ALL').rows
        for (name,) in names.rows
        if name != "published"
    }


def store(folder: Path) -> Rows:
    """All tables, then what the rest of the topic makes of them and of the figures."""
    before = {f"{name} before": rows for name, rows in _tables(folder).items()}
    return before | log(folder)


def log(folder: Path) -> Rows:
    """All tables and figures, after all of the topic was read."""
    with said_by("ingest"):
        run(ListSource(), folder, once=True)
    return _tables(folder) | serving(folder)


def final(folder: Path) -> Rows:
    """What a publish makes of figures whose rows are gone."""
    publish(folder / STORE_NAME, folder)
    return serving(folder)


def _tables(folder: Path) -> Rows:
    with opened_to_read(folder) as connection:
        names = connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY table_name").fetchall()
        return {
            name: connection.execute(f'SELECT * FROM "{name}" ORDER BY ALL').fetchall() for (name,) in names
        }


def outbox(folder: Path, sent: dict[str, int]) -> tuple[str, str]:
    """The device's look at a copy of its outbox, then ingest's at the file itself."""
    copy = folder / "copy"
    copy.mkdir()
    for file in folder.glob("viewer.outbox*"):
        shutil.copy(file, copy)
    with said_by("edge_agent") as said, Outbox(copy / "viewer.outbox") as opened:
        handed_out = [decode(message.body) for message in opened.pending(1_000_000)]
    made = [one for one in handed_out if isinstance(one, Reactions)]
    if any(one.samples != samples((one.seq - 1) * 5, 5) for one in made):
        return "wrong", "the device hands out what nobody made"
    lost = sum(sent.values()) - sum(len(one.samples) for one in made)
    if lost and not said:
        return "wrong", f"the device says nothing of {lost} samples"
    with said_by("ingest") as said:
        run(OutboxSource(folder / "viewer.outbox"), folder, once=True)
    found = compare(folder, sent)
    with opened_to_read(folder) as connection:
        strange = connection.execute(_STRANGE).fetchall()
        known = {one.session: one for one in ledgers(connection)}
    if found.doubled or strange or found.stored + found.lost != sum(sent.values()):
        return "wrong", f"{found}; {len(strange)} rows that nobody made"
    if any(one.closes and one.generated != sent.get(name) for name, one in known.items()):
        return "wrong", f"a ledger closes over other samples than were made: {known}"
    if found.lost == 0 and all(name in known and known[name].closes for name in sent):
        return "right", ""
    return ("told", said[0]) if said else ("wrong", f"nothing is said: {found}")


_STRANGE = "FROM reaction WHERE happy IS DISTINCT FROM (t_ms // 1000) % 101 OR n != 4"
_LOOKS: dict[str, Callable[[Path], Rows]] = {
    "store.duckdb": store,
    "its WAL": log,
    "serving.duckdb": serving,
    "final.duckdb": final,
}


class Reader:
    """Verdicts; what a whole file reads like is found out once."""

    def __init__(self) -> None:
        self._good: dict[str, Rows] = {}
        self._sent: dict[str, dict[str, int]] = {}

    def verdict(self, name: str, template: Path, folder: Path) -> tuple[str, str]:
        """On the file called ``name`` in ``folder``, which was copied from ``template``."""
        if name in _LOOKS and name not in self._good:
            self._good[name] = _LOOKS[name](_copy(template, folder))
        if name not in _LOOKS and name not in self._sent:
            self._sent[name] = samples_in_outbox(_copy(template, folder) / "viewer.outbox")
        try:
            if name not in _LOOKS:
                return outbox(folder, self._sent[name])
            found = _LOOKS[name](folder)
        except PROJECTS_OWN as error:
            return ("refused", str(error)) if "\n" not in str(error) else ("traceback", str(error))
        except Exception:  # noqa: BLE001  # whatever it is, it is the finding
            return "traceback", traceback.format_exc()[-2000:]
        differ = [table for table, rows in self._good[name].items() if found.get(table) != rows]
        return ("wrong", f"other rows in {differ}") if differ else ("right", "")


def _copy(template: Path, folder: Path) -> Path:
    return Path(shutil.copytree(template, folder.with_name(f"{folder.name} as it was")))


if __name__ == "__main__":
    reader = Reader()
    for line in sys.stdin:
        named, whole, flipped = json.loads(line)
        print(json.dumps(reader.verdict(named, Path(whole), Path(flipped))), flush=True)  # noqa: T201  # the answer
