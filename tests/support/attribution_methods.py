"""Which attribution method to take for ``model explain``: run by hand, prints the table of docs/model-lab.md.

    python -m tests.support.attribution_methods fer2013plus-train.npz --faces 24

For each method, over faces of PublicTest: what the winning emotion loses (logits, against the mean of all seven) when
the tenth of the face that the method ranks highest is blurred, and the tenth that it ranks lowest; what it loses when
all but the highest three tenths are blurred; and the rank correlation of its map's sizes with those of a network with
random weights, which should be near 0.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from captum.attr import (
    InputXGradient,
    IntegratedGradients,
    LayerAttribution,
    LayerGradCam,
    NoiseTunnel,
    Occlusion,
    Saliency,
)
from torch import Tensor

from edge_agent.network import FaceEmotionConfig, FaceEmotionNet
from edge_agent.training.data import PUBLIC_TEST, load_face_set
from edge_agent.training.opened import OpenedNetwork
from edge_agent.training.saved import as_input

Method = Callable[[Tensor, Tensor], Tensor]


def main() -> None:
    """Print one line a method."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--faces", type=int, default=24)
    given = arguments.parse_args()

    trained: Any = OpenedNetwork.load("bundled").network
    torch.manual_seed(3)
    random: Any = FaceEmotionNet(FaceEmotionConfig())
    random.eval()
    faces = load_face_set(given.data).of_split(PUBLIC_TEST)
    chosen = np.random.default_rng(0).choice(len(faces), given.faces, replace=False)
    images = as_input(faces.images[chosen])
    without = _blurred(images)
    centred = _centred(trained)
    with torch.no_grad():
        winners = centred(images).argmax(1)

    def lost(deleted: Tensor) -> float:
        with torch.no_grad():
            whole, left = centred(images), centred(torch.where(deleted, without, images))
        return float((whole - left).gather(1, winners[:, None]).mean())

    pixels = images[0].numel()
    scattered = torch.rand(images.shape).flatten(1).argsort(1)
    windows = torch.rand(len(images), 1, 12, 12).flatten(1).argsort(1).view(-1, 1, 12, 12) < 14
    windows = windows.repeat_interleave(4, 2).repeat_interleave(4, 3)
    print(
        f"a tenth at random: single pixels {lost(_ranked(scattered, 0, pixels // 10, images)):.2f}, ", end=""
    )
    print(
        f"4x4 squares {lost(windows):.2f}; everything {lost(torch.ones_like(images, dtype=torch.bool)):.2f}"
    )
    print(f"{'method':26} highest  lowest  all but 3/10  as a random network")
    other = _methods(random)
    for name, method in _methods(trained).items():
        map_ = method(images, winners).detach()
        order = map_.flatten(1).argsort(1, descending=True)
        highest = lost(_ranked(order, 0, pixels // 10, images))
        lowest = lost(_ranked(order, pixels - pixels // 10, pixels, images))
        kept = lost(_ranked(order, 3 * pixels // 10, pixels, images))
        same = _rank_correlation(map_, other[name](images, winners).detach())
        print(f"{name:26} {highest:7.2f} {lowest:7.2f} {kept:13.2f} {same:20.2f}", flush=True)


def _methods(net: Any) -> dict[str, Method]:
    centred = _centred(net)
    integrated = IntegratedGradients(centred)

    def occlusion(images: Tensor, winners: Tensor) -> Tensor:
        return Occlusion(centred).attribute(  # type: ignore[no-any-return]
            images, (1, 8, 8), strides=(1, 4, 4), baselines=_blurred(images), target=winners
        )

    def grad_cam(images: Tensor, winners: Tensor) -> Tensor:
        coarse = LayerGradCam(centred, net.body[-2]).attribute(images, target=winners)
        return LayerAttribution.interpolate(coarse, images.shape[2:], "bilinear")  # type: ignore[no-any-return]

    return {
        "occlusion, 8 by 4": occlusion,
        "integrated gradients": lambda images, winners: integrated.attribute(
            images, _blurred(images), target=winners, n_steps=32, internal_batch_size=64
        ),
        "saliency": lambda images, winners: Saliency(centred).attribute(
            images.clone().requires_grad_(), target=winners
        ),
        "input x gradient": lambda images, winners: InputXGradient(centred).attribute(
            images.clone().requires_grad_(), target=winners
        ),
        "Grad-CAM": grad_cam,
        "integrated, noise tunnel": lambda images, winners: NoiseTunnel(integrated).attribute(
            images,
            nt_samples=8,
            nt_samples_batch_size=2,
            stdevs=0.15,
            baselines=_blurred(images),
            target=winners,
            n_steps=8,
        ),
    }


def _centred(net: Any) -> Callable[[Tensor], Tensor]:
    def logits(images: Tensor) -> Tensor:
        found: Tensor = net(images).logits
        return found - found.mean(1, keepdim=True)

    return logits


def _blurred(images: Tensor) -> Tensor:
    return torch.stack(
        [torch.from_numpy(cv2.GaussianBlur(image[0].numpy(), (0, 0), 8))[None] for image in images]
    )


def _ranked(order: Tensor, start: int, stop: int, like: Tensor) -> Tensor:
    """Mask of the pixels at places ``start`` to ``stop`` of ``order`` (n, pixels)."""
    mask = torch.zeros(order.shape, dtype=torch.bool)
    return mask.scatter(1, order[:, start:stop], value=True).view_as(like)


def _rank_correlation(one: Tensor, other: Tensor) -> float:
    """Mean over faces of the size of Spearman's correlation between the sizes of both maps."""
    found = []
    for first, second in zip(one.abs().flatten(1), other.abs().flatten(1), strict=True):
        ranks = torch.stack([first.argsort().argsort(), second.argsort().argsort()]).float()
        found.append(abs(float(torch.corrcoef(ranks)[0, 1])))
    return float(np.mean(found))


if __name__ == "__main__":
    main()
