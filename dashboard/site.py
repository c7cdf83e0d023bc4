"""The pages, in the order of the menu."""

from __future__ import annotations

from dashboard.look import Question
from dashboard.questions import audience, compare, data, film, live, moments, privacy, scenes, timeline

MENU: dict[str, tuple[Question, ...]] = {
    "The film": (
        Question("film", "Film", "movie", "How did it go?", film.draw),
        Question("timeline", "Timeline", "timeline", "What happened when?", timeline.draw),
        Question("scenes", "Scenes", "view_carousel", "Which scenes work?", scenes.draw),
        Question("moments", "Moments", "bolt", "Where did many react at once?", moments.draw),
    ),
    "The screening": (
        Question(
            "compare",
            "Compare",
            "compare_arrows",
            "What differs between two audiences?",
            compare.draw,
            "screening",
        ),
        Question("audience", "Audience", "groups", "Who was counted?", audience.draw),
        Question("live", "Live", "sensors", "What is coming in now?", live.draw, needs="screening"),
    ),
    "Underneath": (
        Question("data", "Data", "table_chart", "What do the tables say?", data.draw, needs="store"),
        Question(
            "privacy",
            "Privacy",
            "shield",
            "What is collected, and what is not shown?",
            privacy.draw,
            needs="store",
        ),
    ),
}
"""Sections of the menu, each with its pages."""

QUESTIONS = tuple(question for section in MENU.values() for question in section)
