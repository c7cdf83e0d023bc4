from __future__ import annotations

import pytest

from contract.emotions import EMOTIONS
from edge_agent.errors import ModelError
from edge_agent.labels import emotion_columns


def test_the_contracts_own_labels_keep_their_order() -> None:
    assert emotion_columns(dict(enumerate(EMOTIONS))) == [0, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "labels",
    [
        # trpakov/vit-face-expression, dima806/facial_emotions_image_detection, FER+ with contempt
        ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"),
        ("sad", "disgust", "angry", "neutral", "fear", "surprise", "happy"),
        ("Neutral", "Happiness", "Surprise", "Sadness", "Anger", "Disgust", "Fear", "Contempt"),
        (" surprised ", "FEARFUL", "disgusted", "happy", "sad", "angry", "neutral"),
    ],
)
def test_usual_names_in_any_order_are_found(labels: tuple[str, ...]) -> None:
    columns = emotion_columns(dict(enumerate(labels)))
    stems = [labels[column].strip().casefold()[:3] for column in columns]
    assert stems == ["ang", "dis", "fea", "hap", "neu", "sad", "sur"]


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        (("LABEL_0", "LABEL_1"), "unknown LABEL_0, LABEL_1; missing angry, disgust"),
        ((*EMOTIONS, "confused"), "unknown confused"),
        (EMOTIONS[:-1], "missing surprise"),
        ((*EMOTIONS, "anger"), "twice anger"),
    ],
)
def test_labels_that_do_not_fit_are_named(labels: tuple[str, ...], says: str) -> None:
    with pytest.raises(ModelError, match=says) as raised:
        emotion_columns(dict(enumerate(labels)))
    assert "id2label" in str(raised.value)
