"""The face emotion network, in transformers' own format.

A small residual network with squeeze-and-excitation for 48x48 grey faces. It registers with
``AutoConfig`` and ``AutoModelForImageClassification``, so the bundled folder loads like any hub model.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModelForImageClassification, PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import ImageClassifierOutput

from contract.emotions import EMOTIONS

VOTE_LABELS = ("neutral", "happy", "surprise", "sad", "angry", "disgust", "fear", "contempt")
"""FER+ order of the eight emotions its taggers could choose."""

_LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601, what OpenCV and Pillow use for grey


class FaceEmotionConfig(PretrainedConfig):
    """Shape of the network; saved as ``config.json`` beside the weights."""

    model_type = "houselights_face_emotion"

    def __init__(
        self,
        widths: tuple[int, ...] = (32, 64, 128, 192),
        blocks: tuple[int, ...] = (1, 1, 3, 2),
        image_size: int = 48,
        dropout: float = 0.2,
        calibration_temperature: float = 1.0,
        **kwargs: Any,
    ) -> None:
        """Describe a network of stages: ``widths`` channels and ``blocks`` residual blocks each, halved in between.

        By default most blocks stand where the picture is small already: at 48 pixels a block costs four times as much
        as at 24, and teaches no more.
        ``calibration_temperature`` divides the emotion logits outside training (Guo et al. 2017, temperature scaling).
        """
        self.widths = list(widths)
        self.blocks = list(blocks)
        self.image_size = image_size
        self.dropout = dropout
        self.calibration_temperature = calibration_temperature
        kwargs.setdefault("id2label", dict(enumerate(EMOTIONS)))
        kwargs.setdefault("label2id", {name: index for index, name in enumerate(EMOTIONS)})
        super().__init__(**kwargs)


class _SqueezeExcite(nn.Module):
    """Channel weights from the mean of each channel (Hu et al. 2018)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        hidden = max(8, width // 8)
        self.squeeze = nn.Linear(width, hidden)
        self.excite = nn.Linear(hidden, width)

    def forward(self, x: Tensor) -> Tensor:
        weight: Tensor = self.excite(torch.relu(self.squeeze(x.mean((2, 3))))).sigmoid()
        return x * weight[:, :, None, None]


class _Block(nn.Module):
    """Two 3x3 convolutions with squeeze-and-excitation and a shortcut (He et al. 2016)."""

    def __init__(self, width_in: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(width_in, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.attention = _SqueezeExcite(width)
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or width_in != width:
            self.shortcut = nn.Sequential(
                nn.AvgPool2d(stride, ceil_mode=True) if stride != 1 else nn.Identity(),
                nn.Conv2d(width_in, width, 1, bias=False),
                nn.BatchNorm2d(width),
            )

    def forward(self, x: Tensor) -> Tensor:
        y = torch.relu(self.bn1(self.conv1(x)))
        y = self.attention(self.bn2(self.conv2(y)))
        joined: Tensor = torch.relu(y + self.shortcut(x))
        return joined


class FaceEmotionNet(PreTrainedModel):
    """Grey faces in, seven emotion logits out (and the eight FER+ logits it was also trained on)."""

    config_class = FaceEmotionConfig
    main_input_name = "pixel_values"
    base_model_prefix = "face_emotion"

    def __init__(self, config: FaceEmotionConfig) -> None:
        """Build the network that ``config`` describes, with fresh weights."""
        super().__init__(config)
        widths = config.widths
        self.stem = nn.Sequential(
            nn.Conv2d(1, widths[0], 3, 1, 1, bias=False), nn.BatchNorm2d(widths[0]), nn.ReLU(inplace=True)
        )
        blocks: list[nn.Module] = []
        width_in = widths[0]
        for stage, (width, count) in enumerate(zip(widths, config.blocks, strict=True)):
            for block in range(count):
                blocks.append(_Block(width_in, width, 2 if stage > 0 and block == 0 else 1))
                width_in = width
        self.body = nn.Sequential(*blocks)
        self.dropout = nn.Dropout(config.dropout)
        self.classifier = nn.Linear(width_in, len(EMOTIONS))
        self.vote_classifier = nn.Linear(width_in, len(VOTE_LABELS))
        self.post_init()  # type: ignore[no-untyped-call]

    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=0.02)
            nn.init.zeros_(module.bias)

    def features(self, pixel_values: Tensor) -> Tensor:
        """Pooled features, (n, widths[-1]), of ``pixel_values`` (n, 1 or 3, height, width), scaled to [-1, 1]."""
        if pixel_values.shape[1] == 3:
            red, green, blue = pixel_values.split(1, dim=1)
            pixel_values = _LUMA[0] * red + _LUMA[1] * green + _LUMA[2] * blue
        pooled: Tensor = self.body(self.stem(pixel_values)).mean((2, 3))
        return pooled

    def both_heads(self, pixel_values: Tensor) -> tuple[Tensor, Tensor]:
        """Uncalibrated emotion logits (n, 7) and FER+ logits (n, 8)."""
        pooled = self.dropout(self.features(pixel_values))
        return self.classifier(pooled), self.vote_classifier(pooled)

    def forward(self, pixel_values: Tensor, labels: Tensor | None = None, **_: Any) -> ImageClassifierOutput:
        """Classify; ``labels`` (n,) int64, when given, add a cross-entropy loss."""
        logits, _votes = self.both_heads(pixel_values)
        if not self.training:
            logits = logits / self.config.calibration_temperature
        loss = None if labels is None else nn.functional.cross_entropy(logits, labels)
        return ImageClassifierOutput(loss=loss, logits=logits)


AutoConfig.register(FaceEmotionConfig.model_type, FaceEmotionConfig, exist_ok=True)
AutoModelForImageClassification.register(FaceEmotionConfig, FaceEmotionNet, exist_ok=True)
