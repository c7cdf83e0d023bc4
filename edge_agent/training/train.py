"""Train the bundled network on FER2013 labels and FER+ votes together.

In order: drop near-duplicates; train with augmentation, the early epochs at low resolution; average the weights as
they move; after each epoch measure plain and averaged weights on PublicTest and keep the better; fit a temperature;
save in transformers' format. A checkpoint after each epoch lets an interrupted training go on where it was.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from contract.emotions import EMOTIONS
from edge_agent.errors import DatasetError
from edge_agent.network import FaceEmotionConfig, FaceEmotionNet
from edge_agent.training.augment import augment
from edge_agent.training.data import PUBLIC_TEST, TRAINING, FaceSet, near_duplicates
from edge_agent.training.history import EpochReport
from edge_agent.training.history_plot import draw_history
from edge_agent.training.metrics import best_temperature, measure
from edge_agent.training.optimizers import Optimizers
from edge_agent.training.settings import TrainSettings

Progress = Callable[[int, int, float], None]
"""Called after each batch with batches done, batches in all, and the batch's loss."""

_VOTED_EMOTIONS = 8  # FER+ columns that are emotions; the last two are "unknown" and "not a face"
_FEWEST_VOTES = 4  # of ten taggers who saw an emotion at all; below, the votes say little


def train(
    faces: FaceSet,
    out: Path,
    settings: TrainSettings,
    *,
    progress: Progress = lambda *_: None,
    epoch_done: Callable[[EpochReport], None] = lambda _report: None,
) -> Path:
    """Train on split 0 of ``faces``, choose on split 1, and return the folder that holds the best weights.

    ``out`` keeps ``checkpoint.pt``, ``history.json``, ``history.png`` and ``model/``. An ``out`` that holds a
    checkpoint of the same settings is gone on with. Raises DatasetError when a split is empty or the checkpoint is of
    other settings.
    """
    chosen_on = faces.of_split(PUBLIC_TEST)
    learned_from = faces.of_split(TRAINING)
    if not len(chosen_on) or not len(learned_from):
        raise DatasetError("the data set needs faces in split 0 (Training) and split 1 (PublicTest)")
    learned_from = learned_from.take(~near_duplicates(learned_from, chosen_on))
    run = _Run(learned_from, chosen_on, out, settings)
    run.resume()
    while run.epoch < settings.epochs:
        epoch_done(run.one_epoch(progress))
    return run.finish()


class _Run:
    """The moving parts of one training run."""

    def __init__(
        self,
        learned_from: FaceSet,
        chosen_on: FaceSet,
        out: Path,
        settings: TrainSettings,
    ) -> None:
        torch.manual_seed(settings.seed)
        self.settings, self.out = settings, out
        self.generator = torch.Generator().manual_seed(settings.seed)
        self.random = np.random.default_rng(settings.seed)
        self.chosen_on = chosen_on
        self.images = as_input(learned_from.images)
        self.labels = torch.from_numpy(learned_from.labels.astype(np.int64))
        self.votes, self.voted = _vote_shares(learned_from.votes)
        self.batches = math.ceil(len(learned_from) / settings.batch_size)
        self.net = FaceEmotionNet(FaceEmotionConfig())
        self.both_heads = (
            torch.compile(self.net.both_heads, dynamic=False) if settings.compiled else self.net.both_heads
        )
        self.average = AveragedModel(
            self.net, multi_avg_fn=get_ema_multi_avg_fn(settings.average_decay), use_buffers=True
        )
        self.optimizers = Optimizers(self.net, settings, settings.epochs * self.batches)
        self.epoch = 0
        self.history: list[EpochReport] = []

    @property
    def best_accuracy(self) -> float:
        return max((report.public_test_accuracy for report in self.history), default=0.0)

    def one_epoch(self, progress: Progress) -> EpochReport:
        self.net.train()
        order = torch.randperm(len(self.labels), generator=self.generator)
        low = self.epoch < int(self.settings.epochs * self.settings.low_resolution_share)
        loss_sum = 0.0
        for batch, chosen in enumerate(order.split(self.settings.batch_size)):
            images = augment(self.images[chosen], self.generator)
            if low:
                side = self.settings.low_resolution
                images = functional.interpolate(images, (side, side), mode="bilinear", antialias=True)
            loss = self._step(images, chosen)
            loss_sum += loss
            progress(self.epoch * self.batches + batch + 1, self.settings.epochs * self.batches, loss)
        better, accuracy = self._better_on_public_test()
        self.epoch += 1
        report = EpochReport(self.epoch, loss_sum / self.batches, accuracy, accuracy > self.best_accuracy)
        self.history.append(report)
        self._keep(report, better)
        return report

    def _step(self, images: Tensor, chosen: Tensor) -> float:
        share, partner = self._mixing(len(chosen))
        images = torch.lerp(images[partner], images, share).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            logits, vote_logits = self.both_heads(images)
        loss = share * self._loss(logits.float(), vote_logits.float(), chosen)
        loss = loss + (1 - share) * self._loss(logits.float(), vote_logits.float(), chosen[partner])
        self.net.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
        self.optimizers.step()
        self.average.update_parameters(self.net)
        return loss.item()

    def _mixing(self, n: int) -> tuple[float, Tensor]:
        """How much each face keeps of itself, 0.5 to 1, and the position (n,) of the face that the rest comes from."""
        partner = torch.randperm(n, generator=self.generator)
        if self.settings.mixup == 0:
            return 1.0, partner
        drawn = float(self.random.beta(self.settings.mixup, self.settings.mixup))
        return max(drawn, 1 - drawn), partner

    def _loss(self, logits: Tensor, vote_logits: Tensor, faces: Tensor) -> Tensor:
        label_loss = functional.cross_entropy(
            logits, self.labels[faces], label_smoothing=self.settings.label_smoothing
        )
        vote_loss = functional.cross_entropy(vote_logits, self.votes[faces], reduction="none")
        return label_loss + (vote_loss * self.voted[faces]).mean()

    def _better_on_public_test(self) -> tuple[nn.Module, float]:
        """Plain or averaged weights, and their accuracy: in a short training the average lags to the end."""
        candidates = (self.net, self.average.module)
        return max(((net, self._accuracy(net)) for net in candidates), key=lambda found: found[1])

    def _accuracy(self, net: nn.Module) -> float:
        logits = emotion_logits(net, self.chosen_on.images)
        return float((logits.argmax(1) == self.chosen_on.labels).mean())

    def _keep(self, report: EpochReport, chosen: nn.Module) -> None:
        self.out.mkdir(parents=True, exist_ok=True)
        if report.best:
            torch.save(chosen.state_dict(), self.out / "best.pt")
        state = {
            "settings": asdict(self.settings),
            "epoch": self.epoch,
            "history": [asdict(report) for report in self.history],
            "net": self.net.state_dict(),
            "average": self.average.state_dict(),
            "optimizers": self.optimizers.state_dict(),
            "generator": self.generator.get_state(),
            "random": json.dumps(self.random.bit_generator.state),
            "torch_generator": torch.get_rng_state(),  # dropout draws from it
        }
        fresh = self.out / "checkpoint.new"
        torch.save(state, fresh)
        fresh.replace(self.out / "checkpoint.pt")
        (self.out / "history.json").write_text(
            json.dumps({"settings": state["settings"], "epochs": state["history"]}, indent=1) + "\n"
        )
        draw_history(self.history, self.settings.epochs, self.out / "history.png")

    def resume(self) -> None:
        path = self.out / "checkpoint.pt"
        if not path.exists():
            return
        state = torch.load(path, weights_only=True)
        if state["settings"] != asdict(self.settings):
            raise DatasetError(
                f"{path} is of a training with other settings; give another --out or the same settings"
            )
        self.net.load_state_dict(state["net"])
        self.average.load_state_dict(state["average"])
        self.optimizers.load_state_dict(state["optimizers"])
        self.generator.set_state(state["generator"])
        self.random.bit_generator.state = json.loads(state["random"])
        torch.set_rng_state(state["torch_generator"])
        self.epoch = state["epoch"]
        self.history = [EpochReport(**report) for report in state["history"]]

    def finish(self) -> Path:
        net = FaceEmotionNet(FaceEmotionConfig())
        net.load_state_dict(torch.load(self.out / "best.pt", weights_only=True))
        labels = self.chosen_on.labels
        logits = emotion_logits(net, self.chosen_on.images)
        net.config.calibration_temperature = best_temperature(labels, logits)
        folder = self.out / "model"
        save(net, folder)
        probabilities = torch.from_numpy(logits / net.config.calibration_temperature).softmax(1).numpy()
        record = {
            "settings": asdict(self.settings),
            "training_faces": len(self.labels),
            "parameters": sum(p.numel() for p in net.parameters()),
            "public_test": asdict(measure(labels, probabilities)),
            "epochs": [asdict(report) for report in self.history],
        }
        (folder / "training.json").write_text(json.dumps(record, indent=1) + "\n")
        return folder


def save(net: FaceEmotionNet, folder: Path) -> None:
    """Write ``net`` in transformers' format, with the image processor that its input needs."""
    net.save_pretrained(folder)
    side = net.config.image_size
    processor = {
        "image_processor_type": "ViTImageProcessor",
        "do_convert_rgb": True,
        "do_resize": True,
        "size": {"height": side, "width": side},
        "resample": 2,
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5],
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(processor, indent=2) + "\n")
    (folder / "model.safetensors").chmod(0o644)  # transformers leaves it readable by its owner alone


def as_input(images: NDArray[np.uint8]) -> Tensor:
    """Grey pictures (n, height, width) uint8 as the network's input (n, 1, height, width) float32 in [-1, 1]."""
    return torch.from_numpy(images).unsqueeze(1).float().div_(127.5).sub_(1)


@torch.inference_mode()
def emotion_logits(net: nn.Module, images: NDArray[np.uint8], batch_size: int = 256) -> NDArray[np.float32]:
    """Uncalibrated logits (n, 7) of grey faces (n, 48, 48) uint8."""
    net.eval()
    parts = [
        net.both_heads(as_input(images[start : start + batch_size]))[0]  # type: ignore[operator]
        for start in range(0, len(images), batch_size)
    ]
    return torch.cat(parts).numpy() if parts else np.zeros((0, len(EMOTIONS)), dtype=np.float32)


def _vote_shares(votes: NDArray[np.uint8]) -> tuple[Tensor, Tensor]:
    """FER+ shares (n, 8) float32 that sum to 1, and the weight (n,) of each face: 0 where too few saw an emotion."""
    emotion_votes = torch.from_numpy(votes[:, :_VOTED_EMOTIONS].astype(np.float32))
    total = emotion_votes.sum(1, keepdim=True)
    return emotion_votes / total.clamp(min=1), (total[:, 0] >= _FEWEST_VOTES).float()
