from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from contract.emotions import EMOTIONS
from edge_agent.errors import DatasetError
from edge_agent.network import VOTE_LABELS
from edge_agent.training.cluster import CLUSTERS, cluster
from edge_agent.training.data import FaceSet
from edge_agent.training.opened import OpenedNetwork


def _seven_kinds(copies: int) -> FaceSet:
    """Seven pictures, each some times over with a little noise, and each under a label of its own."""
    rng = np.random.default_rng(11)
    kinds = rng.integers(0, 200, (7, 6, 6), dtype=np.uint8).repeat(8, axis=1).repeat(8, axis=2)
    labels = np.arange(7, dtype=np.uint8).repeat(copies)
    images = kinds[labels] + rng.integers(0, 8, (len(labels), 48, 48), dtype=np.uint8)
    votes = np.zeros((len(labels), 10), np.uint8)
    votes[np.arange(len(labels)), [VOTE_LABELS.index(EMOTIONS[label]) for label in labels]] = 10
    return FaceSet(images, labels, votes, np.ones(len(labels), np.uint8))


@pytest.mark.parametrize("model", ["small_model", "small_vit"])
def test_pictures_that_look_alike_fall_into_one_cluster(model: str, request: pytest.FixtureRequest) -> None:
    faces = _seven_kinds(copies=9)
    found = cluster(faces, OpenedNetwork.load(str(request.getfixturevalue(model))))
    assert found.fer2013.rand == pytest.approx(1)
    assert found.fer2013.information == pytest.approx(1)
    assert found.ferplus is not None
    assert found.ferplus.n == 63
    assert found.ferplus.rand == pytest.approx(1)
    assert sorted(found.table.max(1).tolist()) == [9] * CLUSTERS
    assert found.plane.shape == (63, 2)


def test_labels_by_chance_agree_as_chance_does(small_model: Path) -> None:
    faces = _seven_kinds(copies=40)
    shuffled = np.random.default_rng(1).permutation(faces.labels)
    found = cluster(
        FaceSet(faces.images, shuffled, faces.votes, faces.split), OpenedNetwork.load(str(small_model))
    )
    assert abs(found.fer2013.rand) < 0.05
    assert found.ferplus is not None
    assert found.ferplus.rand > 0.9  # the votes were left as they were


def test_the_same_faces_make_the_same_clusters_largest_first(small_model: Path) -> None:
    faces = _seven_kinds(copies=6).take(np.arange(42)[5:])  # one kind is rare
    network = OpenedNetwork.load(str(small_model))
    first, second = cluster(faces, network), cluster(faces, network)
    assert first.as_json() == second.as_json()
    sizes = [row["n"] for row in json.loads(json.dumps(first.as_json()))["clusters"]]
    assert sizes == sorted(sizes, reverse=True)
    assert sum(sizes) == 37


def test_faces_without_a_majority_leave_the_votes_unmeasured(small_model: Path) -> None:
    faces = _seven_kinds(copies=2)
    undecided = FaceSet(faces.images, faces.labels, np.ones_like(faces.votes), faces.split)
    assert cluster(undecided, OpenedNetwork.load(str(small_model))).ferplus is None


def test_fewer_faces_than_clusters_are_refused(small_model: Path) -> None:
    faces = _seven_kinds(copies=1).take(np.arange(6))
    with pytest.raises(DatasetError, match="6 faces cannot make 7 clusters"):
        cluster(faces, OpenedNetwork.load(str(small_model)))
