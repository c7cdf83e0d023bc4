"""Attribution, held to what it must do: depend on the weights, and find what the network reads."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from skimage.data import astronaut
from transformers import ViTConfig, ViTForImageClassification, ViTImageProcessor

from contract.emotions import EMOTIONS
from edge_agent.classifier import Classifier
from edge_agent.errors import ModelError
from edge_agent.faces import Face, by_size, crop
from edge_agent.mtcnn import MtcnnFinder
from edge_agent.network import FaceEmotionConfig, FaceEmotionNet
from edge_agent.still import read_still
from edge_agent.training.explain import Explanation, attribute, blurred, explain
from edge_agent.training.opened import OpenedNetwork
from edge_agent.training.regions import REGIONS
from edge_agent.training.saved import save

pytestmark = pytest.mark.usefixtures("one_thread")

HAPPY = EMOTIONS.index("happy")


@pytest.fixture(scope="module")
def portrait() -> NDArray[np.uint8]:
    return np.asarray(astronaut())


@pytest.fixture(scope="module")
def face(portrait: NDArray[np.uint8]) -> Face:
    (found,) = MtcnnFinder().find(portrait)
    return found


@pytest.fixture(scope="module")
def explained(portrait: NDArray[np.uint8], face: Face) -> Explanation:
    return explain(OpenedNetwork.load("bundled"), portrait, face)


def test_a_smile_is_read_from_the_mouth(explained: Explanation) -> None:
    assert explained.top == "happy"
    happy = explained.regions["happy"]
    named = [region for region in REGIONS if region != "elsewhere"]
    assert max(named, key=lambda region: happy[region].density) == "mouth"
    assert happy["mouth"].density > 1.5


def test_scores_and_crop_are_what_the_agent_would_use(
    explained: Explanation, portrait: NDArray[np.uint8], face: Face
) -> None:
    seen = crop(portrait, face.box)
    assert (explained.crop == seen).all()
    np.testing.assert_allclose(explained.scores, Classifier.load("bundled").scores([seen])[0], atol=1e-4)
    height, width = seen.shape[:2]
    eyes = explained.landmarks[:2]
    assert ((eyes > 0) & (eyes < [width, height / 2])).all()


def test_what_speaks_for_one_emotion_speaks_against_the_others(explained: Explanation) -> None:
    assert explained.maps.shape == (7, 48, 48)
    np.testing.assert_allclose(explained.maps.sum(0), 0, atol=1e-4)
    assert np.abs(explained.maps).max() > 0.05


def test_each_emotions_shares_fill_the_crop(explained: Explanation) -> None:
    document = json.loads(json.dumps(explained.as_json()))
    assert sum(document["scores"].values()) == pytest.approx(1, abs=1e-5)
    for regions in document["regions"].values():
        assert tuple(regions) == REGIONS
        for part in ("area", "spoke_for", "spoke_against"):
            assert sum(share[part] for share in regions.values()) == pytest.approx(1)


def test_the_map_depends_on_the_weights(explained: Explanation, tmp_path: Path) -> None:
    """Adebayo and others 2018: a map that a network without knowledge draws too shows the picture alone."""
    trained = explained.maps[HAPPY]
    for seed in range(2):
        torch.manual_seed(seed)
        save(FaceEmotionNet(FaceEmotionConfig()), tmp_path / str(seed))
        random = attribute(OpenedNetwork.load(str(tmp_path / str(seed))), explained.crop)[HAPPY]
        assert abs(_rank_correlation(np.abs(trained), np.abs(random))) < 0.5


def test_deleting_what_it_ranks_highest_costs_more_than_deleting_at_random(explained: Explanation) -> None:
    network = OpenedNetwork.load("bundled")
    pixels = network.pixel_values([explained.crop])
    without = network.pixel_values([blurred(explained.crop)])
    tenth = explained.maps[HAPPY].size // 10

    def score_without(deleted: NDArray[np.bool_]) -> float:
        left = torch.where(torch.from_numpy(deleted), without, pixels)
        with torch.inference_mode():
            logits = network.logits(left)[0]
        return float(logits[HAPPY] - logits.mean())

    order = np.argsort(-explained.maps[HAPPY], axis=None)

    def mask(positions: NDArray[np.intp]) -> NDArray[np.bool_]:
        chosen = np.zeros(explained.maps[HAPPY].size, np.bool_)
        chosen[positions] = True
        return chosen.reshape(explained.maps[HAPPY].shape)

    rng = np.random.default_rng(0)
    highest = score_without(mask(order[:tenth]))
    lowest = score_without(mask(order[-tenth:]))
    scattered = [score_without(mask(rng.permutation(order)[:tenth])) for _ in range(12)]
    windows = [score_without(_windows(rng, tenth)) for _ in range(12)]
    assert highest < min(np.mean(scattered), np.mean(windows))
    assert highest < np.percentile(windows, 10)
    assert highest < lowest


def test_any_network_with_the_seven_emotions_can_be_explained(
    small_vit: Path, portrait: NDArray[np.uint8], face: Face
) -> None:
    found = explain(OpenedNetwork.load(str(small_vit)), portrait, face)
    assert found.maps.shape == (7, 32, 32)
    assert set(found.regions) == set(EMOTIONS)


def test_a_face_at_the_edge_of_the_picture_is_explained(portrait: NDArray[np.uint8], face: Face) -> None:
    left, top, right, _bottom = face.box.astype(int)
    cut = portrait[top + 10 :, (left + right) // 2 - 40 :]
    moved = np.array([(left + right) // 2 - 40, top + 10], np.float32)
    shifted = Face(face.box - np.tile(moved, 2), face.probability, face.landmarks - moved)
    found = explain(OpenedNetwork.load("bundled"), cut, shifted)
    assert found.crop.shape[0] == found.crop.shape[1]
    assert np.isfinite(found.maps).all()


@pytest.mark.parametrize("kind", ["grey", "cut-out", "deep", "huge", "phone"])
def test_a_smile_is_a_smile_in_any_kind_of_file(
    portrait: NDArray[np.uint8], tmp_path: Path, kind: str
) -> None:
    picture, path = Image.fromarray(portrait), tmp_path / "picture.png"
    if kind == "grey":
        picture.convert("L").save(path)
    elif kind == "cut-out":
        picture.convert("RGBA").save(path)
    elif kind == "deep":
        Image.fromarray(np.asarray(picture.convert("L"), np.uint16) * 257).save(path)
    elif kind == "huge":
        picture.resize((4096, 4096)).save(path)
    else:
        exif = Image.Exif()
        exif[0x0112] = 6  # lies on its side, and says so
        path = tmp_path / "picture.jpg"
        picture.rotate(90, expand=True).save(path, exif=exif, quality=95)
    still = read_still(path)
    found = explain(OpenedNetwork.load("bundled"), still, by_size(MtcnnFinder().find(still))[0])
    assert found.top == "happy"


def test_faces_are_counted_from_the_largest() -> None:
    def square(side: float) -> Face:
        return Face(np.array([5, 5, 5 + side, 5 + side], np.float32), 1.0, np.zeros((5, 2), np.float32))

    assert [face.box[2] - 5 for face in by_size([square(30), square(90), square(60)])] == [90, 60, 30]


def test_a_network_that_sees_no_square_is_refused(portrait: NDArray[np.uint8], tmp_path: Path) -> None:
    shape = (32, 48)
    names = dict(enumerate(EMOTIONS))
    config = ViTConfig(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, image_size=shape,
        patch_size=8, id2label=names, label2id={name: index for index, name in names.items()},
    )  # fmt: skip
    ViTForImageClassification(config).save_pretrained(tmp_path)
    ViTImageProcessor(size={"height": 32, "width": 48}).save_pretrained(tmp_path)
    with pytest.raises(ModelError, match="48x32 pixels"):
        attribute(OpenedNetwork.load(str(tmp_path)), portrait[:100, :100])


def _windows(rng: np.random.Generator, area: int) -> NDArray[np.bool_]:
    """About ``area`` of 48x48 pixels, in random squares of 8."""
    mask = np.zeros((48, 48), np.bool_)
    while mask.sum() < area:
        top, left = rng.integers(0, 41, 2)
        mask[top : top + 8, left : left + 8] = True
    return mask


def _rank_correlation(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    ranks = [np.argsort(np.argsort(values, axis=None)) for values in (one, other)]
    return float(np.asarray(np.corrcoef(ranks))[0, 1])
