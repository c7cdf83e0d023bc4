"""Changes that a person makes to a cut's scenes on the page: saved at once, each can be undone.

The list on the page may be old: a command, or somebody else's page, may have saved another meanwhile. A change is made
to the list that was shown or not at all, and undone only while nobody has saved another one since.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from analytics.catalogue import Scene
from analytics.cut_scenes import CutScenes
from analytics.errors import AnalyticsError

_MOST_UNDONE = 50
_ELSEWHERE = "These scenes were changed elsewhere meanwhile. They are shown as they are now; try again."


@dataclass(frozen=True)
class _Change:
    said: str
    before: tuple[Scene, ...]
    after: tuple[Scene, ...]


@dataclass
class SceneChanges:
    """What was done to one cut on one page. ``said`` is for a person: what was done last, or what cannot be."""

    done: list[_Change] = field(default_factory=list)
    said: str = ""
    failed: bool = False
    turn: int = 0
    """Rises with every change and every failure: the fields of the page then show what is, not what was typed."""

    def apply(
        self,
        now: CutScenes,
        shown: Sequence[Scene],
        edit: Callable[[Sequence[Scene]], list[Scene]],
        said: str,
    ) -> bool:
        """Saves ``edit`` of the scenes; False, and ``said`` says why, where that cannot be.

        ``now``: the cut as it stands in the catalogue. ``shown``: its scenes when the page was drawn.
        """
        self.turn += 1
        try:
            if list(shown) != now.scenes:
                return self._fail(_ELSEWHERE)
            after = edit(now.scenes)
            if after == now.scenes:
                self.said, self.failed = "", False
                return True
            now.save(after)
        except AnalyticsError as error:
            return self._fail(_sentence(str(error)))
        self.done = [*self.done[1 - _MOST_UNDONE :], _Change(said, tuple(now.scenes), tuple(after))]
        self.said, self.failed = said, False
        return True

    @property
    def undoable(self) -> str | None:
        """What would be undone; None where there is nothing."""
        return self.done[-1].said if self.done else None

    def undo(self, now: CutScenes) -> bool:
        """Saves the scenes as they were before the last change; False where somebody has saved others since."""
        if not self.done:
            return False
        self.turn += 1
        change = self.done.pop()
        try:
            if tuple(now.scenes) != change.after:
                self.done = []
                return self._fail(_ELSEWHERE.replace("try again", "nothing was undone"))
            now.save(change.before)
        except AnalyticsError as error:
            self.done.append(change)
            return self._fail(_sentence(str(error)))
        self.said, self.failed = f"Undone: {change.said}", False
        return True

    def _fail(self, why: str) -> bool:
        self.said, self.failed = why, True
        return False


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith(".") else ".")
