"""The film in one drawing: who looked how, the mood, and who looked at all, over film time. SVG, drawn here.

Three panels over one axis. The page's own style colours words and rules, so that it reads on light, dark and paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from analytics.exports import words
from analytics.exports.colours import PAGE_COLOURS
from analytics.exports.figures import Figures, Summary
from analytics.exports.peaks import Peak
from analytics.exports.report.lines import Point, line, share, step_ms, strongest

MOST_BINS = 480
"""As the dashboard: a feature of two hours has a point every 15 s."""
BAND_FROM = 0.1
"""Share from which a line has its interval drawn round it."""
_LETTER_PX = 6.6
"""A letter of the 12 px labels, on average and a little more."""
_STRIP, _GAP, _AXIS = 38, 34, 24
_TICK_STEPS_MS = tuple(1_000 * s for s in (5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600))


@dataclass(frozen=True, slots=True)
class Size:
    """Room of a drawing, in its own units: pixels at full width."""

    width: int
    left: int
    heights: tuple[int, int, int]
    ticks: int


BROAD = Size(width=860, left=44, heights=(190, 110, 64), ticks=10)
NARROW = Size(width=360, left=44, heights=(170, 100, 60), ticks=4)


class _Panel:
    """A box with a scale: ``low`` at its foot, ``high`` at its head."""

    def __init__(self, top: float, height: float, low: float, high: float) -> None:
        self.top, self.height, self.low, self.high = top, height, low, high

    @property
    def foot(self) -> float:
        return self.top + self.height

    def y(self, value: float) -> float:
        inside = min(max(value, self.low), self.high)
        return self.foot - (inside - self.low) / (self.high - self.low) * self.height


def film_chart(figures: Figures, found: Sequence[Peak], size: Size) -> str:
    """The drawing, as inline SVG; ``found``: the peaks to mark."""
    film = _Film(figures, found, size)
    shares = _share_panel(film)
    mood = _Panel(shares.foot + _GAP, size.heights[1], *_mood_limits(figures))
    watched = _Panel(mood.foot + _GAP, size.heights[2], 0, 100)
    height = watched.foot + _AXIS
    limits = [(mood.low, _short(mood.low)), (0, "0"), (mood.high, _short(mood.high))]
    parts = [
        *_bands(film, watched.foot),
        *_scale(film, shares, [(tick / 100, f"{tick}%") for tick in _ticks(shares.high)]),
        *_scale(film, mood, limits),
        *_scale(film, watched, [(0, "0%"), (50, "50%"), (100, "100%")]),
        _title("Share of viewers who looked …", size.left, shares.top),
        _title("Mood, pleasant above 0", size.left, mood.top),
        _title("Facing the screen", size.left, watched.top),
        *_mood(film, mood),
        *_watched(film, watched),
        *_shares(film, shares),
        *_axis(film, watched.foot),
    ]
    return f'<svg viewBox="0 0 {size.width} {height:.0f}" xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'


def says(figures: Figures) -> str:
    """What a screen reader says in place of the drawing."""
    told = []
    for emotion in strongest(figures.seconds, _step(figures)):
        high = max(
            (second for second in figures.seconds if emotion in second.reactions),
            key=lambda second: second.reactions[emotion].share,
        )
        told.append(f"{words.looked(high.reactions[emotion])} at {words.clock(high.t_ms)}")
    heights = "; ".join(told) or "nothing to show"
    return f"Emotions, mood and attention over the film. Highest: {heights}."


def point_words(figures: Figures) -> str:
    """How much film one drawn point averages over."""
    return words.length(_step(figures))


class _Film:
    """What is drawn, and where film time lies across the drawing."""

    def __init__(self, figures: Figures, found: Sequence[Peak], size: Size) -> None:
        self.figures, self.peaks, self.size = figures, found, size
        self.step = _step(figures)
        self.span = max(1, figures.end_ms)
        self.left, self.right = size.left, size.width - 8
        lines = strongest(figures.seconds, self.step)
        self.emotions = [*lines, *sorted({peak.emotion for peak in found} - set(lines))]

    def x(self, ms: float) -> float:
        return self.left + ms / self.span * (self.right - self.left)

    def height(self, emotion: str) -> Point:
        """The highest that is drawn of an emotion, on its line or at a peak."""
        drawn = [p for stretch in line(self.figures.seconds, share(emotion), self.step) for p in stretch]
        drawn += [Point(p.height_ms + 500, p.height.share) for p in self.peaks if p.emotion == emotion]
        return max(drawn, key=lambda point: point.value)


def _step(figures: Figures) -> int:
    return step_ms(max(1, figures.end_ms), MOST_BINS)


def _share_panel(film: _Film) -> _Panel:
    highest = max((film.height(emotion).value for emotion in film.emotions), default=0.0)
    top = next((limit for limit in (0.25, 0.5, 0.75) if highest <= limit * 0.86), 1.0)
    return _Panel(_STRIP + 26, film.size.heights[0], 0, top)


def _ticks(high: float) -> list[int]:
    return list(range(0, round(100 * high) + 1, 25 if high > 0.5 else 10 if high > 0.25 else 5))


def _mood_limits(figures: Figures) -> tuple[float, float]:
    ends = [abs(end) for _, summary in figures.known for end in _mood_ends(summary)]
    limit = next((each for each in (0.25, 0.5) if max(ends, default=1.0) <= each), 1.0)
    return -limit, limit


def _mood_ends(summary: Summary) -> tuple[float, float]:
    if summary.valence_low is None or summary.valence_high is None:
        return summary.valence, summary.valence
    return summary.valence_low, summary.valence_high


def _bands(film: _Film, foot: float) -> list[str]:
    parts, free = [], 0.0
    for scene in film.figures.scenes:
        left, width = film.x(scene.start_ms), film.x(scene.end_ms) - film.x(scene.start_ms)
        shade = 0.13 if scene.number % 2 else 0.05
        parts.append(
            f'<rect class="band" x="{left:.1f}" y="0" width="{width:.1f}" height="{foot:.1f}" '
            f'fill-opacity="{shade}"><title>{escape(f"{scene.number} · {scene.name}")}</title></rect>'
        )
        middle, half = left + width / 2, len(str(scene.number)) * 4.0 + 3
        # Where scenes are narrow, every other number or fewer.
        if middle - half >= free:
            parts.append(_text(middle, 15, str(scene.number), "number", "middle"))
            free = middle + half
        if width >= len(scene.name) * _LETTER_PX + 6:
            parts.append(_text(middle, 31, scene.name, "", "middle"))
    return parts


def _scale(film: _Film, panel: _Panel, ticks: Sequence[tuple[float, str]]) -> list[str]:
    parts = []
    for value, name in ticks:
        y, kind = panel.y(value), "zero" if value == 0 else "rule"
        parts += [
            f'<line class="{kind}" x1="{film.left}" x2="{film.right}" y1="{y:.1f}" y2="{y:.1f}"/>',
            _text(film.left - 6, y + 4, name, "", "end"),
        ]
    return parts


def _title(text: str, left: float, top: float) -> str:
    return _text(left, top - 9, text, "head", "start")


def _shares(film: _Film, panel: _Panel) -> list[str]:
    parts = []
    for emotion in film.emotions:
        colour = PAGE_COLOURS[emotion]
        middle, low, high = (
            line(film.figures.seconds, share(emotion, end), film.step)
            for end in ("share", "share_low", "share_high")
        )
        for stretch in zip(middle, low, high, strict=True):
            parts += _area(film, panel, *stretch, colour)
        parts += [_path(film, panel, stretch, colour, 2) for stretch in middle]
    parts += [
        f'<circle class="dot" cx="{film.x(peak.height_ms + 500):.1f}" cy="{panel.y(peak.height.share):.1f}" r="3.5" '
        f'fill="{PAGE_COLOURS[peak.emotion]}"/>'
        for peak in film.peaks
    ]
    return parts + _names(film, panel)


def _names(film: _Film, panel: _Panel) -> list[str]:
    """Each line's name above its height, or below where another name stands: a reader need not tell colours apart."""
    parts, taken = [], list[tuple[float, float, float]]()
    for emotion in film.emotions:
        name, height = words.LOOKED[emotion], film.height(emotion)
        half = len(name) * 7.2 / 2
        at = min(max(film.x(height.ms), film.left + half), film.right - half)
        y = max(panel.y(height.value) - 8, panel.top + 10)
        while any(abs(at - other) < half + wide and abs(y - above) < 14 for other, above, wide in taken):
            y += 14
        taken.append((at, y, half))
        parts.append(_text(at, y, name, "halo", "middle", PAGE_COLOURS[emotion]))
    return parts


def _mood(film: _Film, panel: _Panel) -> list[str]:
    parts = [
        _path(film, panel, part, "var(--soft)", 1, opacity=0.7)
        for part in line(film.figures.seconds, lambda second: second.valence, film.step)
    ]
    for scene, summary in film.figures.known:
        left = film.x(scene.start_ms) + 1
        width = max(2.0, film.x(scene.end_ms) - left - 1)
        low, high = _mood_ends(summary)
        top, foot, middle = panel.y(high), panel.y(low), panel.y(summary.valence)
        parts.append(
            f'<rect class="band" x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{max(1.0, foot - top):.1f}" '
            'fill-opacity="0.38"/>'
            f'<line x1="{left:.1f}" x2="{left + width:.1f}" y1="{middle:.1f}" y2="{middle:.1f}" stroke="var(--ink)" '
            'stroke-width="2"/>'
        )
    return parts


def _watched(film: _Film, panel: _Panel) -> list[str]:
    return [
        _path(film, panel, part, "var(--ink)", 1.6)
        for part in line(film.figures.seconds, lambda second: second.attention, film.step)
    ]


def _axis(film: _Film, foot: float) -> list[str]:
    step = next((each for each in _TICK_STEPS_MS if film.span <= each * film.size.ticks), _TICK_STEPS_MS[-1])
    parts = []
    for ms in range(0, film.span + 1, step):
        anchor = "start" if ms == 0 else "end" if film.right - film.x(ms) < 20 else "middle"
        parts.append(_text(film.x(ms), foot + 17, words.clock(ms), "", anchor))
    return parts


def _path(
    film: _Film, panel: _Panel, points: Sequence[Point], colour: str, width: float, opacity: float = 1
) -> str:
    """A line; a single point becomes a short dash, for a line of one point cannot be seen."""
    places = [(film.x(point.ms), panel.y(point.value)) for point in points]
    if len(places) == 1:
        places = [(places[0][0] - 1.5, places[0][1]), (places[0][0] + 1.5, places[0][1])]
    return (
        f'<path d="M{" L".join(f"{x:.1f} {y:.1f}" for x, y in places)}" fill="none" stroke="{colour}" '
        f'stroke-width="{width}" stroke-opacity="{opacity}" stroke-linejoin="round" stroke-linecap="round"/>'
    )


def _area(
    film: _Film,
    panel: _Panel,
    middle: Sequence[Point],
    low: Sequence[Point],
    high: Sequence[Point],
    colour: str,
) -> list[str]:
    """The band from ``low`` to ``high`` where the line itself is high enough: along the floor bands hide each other."""
    parts = []
    for on, run in groupby(range(len(middle)), key=lambda at: middle[at].value >= BAND_FROM):
        inside = list(run)
        if on and len(inside) > 1:
            edge = [*(high[at] for at in inside), *(low[at] for at in reversed(inside))]
            places = " L".join(f"{film.x(point.ms):.1f} {panel.y(point.value):.1f}" for point in edge)
            parts.append(f'<path d="M{places} Z" fill="{colour}" fill-opacity="0.14"/>')
    return parts


def _text(x: float, y: float, text: str, kind: str, anchor: str, colour: str = "") -> str:
    style = f' style="fill:{colour}"' if colour else ""
    marked = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{marked}{style}>{escape(text)}</text>'


def _short(value: float) -> str:
    return f"{value:+g}".replace("-", "−")
