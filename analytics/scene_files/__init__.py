"""Scenes from where filmmakers keep them: edit lists, timelines, markers, chapters, and the numbers of a script.

In the order of the work: ``source`` opens a file (``text`` its letters), ``sniff`` tells its format by its content,
one reader a format finds shots and markers, ``place`` puts them on the cut's time (``starts``), ``tidy`` into an
order without overlaps, ``group`` makes scenes of them, ``slates`` joins them to a script. ``read`` does all of it:

    found = read_scenes("reel.edl", FrameRate.parse("25"), "01:00:00:00")
    found.scenes, found.notes

What is sound is taken; what is not is left out or put right, and a note names its line.
"""
