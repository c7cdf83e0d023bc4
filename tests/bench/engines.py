"""Every engine on the same faces: time a face, time to start, largest difference of a score.

Run by itself, ``python -m tests.bench.engines NAME SHARED`` measures one engine and prints JSON: each runs in a
process of its own, ``ipex`` in the interpreter of ``.venv-intel``. Beside the engines stand what they are held
against (transformers by itself), and two settings of PyTorch that were tried and not taken.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

REPOSITORY = Path(__file__).resolve().parent.parent.parent
INTEL_PYTHON = REPOSITORY / ".venv-intel" / "bin" / "python"
ROWS = ("eager", "torch", "openvino", "ipex", "torch in bfloat16", "torch.compile")

Run = Callable[[NDArray[np.float32]], NDArray[np.float32]]


@dataclass(frozen=True)
class EngineFigures:
    """One row.

    bundled_ms, vit_ms: a face through the network, without preprocessing. start_s: CPU time until the bundled
    network has run once, with loading the libraries and compilers for it. difference: largest of any score of 50
    real faces, against transformers by itself.
    """

    name: str
    bundled_ms: float
    vit_ms: float
    start_s: float
    difference: float


def engines(shared: Path) -> list[EngineFigures | str]:
    """Each of ROWS, or why it could not be measured."""
    return [_in_its_own_process(name, shared) for name in ROWS]


def _in_its_own_process(name: str, shared: Path) -> EngineFigures | str:
    python = INTEL_PYTHON if name == "ipex" else Path(sys.executable)
    if not python.exists():
        return f"{name}: no environment for it; `make test-intel` sets it up"
    done = subprocess.run(
        [python, "-m", "tests.bench.engines", name, shared],
        cwd=REPOSITORY,
        env=os.environ | {"TORCHINDUCTOR_FORCE_DISABLE_CACHES": "1"},  # torch.compile as on a new device
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return f"{name}: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}"
    return EngineFigures(**json.loads(done.stdout.splitlines()[-1]))


def _measure(name: str, shared: Path) -> EngineFigures:
    import torch
    from transformers import ViTConfig, ViTForImageClassification

    from contract.emotions import EMOTIONS
    from edge_agent.classifier import load_pretrained
    from tests.bench.figures import cpu_ms
    from tests.edge_agent.engine_scores import eager_scores, real_faces

    torch.set_num_threads(1)
    torch.manual_seed(7)
    faces = real_faces(shared)
    bundled = load_pretrained()
    made = bundled.processor(images=faces, return_tensors="np", input_data_format="channels_last")
    pixels = np.ascontiguousarray(made["pixel_values"], dtype=np.float32)
    begun = _spent_s()
    run = _start(name, bundled.network, pixels[:1])
    run(pixels[:1])
    start_s = _spent_s() - begun
    logits = run(pixels)
    powers = np.exp(logits - logits.max(1, keepdims=True))
    difference = np.abs(powers / powers.sum(1, keepdims=True) - eager_scores("bundled", faces)).max()
    bundled_ms = cpu_ms(lambda: run(pixels[:1]))

    vit = ViTForImageClassification(ViTConfig(id2label=dict(enumerate(EMOTIONS))))
    picture = np.random.default_rng(7).normal(size=(1, 3, 224, 224)).astype(np.float32)
    run = _start(name, vit, picture)
    return EngineFigures(name, bundled_ms, cpu_ms(lambda: run(picture)), start_s, float(difference))


def _spent_s() -> float:
    """CPU seconds of this process and of those that it started and that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _start(name: str, network: object, example: NDArray[np.float32]) -> Run:
    """One of ROWS, ready to run ``network``, a classifier of transformers."""
    import torch
    from torch import nn

    from edge_agent.engines.choice import start_engine
    from edge_agent.engines.torch_engine import Logits

    assert isinstance(network, nn.Module)
    if name in {"torch", "openvino", "ipex"}:
        return start_engine(name, network, example)  # type: ignore[arg-type]  # one of the three
    half = name == "torch in bfloat16"
    plain: nn.Module = Logits(network).eval()
    if half:
        plain = plain.to(memory_format=torch.channels_last).to(torch.bfloat16)
    called = torch.compile(plain) if name == "torch.compile" else plain

    def run(pixel_values: NDArray[np.float32]) -> NDArray[np.float32]:
        with torch.inference_mode():
            pixels = torch.from_numpy(pixel_values)
            result: NDArray[np.float32] = called(pixels.bfloat16() if half else pixels).float().numpy()
        return result

    return run


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(_measure(sys.argv[1], Path(sys.argv[2])))) + "\n")
