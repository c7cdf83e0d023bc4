"""Figures made by hand: what a test wants to say about an audience, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from analytics.exports.figures import Figures, LeftOut, Moment, Reaction, Scene, Second, Shown, Summary
from analytics.exports.markers import SCENE, MarkerList, Placed
from analytics.statistics import wilson
from contract.emotions import EMOTIONS
from contract.film_time import FrameRate, parse_timecode

VIEWERS = 42


def reaction(emotion: str, showing: int, viewers: int = VIEWERS) -> Reaction:
    return Reaction(emotion, viewers, showing, showing / viewers, *wilson(showing, viewers))


def reactions(counts: Mapping[str, int], viewers: int = VIEWERS) -> dict[str, Reaction]:
    return {emotion: reaction(emotion, counts.get(emotion, 0), viewers) for emotion in EMOTIONS}


def second(
    at_s: int, counts: Mapping[str, int] | None = None, *, viewers: int = VIEWERS, attention: float = 90.0
) -> Second:
    return Second(at_s * 1000, 1000, viewers, 0.0, attention, reactions(counts or {}, viewers))


def scene(
    number: int,
    name: str,
    start_s: int,
    end_s: int,
    counts: Mapping[str, int] | None = None,
    *,
    viewers: int = VIEWERS,
    attention: float = 90.0,
    valence: float = 0.0,
    strongest: str | None = None,
) -> Scene:
    """``strongest`` is what most viewers showed, unless it is given."""
    given = counts or {}
    told = strongest or max(given, key=lambda emotion: given[emotion], default="neutral")
    summary = Summary(viewers, valence, valence - 0.05, valence + 0.05, attention, told)
    return Scene(number, name, start_s * 1000, end_s * 1000, summary, reactions(given, viewers))


def withheld(number: int, name: str, start_s: int, end_s: int) -> Scene:
    return Scene(number, name, start_s * 1000, end_s * 1000)


def shown(
    *,
    rate: str = "25",
    start: str = "00:00:00:00",
    k: int = 5,
    viewers: int = VIEWERS,
    simulated: int = 0,
    running: bool = False,
    title: str = "The Film",
) -> Shown:
    frame_rate = FrameRate.parse(rate)
    return Shown(
        screening="friday",
        film="film",
        title=title,
        cut="rough-2",
        rate=frame_rate,
        start_frame=parse_timecode(start, frame_rate),
        k=k,
        sessions=viewers,
        viewers=viewers,
        simulated=simulated,
        running=running,
        version="v",
        published_at=datetime(2026, 11, 21, 20, 15, tzinfo=UTC),
    )


def figures(
    *,
    about: Shown | None = None,
    scenes: Sequence[Scene] = (),
    seconds: Sequence[Second] = (),
    left_out: Sequence[LeftOut] = (),
    moments: Sequence[Moment] = (),
) -> Figures:
    return Figures(about or shown(), tuple(scenes), tuple(seconds), tuple(left_out), tuple(moments))


def dip(start_s: int, end_s: int, showing: int, viewers: int = VIEWERS) -> Moment:
    return Moment(
        "dip", start_s * 1000, end_s * 1000, start_s * 1000, showing, viewers, *wilson(showing, viewers)
    )


def split(start_s: int, end_s: int, showing: int, displeased: int, viewers: int = VIEWERS) -> Moment:
    interval = wilson(showing, viewers)
    return Moment(
        "split", start_s * 1000, end_s * 1000, start_s * 1000, showing, viewers, *interval, displeased
    )


def a_film() -> Figures:
    """Five minutes, four scenes: one laugh, one fright, one in which nothing happens, one that k withheld."""
    seconds = []
    for at in range(240):
        counts = {"happy": 2, "fear": 1, "neutral": 12}
        if 70 <= at < 78:
            counts["happy"] = 26 - abs(at - 73)
        if 150 <= at < 153:
            counts["fear"] = 18
        seconds.append(second(at, counts, attention=60.0 if at >= 180 else 90.0))
    scenes = [
        scene(1, "Opening", 0, 60, {"happy": 3, "fear": 2, "neutral": 15}, valence=-0.05),
        scene(2, "Kitchen", 60, 120, {"happy": 28, "fear": 2}, valence=0.3),
        scene(3, "Cellar", 120, 180, {"happy": 1, "fear": 20}, valence=-0.3),
        scene(4, "Speech", 180, 240, {"happy": 2, "sad": 3}, attention=60.0, valence=-0.05),
        withheld(5, "Credits", 240, 300),
    ]
    return figures(scenes=scenes, seconds=seconds, left_out=[LeftOut("second", 60), LeftOut("scene", 1)])


def marker_list(
    markers: Sequence[Placed], *, rate: str = "25", start: str = "01:00:00:00", title: str = "The Film"
) -> MarkerList:
    frame_rate = FrameRate.parse(rate)
    frames = max((one.frame + one.frames for one in markers), default=1)
    return MarkerList(title, frame_rate, parse_timecode(start, frame_rate), frames, tuple(markers))


def placed(
    frame: int,
    frames: int = 1,
    *,
    kind: str = SCENE,
    name: str = "Scene 1: Kitchen",
    note: str = "Kitchen: quiet",
) -> Placed:
    return Placed(frame, frames, kind, name, note)
