"""What the scene editor remembers between two drawings, and the words that its parts share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from analytics.catalogue import Scene
from analytics.cut_scenes import CutScenes
from analytics.film_pictures import shots_of
from dashboard import words
from dashboard.scene_changes import SceneChanges

FRAGMENT = "scene-editor"
"""The part of the page that is drawn anew when scenes change."""


class EditorState:
    """What one page remembers of one cut between two drawings."""

    def __init__(self, store_dir: str | Path, film: str, cut: str) -> None:
        self.reopen = partial(CutScenes.open, store_dir, film, cut)
        self.key = f"scene-editor-{film}-{cut}"
        self.changes: SceneChanges = st.session_state.setdefault(f"{self.key}-changes", SceneChanges())

    @property
    def chosen(self) -> int | None:
        """The place of the scene that is open."""
        chosen: int | None = st.session_state.get(f"{self.key}-chosen")
        return chosen

    def choose(self, place: int) -> None:
        """Opens a scene."""
        self.changes.said = ""
        st.session_state[f"{self.key}-chosen"] = place

    def close(self) -> None:
        """Back to all scenes."""
        st.session_state.pop(f"{self.key}-chosen", None)

    def field(self, name: str) -> str:
        """The key of a field; a new one after each change, so that the field shows what is."""
        return f"{self.key}-typed-{name}-{self.changes.turn}"

    def typed(self, name: str) -> str:
        """What was typed into a field."""
        return str(st.session_state.get(self.field(name)) or "")

    def change(
        self,
        shown: Sequence[Scene],
        edit: Callable[[Sequence[Scene]], list[Scene]],
        said: str,
        *,
        stay: bool = False,
    ) -> None:
        """Makes a change and saves it; ``stay`` leaves the scene open. For a widget's callback."""
        if not self.changes.apply(self.reopen(), shown, edit, said):
            return
        if stay:
            st.rerun(FRAGMENT)  # the list behind it, too
        else:
            self.close()

    def undo(self) -> None:
        """Takes the last change back."""
        self.changes.undo(self.reopen())


def said(state: EditorState) -> None:
    """What was done last, or why it was not."""
    if state.changes.failed:
        st.error(plain(state.changes.said), icon=":material/error:")
    elif state.changes.said:
        st.success(plain(state.changes.said), icon=":material/check:")


def facts(now: CutScenes, scene: Scene) -> str:
    """Where a scene begins, how long it lasts, of how many shots."""
    facts = f"{now.timecode(scene.start_ms)} · {words.length(scene.end_ms - scene.start_ms)}"
    if now.shots:
        shots = 1 + len(shots_of(scene, now.shots))
        facts += f" · {shots} shot{'' if shots == 1 else 's'}"
    return facts


def plain(name: str) -> str:
    """A name as text: what Markdown would take for its own is escaped."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]()<>#+-.!|~:$" else letter for letter in name)
