from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from skimage.data import astronaut
from transformers import AutoImageProcessor, AutoModelForImageClassification

from contract.emotions import EMOTIONS
from edge_agent.classifier import Classifier
from edge_agent.errors import ModelError
from edge_agent.faces import crop
from edge_agent.mtcnn import MtcnnFinder
from tests.edge_agent.conftest import RunPython, save_vit

pytestmark = pytest.mark.usefixtures("one_thread")


def noise(side: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8)


def test_scores_are_shares_in_one_call_whatever_the_crops_sizes(small_model: Path) -> None:
    classifier = Classifier.load(str(small_model))
    scores = classifier.scores([noise(1), noise(9), noise(48), noise(131)])
    assert scores.shape == (4, 7)
    assert scores.dtype == np.float32
    assert (scores >= 0).all()
    np.testing.assert_allclose(scores.sum(1), 1, atol=1e-6)
    assert classifier.scores([]).shape == (0, 7)


def test_a_batch_scores_like_its_crops_one_by_one(small_model: Path) -> None:
    classifier = Classifier.load(str(small_model))
    crops = [noise(20, 1), noise(60, 2), noise(20, 3)]
    together = classifier.scores(crops)
    alone = np.concatenate([classifier.scores([one]) for one in crops])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_another_models_columns_are_put_in_order_and_its_extra_emotion_left_out(small_vit: Path) -> None:
    picture = noise(64)
    model = AutoModelForImageClassification.from_pretrained(small_vit)
    processor = AutoImageProcessor.from_pretrained(small_vit)
    with torch.inference_mode():
        shares = model(**processor(images=[picture], return_tensors="pt")).logits.softmax(1)[0].numpy()
    named = {"happy": 0, "sad": 1, "surprise": 2, "angry": 4, "neutral": 5, "fear": 6, "disgust": 7}
    expected = np.array([shares[named[emotion]] for emotion in EMOTIONS])
    scores = Classifier.load(str(small_vit)).scores([picture])[0]
    np.testing.assert_allclose(scores, expected / expected.sum(), atol=1e-5)


HUB_LABELS = {
    "trpakov/vit-face-expression": ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"),
    "dima806/facial_emotions_image_detection": (
        "sad",
        "disgust",
        "angry",
        "neutral",
        "fear",
        "surprise",
        "happy",
    ),
}
"""Two models of the hub, and the label order that their config.json gives."""

FROM_THE_CACHE = """
import numpy as np
from edge_agent.classifier import Classifier
classifier = Classifier.load({hub_id!r})
crop = np.load({crop!r})
print(classifier.model_id, *classifier.scores([crop])[0])
"""


@pytest.mark.parametrize("hub_id", HUB_LABELS)
def test_a_hub_models_label_order_is_read_from_its_config(
    hub_id: str, tmp_path: Path, run_python: RunPython
) -> None:
    # A small ViT of the same labels, laid down as a download leaves it; nothing listens at the hub's address.
    cache = tmp_path / "hub" / f"models--{hub_id.replace('/', '--')}"
    snapshot = cache / "snapshots" / "0123456789abcdef"
    torch.manual_seed(5)
    save_vit(snapshot, HUB_LABELS[hub_id])
    (cache / "refs").mkdir()
    (cache / "refs" / "main").write_text(snapshot.name)
    picture = noise(80, 6)
    np.save(tmp_path / "crop.npy", picture)

    out = run_python(
        FROM_THE_CACHE.format(hub_id=hub_id, crop=str(tmp_path / "crop.npy")),
        HF_HOME=str(tmp_path),
        HF_ENDPOINT="http://127.0.0.1:9",
        timeout_s=120,
    )
    name, *scores = out.split()
    assert name == hub_id
    processor = AutoImageProcessor.from_pretrained(snapshot)
    model = AutoModelForImageClassification.from_pretrained(snapshot)
    with torch.inference_mode():
        shares = model(**processor(images=[picture], return_tensors="pt")).logits.softmax(1)[0].numpy()
    expected = [shares[HUB_LABELS[hub_id].index(emotion)] for emotion in EMOTIONS]
    np.testing.assert_allclose([float(score) for score in scores], expected, atol=1e-5)


def test_a_processor_saved_by_an_older_transformers_is_read(small_vit: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(small_vit, tmp_path / "model")
    older = {"feature_extractor_type": "ViTFeatureExtractor", "do_resize": True, "size": 32, "resample": 2}
    older |= {"do_normalize": True, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}
    (folder / "preprocessor_config.json").write_text(json.dumps(older))
    np.testing.assert_allclose(
        Classifier.load(str(folder)).scores([noise(64)]),
        Classifier.load(str(small_vit)).scores([noise(64)]),
        atol=1e-5,
    )


def test_what_names_a_local_model_tells_no_path(small_model: Path, small_vit: Path) -> None:
    one, other = Classifier.load(str(small_model)).model_id, Classifier.load(str(small_vit)).model_id
    assert one.startswith("local-")
    assert one != other
    for part in small_model.parts[1:]:
        assert part not in one


def test_a_grey_face_and_an_edge_crop_can_be_scored(small_model: Path) -> None:
    flat = np.full((30, 30, 3), 128, np.uint8)
    np.testing.assert_allclose(Classifier.load(str(small_model)).scores([flat]).sum(), 1, atol=1e-6)


@pytest.mark.parametrize("file", ["config.json", "preprocessor_config.json", "model.safetensors"])
def test_a_missing_file_is_named(small_vit: Path, tmp_path: Path, file: str) -> None:
    folder = shutil.copytree(small_vit, tmp_path / "model")
    (folder / file).unlink()
    with pytest.raises(ModelError, match=file):
        Classifier.load(str(folder))


@pytest.mark.parametrize("file", ["config.json", "preprocessor_config.json", "model.safetensors"])
def test_a_damaged_file_is_one_line(small_vit: Path, tmp_path: Path, file: str) -> None:
    folder = shutil.copytree(small_vit, tmp_path / "model")
    (folder / file).write_bytes(b"not what it was")
    with pytest.raises(ModelError) as raised:
        Classifier.load(str(folder))
    assert "\n" not in str(raised.value)


def test_labels_that_are_no_emotions_are_refused(tmp_path: Path) -> None:
    save_vit(tmp_path / "cats", ("cat", "dog"))
    with pytest.raises(ModelError, match="unknown cat, dog"):
        Classifier.load(str(tmp_path / "cats"))


def test_a_model_without_a_trained_head_is_refused(small_vit: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(small_vit, tmp_path / "model")
    config = json.loads((folder / "config.json").read_text())
    config["num_hidden_layers"] = 2  # one more than there are weights for
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match="has no weights for"):
        Classifier.load(str(folder))


@pytest.mark.parametrize("model", ["./nowhere", "/nowhere/at/all", "~/no such model", "a/b/c"])
def test_a_folder_that_is_not_there_is_no_hub_id(model: str) -> None:
    with pytest.raises(ModelError, match="there is no folder"):
        Classifier.load(model)


OFFLINE = """
import sys
from edge_agent.classifier import Classifier
from edge_agent.errors import ModelError
try:
    Classifier.load("nobody/no-such-model")
except ModelError as error:
    print(error)
"""


def test_an_offline_hub_id_says_what_to_try_without_a_long_wait(
    tmp_path: Path, run_python: RunPython
) -> None:
    # A port of this machine where nothing listens stands for a network that is not there.
    out = run_python(OFFLINE, HF_ENDPOINT="http://127.0.0.1:9", HF_HOME=str(tmp_path), timeout_s=120)
    assert "nobody/no-such-model is not on this machine and the hub cannot be reached" in out
    assert "--model FOLDER" in out
    assert len(out.strip().splitlines()) == 1


def test_the_bundled_model_loads_and_reads_a_smile() -> None:
    portrait = astronaut()
    (face,) = MtcnnFinder().find(portrait)
    classifier = Classifier.load()
    (scores,) = classifier.scores([crop(portrait, face.box)])
    assert classifier.model_id.startswith("bundled-")
    assert scores[EMOTIONS.index("happy")] >= 0.6
