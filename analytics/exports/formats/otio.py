"""OpenTimelineIO: a timeline with one gap as long as the cut, and the markers on its stack.

Every marker is kept, those that share a frame too; its note is the marker's comment, its kind stands in the metadata.
"""

from __future__ import annotations

from analytics.exports.cleaning import one_line
from analytics.exports.colours import MARKER_COLOURS
from analytics.exports.markers import MarkerList
from analytics.scene_files.libraries import library


def otio(listed: MarkerList) -> bytes:
    """The timeline as OTIO's JSON. Raises MissingLibraryError where OpenTimelineIO is not installed."""
    module = library("opentimelineio", "an OTIO file")
    schema, opentime = module.schema, module.opentime
    rate = float(listed.rate.fraction)

    def span(frame: int, frames: int) -> object:
        return opentime.TimeRange(opentime.RationalTime(frame, rate), opentime.RationalTime(frames, rate))

    timeline = schema.Timeline(
        name=one_line(listed.title), global_start_time=opentime.RationalTime(listed.start_frame, rate)
    )
    timeline.metadata["houselights"] = {
        "frame_rate": str(listed.rate),
        "start_timecode": listed.timecode(0),
    }
    track = schema.Track(name="V1", kind=schema.TrackKind.Video)
    track.append(schema.Gap(source_range=span(0, listed.frames)))
    timeline.tracks.append(track)
    for marker in listed.markers:
        timeline.tracks.markers.append(
            schema.Marker(
                name=one_line(marker.name),
                marked_range=span(marker.frame, marker.frames),
                color=MARKER_COLOURS[marker.kind].otio,
                comment=one_line(marker.note),
                metadata={"houselights": {"kind": marker.kind}},
            )
        )
    return str(module.adapters.write_to_string(timeline, "otio_json")).encode() + b"\n"
