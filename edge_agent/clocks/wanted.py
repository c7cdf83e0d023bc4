"""Which of the films that a player opens is the one that counts. Pure."""

from __future__ import annotations


class WantedFilm:
    """A film by the name that its player gives it: the file's, without its folder."""

    def __init__(self, name: str | None = None) -> None:
        """``name``: None takes the first film that is open."""
        self.name = name
        self.other: str | None = None
        """What the player had open last instead of it."""
        self._was_open = False

    def is_open(self, name: str | None) -> bool:
        """Whether a player that has ``name`` open has this film; ``name`` is None where it has none."""
        if name is None:
            return False
        if self.name is None:
            self.name = name
        if name != self.name:
            self.other = name
            return False
        self._was_open = True
        return True

    def warning(self) -> str | None:
        """For the end of a session in which other films were open; None when there were none."""
        if self.other is None:
            return None
        if self._was_open:
            return f"the player had {self.other} open, too; only {self.name} was measured"
        return (
            f"the player had {self.other} open, and never {self.name}, so nothing was measured; "
            "--plays names the film's file"
        )
