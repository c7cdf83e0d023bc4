"""The contract as files: a JSON Schema of the messages, and an AsyncAPI document of the topic.

    python -m contract.schema

writes both beside this module, in ``schema/``; they are committed, and a test fails when they drift.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from contract.emotions import EMOTIONS
from contract.messages import TOPIC, WINDOW_MS, End, Message, Reactions, Sample, Start, Withdraw

FOLDER = Path(__file__).with_suffix("")
SCHEMA_FILE = "reactions.v1.schema.json"
ASYNCAPI_FILE = "asyncapi.json"
REPAIR = "python -m contract.schema"

_SESSION = "9f86d081884c7d659a2feaa0c55ad015"
EXAMPLES: dict[str, list[Message]] = {
    "start": [
        Start(
            session=_SESSION, screening="premiere", film="nightfall", cut="v3", consent_version=1,
            consent_language="en", agent_version="0.1.0", model="bundled", calibration=80,
        )
    ],
    "reactions": [
        Reactions(
            session=_SESSION,
            seq=1,
            samples=[
                Sample(t=0, d=1000, pass_=0, viewer=0, n=4, seen=100, front=75, p=(2, 0, 3, 71, 20, 1, 3)),
                Sample(t=0, d=1000, pass_=0, viewer=1, n=0, seen=0, front=0),
            ],
        )
    ],
    "end": [End(session=_SESSION, seq=1, generated=2, dropped=0, left=0)],
    "withdraw": [Withdraw(session=_SESSION)],
}  # fmt: skip
"""Of every message, by its ``type``."""

_RULES = (
    f"t and d are multiples of {WINDOW_MS}; p is there exactly when n is above 0. "
    "Not in this schema, and checked all the same: the seven numbers of p sum to exactly 100, "
    "front does not exceed seen."
)


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) that every message satisfies; what it cannot say stands in its descriptions."""
    generated = msgspec.json.schema(Message)
    definitions: dict[str, Any] = generated["$defs"]
    sample = definitions["Sample"]
    sample["description"] += " " + _RULES
    for window in ("t", "d"):
        sample["properties"][window]["multipleOf"] = WINDOW_MS
    scores = sample["properties"]["p"]["anyOf"][0]
    # Seven times the same item: said in the words every draft of JSON Schema has.
    scores["items"] = scores.pop("prefixItems")[0]
    sample["if"] = {"properties": {"n": {"const": 0}}}
    sample["then"] = {"properties": {"p": {"type": "null"}}}
    sample["else"] = {"required": ["p"], "properties": {"p": {"type": "array"}}}
    definitions["End"]["properties"]["left"]["description"] = (
        "samples still in the outbox ahead of this message when it was written"
    )
    definitions["Start"]["properties"]["simulated"]["description"] = (
        "true when the scores were drawn by a model of an audience, not from a face"
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{TOPIC.replace('.', ':')}",
        "title": f"Messages of {TOPIC}",
        "description": (
            "Fields a reader does not know are ignored. Additions are optional; a break is a new topic. "
            f"Emotions are in the order {' '.join(EMOTIONS)}."
        ),
        "anyOf": generated["anyOf"],
        "$defs": definitions,
    }


def asyncapi() -> dict[str, Any]:
    """AsyncAPI 3.0 document of the topic: its key, its messages, and who sends and receives them."""
    messages = {
        name: {
            "name": name,
            "contentType": "application/json",
            "summary": json_schema()["$defs"][name.capitalize()]["description"],
            "payload": {"$ref": f"./{SCHEMA_FILE}#/$defs/{name.capitalize()}"},
            "bindings": {
                "kafka": {
                    "key": {"type": "string", "description": "the session of the message"},
                    "bindingVersion": "0.5.0",
                }
            },
            "examples": [{"payload": msgspec.to_builtins(message)} for message in examples],
        }
        for name, examples in EXAMPLES.items()
    }
    on_channel = [{"$ref": f"#/channels/reactions/messages/{name}"} for name in messages]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Houselights reactions",
            "version": "1.0.0",
            "description": "All that leaves a viewer's device: film time, small scores, a random session id.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {
            "reactions": {
                "address": TOPIC,
                "description": (
                    "One record a message, its key the session, so that a session stays in order on one "
                    "partition. The topic is created with message.timestamp.type=LogAppendTime: the broker "
                    "stamps the records, and a record carries no clock of the device (producers send "
                    "timestamp 0) and no headers."
                ),
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
                "bindings": {"kafka": {"topic": TOPIC, "bindingVersion": "0.5.0"}},
                "x-topic-configuration": {"message.timestamp.type": "LogAppendTime"},
            }
        },
        "operations": {
            "publishReactions": {
                "action": "send",
                "channel": {"$ref": "#/channels/reactions"},
                "summary": "A device: start, reactions with seq 1, 2, 3, …, end; withdraw at any time.",
                "messages": on_channel,
            },
            "storeReactions": {
                "action": "receive",
                "channel": {"$ref": "#/channels/reactions"},
                "summary": "Ingest: keeps a seq once, rejects what breaks a rule, forgets on withdraw.",
                "messages": on_channel,
            },
        },
        "components": {"messages": messages},
    }


def files() -> dict[str, str]:
    """The text of each generated file, by name."""
    documents = {SCHEMA_FILE: json_schema(), ASYNCAPI_FILE: asyncapi()}
    return {
        name: json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        for name, document in documents.items()
    }


def main() -> None:
    """Write the files."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"wrote {FOLDER / name}")


if __name__ == "__main__":
    main()
