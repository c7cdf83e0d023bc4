"""Per-viewer rows do not outlive their purpose.

``remove_old`` goes through these steps; a crash between any two is mended by running it again:

1. Publish, so that the serving tables hold everything.
2. Keep the figures of the screenings that are old enough, in ``final.duckdb``. Until step 3 publishes ignore them.
3. Delete the screenings' sessions, reactions and dead letters, in one transaction.
4. Purge: their bytes leave the file.
5. Publish: the figures now come from ``final.duckdb``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from analytics.catalogue import Catalogue
from analytics.final import keep_final
from ingest.store import Store


@dataclass(frozen=True, slots=True)
class RetentionReport:
    """Screenings whose per-viewer rows were removed now, and how many rows and sessions those were."""

    screenings: tuple[str, ...]
    sessions: int
    rows: int


def remove_old(store: Store, days: int, today: date) -> RetentionReport:
    """Remove per-viewer rows of screenings that were closed ``days`` days before ``today`` or earlier.

    A screening that was never closed is not over, and is left alone. Raises StoreError, AnalyticsError.
    """
    newest = (today - timedelta(days=days)).isoformat()
    old = [
        screening.id
        for screening in Catalogue(store.folder).screenings()
        if not screening.open and screening.closed_on is not None and screening.closed_on <= newest
    ]
    held = store.screenings_with_sessions(old)
    if not held:
        return RetentionReport((), 0, 0)
    store.publish()
    keep_final(store.folder, held)
    sessions, rows = store.remove_screenings(held)
    store.purge()
    store.publish()
    return RetentionReport(tuple(held), sessions, rows)
