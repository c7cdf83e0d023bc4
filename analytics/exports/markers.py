"""What a filmmaker should look at, as markers in film time. Pure.

A scene has one marker, at its first frame and as long as it is; a peak (``peaks.py``) has one too, and so has a moment
in which attention dipped or the audience split. What was withheld has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import fsum

from analytics.exports import words
from analytics.exports.figures import Figures, Moment, Reaction, Scene, Summary
from analytics.exports.peaks import MOST_PEAKS, Peak, peaks
from contract.film_time import FrameRate, format_timecode, ms_to_frame

SCENE, LOW_ATTENTION, DIP, SPLIT = "scene", "low attention", "dip", "split"
"""Kinds beside the emotions; a marker's colour goes by its kind."""
MOMENT_NAMES = {DIP: "Attention dips", SPLIT: "The audience splits"}

LESS_ATTENTION = 3.0
"""Percent points under the average scene, from which the lowest attention is worth saying."""
LESS_PLEASANT = 0.1
"""Valence by which the most or the least pleasant scene must differ from the average scene, to be called so."""
CHANGED = 0.15
"""Share of viewers by which a scene must differ from the one before, to be compared with it in words."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A stretch [start_ms, end_ms) of the cut, with words; ``showing`` of ``viewers`` showed ``emotion``, if one."""

    start_ms: int
    end_ms: int
    kind: str
    name: str
    note: str
    viewers: int
    emotion: str = ""
    showing: int | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A marker in an edit: ``frame`` from the cut's first one, ``frames`` long, one at least."""

    frame: int
    frames: int
    kind: str
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class MarkerList:
    """All that a marker file needs; ``start_frame``: the cut's first frame, counted from 00:00:00:00."""

    title: str
    rate: FrameRate
    start_frame: int
    frames: int
    markers: tuple[Placed, ...]

    def timecode(self, frame: int) -> str:
        """The label of ``frame``, counted from the cut's first one."""
        return format_timecode(self.start_frame + frame, self.rate)


def markers(figures: Figures, most_peaks: int = MOST_PEAKS) -> list[Marker]:
    """Every scene with figures, the strongest peaks, dips and splits, in film order; a scene before what is in it.

    With no peaks wanted, scenes alone.
    """
    label = words.simulated(figures.shown)
    found = [
        *_scene_markers(figures),
        *(_peak_marker(figures, one) for one in peaks(figures.seconds, most_peaks)),
        *(_moment_marker(figures, one) for one in figures.moments if most_peaks),
    ]
    if label:
        found = [replace(marker, note=f"{marker.note} ({label})") for marker in found]
    return sorted(found, key=lambda one: (one.start_ms, one.kind not in {SCENE, LOW_ATTENTION}, one.kind))


def place(figures: Figures, found: Sequence[Marker]) -> MarkerList:
    """``found`` in frames of the cut: each begins with the frame that is on the screen at its first moment."""
    shown = figures.shown

    def frame(ms: int) -> int:
        return ms_to_frame(ms, shown.rate)

    placed = tuple(
        Placed(
            frame(one.start_ms),
            max(1, frame(one.end_ms) - frame(one.start_ms)),
            one.kind,
            one.name,
            one.note,
        )
        for one in found
    )
    last = max((one.frame + one.frames for one in placed), default=1)
    title = f"{shown.title} ({shown.cut}): {shown.screening}"
    return MarkerList(title, shown.rate, shown.start_frame, max(last, frame(figures.end_ms)), placed)


def one_a_frame(placed: Iterable[Placed]) -> list[Placed]:
    """Markers of one frame made one: most programs keep only one there. The longest gives the length."""
    merged = []
    for _, group in groupby(sorted(placed, key=lambda one: one.frame), key=lambda one: one.frame):
        together = list(group)
        # A peak's colour says more than the scene's.
        kind = next((one.kind for one in together if one.kind != SCENE), SCENE)
        merged.append(
            replace(
                together[0],
                frames=max(one.frames for one in together),
                kind=kind,
                name=" / ".join(one.name for one in together),
                note=" / ".join(one.note for one in together),
            )
        )
    return merged


def lead(scene: Scene) -> Reaction | None:
    """The reaction a scene is told by: the emotion that rose most, or the most shown where that is neutral."""
    strongest = scene.reactions.get(scene.summary.strongest) if scene.summary else None
    if strongest is not None and strongest.emotion != "neutral":
        return strongest
    felt = [one for one in scene.reactions.values() if one.emotion != "neutral"]
    return max(felt, key=lambda one: (one.showing, one.emotion), default=None)


def least_attention(figures: Figures) -> Scene | None:
    """The scene that held the audience least; None where the lowest is not clearly lower than the average scene."""
    return _outermost(figures, lambda summary: -summary.attention, LESS_ATTENTION)


def most_pleasant(figures: Figures) -> Scene | None:
    """The scene of the highest valence; None where it is not clearly above the average scene."""
    return _outermost(figures, lambda summary: summary.valence, LESS_PLEASANT)


def least_pleasant(figures: Figures) -> Scene | None:
    """The scene of the lowest valence; None where it is not clearly below the average scene."""
    return _outermost(figures, lambda summary: -summary.valence, LESS_PLEASANT)


def _outermost(figures: Figures, value: Callable[[Summary], float], by: float) -> Scene | None:
    """The first scene of the highest ``value``, if that lies ``by`` or more above the mean of the scenes."""
    known = [(value(summary), scene) for scene, summary in figures.known]
    if len(known) < 2:
        return None
    highest, scene = max(known, key=lambda one: (one[0], -one[1].number))
    return scene if highest - fsum(one for one, _ in known) / len(known) >= by else None


def scene_words(scene: Scene, before: Scene | None) -> str:
    """What a scene's strongest reaction was, with its n: "18 of 42 viewers looked happy (95% interval 29–58%)"."""
    first = lead(scene)
    if first is None or first.share < words.STANDS_OUT:
        most = max((one.showing for one in scene.reactions.values() if one.emotion != "neutral"), default=0)
        count = scene.summary.viewers if scene.summary else 0
        return f"nothing stood out, at most {most} of {words.viewers(count)} showed any one emotion"
    text = f"{words.looked(first)} (95% interval {words.interval(first)})"
    earlier = before.reactions.get(first.emotion) if before else None
    if earlier is not None and abs(first.share - earlier.share) >= CHANGED:
        way = "up" if first.share > earlier.share else "down"
        text += f", {way} from {earlier.showing} a scene earlier"
    return text


def _scene_markers(figures: Figures) -> list[Marker]:
    lowest = least_attention(figures)
    extremes = ((most_pleasant(figures), "most"), (least_pleasant(figures), "least"))
    found = []
    before: Scene | None = None
    for scene in figures.scenes:
        if scene.summary is not None:
            mood = "".join(f"; {which} pleasant of the film" for one, which in extremes if one is scene)
            found.append(_scene_marker(scene, scene.summary, before, mood, lowest is scene))
        before = scene
    return found


def _scene_marker(scene: Scene, summary: Summary, before: Scene | None, mood: str, lowest: bool) -> Marker:
    first = lead(scene)
    note = (
        f"{scene.name}: {scene_words(scene, before)}; facing the screen {summary.attention:.0f}% of the time"
        f"{', lowest of the film' if lowest else ''}{mood}{words.few(summary.viewers)}"
    )
    return Marker(
        scene.start_ms,
        scene.end_ms,
        LOW_ATTENTION if lowest else SCENE,
        f"Scene {scene.number}: {scene.name}",
        note,
        summary.viewers,
        first.emotion if first else "",
        first.showing if first else None,
    )


def _peak_marker(figures: Figures, peak: Peak) -> Marker:
    scene = figures.scene_at(peak.height_ms)
    height = peak.height
    note = (
        f"{scene.name + ': ' if scene else 'Between scenes: '}"
        f"at its height {words.looked(height)} ({words.percent(height.share)}, 95% interval "
        f"{words.interval(height)}; {words.percent(peak.usual)} on average over the film), for "
        f"{words.length(peak.end_ms - peak.start_ms)}{words.few(height.viewers)}"
    )
    return Marker(
        peak.start_ms,
        peak.end_ms,
        peak.emotion,
        f"Peak: {height.showing} of {height.viewers} {words.LOOKED[peak.emotion]}",
        note,
        height.viewers,
        peak.emotion,
        height.showing,
    )


def moment_words(moment: Moment) -> str:
    """As in "12 of 42 viewers looked away more than they usually do (95% interval 17–44%)"."""
    found = f"{moment.showing} of {words.viewers(moment.viewers)}"
    if moment.displeased is None:
        return f"{found} looked away more than they usually do (95% interval {words.interval(moment)})"
    pleased = moment.showing - moment.displeased
    return f"{found} moved apart, {pleased} more pleased than usual and {moment.displeased} less"


def _moment_marker(figures: Figures, moment: Moment) -> Marker:
    scene = figures.scene_at(moment.peak_ms)
    note = (
        f"{scene.name + ': ' if scene else 'Between scenes: '}at its height {moment_words(moment)}, for "
        f"{words.length(moment.end_ms - moment.start_ms)}{words.few(moment.viewers)}"
    )
    told = f"{MOMENT_NAMES[moment.kind]}: {moment.showing} of {moment.viewers}"
    return Marker(moment.start_ms, moment.end_ms, moment.kind, told, note, moment.viewers)
