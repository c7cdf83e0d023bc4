"""Emotion scores of face crops, by any seven-emotion image classifier in transformers' format, on any engine."""

from __future__ import annotations

import hashlib
import os
import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import transformers
from numpy.typing import NDArray
from transformers import AutoImageProcessor, AutoModelForImageClassification

import edge_agent.network  # noqa: F401 - registers the bundled architecture with transformers
from contract.emotions import EMOTIONS
from edge_agent.engines.choice import start_engine
from edge_agent.engines.port import EngineName
from edge_agent.errors import ModelError
from edge_agent.labels import emotion_columns

BUNDLED = Path(__file__).parent / "model"
_HUB = os.environ.get("HF_ENDPOINT", "https://huggingface.co")
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?")
_REACH_HUB_S = 5.0  # transformers itself would try six times, for 23 seconds


@dataclass(frozen=True)
class Pretrained:
    """A network with its image processor, as transformers loads them; ``model_id`` names it and tells no path."""

    network: Any
    processor: Any
    model_id: str


class Classifier:
    """A model on an engine; a ``ports.EmotionClassifier``."""

    def __init__(self, pretrained: Pretrained, engine: EngineName = "torch") -> None:
        """``pretrained.network`` is the classifier's from now on.

        Raises ModelError when the labels are not the seven emotions, or the engine is missing.
        """
        self._columns = emotion_columns(pretrained.network.config.id2label)
        self._processor = pretrained.processor
        example = self._pixel_values([np.full((64, 64, 3), 128, np.uint8)])
        self._logits = start_engine(engine, pretrained.network, example)
        self.model_id = pretrained.model_id

    @classmethod
    def load(cls, model: str = "bundled", engine: EngineName = "torch") -> Classifier:
        """The model that ``load_pretrained`` finds, on ``engine``. Raises ModelError."""
        return cls(load_pretrained(model), engine)

    def scores(self, crops: list[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Shares (n, 7) float32, rows sum to 1, in the order of EMOTIONS, of crops (h, w, 3) uint8 RGB."""
        if not crops:
            return np.zeros((0, len(EMOTIONS)), dtype=np.float32)
        # Emotions that the contract lacks are left out before the softmax: the others' shares then sum to 1.
        logits = self._logits(self._pixel_values(crops))[:, self._columns]
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: NDArray[np.float32] = powers / powers.sum(axis=1, keepdims=True)
        return shares

    def _pixel_values(self, crops: list[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Crops as the network wants them: (n, channels, height, width) float32."""
        made = self._processor(images=crops, return_tensors="np", input_data_format="channels_last")
        pixel_values: NDArray[np.float32] = made["pixel_values"]
        return pixel_values


def load_pretrained(model: str = "bundled") -> Pretrained:
    """``bundled``, a folder in transformers' format, or a hub id. Raises ModelError.

    A hub id that is already in the local cache is used without a look at the network.
    """
    if model == "bundled":
        return _of_folder(BUNDLED, "bundled", "model.safetensors", "the bundled model")
    folder = Path(model).expanduser()
    if folder.is_dir():
        return _of_folder(folder, "local", "config.json", str(folder))
    if folder.exists() or not _HUB_ID.fullmatch(model):
        raise ModelError(f"there is no folder {model}; give bundled, a folder with config.json, or a hub id")
    return _of_hub(model)


def _of_folder(folder: Path, kind: str, fingerprint: str, name: str) -> Pretrained:
    missing = [file for file in ("config.json", "preprocessor_config.json") if not (folder / file).is_file()]
    if not [*folder.glob("*.safetensors"), *folder.glob("pytorch_model*.bin")]:
        missing.append("model.safetensors")
    if missing:
        raise ModelError(
            f"{name} lacks {', '.join(missing)}; a model folder is what save_pretrained of a model "
            "and of its image processor writes"
        )
    # A path would tell the viewer's name; a hash only tells two models apart.
    digest = hashlib.sha256((folder / fingerprint).read_bytes()).hexdigest()[:8]
    return Pretrained(*_from_pretrained(str(folder), name, local_files_only=True), f"{kind}-{digest}")


def _of_hub(hub_id: str) -> Pretrained:
    try:
        return Pretrained(*_from_pretrained(hub_id, hub_id, local_files_only=True), hub_id)
    except ModelError as error:
        if not isinstance(error.__cause__, OSError):
            raise
    _reach_hub(hub_id)
    return Pretrained(*_from_pretrained(hub_id, hub_id, local_files_only=False), hub_id)


def _from_pretrained(where: str, name: str, *, local_files_only: bool) -> tuple[Any, Any]:
    """Model and image processor; raises ModelError, caused by the OSError when files are missing."""
    transformers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()
    try:
        processor = AutoImageProcessor.from_pretrained(where, local_files_only=local_files_only)
        model, loaded = AutoModelForImageClassification.from_pretrained(
            where, local_files_only=local_files_only, output_loading_info=True
        )
    except OSError as error:
        raise ModelError(f"{name} cannot be loaded: {_first_line(error)}") from error
    except (ValueError, KeyError, TypeError, RuntimeError, AttributeError, ImportError) as error:
        raise ModelError(
            f"{name} is no image classifier that transformers can load: {_first_line(error)}"
        ) from error
    except Exception as error:
        if type(error).__name__ != "SafetensorError":  # a class of a compiled module, of no other family
            raise
        raise ModelError(
            f"{name} has weights that cannot be read: {_first_line(error)}; fetch them again"
        ) from error
    lacking = sorted(loaded["missing_keys"])
    if lacking:
        raise ModelError(
            f"{name} has no weights for {lacking[0]} ({len(lacking)} tensors in all); "
            "give a model fine-tuned on emotions"
        )
    return model, processor


def _reach_hub(hub_id: str) -> None:
    """Raises ModelError at once where transformers would retry for long."""
    elsewhere = (
        f"fetch it where there is a network (hf download {hub_id} --local-dir FOLDER) "
        "and give the folder: --model FOLDER"
    )
    request = urllib.request.Request(f"{_HUB}/{hub_id}/resolve/main/config.json", method="HEAD")  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=_REACH_HUB_S):  # noqa: S310 - the hub's own address
            return
    except urllib.error.HTTPError as error:
        if error.code in {401, 403, 404}:
            raise ModelError(
                f"the hub has no open model {hub_id} (status {error.code}); check the id, or {elsewhere}"
            ) from error
        raise ModelError(f"the hub answered {error.code} for {hub_id}; try later, or {elsewhere}") from error
    except (OSError, ValueError) as error:
        raise ModelError(
            f"{hub_id} is not on this machine and the hub cannot be reached; {elsewhere}"
        ) from error


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
