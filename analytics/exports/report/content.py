"""What the report says: sentences, cards and tables out of the published figures. Pure.

Best and worst are by what faces showed: the scene with the largest share of viewers showing an emotion (by the lower
end of its Wilson interval, so that a lucky few do not win), the highest and the lowest mean valence, the lowest
attention, and the scene in which no emotion reached many. None is a verdict on a scene.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

from analytics.exports import words
from analytics.exports.figures import Figures, Moment, Reaction, Scene
from analytics.exports.markers import (
    MOMENT_NAMES,
    lead,
    least_attention,
    least_pleasant,
    moment_words,
    most_pleasant,
    scene_words,
)
from analytics.exports.peaks import Peak, peaks
from analytics.exports.report import page
from analytics.exports.report.chart import BAND_FROM, BROAD, NARROW, film_chart, point_words, says
from analytics.exports.report.explained import points
from analytics.exports.report.page import Card, Cell

UNUSABLE = {
    "too_little_watched": "who watched too little of the film",
    "too_little_face": "whose face was seen too little",
}
"""Why a viewer is not counted, by the reason that ``left_out`` gives."""
_MOST_PEAKS = 20
"""As many as a reader takes in; the marker files have more."""


def report(figures: Figures) -> bytes:
    """The page, UTF-8."""
    shown = figures.shown
    kicker = f"Houselights · screening {shown.screening} · cut {shown.cut}"
    foot = (
        f"Made by Houselights from what was published {shown.published_at:%Y-%m-%d %H:%M} UTC. "
        f"No figure stands for fewer than {words.viewers(shown.k)}. No picture of a viewer left the viewer's device."
    )
    found = peaks(figures.seconds, _MOST_PEAKS)
    parts = [page.notice(text) for text in _notices(figures)]
    if figures.seconds or figures.known:
        parts.append(_first_figures(figures))
        if figures.seconds:
            parts.append(_picture(figures, found))
        parts += [_best_and_worst(figures), _scenes(figures)]
        if figures.seconds:
            parts.append(_moments(figures, found))
    parts += [_audience(figures), page.section("How to read this", "", page.bullets(points(shown)))]
    return page.page(shown.title, kicker, headline(figures), parts, foot).encode()


def headline(figures: Figures) -> str:
    """What happened, in two sentences with their n."""
    shown = figures.shown
    if not figures.known:
        if figures.seconds:
            return f"{words.viewers(shown.viewers)} watched; no scene can be shown, only seconds of the film."
        return f"Too few viewers watched to show anything: a figure needs {words.viewers(shown.k)} or more."
    best = _strongest(figures)
    first = f"No scene drew a clear reaction from the {words.viewers(shown.viewers)}."
    if best:
        scene, reaction = best[0]
        first = f"“{scene.name}” reached its audience most: {words.looked(reaction)}."
    lowest = least_attention(figures)
    if lowest is None or lowest.summary is None:
        return f"{first} No scene lost the audience: attention stayed about even."
    return (
        f"{first} “{lowest.name}” held it least: {words.viewers(lowest.summary.viewers)} faced the screen "
        f"{lowest.summary.attention:.0f}% of the time."
    )


def _notices(figures: Figures) -> list[str]:
    shown = figures.shown
    told = []
    if shown.simulated:
        told.append(
            f"Simulated audience: {shown.simulated:,} of {words.viewers(shown.viewers)} were drawn by a model, not "
            "seen by a camera. This shows what a report looks like, not how people took the film."
        )
    if 0 < shown.viewers < words.FEW:
        told.append(
            f"Only {words.viewers(shown.viewers)}: read every figure as a hint. Under {words.FEW} viewers an interval "
            "spans half the scale or more."
        )
    if shown.k <= 1:
        told.append("Set to k = 1: single viewers can be read from this report. Share it with them alone.")
    if shown.running:
        told.append("The screening is still running: these are the figures so far.")
    return told


def _first_figures(figures: Figures) -> str:
    shown = figures.shown
    silent = len(figures.scenes) - len(figures.known)
    note = f"{silent} with too few viewers to show" if silent else "all with enough viewers to show"
    found = [
        Card(f"{shown.viewers:,}", "viewers", _plural(shown.sessions, "device")),
        Card(str(len(figures.scenes)), "scenes", note),
    ]
    if figures.seconds:
        seen_ms = sum(second.d_ms for second in figures.seconds)
        found.append(
            Card(words.length(seen_ms), "of film with figures", f"of {words.length(figures.end_ms)}")
        )
        known = [second.attention for second in figures.seconds if second.attention is not None]
        if known:
            average = fsum(known) / len(known)
            found.append(Card(f"{average:.0f}%", "facing the screen", "mean over the film's seconds"))
    return page.cards(found)


def _picture(figures: Figures, found: Sequence[Peak]) -> str:
    caption = (
        f"A line averages {point_words(figures)} of film at each point; its pale band is the 95% interval, drawn where "
        f"the share is {words.percent(BAND_FROM)} or more. "
        + ("Dots are the moments listed below, at their highest second. " if found else "")
        + "In the mood a bar is a scene: its line is the mean over viewers, its height the 95% interval. Numbers at "
        "the top are scenes."
    )
    return page.section(
        "The film in one picture",
        "",
        page.drawings(
            film_chart(figures, found, BROAD), film_chart(figures, found, NARROW), says(figures), caption
        ),
    )


def _best_and_worst(figures: Figures) -> str:
    found = [
        Card(scene.name, words.looked(reaction), f"95% interval {words.interval(reaction)}", above)
        for (scene, reaction), above in zip(
            _strongest(figures), ("Strongest reaction", "Next strongest"), strict=False
        )
    ]
    for scene, above in (
        (most_pleasant(figures), "Most pleasant"),
        (least_pleasant(figures), "Least pleasant"),
    ):
        if scene is not None and scene.summary is not None:
            told = f"Mood {words.signed(scene.summary.valence)} among {words.viewers(scene.summary.viewers)}"
            between = words.mood_interval(scene.summary)
            note = f"film average {words.signed(figures.mood)}"
            found.append(
                Card(scene.name, told, f"95% interval {between}; {note}" if between else note, above)
            )
    least = least_attention(figures)
    if least is not None and least.summary is not None:
        told = f"{words.viewers(least.summary.viewers)} faced the screen {least.summary.attention:.0f}% of the time"
        found.append(Card(least.name, told, "", "Least attention"))
    quiet = _quietest(figures)
    if quiet is not None:
        told = scene_words(quiet, None)
        found.append(Card(quiet.name, told[:1].upper() + told[1:], "", "Quietest"))
    if not found:
        return ""
    return page.section(
        "Best and worst scenes",
        "By what faces showed, not by quality: a quiet or an unpleasant scene can be meant so.",
        page.cards(found, wide=True),
    )


def _scenes(figures: Figures) -> str:
    rows = [
        _scene_row(figures, scene, before)
        for scene, before in zip(figures.scenes, (None, *figures.scenes), strict=False)
    ]
    if not rows:
        return ""
    return page.section(
        "Scene by scene",
        "How many showed the emotion that rose most in the scene, with its share and the 95% interval of that. The "
        f"mood of the whole film is {words.signed(figures.mood)}.",
        page.table(("Scene", "In", "Viewers", "Reaction", "Mood", "Screen"), rows),
    )


def _scene_row(figures: Figures, scene: Scene, before: Scene | None) -> list[Cell]:
    name = f"{scene.number} · {scene.name}"
    start = (figures.shown.timecode(scene.start_ms), words.length(scene.end_ms - scene.start_ms))
    summary = scene.summary
    if summary is None:
        return [name, start, "–", "too few viewers to show", "–", "–"]
    reaction = lead(scene)
    said: Cell = "nothing stood out"
    if reaction is not None and reaction.share >= words.STANDS_OUT:
        change = scene_words(scene, before).partition("), ")[2]
        share = f"{words.percent(reaction.share)}, {words.interval(reaction)}"
        said = (
            f"{reaction.showing:,} of {reaction.viewers:,} {words.LOOKED[reaction.emotion]}",
            f"{share}; {change}" if change else share,
        )
    elif reaction is not None:
        said = ("nothing stood out", f"at most {_most(scene).showing} of {summary.viewers} any one emotion")
    viewers: Cell = f"{summary.viewers:,}"
    if summary.viewers < words.FEW:
        viewers = (f"{summary.viewers}", "few: a hint")
    mood = (words.signed(summary.valence), words.mood_interval(summary))
    return [name, start, viewers, said, mood, f"{summary.attention:.0f}%"]


def _moments(figures: Figures, found: Sequence[Peak]) -> str:
    rows: list[list[Cell]] = []
    for peak in found:
        scene = figures.scene_at(peak.height_ms)
        height = peak.height
        rows.append(
            [
                f"{height.showing:,} of {height.viewers:,} {words.LOOKED[peak.emotion]}",
                (figures.shown.timecode(peak.start_ms), words.clock(peak.start_ms)),
                scene.name if scene else "between scenes",
                words.length(peak.end_ms - peak.start_ms),
                (words.percent(height.share), words.interval(height)),
                words.percent(peak.usual),
            ]
        )
    apart = [_moment(figures, one) for one in figures.moments]
    if not rows:
        none = "At no moment did clearly more of the audience show an emotion than over the film as a whole."
        return page.section("Moments", none, page.bullets(apart) if apart else "")
    columns = ("At its height", "From", "Scene", "Lasts", "Share", "Film average")
    return page.section(
        "Moments",
        "Stretches in which more of the audience showed an emotion at once than the film's own average explains"
        + (f": the {_MOST_PEAKS} strongest." if len(rows) == _MOST_PEAKS else "."),
        page.table(columns, rows) + (page.bullets(apart) if apart else ""),
    )


def _moment(figures: Figures, moment: Moment) -> str:
    scene = figures.scene_at(moment.peak_ms)
    where = f"{words.clock(moment.start_ms)}, {f'“{scene.name}”' if scene else 'between scenes'}"
    return f"{MOMENT_NAMES[moment.kind]} at {where}: at its height {moment_words(moment)}{words.few(moment.viewers)}."


def _audience(figures: Figures) -> str:
    shown = figures.shown
    devices = _plural(shown.sessions, "device")
    told = [
        (
            f"{words.viewers(shown.viewers)} on {devices}; a viewer is a seat with at least one second in which a face "
            "could be read. Only the first viewing of a moment counts."
        ),
        f"A figure stands for {words.viewers(shown.k)} or more (k = {shown.k}), or it is not shown.",
    ]
    left_out = [one for one in figures.left_out if one.cells]
    unusable = [one for one in left_out if one.what == "viewer"]
    left_out = [one for one in left_out if one.what != "viewer"]
    told += [
        f"Not counted: {words.viewers(one.cells)} {UNUSABLE.get(one.reason, one.reason)}." for one in unusable
    ]
    told += [
        f"Left out: {_plural(one.cells, one.what)} with fewer than {shown.k} viewers."
        if one.reason == "fewer_than_k"
        else f"Left out: {_plural(one.cells, one.what)}, for with them single viewers could be worked out."
        for one in left_out
    ]
    if not left_out:
        told.append("Nothing was left out.")
    return page.section("Who watched, and what was left out", "", page.bullets(told))


def _strongest(figures: Figures) -> list[tuple[Scene, Reaction]]:
    """Scenes with a reaction that stands out, surest first."""
    told = [(scene, reaction) for scene, _ in figures.known if (reaction := lead(scene)) is not None]
    clear = [pair for pair in told if pair[1].share >= words.STANDS_OUT]
    return sorted(clear, key=lambda pair: (-pair[1].share_low, pair[0].number))


def _quietest(figures: Figures) -> Scene | None:
    """The scene whose most shown emotion was shown by the smallest share, if that share does not stand out."""
    told = [(_most(scene).share, scene) for scene, _ in figures.known if lead(scene) is not None]
    if len(told) < 2:
        return None
    share, scene = min(told, key=lambda one: (one[0], one[1].number))
    return scene if share < words.STANDS_OUT else None


def _most(scene: Scene) -> Reaction:
    """The reaction that most viewers showed, neutral aside; asked of scenes that have one."""
    return max(
        (one for one in scene.reactions.values() if one.emotion != "neutral"), key=lambda one: one.showing
    )


def _plural(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
