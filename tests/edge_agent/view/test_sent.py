from __future__ import annotations

from contract.messages import End, Reactions, Sample, Withdraw, encode
from edge_agent.outbox import Outgoing
from edge_agent.view.messages import Last, Sent
from edge_agent.view.sent import SentLog

SESSION = "0" * 32


def reactions(seq: int, samples: int = 1) -> Reactions:
    one = Sample(t=0, d=1000, pass_=0, viewer=0, n=0, seen=0, front=0)
    return Reactions(session=SESSION, seq=seq, samples=[one] * samples)


def outgoing(message: Reactions, session: str = SESSION) -> Outgoing:
    return Outgoing(1, session, len(message.samples), encode(message))


def test_what_waits_is_shown_until_something_was_sent() -> None:
    log = SentLog(SESSION)
    assert (log.last, log.counts) == (None, Sent())
    log.kept(reactions(1, 3))
    log.kept(reactions(2))
    assert log.last == Last(encode(reactions(2)).decode(), sent=False)
    log.taken(outgoing(reactions(1, 3)))
    assert log.last == Last(encode(reactions(1, 3)).decode(), sent=True)
    assert log.lines(sent=True) == encode(reactions(1, 3)) + b"\n"
    assert log.lines(sent=False) == encode(reactions(2)) + b"\n"
    bodies = encode(reactions(1, 3)) + encode(reactions(2))
    assert log.counts == Sent(messages=1, waiting=1, samples=4, bytes=len(bodies))


def test_what_left_is_shown_as_it_left_though_it_was_kept_otherwise() -> None:
    log = SentLog(SESSION)
    log.kept(End(session=SESSION, seq=1, generated=5, dropped=0, left=0))
    later = End(session=SESSION, seq=1, generated=5, dropped=2, left=0)
    log.taken(Outgoing(1, SESSION, 0, encode(later)))
    assert log.last == Last(encode(later).decode(), sent=True)


def test_messages_of_another_film_are_not_shown() -> None:
    log = SentLog(SESSION)
    log.taken(outgoing(reactions(1), session="1" * 32))
    assert log.counts == Sent()


def test_what_is_taken_back_waits_no_more() -> None:
    log = SentLog(SESSION)
    log.kept(reactions(1))
    log.taken(outgoing(reactions(1)))
    log.kept(reactions(2))
    log.kept(Withdraw(session=SESSION))
    assert log.lines(sent=True) == encode(reactions(1)) + b"\n"
    assert log.lines(sent=False) == encode(Withdraw(session=SESSION)) + b"\n"
