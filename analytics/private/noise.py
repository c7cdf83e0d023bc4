"""OpenDP: how much noise a promise of privacy needs, and the noise itself."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.errors import MissingLibraryError

DELTA = 1e-6
"""The chance with which epsilon may be missed: far under one over any audience."""


class Noise:
    """Discrete Gaussian noise (Canonne, Kamath and Steinke 2020) on whole numbers.

    ``scale``: standard deviation, the least with which adding or removing a part of length ``length`` is hidden with
    ``epsilon`` and DELTA, by OpenDP's own account (zero-concentrated differential privacy, converted).
    """

    def __init__(self, length: float, epsilon: float) -> None:
        """Raises MissingLibraryError where OpenDP is not installed."""
        self._dp = _opendp()
        self._length = length
        space = self._dp.vector_domain(self._dp.atom_domain(T="i64")), self._dp.l2_distance(T="f64")

        def measurement(scale: float) -> Any:
            return self._dp.m.make_gaussian(*space, scale=scale)

        self._measured = measurement
        self.scale: float = self._dp.binary_search_param(
            lambda scale: self._with_delta(measurement(scale)),
            d_in=length,
            d_out=(epsilon, DELTA),
            bounds=(length / 20, length * 10_000),
        )

    @property
    def epsilon(self) -> float:
        """What the noise of this scale costs, as OpenDP accounts for it; not more than was asked for."""
        spent, _ = self._with_delta(self._measured(self.scale)).map(self._length)
        return float(spent)

    def add(self, totals: NDArray[np.int64]) -> NDArray[np.int64]:
        """The totals with noise, of the same shape; each call is a release of its own."""
        released = self._measured(self.scale)([int(total) for total in totals.ravel()])
        return np.array(released, np.int64).reshape(totals.shape)

    def _with_delta(self, measurement: Any) -> Any:
        return self._dp.c.make_fix_delta(self._dp.c.make_zCDP_to_approxDP(measurement), DELTA)


def _opendp() -> Any:
    try:
        dp: Any = importlib.import_module("opendp.prelude")
    except ModuleNotFoundError as error:
        raise MissingLibraryError(
            "a private release needs OpenDP: install houselights[dp] (pip install 'houselights[dp]')"
        ) from error
    # OpenDP asks to be told that what is proven on paper and not by its own committee will do.
    dp.enable_features("contrib")
    return dp
