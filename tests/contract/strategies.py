"""Hypothesis strategies that draw any message of the contract."""

from __future__ import annotations

from hypothesis import strategies as st

from contract.messages import LAST_FILM_MS, End, Message, Reactions, Sample, Start, Withdraw

sessions = st.text("0123456789abcdef", min_size=32, max_size=32)
slugs = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", fullmatch=True)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=128)
counts = st.integers(0, 2**31 - 1)


@st.composite
def scores(draw: st.DrawFn) -> tuple[int, int, int, int, int, int, int]:
    """Seven whole percents that sum to 100."""
    a, b, c, d, e, f = sorted(draw(st.lists(st.integers(0, 100), min_size=6, max_size=6)))
    return a, b - a, c - b, d - c, e - d, f - e, 100 - f


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    """One sample that keeps every rule."""
    n = draw(st.integers(0, 10_000))
    seen = draw(st.integers(0, 100))
    return Sample(
        t=1000 * draw(st.integers(0, LAST_FILM_MS // 1000)),
        d=1000 * draw(st.integers(1, 60)),
        pass_=draw(st.integers(0, 1000)),
        viewer=draw(st.integers(0, 999)),
        n=n,
        seen=seen,
        front=draw(st.integers(0, seen)),
        p=draw(scores()) if n else None,
    )


messages: st.SearchStrategy[Message] = st.one_of(
    st.builds(
        Start,
        session=sessions, screening=slugs, film=slugs, cut=slugs, consent_version=counts,
        consent_language=st.sampled_from(["en", "de", "pt-BR", "zh-Hant-TW"]),
        agent_version=names, model=names, calibration=st.integers(0, 100), simulated=st.booleans(),
    ),
    st.builds(
        Reactions,
        session=sessions, seq=st.integers(1, 2**31 - 1), samples=st.lists(samples(), min_size=1, max_size=20),
    ),
    st.builds(End, session=sessions, seq=counts, generated=counts, dropped=counts, left=counts),
    st.builds(Withdraw, session=sessions),
)  # fmt: skip
