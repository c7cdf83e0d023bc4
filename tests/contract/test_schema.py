from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator

from contract import schema
from contract.errors import MessageError
from contract.messages import TOPIC, Message, Sample, decode, encode
from tests.contract.strategies import messages
from tests.contract.test_messages import reactions

SCHEMA = json.loads((schema.FOLDER / schema.SCHEMA_FILE).read_text(encoding="utf-8"))
ASYNCAPI = json.loads((schema.FOLDER / schema.ASYNCAPI_FILE).read_text(encoding="utf-8"))
VALIDATORS = [Draft202012Validator(SCHEMA), Draft7Validator(SCHEMA)]
"""AsyncAPI reads payloads as draft 7, so the words used must mean the same in both."""


def valid(instance: object) -> bool:
    verdicts = {validator.is_valid(instance) for validator in VALIDATORS}
    assert len(verdicts) == 1, "the drafts disagree"
    return verdicts.pop()


def test_the_committed_files_are_what_the_code_says() -> None:
    for name, text in schema.files().items():
        committed = (schema.FOLDER / name).read_text(encoding="utf-8")
        assert committed == text, (
            f"contract/schema/{name} is stale: run `{schema.REPAIR}` and commit the change"
        )
    assert {path.name for path in schema.FOLDER.glob("*.json")} == set(schema.files())


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    Draft7Validator.check_schema(SCHEMA)


@given(messages)
def test_every_message_satisfies_the_schema(message: Message) -> None:
    assert valid(json.loads(encode(message)))


@pytest.mark.parametrize(
    "record",
    [
        b"{}",
        b"[]",
        b'{"type":"withdraw"}',
        b'{"type":"sing","session":"00000000000000000000000000000000"}',
        reactions(t=1500),
        reactions(d=999),
        reactions(t=-1000),
        reactions(n=0),
        reactions(p=None),
        reactions(p=[50, 50]),
        reactions(p=[0, 0, 0, 91, 10, 0, 0, 0]),
        reactions(front=101),
    ],
)
def test_what_the_schema_can_say_it_says(record: bytes) -> None:
    assert not valid(json.loads(record))
    with pytest.raises(MessageError):
        decode(record)


def refused(record: bytes) -> MessageError | None:
    try:
        decode(record)
    except MessageError as error:
        return error
    return None


def mutated(document: Any, draw: st.DrawFn) -> Any:
    """``document`` with one value somewhere replaced, or one field gone."""
    if isinstance(document, dict) and document:
        name = draw(st.sampled_from(sorted(document)))
        if draw(st.booleans()):
            return {key: value for key, value in document.items() if key != name}
        return document | {name: mutated(document[name], draw)}
    if isinstance(document, list) and document:
        at = draw(st.integers(0, len(document) - 1))
        return [*document[:at], mutated(document[at], draw), *document[at + 1 :]]
    # To a schema 2.0 is an integer, and the decoder refuses it: no agent has a reason to write one so.
    fractions = st.floats(allow_nan=False).filter(lambda value: not value.is_integer())
    return draw(st.one_of(st.none(), st.integers(-10, 200), fractions, st.text(max_size=3)))


@st.composite
def nearly_messages(draw: st.DrawFn) -> Any:
    return mutated(json.loads(encode(draw(messages))), draw)


@given(nearly_messages())
def test_schema_and_decoder_agree_but_for_the_sum_and_the_front(document: Any) -> None:
    refusal = refused(json.dumps(document).encode())
    if refusal is None:
        assert valid(document)
    elif not (refusal.reason == "bad_scores" and re.search("sum to|exceed", refusal.detail)):
        assert not valid(document), refusal


def test_asyncapi_names_the_topic_and_who_stamps_it() -> None:
    channel = ASYNCAPI["channels"]["reactions"]
    assert ASYNCAPI["asyncapi"] == "3.0.0"
    assert channel["address"] == TOPIC
    assert channel["x-topic-configuration"] == {"message.timestamp.type": "LogAppendTime"}
    assert {operation["action"] for operation in ASYNCAPI["operations"].values()} == {"send", "receive"}


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    def follow(pointer: str, document: Any) -> None:
        for part in pointer.removeprefix("/").split("/"):
            document = document[part]

    def walk(node: Any) -> int:
        if isinstance(node, list):
            return sum(walk(each) for each in node)
        if not isinstance(node, dict):
            return 0
        count = sum(walk(value) for value in node.values())
        if "$ref" in node:
            file, pointer = node["$ref"].split("#")
            follow(pointer, {"": ASYNCAPI, f"./{schema.SCHEMA_FILE}": SCHEMA}[file])
            count += 1
        return count

    assert walk(ASYNCAPI) == 4 + 4 + 2 + 8  # messages, payloads, channels, the messages of two operations


@pytest.mark.parametrize("name", ["start", "reactions", "end", "withdraw"])
def test_examples_are_messages(name: str) -> None:
    examples = ASYNCAPI["components"]["messages"][name]["examples"]
    assert examples
    for example in examples:
        assert example["payload"]["type"] == name
        assert valid(example["payload"])
        decode(json.dumps(example["payload"]).encode())


def test_every_field_of_a_sample_is_described() -> None:
    described = SCHEMA["$defs"]["Sample"]["properties"]
    assert set(described) == {field.encode_name for field in msgspec.structs.fields(Sample)}
    for name, field in described.items():
        assert "description" in field or "description" in field["anyOf"][0], name
