"""What a data set is and how it came to be: its summary, its warnings, and ``manifest.json``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge_agent.faces import CROP_MARGIN
from edge_agent.settings import agent_version
from edge_agent.training.dataset import faces, picture
from edge_agent.training.dataset.decide import Decision
from edge_agent.training.dataset.faces import Sighting
from edge_agent.training.dataset.footage import FilmReading
from edge_agent.training.dataset.settings import HASH_BITS, SHARES, SIDE_PX, SPLITS, DatasetSettings

_FORMAT = 1
_FAR_OFF = 0.05  # of a share, before it is worth a warning
_LIBRARIES = (
    "facenet-pytorch",
    "ImageHash",
    "numpy",
    "opencv-python-headless",
    "scenedetect-headless",
    "torch",
)


@dataclass(frozen=True, eq=False)
class Film:
    """A film that was asked for.

    name: of its file, without the path; made unlike every other film's. fingerprint: None when it could not be read
    at all. reading and pictures: None when it failed, and then ``failed`` says why.
    """

    name: str
    fingerprint: str | None
    reading: FilmReading | None = None
    pictures: NDArray[np.uint8] | None = None
    failed: str | None = None

    @property
    def line(self) -> str:
        """What was seen in it, or why it failed, for a person."""
        seen = self.reading
        if seen is None:
            return self.failed or f"{self.name} was not read"
        usable = sum(one.unusable is None for one in seen.sightings)
        facts = [
            f"{seen.width}x{seen.height}",
            f"{_count(seen.frames, 'frame')} in {_count(len(seen.shots), 'shot')}",
            f"{seen.looked_at:,} looked at",
            f"{_count(len(seen.sightings), 'face')} found",
            f"{usable:,} usable",
        ]
        if seen.damaged:
            facts.append(f"{_count(seen.damaged, 'frame')} damaged and left out")
        if seen.turned:
            facts.append(f"turned by {seen.turned} degrees to stand upright")
        return f"{self.name}: {', '.join(facts)}"


@dataclass(frozen=True)
class Summary:
    """found: faces. dropped: by reason, the most frequent first. splits: kept faces of each split."""

    found: int
    kept: int
    dropped: dict[str, int]
    splits: dict[str, int]
    groups: int
    largest_group: int


def summarise(decisions: Iterable[Decision]) -> Summary:
    """The faces of ``decisions`` counted."""
    every = list(decisions)
    kept = [one for one in every if one.why is None]
    in_split = Counter(one.split for one in kept)
    in_group = Counter(one.group for one in kept)
    return Summary(
        found=len(every),
        kept=len(kept),
        dropped=dict(Counter(one.why for one in every if one.why is not None).most_common()),
        splits={name: in_split[number] for number, name in enumerate(SPLITS)},
        groups=len(in_group),
        largest_group=max(in_group.values(), default=0),
    )


def shares_missed(summary: Summary, settings: DatasetSettings) -> str | None:
    """How the split differs from what was wanted, why, and what to try; None when it hardly does."""
    empty = [name for name, faces in summary.splits.items() if not faces]
    what = "film" if settings.together == "film" else "group of shots"
    if empty:
        return (
            f"nothing is left for {' and '.join(empty)}: the kept faces come from {_count(summary.groups, what)} "
            "and three are needed; add films"
        )
    shares = [faces / summary.kept for faces in summary.splits.values()]
    if max(abs(share - wanted) for share, wanted in zip(shares, SHARES, strict=True)) <= _FAR_OFF:
        return None
    return (
        f"the split is {_percents(shares)}, not {_percents(SHARES)}: the largest of {_count(summary.groups, what)} "
        f"holds {summary.largest_group / summary.kept:.0%} of the faces; add films"
    )


def why_nothing(sightings: Sequence[Sighting], settings: DatasetSettings) -> str:
    """Why no face was kept, and what to try."""
    if not sightings:
        return (
            "no face was found; give footage in which faces are turned to the camera, or look for smaller ones with "
            "--min-face-px"
        )
    reasons = Counter(one.unusable for one in sightings).most_common()
    largest = max(one.face_px for one in sightings)
    advice = (
        f"the largest is {largest} pixels wide and the smallest kept {settings.smallest_kept_px}: try --min-face-px"
        if reasons[0][0] == "too small"
        else "give footage with larger, sharper, better lit faces"
    )
    counts = ", ".join(f"{n} {why}" for why, n in reasons)
    return f"none of {len(sightings)} faces can be used ({counts}); {advice}"


def manifest(
    films: Sequence[Film], decisions: Sequence[Sequence[Decision]], settings: DatasetSettings
) -> dict[str, Any]:
    """The contents of ``manifest.json``; ``decisions`` go with the sightings of each film.

    No path and no date: the same films and settings give the same manifest.
    """
    summary = summarise(one for film in decisions for one in film)
    return {
        "format": _FORMAT,
        "made_by": {"houselights": agent_version()} | {name: _version(name) for name in _LIBRARIES},
        "settings": asdict(settings),
        "picture": {
            "width": SIDE_PX,
            "height": SIDE_PX,
            "colour": "grey, 8 bits, ITU-R BT.601",
            "crop": f"square, {1 + CROP_MARGIN:g} of the longer side of MTCNN's box, around its middle",
            "contrast": f"1st and 99th percentile to 0 and 255, gain at most {picture.MOST_GAIN:g}"
            if settings.contrast == "stretch"
            else "as filmed",
        },
        "a_face_is_dropped_below": {
            "too small: face_px": settings.smallest_kept_px,
            "uncertain: probability": faces.LEAST_PROBABILITY,
            "cut off: inside": faces.LEAST_INSIDE,
            "flat: contrast": faces.LEAST_CONTRAST,
            "blurred: sharpness": faces.LEAST_SHARPNESS,
        },
        "hash": f"pHash, {HASH_BITS} bits",
        "shares": dict(zip(SPLITS, SHARES, strict=True)),
        "faces": asdict(summary),
        "warning": shares_missed(summary, settings),
        "films": [_film(film, of_film) for film, of_film in zip(films, decisions, strict=True)],
    }


def _film(film: Film, decisions: Sequence[Decision]) -> dict[str, Any]:
    if film.reading is None:
        return {"name": film.name, "fingerprint": film.fingerprint, "failed": film.failed}
    facts = asdict(film.reading)
    sightings, shots = facts.pop("sightings"), facts.pop("shots")
    in_shot: list[list[Decision]] = [[] for _ in shots]
    for sighting, decision in zip(sightings, decisions, strict=True):
        in_shot[sighting["shot"]].append(decision)
    summary = summarise(decisions)
    return {
        "name": film.name,
        "fingerprint": film.fingerprint,
        **facts,
        "faces_found": summary.found,
        "faces_kept": summary.kept,
        "faces_dropped": summary.dropped,
        "shots": [
            {"shot": number, **shot, **_where(of_shot)}
            for number, (shot, of_shot) in enumerate(zip(shots, in_shot, strict=True), 1)
        ],
    }


def _where(decisions: Sequence[Decision]) -> dict[str, Any]:
    """Group and split of a shot, and its faces; a shot of dropped faces alone has no split."""
    group = next((one.group for one in decisions if one.group is not None), None)
    split = next((SPLITS[one.split] for one in decisions if one.split is not None), None)
    kept = sum(one.why is None for one in decisions)
    return {"faces_found": len(decisions), "faces_kept": kept, "group": group, "split": split}


def _count(n: int, what: str) -> str:
    first, space, rest = what.partition(" ")
    return f"{n:,} {first}{'' if n == 1 else 's'}{space}{rest}"


def _percents(shares: Iterable[float]) -> str:
    return "/".join(f"{share:.0%}".rstrip("%") for share in shares)


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None
