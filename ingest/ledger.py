"""The ledger: whether every sample that a device made has a place.

Generated = stored + rejected + dropped + still in the outbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

QUERY = """
WITH stored AS (
    SELECT session, count(*) AS samples FROM reaction GROUP BY session
),

rejected AS (
    SELECT session, sum(samples) AS samples FROM reject WHERE session IS NOT NULL GROUP BY session
)

SELECT
    session.session,
    session.generated,
    coalesce(stored.samples, 0)::BIGINT,
    coalesce(rejected.samples, 0)::BIGINT,
    coalesce(session.dropped, 0)::BIGINT
FROM session
LEFT JOIN stored USING (session)
LEFT JOIN rejected USING (session)
ORDER BY session.session
"""


@dataclass(frozen=True, slots=True)
class SessionLedger:
    """The samples of one session; ``generated`` is None until the device has said how many there were."""

    session: str
    generated: int | None
    stored: int
    rejected: int
    dropped: int
    in_outbox: int

    @property
    def missing(self) -> int | None:
        """Samples that are nowhere: 0 when the ledger closes, None while the session runs."""
        if self.generated is None:
            return None
        return self.generated - self.stored - self.rejected - self.dropped - self.in_outbox

    @property
    def closes(self) -> bool:
        """Whether every sample has a place."""
        return self.missing == 0


def ledgers(
    store: duckdb.DuckDBPyConnection, in_outbox: Mapping[str, int] | None = None
) -> list[SessionLedger]:
    """One ledger a session of the store.

    ``in_outbox``: samples not yet taken from the devices' outboxes, by session; see ``samples_in_outbox``.
    """
    waiting = in_outbox or {}
    return [
        SessionLedger(session, generated, stored, rejected, dropped, waiting.get(session, 0))
        for session, generated, stored, rejected, dropped in store.execute(QUERY).fetchall()
    ]
