"""Marker lists for spreadsheets, and the one Premiere Pro's Markers panel writes."""

from __future__ import annotations

import csv
import io

from analytics.exports.cleaning import cell, one_line
from analytics.exports.colours import MARKER_COLOURS
from analytics.exports.markers import MarkerList, one_a_frame
from contract.film_time import format_timecode, frame_to_ms

COLUMNS = (
    *("name", "start", "end", "frame", "frames", "film_s", "length_s"),
    *("kind", "colour", "note"),
)
PREMIERE_COLUMNS = ("Marker Name", "Description", "In", "Out", "Duration", "Marker Type")


def marker_csv(listed: MarkerList) -> bytes:
    """Comma-separated UTF-8 with a header; frames and seconds count from the cut's first frame.

    The first columns are those of a scene list: `scenes import` takes it back, once the peaks are left out.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for marker in listed.markers:
        start_ms = frame_to_ms(marker.frame, listed.rate)
        end_ms = frame_to_ms(marker.frame + marker.frames, listed.rate)
        writer.writerow(
            (
                cell(marker.name),
                listed.timecode(marker.frame),
                listed.timecode(marker.frame + marker.frames),
                marker.frame,
                marker.frames,
                f"{start_ms / 1000:.3f}",
                f"{(end_ms - start_ms) / 1000:.3f}",
                marker.kind,
                MARKER_COLOURS[marker.kind].resolve.lower(),
                cell(marker.note),
            )
        )
    return text.getvalue().encode()


def premiere_csv(listed: MarkerList) -> bytes:
    """What Premiere Pro's Markers panel exports: parted by tabs, one after the last field too, all times as timecode.

    Premiere itself cannot read it back; its panels and other programs can.
    """
    rows = [PREMIERE_COLUMNS]
    for marker in one_a_frame(listed.markers):
        # A marker of one frame is a point to Premiere: it ends where it begins.
        frames = marker.frames if marker.frames > 1 else 0
        times = (
            listed.timecode(marker.frame),
            listed.timecode(marker.frame + frames),
            format_timecode(frames, listed.rate),
        )
        if listed.rate.drop_frame:
            times = (times[0].replace(":", ";"), times[1].replace(":", ";"), times[2].replace(":", ";"))
        rows.append((one_line(marker.name), one_line(marker.note), *times, "Comment"))
    return "".join("\t".join((*row, "")) + "\n" for row in rows).encode()
