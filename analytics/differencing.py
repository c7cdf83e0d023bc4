"""Whether published cells, subtracted, would show fewer than k viewers. Pure.

**The threat.** Somebody has one publish, all tables of it, and subtracts. The cells of a screening are sums over
viewers: a film second's mean is one over those scored in it; a scene's mean is one over those scored in the scene, each
viewer with the mean over the viewer's own seconds. When everybody was scored in all of a scene's seconds, the scene is
the mean of its seconds and subtracting gives nothing. When one viewer missed some, the scene times its seconds minus
the sum of its seconds is that viewer's part alone: one person's score, from two tables in which every cell stands for k
or more.

**What is exposed.** Take each second t with a weight w(t). A viewer cancels out of the scene minus its weighted seconds
when w is one over the viewer's number of seconds, in each of them. Two viewers who share a second and have different
numbers of seconds cannot both cancel, and who was scored in a second that is not published can never. So who is left is
a vertex cover of the graph of such pairs, and the scene is exposed when there is one of 1 to k - 1 viewers. That is
decided exactly: a cover holds a viewer or all whom the viewer clashes with, so 2^(k - 1) ways are all there are.

**What is done.** Some published seconds of an exposed scene are withheld: all who were scored in one of them then stay
in any subtraction, and they are k or more. Withheld are as many seconds as the left viewers missed, but at most a
quarter of the scene, for a single one could be guessed from its neighbours.

**What is not in this threat**: docs/privacy.md.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST_WITHHELD = 0.25
"""Of a scene's published seconds, at least one."""
_MIX = 2654435761
"""Knuth's multiplier (2^32 divided by the golden ratio): spreads the withheld seconds over the scene."""


def left_over(scored: NDArray[np.bool_], published: NDArray[np.bool_], k: int) -> NDArray[np.int64] | None:
    """Viewers, fewer than ``k``, whom subtracting a scene's seconds from the scene would show; None where it cannot.

    ``scored``: (viewers, seconds) of one scene whose mean is published. ``published``: (seconds,), whether the second's
    mean is.
    """
    seconds = scored.sum(1)
    viewers = np.flatnonzero(seconds)
    if not published.any() or len(viewers) < k or _surely_many(seconds, scored.shape[1], k):
        return None
    of_those, seconds = scored[viewers], seconds[viewers]
    never = of_those[:, ~published].any(1)
    if not never.any() and (seconds == seconds[0]).all():
        return None  # nobody clashes
    if int(never.sum()) >= k or _clearly_many(of_those[~never][:, published], seconds[~never], k):
        return None
    # As floats, for a product of truths would be whether any second is shared, slowly.
    shared = of_those.astype(np.float32) @ of_those.T.astype(np.float32) > 0
    clash = shared & (seconds[:, None] != seconds[None, :])
    clash[never, :] = clash[:, never] = False
    cover = _cover(clash, k - 1 - int(never.sum()))
    if cover is None:
        return None
    left = np.union1d(np.flatnonzero(never), np.array(cover, np.int64))
    return viewers[left] if len(left) else None


def withheld(scored: NDArray[np.bool_], published: NDArray[np.bool_], k: int) -> NDArray[np.int64]:
    """Which seconds of one scene not to publish; none where nothing is exposed. Arguments as of ``left_over``."""
    exposed = left_over(scored, published, k)
    if exposed is None:
        return np.empty(0, np.int64)
    candidates = np.flatnonzero(published)
    missed = int((published.sum() - scored[exposed][:, published].sum(1)).max())
    count = max(1, min(missed, int(MOST_WITHHELD * len(candidates))))
    # The same seconds at the next publish, and those first that were withheld first: one more or less changes no other.
    order = np.argsort((candidates + 1) * _MIX % 2**32, kind="stable")
    return np.sort(candidates[order[:count]])


def _surely_many(seconds: NDArray[np.int64], of: int, k: int) -> bool:
    """Whether k or more are left, by how many ``seconds`` of all those ``of`` the scene each was scored in.

    Two viewers with more than half of them share one, so all of these but the most frequent number of seconds are left.
    """
    often = seconds[2 * seconds > of]
    return len(often) > 0 and len(often) - int(np.bincount(often).max()) >= k


def _clearly_many(scored: NDArray[np.bool_], seconds: NDArray[np.int64], k: int) -> bool:
    """Whether k or more are left for what happens in one second: most scenes of real viewers, at little cost."""
    if not scored.size:
        return False
    there = scored[:, int(scored.sum(0).argmax())]
    return bool(there.any()) and int(there.sum() - np.bincount(seconds[there]).max()) >= k


def _cover(clash: NDArray[np.bool_], most: int) -> list[int] | None:
    """A smallest vertex cover of at most ``most`` viewers; None where there is none."""
    for size in range(most + 1):
        found = _cover_of(clash, size)
        if found is not None:
            return found
    return None


def _cover_of(clash: NDArray[np.bool_], size: int) -> list[int] | None:
    degree = clash.sum(1)
    most = int(degree.max(initial=0))
    if not most:
        return []
    # A cover of so many viewers meets no more pairs than that.
    if not size or int(degree.sum()) > 2 * size * most:
        return None
    viewer = int(degree.argmax())
    others = np.flatnonzero(clash[viewer])
    for taken in ([viewer], [int(other) for other in others]):
        if len(taken) <= size:
            rest = clash.copy()
            rest[taken, :] = rest[:, taken] = False
            found = _cover_of(rest, size - len(taken))
            if found is not None:
                return taken + found
    return None
