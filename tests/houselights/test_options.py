from __future__ import annotations

import pytest
import typer

from houselights.commands.options import kafka_address


@pytest.mark.parametrize("text", ["kafka:localhost:9092", "localhost:9092"])
def test_both_forms_name_one_broker(text: str) -> None:
    assert kafka_address(text, "--to") == "localhost:9092"


@pytest.mark.parametrize(
    "text", ["localhost", "kafka:localhost", "kafka::9092", "host:port", "host:0", "host:70000", ""]
)
def test_what_is_no_address_is_refused_with_the_form_to_use(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="kafka:HOST:PORT"):
        kafka_address(text, "--to")
