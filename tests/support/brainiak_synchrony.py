"""What BrainIAK makes of the audiences in ``tests/analytics/test_synchrony.py``: its golden file, written again.

BrainIAK wants MPI and more, so it stands in an environment of its own, and what it says is kept:

    python -m venv /tmp/brainiak
    /tmp/brainiak/bin/pip install --no-deps brainiak==0.12
    /tmp/brainiak/bin/pip install numpy scipy scikit-learn statsmodels psutil joblib nibabel pathos tqdm
    PYTHONPATH=. /tmp/brainiak/bin/python -m tests.support.brainiak_synchrony
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

GOLDEN = Path(__file__).parent.parent / "analytics" / "goldens" / "brainiak_synchrony.json"
SHIFTS = 1000
AUDIENCES = ((6, 120, 0.0), (12, 300, 0.05), (12, 300, 0.3), (40, 600, 0.05), (40, 600, 1.0))
"""Viewers, windows, and how strongly they follow one course; the first follows nothing."""


def audience(viewers: int, windows: int, together: float) -> NDArray[np.float64]:
    """(viewers, windows): wandering courses of their own, and a shared one."""
    random = np.random.default_rng(viewers * windows + round(100 * together))
    kernel = np.ones(5) / 5
    own = np.stack(
        [np.convolve(random.normal(size=windows + 4), kernel, mode="valid") for _ in range(viewers)]
    )
    shared = np.convolve(random.normal(size=windows + 4), kernel, mode="valid")
    return own + together * shared


def main() -> None:
    """Writes GOLDEN."""
    from brainiak.isc import isc, timeshift_isc

    rows = []
    for given in AUDIENCES:
        data = audience(*given).T[:, None, :]  # (time points, voxels, subjects)
        value = isc(data, pairwise=False, summary_statistic="mean")
        _, p, _ = timeshift_isc(
            data,
            pairwise=False,
            summary_statistic="mean",
            n_shifts=SHIFTS,
            side="right",
            random_state=7,
        )
        rows.append({"synchrony": float(np.ravel(value)[0]), "p": float(np.ravel(p)[0])})
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
