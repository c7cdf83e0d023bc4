"""The mean of several trainings' weights: often better than each, and no dearer to run (Wortsman et al. 2022)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import torch

from edge_agent.errors import DatasetError
from edge_agent.network import FaceEmotionConfig, FaceEmotionNet
from edge_agent.training.data import PUBLIC_TEST, FaceSet
from edge_agent.training.earlier import trained
from edge_agent.training.saved import save_chosen


def average(folders: Sequence[Path], faces: FaceSet, out: Path) -> Path:
    """Write the even mean of the networks in ``folders``, the ``model/`` of trainings, to ``out``, and return ``out``.

    Trainings that went on from the same weights lie close enough together for their mean to be a network; others
    do not. The temperature is fitted on split 1 of ``faces``. Raises DatasetError when that is empty, a folder holds
    no model that this project trained, or the networks are of different shapes.
    """
    chosen_on = faces.of_split(PUBLIC_TEST)
    if not len(chosen_on):
        raise DatasetError("the data set needs faces in split 1 (PublicTest)")
    found = [trained(folder, "average") for folder in folders]
    weights = [net.state_dict() for net, _ in found]
    shapes = [{name: value.shape for name, value in one.items()} for one in weights]
    for folder, shape in zip(folders, shapes, strict=True):
        if shape != shapes[0]:
            raise DatasetError(
                f"cannot average {folder} with {folders[0]}: the networks are of different widths; average trainings "
                "of one --wider"
            )
    mean = {
        name: torch.stack([one[name] for one in weights]).mean(0) if value.is_floating_point() else value
        for name, value in weights[0].items()
    }
    net = FaceEmotionNet(cast("FaceEmotionConfig", found[0][0].config))
    net.load_state_dict(mean)
    return save_chosen(net, out, chosen_on, {"mean_of": [record for _, record in found]})
