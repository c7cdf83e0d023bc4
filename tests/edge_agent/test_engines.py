"""Engines: the same scores from each, a clear line for one that is missing, and nothing sent by any."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from edge_agent.classifier import Classifier, load_pretrained
from edge_agent.engines.choice import start_engine
from edge_agent.engines.openvino_engine import OpenVinoEngine
from edge_agent.engines.port import EngineName
from edge_agent.engines.torch_engine import Logits, fold_batch_norms, frozen
from edge_agent.errors import ModelError, SettingsError
from edge_agent.settings import AgentSettings
from tests.edge_agent.conftest import RunPython
from tests.edge_agent.engine_scores import SAME, eager_scores, real_faces
from tests.support.command import done, houselights, refused

pytestmark = pytest.mark.usefixtures("one_thread")

INSTALLED: tuple[EngineName, ...] = ("torch", "openvino")


@pytest.fixture(scope="module")
def faces(shared: Path) -> list[NDArray[np.uint8]]:
    return real_faces(shared)


@pytest.mark.parametrize("engine", INSTALLED)
def test_real_faces_score_the_same_on_every_engine(
    engine: EngineName, faces: list[NDArray[np.uint8]]
) -> None:
    scores = Classifier.load("bundled", engine).scores(faces)
    np.testing.assert_allclose(scores, eager_scores("bundled", faces), atol=SAME)
    assert scores.dtype == np.float32
    assert len(set(scores.argmax(axis=1))) > 3  # faces that all look alike to it would prove nothing


@pytest.mark.parametrize("engine", INSTALLED)
def test_somebody_elses_network_scores_the_same_on_every_engine(
    engine: EngineName, small_vit: Path, faces: list[NDArray[np.uint8]]
) -> None:
    scores = Classifier.load(str(small_vit), engine).scores(faces)
    np.testing.assert_allclose(scores, eager_scores(str(small_vit), faces), atol=SAME)


@pytest.mark.parametrize("engine", INSTALLED)
def test_a_result_is_not_changed_by_the_next_call(engine: EngineName, small_vit: Path) -> None:
    pixels = np.random.default_rng(3).normal(size=(2, 3, 32, 32)).astype(np.float32)
    run = start_engine(engine, load_pretrained(str(small_vit)).network, pixels[:1])
    first = run(pixels[:1])
    kept = first.copy()
    assert not np.array_equal(run(pixels[1:]), kept)
    np.testing.assert_array_equal(first, kept)


def test_the_bundled_networks_batch_norms_are_folded() -> None:
    network = Logits(load_pretrained().network).eval()
    with torch.no_grad():
        folded = fold_batch_norms(network, torch.zeros(1, 3, 48, 48))
    assert any(isinstance(module, nn.BatchNorm2d) for module in network.modules())
    assert not any(isinstance(module, nn.BatchNorm2d) for module in folded.modules())


class Forked(nn.Module):
    """Uses what its convolution gives twice, once past the batch norm: folding would change it."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(3, 4, 3)
        self.norm = nn.BatchNorm2d(4)

    def forward(self, pixel_values: Tensor) -> Tensor:
        made = self.convolution(pixel_values)
        joined: Tensor = (self.norm(made) + made).mean((2, 3))
        return joined


def test_a_batch_norm_that_cannot_be_folded_is_left_alone() -> None:
    torch.manual_seed(4)
    forked = Forked().eval()
    forked.norm.running_mean = torch.full((4,), 3.0)
    example = torch.rand(1, 3, 8, 8)
    with torch.no_grad():
        assert fold_batch_norms(forked, example) is forked


def test_the_bundled_network_is_frozen() -> None:
    network = Logits(load_pretrained().network).eval()
    pictures = torch.rand(5, 3, 48, 48)
    with torch.inference_mode():
        made = frozen(network, pictures[:1])
        assert isinstance(made, torch.jit.ScriptModule)
        torch.testing.assert_close(made(pictures), network(pictures))


class Counting(nn.Module):
    """Does something else for one picture than for several; a trace would not."""

    def forward(self, pixel_values: Tensor) -> Tensor:
        means = pixel_values.mean((2, 3))
        return means if len(pixel_values) == 1 else means + 1


class Shaped(nn.Module):
    """Its trace takes as many pictures as the first time, no others."""

    def forward(self, pixel_values: Tensor) -> Tensor:
        joined: Tensor = pixel_values.mean((2, 3)) + torch.zeros(len(pixel_values), 3)
        return joined


@pytest.mark.parametrize("network", [Counting(), Shaped(), Forked()])
def test_a_network_gives_the_same_frozen_or_is_left_alone(network: nn.Module) -> None:
    example = torch.rand(1, 3, 8, 8)
    with torch.inference_mode():
        made = frozen(network.eval(), example)
        assert (made is network) is not isinstance(network, Forked)
        for pictures in (example, example.repeat(3, 1, 1, 1)):
            torch.testing.assert_close(made(pictures), network(pictures))


def test_an_engine_that_is_not_installed_says_what_to_install(small_vit: Path, run_python: RunPython) -> None:
    with pytest.raises(ModelError, match=r"houselights\[intel\]") as raised:
        Classifier.load(str(small_vit), "ipex")  # PyTorch is too new for it here
    assert "\n" not in str(raised.value)
    out = run_python(
        f"""
import sys
sys.modules["openvino"] = None  # as if it were not installed
from edge_agent.classifier import Classifier
from edge_agent.errors import ModelError, SettingsError
from edge_agent.settings import AgentSettings
try:
    Classifier.load({str(small_vit)!r}, "openvino")
except ModelError as error:
    print(error)
"""
    )
    assert "pip install 'houselights[openvino]'" in out
    assert len(out.strip().splitlines()) == 1


def test_an_unknown_engine_is_refused(small_vit: Path) -> None:
    with pytest.raises(ModelError, match="choose one of torch, openvino, ipex"):
        Classifier.load(str(small_vit), "onnx")  # type: ignore[arg-type]


class Refusing(nn.Module):
    """A network that no converter can follow."""

    def forward(self, pixel_values: Tensor) -> Tensor:
        raise RuntimeError(f"no graph for {len(pixel_values)} pictures\nand why, at length")


def test_a_network_that_openvino_cannot_take_is_one_line() -> None:
    with pytest.raises(ModelError, match="use --engine torch") as raised:
        start_engine("openvino", Refusing(), np.zeros((1, 3, 8, 8), np.float32))
    assert "\n" not in str(raised.value)


WATCHED = """
import sys
events = []
def watch(event, arguments):
    if event.startswith(("socket.", "urllib.", "http.client.", "ssl.", "smtplib.", "ftplib.")):
        events.append(event)
sys.addaudithook(watch)
import numpy as np
from edge_agent.classifier import Classifier
crops = [np.zeros((48, 48, 3), np.uint8)]
print("rows", len(Classifier.load({folder!r}, {engine!r}).scores(crops)))
print("network events", sorted(set(events)))
print("OpenVINO", "openvino" in sys.modules)
stub = sys.modules.get("openvino.tools.ovc.telemetry_stub")
print("stand-in", stub is not None and sys.modules["openvino.tools.ovc.convert_impl"].tm is stub)
import socket
socket.socket().close()
print("would be seen", bool(events))
"""


@pytest.mark.parametrize("engine", INSTALLED)
def test_no_engine_opens_a_socket(
    engine: EngineName, small_vit: Path, run_python: RunPython, tmp_path: Path
) -> None:
    # CI: OpenVINO's telemetry is silent by itself on a build machine; a viewer's device is none. HOME: as on a
    # new device, where nobody has opted out.
    out = run_python(
        WATCHED.format(folder=str(small_vit), engine=engine), timeout_s=180, CI="", HOME=str(tmp_path)
    )
    uses_openvino = engine == "openvino"
    assert out.splitlines() == [
        "rows 1",
        "network events []",
        f"OpenVINO {uses_openvino}",
        f"stand-in {uses_openvino}",
        "would be seen True",
    ]
    assert not (tmp_path / "intel").exists()  # where its telemetry keeps a client id and counts


LOADED_BEFORE = """
import openvino_telemetry  # as if another library had loaded OpenVINO; by itself it sends nothing
from edge_agent.engines.openvino_engine import load_openvino
from edge_agent.errors import ModelError, SettingsError
from edge_agent.settings import AgentSettings
try:
    load_openvino()
except ModelError as error:
    print(error)
import sys
print("OpenVINO", "openvino" in sys.modules)
"""


def test_openvino_is_refused_where_its_telemetry_is_loaded_already(
    run_python: RunPython, tmp_path: Path
) -> None:
    said, loaded = run_python(LOADED_BEFORE, HOME=str(tmp_path)).strip().splitlines()
    assert "before the agent could switch off its telemetry" in said
    assert loaded == "OpenVINO False"


def test_openvino_uses_as_many_threads_as_torch_is_set_to(small_vit: Path) -> None:
    example = np.zeros((1, 3, 32, 32), np.float32)
    engine = OpenVinoEngine(load_pretrained(str(small_vit)).network, example)
    assert engine._compiled.get_property("INFERENCE_NUM_THREADS") == torch.get_num_threads() == 1


def test_settings_refuse_an_unknown_engine() -> None:
    with pytest.raises(SettingsError, match="the engine must be one of torch, openvino, ipex, got onnx"):
        AgentSettings(film="reel", cut="one", screening="friday", source="a.mp4", engine="onnx")  # type: ignore[arg-type]


def watch_with(engine: str, shared: Path, outbox: Path) -> subprocess.CompletedProcess[str]:
    clip = shared / "media" / "head-pose-face-detection-female.gif"
    what = ("--film", "reel", "--cut", "one", "--screening", "friday", "--outbox", outbox, "--json")
    return houselights("agent", "run", "--source", clip, "--engine", engine, *what)


def test_the_agent_runs_on_openvino(shared: Path, tmp_path: Path) -> None:
    report = json.loads(done(watch_with("openvino", shared, tmp_path / "a.outbox")))
    assert report["viewers"] == 1
    assert report["left"] == report["generated"] > 0


def test_the_agent_keeps_nothing_when_its_engine_is_missing(shared: Path, tmp_path: Path) -> None:
    assert "houselights[intel]" in refused(watch_with("ipex", shared, tmp_path / "a.outbox"))
    assert not (tmp_path / "a.outbox").exists()
