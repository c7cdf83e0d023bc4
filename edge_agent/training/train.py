"""Train the bundled network on FER2013 labels and FER+ votes together.

In order: drop near-duplicates; train with augmentation, the early epochs at low resolution; average the weights as
they move; after each epoch measure plain and averaged weights on PublicTest and keep the better; fit a temperature;
save in transformers' format. A checkpoint after each epoch lets an interrupted training go on where it was.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from edge_agent.errors import DatasetError
from edge_agent.network import FaceEmotionConfig, FaceEmotionNet
from edge_agent.training.augment import augment
from edge_agent.training.data import PUBLIC_TEST, TRAINING, FaceSet, near_duplicates
from edge_agent.training.earlier import Teachers, first_weights
from edge_agent.training.heads import TrainedHeads
from edge_agent.training.history import EpochReport
from edge_agent.training.history_plot import draw_history
from edge_agent.training.optimizers import Optimizers
from edge_agent.training.saved import as_input, emotion_logits, save_chosen
from edge_agent.training.settings import TrainSettings

Progress = Callable[[int, int, float], None]
"""Called after each batch with batches done, batches in all, and the batch's loss."""

_VOTED_EMOTIONS = 8  # FER+ columns that are emotions; the last two are "unknown" and "not a face"
_KEEP_EVERY_S = 10.0  # where epochs take a second, a checkpoint a second would take as long again
_LOOK_EVERY = {"cpu": 1, "cuda": 25}  # steps; to look at a GPU's loss is to wait for it
_FEWEST_VOTES = 4  # of ten taggers who saw an emotion at all; below, the votes say little


def train(
    faces: FaceSet,
    out: Path,
    settings: TrainSettings,
    *,
    start_from: Path | None = None,
    teachers: Sequence[Path] = (),
    device: str = "cpu",
    progress: Progress = lambda *_: None,
    epoch_done: Callable[[EpochReport], None] = lambda _report: None,
) -> Path:
    """Train on split 0 of ``faces``, choose on split 1, and return the folder that holds the best weights.

    ``out`` keeps ``checkpoint.pt``, ``history.json``, ``history.png`` and ``model/``. An ``out`` that holds a
    checkpoint of the same settings is gone on with. ``start_from``, the ``model/`` of an earlier training, gives the
    first weights in place of fresh ones (a warm restart, Loshchilov and Hutter 2017); its record goes into the new
    one. ``teachers``, folders of the same kind, are asked about every changed and mixed face, and the network learns
    what they say on average (Beyer et al. 2022); their records go in too. ``device`` is ``cpu`` or ``cuda``.
    Raises DatasetError when a split is empty, the checkpoint is of other settings, there is no such device, or
    ``start_from`` or a teacher holds no model that this project trained.
    """
    if device == "cuda" and not torch.cuda.is_available():
        raise DatasetError("no CUDA device is found on this machine; train with --device cpu")
    chosen_on = faces.of_split(PUBLIC_TEST)
    learned_from = faces.of_split(TRAINING)
    if not len(chosen_on) or not len(learned_from):
        raise DatasetError("the data set needs faces in split 0 (Training) and split 1 (PublicTest)")
    learned_from = learned_from.take(~near_duplicates(learned_from, chosen_on))
    run = _Run(learned_from, chosen_on, out, settings, start_from, teachers, torch.device(device))
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
        start_from: Path | None,
        teachers: Sequence[Path],
        device: torch.device,
    ) -> None:
        torch.manual_seed(settings.seed)
        self.settings, self.out, self.device = settings, out, device
        self.generator = torch.Generator(device).manual_seed(settings.seed)
        self.random = np.random.default_rng(settings.seed)
        self.chosen_on = chosen_on
        self.images = as_input(learned_from.images).to(device)
        self.labels = torch.from_numpy(learned_from.labels.astype(np.int64)).to(device)
        self.votes, self.voted = (part.to(device) for part in _vote_shares(learned_from.votes))
        net, self.earlier = first_weights(start_from, settings.wider)
        self.net = nn.Module.to(net, device)
        self.heads = TrainedHeads(self.net, compiled=settings.compiled)
        self.teachers = Teachers(teachers, device) if teachers else None
        self.average = AveragedModel(
            self.net, multi_avg_fn=get_ema_multi_avg_fn(settings.average_decay), use_buffers=True
        )
        self.average.n_averaged = self.average.n_averaged.cpu()  # it is looked at in every step
        self.batches = len(self._batches(torch.arange(len(self.labels))))
        self.optimizers = Optimizers(self.net, settings, settings.epochs * self.batches)
        self.epoch = 0
        self.history: list[EpochReport] = []
        self.best: dict[str, Tensor] = {}
        self.kept_at = -math.inf

    @property
    def best_accuracy(self) -> float:
        return max((report.public_test_accuracy for report in self.history), default=0.0)

    def one_epoch(self, progress: Progress) -> EpochReport:
        self.net.train()
        order = torch.randperm(len(self.labels), generator=self.generator, device=self.device)
        low = self.epoch < int(self.settings.epochs * self.settings.low_resolution_share)
        losses = torch.zeros((), device=self.device)
        looked = 0.0
        for batch, chosen in enumerate(self._batches(order)):
            loss = self._step(augment(self.images[chosen], self.generator), chosen, low=low)
            losses += loss
            if batch % _LOOK_EVERY[self.device.type] == 0:
                looked = float(loss)
            progress(self.epoch * self.batches + batch + 1, self.settings.epochs * self.batches, looked)
        better, accuracy = self._better_on_public_test()
        self.epoch += 1
        report = EpochReport(
            self.epoch, float(losses) / self.batches, accuracy, accuracy > self.best_accuracy
        )
        self.history.append(report)
        if report.best:
            self.best = {name: value.detach().cpu().clone() for name, value in better.state_dict().items()}
        if self.epoch == self.settings.epochs or time.monotonic() - self.kept_at >= _KEEP_EVERY_S:
            self._keep()
        return report

    def _batches(self, order: Tensor) -> Sequence[Tensor]:
        batches: Sequence[Tensor] = order.split(self.settings.batch_size)
        # A GPU's steps are recorded for one size of batch; another order leaves out other faces.
        short = self.device.type == "cuda" and len(batches) > 1 and len(batches[-1]) < len(batches[0])
        return batches[:-1] if short else batches

    def _step(self, images: Tensor, chosen: Tensor, *, low: bool) -> Tensor:
        share, partner = self._mixing(len(chosen))
        images = torch.lerp(images[partner], images, share)
        taught = self.teachers.shares(images) if self.teachers else None
        if low:
            side = self.settings.low_resolution
            images = functional.interpolate(images, (side, side), mode="bilinear", antialias=True)
        logits, vote_logits = self.heads(images.contiguous(memory_format=torch.channels_last))
        loss = share * self._loss(logits, vote_logits, chosen)
        loss = loss + (1 - share) * self._loss(logits, vote_logits, chosen[partner])
        if taught is not None:
            said = functional.cross_entropy(logits, taught[0]) + functional.cross_entropy(
                vote_logits, taught[1]
            )
            loss = torch.lerp(loss, said, self.settings.teacher_share)
        self.net.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
        self.optimizers.step()
        self.average.update_parameters(self.net)
        return loss.detach()

    def _mixing(self, n: int) -> tuple[float, Tensor]:
        """How much each face keeps of itself, 0.5 to 1, and the position (n,) of the face that the rest comes from."""
        partner = torch.randperm(n, generator=self.generator, device=self.device)
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

    def _keep(self) -> None:
        self.kept_at = time.monotonic()
        self.out.mkdir(parents=True, exist_ok=True)
        state = {
            "settings": asdict(self.settings),
            "epoch": self.epoch,
            "history": [asdict(report) for report in self.history],
            "net": self.net.state_dict(),
            "best": self.best,
            "average": self.average.state_dict(),
            "optimizers": self.optimizers.state_dict(),
            "generator": self.generator.get_state(),
            "random": json.dumps(self.random.bit_generator.state),
            "torch_generator": torch.get_rng_state(),  # dropout draws from it, on a processor
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
        state = torch.load(path, map_location="cpu", weights_only=True)
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
        self.best = state["best"]
        self.epoch = state["epoch"]
        self.history = [EpochReport(**report) for report in state["history"]]

    def finish(self) -> Path:
        net = FaceEmotionNet(cast("FaceEmotionConfig", self.net.config))
        net.load_state_dict(self.best)
        return save_chosen(
            net,
            self.out / "model",
            self.chosen_on,
            {
                "settings": asdict(self.settings),
                "training_faces": len(self.labels),
                "epochs": [asdict(report) for report in self.history],
                "device": torch.cuda.get_device_name() if self.device.type == "cuda" else "cpu",
                "earlier": self.earlier,
                "teachers": self.teachers.records if self.teachers else [],
            },
        )


def _vote_shares(votes: NDArray[np.uint8]) -> tuple[Tensor, Tensor]:
    """FER+ shares (n, 8) float32 that sum to 1, and the weight (n,) of each face: 0 where too few saw an emotion."""
    emotion_votes = torch.from_numpy(votes[:, :_VOTED_EMOTIONS].astype(np.float32))
    total = emotion_votes.sum(1, keepdim=True)
    return emotion_votes / total.clamp(min=1), (total[:, 0] >= _FEWEST_VOTES).float()
