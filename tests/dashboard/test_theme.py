"""The palette keeps its promises: contrast on both pages, apart for every kind of colour vision."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from contract.emotions import EMOTIONS
from dashboard import theme

Array = npt.NDArray[np.float64]

# Machado, Oliveira, Fernandes 2009: severity 1.0, linear RGB.
VISION: dict[str, Array] = {
    "full": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def linear(colour: str) -> Array:
    channels = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    weights = np.array([0.2126, 0.7152, 0.0722])
    dark, light = sorted(float(linear(colour) @ weights) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def oklab(rgb: Array) -> Array:
    cones = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    axes = np.array(
        [
            [0.2104542553, 0.793617785, -0.0040720468],
            [1.9779984951, -2.428592205, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.808675766],
        ]
    )
    result: Array = axes @ np.cbrt(np.clip(cones @ rgb, 0, None))
    return result


def test_one_colour_an_emotion_in_the_contract_order() -> None:
    assert tuple(theme.EMOTION_COLOURS) == EMOTIONS
    assert set(theme.COLOUR_SLOTS) == set(EMOTIONS)


@pytest.mark.parametrize("background", [theme.LIGHT_BACKGROUND, theme.DARK_BACKGROUND])
@pytest.mark.parametrize("emotion", EMOTIONS)
def test_contrast_on_both_pages(emotion: str, background: str) -> None:
    assert contrast(theme.EMOTION_COLOURS[emotion], background) >= 3.0


@pytest.mark.parametrize("vision", VISION)
def test_colours_stay_apart(vision: str) -> None:
    seen = {
        name: oklab(np.clip(VISION[vision] @ linear(colour), 0, 1))
        for name, colour in theme.EMOTION_COLOURS.items()
    }
    for one, other in itertools.combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) >= 0.09, (vision, one, other)


def test_streamlit_gets_the_same_colours(repository: Path) -> None:
    settings = tomllib.loads((repository / "dashboard" / ".streamlit" / "config.toml").read_text())["theme"]
    for emotion, slot in theme.COLOUR_SLOTS.items():
        assert settings[f"{slot}TextColor"] == theme.EMOTION_COLOURS[emotion]
    assert settings["light"]["backgroundColor"] == theme.LIGHT_BACKGROUND
    assert settings["dark"]["backgroundColor"] == theme.DARK_BACKGROUND
    assert {kind: settings[kind]["textColor"] for kind in ("light", "dark")} == theme.INK
