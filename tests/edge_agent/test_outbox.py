from __future__ import annotations

import os
import random
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.messages import End, Message, Reactions, Sample, Start, Withdraw, decode
from edge_agent.errors import OutboxError, OutboxStuckError
from edge_agent.outbox import Ledger, Outbox
from tests.edge_agent.conftest import RunPython

ONE, OTHER = "1" * 32, "2" * 32


def start(session: str = ONE) -> Start:
    return Start(
        session=session,
        screening="s",
        film="f",
        cut="c",
        consent_version=1,
        consent_language="en",
        agent_version="0",
        model="m",
        calibration=0,
    )


def reactions(seq: int, samples: int = 2, session: str = ONE) -> Reactions:
    sample = Sample(t=0, d=1000, pass_=0, viewer=0, n=0, seen=0, front=0)
    return Reactions(session=session, seq=seq, samples=[sample] * samples)


def waiting(outbox: Outbox) -> list[Message]:
    return [decode(message.body) for message in outbox.pending(1000)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "o.outbox"


def test_messages_come_out_in_order_and_stay_until_they_are_taken(path: Path) -> None:
    messages: list[Message] = [start(), reactions(1), reactions(2, 3), Withdraw(session=OTHER)]
    with Outbox(path) as outbox:
        for message in messages:
            outbox.append(message)
        assert waiting(outbox) == messages
        assert [message.samples for message in outbox.pending(2)] == [0, 2]
        outbox.ack([message.id for message in outbox.pending(2)])
        assert waiting(outbox) == messages[2:]
        assert (outbox.left(), outbox.left(ONE), outbox.left(OTHER), outbox.waiting()) == (3, 3, 0, 2)
    with Outbox(path) as outbox:  # opened again
        assert waiting(outbox) == messages[2:]


def test_numbers_are_never_used_twice(path: Path) -> None:
    with Outbox(path) as outbox:
        outbox.append(start())
        (first,) = outbox.pending()
        outbox.ack([first.id])
        outbox.append(start())
        (second,) = outbox.pending()
    assert second.id > first.id


def test_the_ledger_counts_samples(path: Path) -> None:
    with Outbox(path) as outbox:
        outbox.append(start())
        outbox.append(reactions(1, 4))
        outbox.append(reactions(2, 5))
        outbox.ack([message.id for message in outbox.pending(2)])
        assert outbox.ledger(ONE) == Ledger(generated=9, dropped=0, left=5, last_seq=2)
        assert outbox.ledger(ONE).published == 4
        assert outbox.ledger(OTHER) == Ledger(0, 0, 0, 0)
        end = outbox.append_end(ONE)
        assert end == End(session=ONE, seq=2, generated=9, dropped=0, left=5)
        assert waiting(outbox)[-1] == end


def test_a_session_that_is_taken_back_is_forgotten_and_the_others_stay(path: Path) -> None:
    with Outbox(path) as outbox:
        for session in (ONE, OTHER):
            outbox.append(start(session))
            outbox.append(reactions(1, session=session))
        handed_out = outbox.pending()
        withdrawal = outbox.withdraw(ONE)
        outbox.ack([handed_out[0].id])  # on its way while the viewer took it back
        assert waiting(outbox) == [start(OTHER), reactions(1, session=OTHER), withdrawal]
        assert withdrawal == Withdraw(session=ONE)
        assert outbox.ledger(ONE) == Ledger(generated=0, dropped=0, left=0, last_seq=0)
        assert outbox.ledger(OTHER).left == 2
    assert ONE.encode() in path.read_bytes()  # once, in the withdrawal
    assert b'"type":"reactions","session":"' + ONE.encode() not in path.read_bytes()


def test_over_its_cap_the_oldest_reactions_are_dropped_and_counted(path: Path) -> None:
    with Outbox(path, cap_bytes=2000) as outbox:
        outbox.append(start())
        for seq in range(1, 41):
            outbox.append(reactions(seq))
        ledger = outbox.ledger(ONE)
        kept = [message.seq for message in waiting(outbox) if isinstance(message, Reactions)]
        assert isinstance(waiting(outbox)[0], Start)
        assert kept == list(range(41 - len(kept), 41))
        assert 0 < len(kept) < 40
        assert ledger == Ledger(generated=80, dropped=80 - 2 * len(kept), left=2 * len(kept), last_seq=40)


def test_what_was_handed_out_is_not_dropped(path: Path) -> None:
    with Outbox(path, cap_bytes=2000) as outbox:
        outbox.append(reactions(1))
        handed_out = outbox.pending(1)
        for seq in range(2, 41):
            outbox.append(reactions(seq))
        assert [message.seq for message in waiting(outbox) if isinstance(message, Reactions)][:1] == [1]
        outbox.ack([message.id for message in handed_out])
        ledger = outbox.ledger(ONE)
        assert ledger.published == 2
        assert ledger.generated == ledger.published + ledger.dropped + ledger.left


def test_an_end_that_waits_is_corrected_when_reactions_ahead_of_it_are_dropped(path: Path) -> None:
    with Outbox(path, cap_bytes=3000) as outbox:
        outbox.append(reactions(1))
        assert outbox.append_end(ONE).dropped == 0
        for seq in range(1, 41):
            outbox.append(reactions(seq, session=OTHER))
        (end,) = [message for message in waiting(outbox) if isinstance(message, End)]
        assert (end.generated, end.dropped, end.left) == (2, 2, 0)
        assert outbox.ledger(ONE) == Ledger(generated=2, dropped=2, left=0, last_seq=1)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.integers(1, 30)),
        st.tuples(st.sampled_from(["take", "ack", "reopen"]), st.integers(0, 5)),
    ),
    max_size=40,
)


@settings(deadline=None)  # each append waits for the disk
@given(steps)
def test_whatever_happens_the_ledger_closes(script: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "o"
        outbox = Outbox(path, cap_bytes=4000)
        generated = published = seq = 0
        for what, number in script:
            if what == "append":
                seq += 1
                generated += number
                outbox.append(reactions(seq, number))
            elif what == "reopen":
                outbox.close()
                outbox = Outbox(path, cap_bytes=4000)
            else:
                taken = outbox.pending(number)
                if what == "ack":
                    published += sum(message.samples for message in taken)
                    outbox.ack([message.id for message in taken])
            ledger = outbox.ledger(ONE)
            assert (ledger.generated, ledger.published) == (generated, published)
            assert ledger.left == outbox.left(ONE) >= 0
            assert ledger.dropped >= 0
        outbox.close()


REACTIONS = """
from contract.messages import Reactions, Sample
def reactions(seq, samples):
    sample = Sample(t=0, d=1000, pass_=0, viewer=0, n=0, seen=0, front=0)
    return Reactions(session="1" * 32, seq=seq, samples=[sample] * samples)
"""

WRITER = f"""
import sys
from pathlib import Path
from edge_agent.outbox import Outbox
{REACTIONS}
with Outbox(Path(sys.argv[1])) as outbox:
    seq = outbox.ledger("1" * 32).last_seq
    while True:
        seq += 1
        outbox.append(reactions(seq, 2))
        print(seq, flush=True)
"""


def test_kill_9_loses_nothing_that_was_appended(path: Path, repository: Path) -> None:
    chance = random.Random(3)
    told = 0
    for _ in range(6):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)],
            cwd=repository,
            env=os.environ | {"PYTHONPATH": str(repository)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        told = int(writer.stdout.readline())
        time.sleep(chance.uniform(0, 0.3))
        writer.kill()
        rest = writer.stdout.read().split("\n")[:-1]  # the last line may be cut
        told = int(rest[-1]) if rest else told
        writer.stdout.close()
        writer.wait()
        with Outbox(path) as outbox:
            kept = [decode(message.body) for message in outbox.pending(1_000_000)]
            seqs = [message.seq for message in kept if isinstance(message, Reactions)]
            assert seqs == list(range(1, len(seqs) + 1))
            assert len(seqs) in {told, told + 1}  # one may have been kept and not yet told
            assert outbox.ledger(ONE) == Ledger(2 * len(seqs), 0, 2 * len(seqs), len(seqs))


def test_two_threads_and_two_openings_share_one_file(path: Path) -> None:
    def write(outbox: Outbox, session: str) -> None:
        for seq in range(1, 51):
            outbox.append(reactions(seq, 1, session))

    with Outbox(path) as one, Outbox(path) as other:
        threads = [
            threading.Thread(target=write, args=(outbox, session))
            for outbox, session in ((one, "a" * 32), (one, "b" * 32), (other, "c" * 32))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert one.left() == other.left() == 150
        assert one.ledger("b" * 32).last_seq == 50


def test_only_its_owner_can_read_it(path: Path) -> None:
    Outbox(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_has_a_name_of_its_own_as_a_source(path: Path, tmp_path: Path) -> None:
    names = set()
    for file in (path, path, tmp_path / "another"):
        Outbox(file).close()
        with sqlite3.connect(file) as database:
            rows = database.execute("SELECT id FROM outbox").fetchall()
        database.close()
        assert len(rows) == 1
        names.add(rows[0][0])
    assert len(names) == 2
    assert all(len(name) == 32 for name in names)


def test_a_file_that_is_no_outbox_is_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("dear diary\n" * 100)
    with pytest.raises(OutboxError, match="it is no SQLite file"):
        Outbox(text)
    assert text.read_text().startswith("dear diary")

    foreign = tmp_path / "foreign.db"
    database = sqlite3.connect(foreign)
    database.execute("CREATE TABLE recipes (name TEXT)")
    database.commit()
    database.close()
    with pytest.raises(OutboxError, match="another program's database"):
        Outbox(foreign)


def test_a_place_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutboxError, match="cannot be opened: No such file"):
        Outbox(tmp_path / "no" / "such" / "folder" / "o")
    with pytest.raises(OutboxError, match="cannot be opened"):
        Outbox(tmp_path)


def test_a_closed_outbox_says_so(path: Path) -> None:
    outbox = Outbox(path)
    outbox.close()
    outbox.close()
    with pytest.raises(OutboxError, match="is closed"):
        outbox.append(start())


FULL_DISK = f"""
import resource, signal
from pathlib import Path
from edge_agent.errors import OutboxStuckError
from edge_agent.outbox import Outbox
{REACTIONS}
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write past the limit then fails as on a full disk
with Outbox(Path(PATH)) as outbox:
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
    seq = 0
    try:
        while True:
            outbox.append(reactions(seq + 1, 100))
            seq += 1
    except OutboxStuckError as error:
        print(seq, error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    outbox.append(reactions(seq + 1, 100))
    print("and on it goes")
"""


def test_a_full_disk_is_one_line_and_keeps_what_was_kept_until_there_is_room(
    path: Path, run_python: RunPython
) -> None:
    out = run_python(FULL_DISK.replace("PATH", repr(str(path))))
    kept, text = out.split(" ", 1)
    assert int(kept) > 0
    assert "cannot be written" in text
    assert "give --outbox on another disk" in text
    assert text.strip().splitlines()[1:] == ["and on it goes"]
    with Outbox(path) as outbox:
        assert outbox.ledger(ONE).generated == 100 * (int(kept) + 1)


def test_who_waits_too_long_for_another_program_may_try_again(path: Path) -> None:
    with Outbox(path) as outbox:
        outbox._database.execute("PRAGMA busy_timeout = 10")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OutboxStuckError, match="another program has held it"):
            outbox.append(reactions(1))
        other.execute("ROLLBACK")
        other.close()
        outbox.append(reactions(1))
        assert outbox.left() == 2


def damage(path: Path, statement: str) -> None:
    database = sqlite3.connect(path)
    database.execute(statement)
    database.commit()
    database.close()


def test_a_damaged_message_is_not_handed_out_and_counts_as_dropped(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Outbox(path) as outbox:
        for seq in (1, 2, 3):
            outbox.append(reactions(seq))
        outbox.append_end(ONE)
    damage(path, "UPDATE message SET body = CAST(replace(body, '1000', '9000') AS BLOB) WHERE id = 2")
    with Outbox(path) as outbox:
        assert waiting(outbox) == [reactions(1), reactions(3), End(ONE, 3, generated=6, dropped=2, left=4)]
        assert outbox.ledger(ONE) == Ledger(generated=6, dropped=2, left=4, last_seq=3)
    assert "1 messages of the outbox" in caplog.text
    assert "2 samples are lost, and count as dropped" in caplog.text
    assert ONE not in caplog.text


def test_damaged_counts_are_told_and_what_waits_is_sent_all_the_same(path: Path) -> None:
    with Outbox(path) as outbox:
        outbox.append(reactions(1))
    damage(path, "UPDATE session SET dropped = 1")
    with Outbox(path) as outbox:
        outbox.append(reactions(2))
        assert waiting(outbox) == [reactions(1), reactions(2)]
        with pytest.raises(OutboxError, match="houselights ledger will name the session"):
            outbox.append_end(ONE)


def test_a_damaged_structure_is_refused_and_left_alone(path: Path) -> None:
    with Outbox(path) as outbox:
        for seq in range(1, 101):
            outbox.append(reactions(seq, 20))
    content = bytearray(path.read_bytes())
    content[-4096] ^= 1  # the kind of the last page
    path.write_bytes(content)
    with pytest.raises(OutboxError, match="cannot be opened: it is damaged; move it away"):
        Outbox(path)
    assert path.read_bytes() == content


KILLED = f"""
import os, signal, sys
from pathlib import Path
from edge_agent.outbox import Outbox
{REACTIONS}
outbox = Outbox(Path(PATH))
for seq in range(1, 11):
    outbox.append(reactions(seq, 2))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_changes_that_a_damaged_log_lost_are_told_and_the_file_gets_a_new_name(
    path: Path, repository: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Outbox(path).close()
    name = name_of(path)
    killed = KILLED.replace("PATH", repr(str(path)))
    subprocess.run([sys.executable, "-c", killed], cwd=repository, check=False)
    log = path.with_name(f"{path.name}-wal")
    content = bytearray(log.read_bytes())
    content[len(content) // 2] ^= 1
    log.write_bytes(content)
    with Outbox(path) as outbox:
        assert 0 < outbox.left() < 20
    assert "the newest changes of the outbox" in caplog.text
    assert name_of(path) != name


def name_of(path: Path) -> str:
    database = sqlite3.connect(path)
    ((name,),) = database.execute("SELECT id FROM outbox").fetchall()
    database.close()
    return str(name)
