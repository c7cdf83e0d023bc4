"""How far a network's features group faces by emotion, before its last layer is asked.

K-means sees the features alone, never a label. Where its groups repeat the labels, the emotions are laid out in the
features themselves; where they do not, the last layer draws the line through a crowd.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from contract.emotions import EMOTIONS
from edge_agent.errors import DatasetError
from edge_agent.network import VOTE_LABELS
from edge_agent.training.data import FaceSet
from edge_agent.training.metrics import strict_majority
from edge_agent.training.opened import OpenedNetwork, Progress, grey_crops

CLUSTERS = len(EMOTIONS)
_STARTS = 10  # K-means from this many starting points, the tightest kept: one alone may end badly
_SEED = 20261120


@dataclass(frozen=True)
class Agreement:
    """How far clusters repeat labels; both are 0 for chance and 1 for the same groups under other names.

    rand: adjusted Rand index (Hubert and Arabie 1985), over pairs of faces; below 0 is worse than chance.
    information: normalised mutual information, arithmetic mean of both entropies (its chance level is a little over 0).
    """

    n: int
    rand: float
    information: float


@dataclass(frozen=True, eq=False)
class Clustering:
    """Features of n faces, laid flat and grouped.

    plane: (n, 2) float64, the first two principal components. labels: (n,) FER2013, in the order of EMOTIONS.
    clusters: (n,) int, 0..6, the largest cluster first.
    """

    plane: NDArray[np.float64]
    labels: NDArray[np.uint8]
    clusters: NDArray[np.intp]
    features: int
    """How many numbers describe a face."""
    variance: tuple[float, float]
    """Share of the features' variance that each axis of the plane holds."""
    fer2013: Agreement
    ferplus: Agreement | None
    """Against FER+'s strict majority, on the faces that have one; None when too few have."""
    pixels: Agreement
    """K-means on the pictures themselves against FER2013: what a network must beat."""

    @property
    def table(self) -> NDArray[np.int64]:
        """Counts (7, 7): faces by cluster and FER2013 label."""
        counts = np.zeros((CLUSTERS, len(EMOTIONS)), dtype=np.int64)
        np.add.at(counts, (self.clusters, self.labels), 1)
        return counts

    def as_json(self) -> dict[str, Any]:
        """Plain data, without the points of the plane."""
        return {
            "n": len(self.labels),
            "features": self.features,
            "k": CLUSTERS,
            "fer2013": asdict(self.fer2013),
            "ferplus_majority": None if self.ferplus is None else asdict(self.ferplus),
            "pixels_alone": asdict(self.pixels),
            "pca_variance": list(self.variance),
            "clusters": [
                {"n": int(row.sum()), "labels": dict(zip(EMOTIONS, row.tolist(), strict=True))}
                for row in self.table
            ],
        }


def cluster(faces: FaceSet, network: OpenedNetwork, progress: Progress = lambda *_: None) -> Clustering:
    """Group ``faces`` by the features of ``network``. Raises DatasetError for fewer faces than clusters.

    The same faces and network give the same clusters. ``progress`` counts faces looked at.
    """
    if len(faces) < CLUSTERS:
        raise DatasetError(
            f"{len(faces)} faces cannot make {CLUSTERS} clusters; choose a split that has more "
            "(0 Training, 1 PublicTest, 2 PrivateTest)"
        )
    parts: list[NDArray[np.float32]] = []
    for crops in grey_crops(faces.images):
        parts.append(network.features(crops))
        progress(sum(map(len, parts)), len(faces))
    features = np.concatenate(parts).astype(np.float64)
    # Any column may come in any unit, and K-means measures distance: the same spread for all.
    spread = features.std(0)
    features = (features - features.mean(0)) / np.where(spread > 0, spread, 1)
    pca = PCA(2, svd_solver="full").fit(features)
    clusters = _k_means(features)
    agreed, voted = strict_majority(faces.votes)
    return Clustering(
        plane=pca.transform(features),
        labels=faces.labels,
        clusters=clusters,
        features=features.shape[1],
        variance=(float(pca.explained_variance_ratio_[0]), float(pca.explained_variance_ratio_[1])),
        fer2013=_agreement(faces.labels, clusters),
        ferplus=_agreement(voted[agreed], clusters[agreed]) if agreed.sum() >= len(VOTE_LABELS) else None,
        pixels=_agreement(faces.labels, _k_means(faces.images.reshape(len(faces), -1).astype(np.float32))),
    )


def _k_means(points: NDArray[np.floating]) -> NDArray[np.intp]:
    """The cluster (n,) of each of ``points`` (n, d), the largest cluster first."""
    found = KMeans(CLUSTERS, n_init=_STARTS, random_state=_SEED).fit_predict(points)
    order = np.argsort(-np.bincount(found, minlength=CLUSTERS), kind="stable")
    ranked: NDArray[np.intp] = np.argsort(order)[found]
    return ranked


def _agreement(labels: NDArray[Any], clusters: NDArray[np.intp]) -> Agreement:
    return Agreement(
        n=len(labels),
        rand=float(adjusted_rand_score(labels, clusters)),
        information=float(normalized_mutual_info_score(labels, clusters)),
    )
