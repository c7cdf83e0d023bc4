from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.errors import TimecodeError
from contract.film_time import (
    FrameRate,
    format_timecode,
    frame_to_ms,
    ms_to_frame,
    parse_timecode,
    window_start,
    windows,
)

RATES = [
    FrameRate.parse(text)
    for text in (
        "24", "25", "30", "48", "50", "60", "120", "12.5", "15",
        "23.976", "29.97", "29.97df", "59.94", "59.94df", "119.88",
    )
]  # fmt: skip
rates = st.sampled_from(RATES)
DF30 = FrameRate.parse("29.97df")
DF60 = FrameRate.parse("59.94df")


def last_frame(rate: FrameRate) -> int:
    return parse_timecode(f"23:59:59{';' if rate.drop_frame else ':'}{rate.counted - 1:02}", rate)


@pytest.mark.parametrize(
    ("text", "fraction", "drop_frame", "canonical"),
    [
        ("25", Fraction(25), False, "25"),
        ("24000/1001", Fraction(24000, 1001), False, "24000/1001"),
        ("23.976", Fraction(24000, 1001), False, "24000/1001"),
        ("23.98", Fraction(24000, 1001), False, "24000/1001"),
        ("29.97", Fraction(30000, 1001), False, "30000/1001"),
        ("29.97df", Fraction(30000, 1001), True, "30000/1001df"),
        (" 59.94 DF ", Fraction(60000, 1001), True, "60000/1001df"),
        ("12.5", Fraction(25, 2), False, "25/2"),
        ("25.000", Fraction(25), False, "25"),
        ("50/2", Fraction(25), False, "25"),
    ],
)
def test_a_rate_is_read_exactly(text: str, fraction: Fraction, drop_frame: bool, canonical: str) -> None:
    rate = FrameRate.parse(text)
    assert (rate.fraction, rate.drop_frame, str(rate)) == (fraction, drop_frame, canonical)


@given(rates)
def test_a_rates_text_reads_back(rate: FrameRate) -> None:
    assert FrameRate.parse(str(rate)) == rate


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fast",
        "0",
        "-25",
        "25fps",
        "24/0",
        "0/1",
        "1000",
        "0.5",
        "nan",
        "25df",
        "24000/1001df",
        "٢٥",
        "1/2/3",
    ],
)
def test_a_rate_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(TimecodeError, match=r"frame rate|drop-frame"):
        FrameRate.parse(text)


@pytest.mark.parametrize(
    ("rate", "label", "frame"),
    [
        ("25", "00:00:00:00", 0),
        ("25", "01:00:00:00", 90_000),
        ("23.976", "01:00:00:00", 86_400),
        ("24", "23:59:59:23", 24 * 86_400 - 1),
        ("12.5", "00:00:01:00", 13),
        ("29.97", "00:01:00:00", 1800),
        ("29.97df", "00:00:59;29", 1799),
        ("29.97df", "00:01:00;02", 1800),
        ("29.97df", "00:02:00;02", 3598),
        ("29.97df", "00:09:59;29", 17_981),
        ("29.97df", "00:10:00;00", 17_982),
        ("29.97df", "01:00:00;00", 107_892),
        ("29.97df", "23:59:59;29", 2_589_407),
        ("59.94df", "00:00:59;59", 3599),
        ("59.94df", "00:01:00;04", 3600),
        ("59.94df", "00:10:00;00", 35_964),
        ("59.94df", "01:00:00;00", 215_784),
        ("120", "00:00:00:119", 119),
    ],
)
def test_known_labels(rate: str, label: str, frame: int) -> None:
    exact = FrameRate.parse(rate)
    assert parse_timecode(label, exact) == frame
    assert format_timecode(frame, exact) == label


@pytest.mark.parametrize(
    ("rate", "text", "says"),
    [
        ("25", "", "HH:MM:SS:FF"),
        ("25", "1:00:00:00", "HH:MM:SS:FF"),
        ("25", "00:00:00", "HH:MM:SS:FF"),
        ("25", "00:60:00:00", "HH:MM:SS:FF"),
        ("25", "-0:00:00:00", "HH:MM:SS:FF"),
        ("25", "24:00:00:00", "below 24 hours"),
        ("25", "00:00:00:25", "frames 00 to 24"),
        ("25", "00:00:00;10", "which is drop-frame"),
        ("29.97df", "00:00:00:10", "which is not drop-frame"),
        ("29.97df", "00:01:00;00", "skips"),
        ("29.97df", "00:01:00;01", "ends in ;02"),
        ("59.94df", "00:59:00;03", "ends in ;04"),
    ],
)
def test_nonsense_is_refused_with_what_was_expected(rate: str, text: str, says: str) -> None:
    with pytest.raises(TimecodeError, match=says):
        parse_timecode(text, FrameRate.parse(rate))


def test_labels_of_dropped_numbers_exist_in_every_tenth_minute() -> None:
    for minute in range(0, 60, 10):
        assert format_timecode(parse_timecode(f"00:{minute:02}:00;00", DF30), DF30) == f"00:{minute:02}:00;00"


@pytest.mark.parametrize("rate", [DF30, DF60], ids=str)
def test_a_whole_hour_of_drop_frame_counts_up_without_a_gap(rate: FrameRate) -> None:
    hour = parse_timecode("01:00:00;00", rate)
    labels = [format_timecode(frame, rate) for frame in range(hour)]
    assert len(set(labels)) == hour
    assert labels == sorted(labels)
    assert [parse_timecode(label, rate) for label in labels] == list(range(hour))


@given(st.data(), rates)
def test_a_frame_survives_its_label(data: st.DataObject, rate: FrameRate) -> None:
    frame = data.draw(st.integers(0, last_frame(rate)))
    assert parse_timecode(format_timecode(frame, rate), rate) == frame


@given(rates)
def test_a_label_past_the_day_is_refused(rate: FrameRate) -> None:
    for frame in (-1, last_frame(rate) + 1):
        with pytest.raises(TimecodeError, match=f"got frame {frame}"):
            format_timecode(frame, rate)


@given(rates, st.integers(0, 10_368_000))
def test_a_frame_survives_its_milliseconds(rate: FrameRate, frame: int) -> None:
    ms = frame_to_ms(frame, rate)
    assert abs(ms - frame * 1000 / rate.fraction) <= Fraction(1, 2)
    assert ms_to_frame(ms, rate) == frame
    assert ms_to_frame(ms - 1, rate) == frame - 1


@given(rates, st.integers(0, 86_400_000))
def test_a_moment_lies_in_the_half_open_span_of_its_frame(rate: FrameRate, ms: int) -> None:
    frame = ms_to_frame(ms, rate)
    assert frame_to_ms(frame, rate) <= ms < frame_to_ms(frame + 1, rate)


def test_an_hour_of_ntsc_timecode_is_longer_than_an_hour() -> None:
    rate = FrameRate.parse("23.976")
    assert frame_to_ms(parse_timecode("01:00:00:00", rate), rate) == 3_603_600
    assert frame_to_ms(parse_timecode("01:00:00;00", DF30), DF30) == 3_599_996


@given(st.integers(0, 10**8), st.integers(1, 60_000))
def test_a_moment_is_in_its_window(ms: int, window_ms: int) -> None:
    start = window_start(ms, window_ms)
    assert start % window_ms == 0
    assert start <= ms < start + window_ms


@given(st.integers(0, 10**6), st.integers(-5000, 50_000), st.sampled_from([500, 1000, 2000]))
def test_windows_tile_the_span_they_cover(start_ms: int, length_ms: int, window_ms: int) -> None:
    end_ms = start_ms + length_ms
    tiles = list(windows(start_ms, end_ms, window_ms))
    if length_ms <= 0:
        assert tiles == []
        return
    assert tiles[0][0] <= start_ms < tiles[0][1]
    assert tiles[-1][0] < end_ms <= tiles[-1][1]
    assert all(end == following for (_, end), (following, _) in pairwise(tiles))


def test_windows_are_half_open() -> None:
    assert list(windows(0, 1000, 1000)) == [(0, 1000)]
    assert list(windows(999, 1001, 1000)) == [(0, 1000), (1000, 2000)]
