"""What leaves a viewer's device, as a table: made from the contract's own schema, so that it cannot say less."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contract.schema import json_schema

_MESSAGES = ("Start", "Reactions", "End", "Withdraw")
_MEANINGS = {
    "type": "which of the four messages this is",
    "session": "128 random bits made on the device for one screening",
    "screening": "the screening, as you named it",
    "film": "the film, as you named it",
    "cut": "the cut, as you named it",
    "consent_version": "which consent text the viewer agreed to",
    "consent_language": "the language it was shown in",
    "agent_version": "version of the program on the device",
    "model": "which classifier read the face",
    "seq": "1, 2, 3, …: so that nothing is counted twice",
    "samples": "one entry for each window of film time, below",
    "generated": "how many samples were made",
    "dropped": "how many were given up for lack of room",
}
"""For fields whose name says what they hold, and whose schema says no more."""


@dataclass(frozen=True)
class Part:
    """A message, or the samples inside one: what it is and its fields, each with its meaning and its limits."""

    name: str
    what: str
    fields: tuple[tuple[str, str, str], ...]


def collected() -> list[Part]:
    """Every message and every field that the contract knows, in the contract's order."""
    definitions: dict[str, Any] = json_schema()["$defs"]
    names = [*_MESSAGES[:2], "Sample", *_MESSAGES[2:]]
    names += [name for name in definitions if name not in names]
    return [_part(name, definitions[name]) for name in names]


def _part(name: str, definition: dict[str, Any]) -> Part:
    properties: dict[str, Any] = definition.get("properties", {})
    fields = tuple((field, _meaning(field, schema), _limits(schema)) for field, schema in properties.items())
    what = str(definition.get("description", "")).split(" t and d are multiples")[0]
    return Part(name.lower(), what, fields)


def _meaning(field: str, schema: dict[str, Any]) -> str:
    for one in (schema, *schema.get("anyOf", ())):
        if one.get("description"):
            return str(one["description"])
    return _MEANINGS.get(field, "")


def _limits(schema: dict[str, Any]) -> str:
    one = next((each for each in schema.get("anyOf", ()) if each.get("type") != "null"), schema)
    if "enum" in one or "const" in one:
        return ", ".join(str(value) for value in one.get("enum", [one.get("const")]))
    if one.get("type") == "array":
        if "type" not in one["items"]:
            return f"a list of at most {one['maxItems']}"
        return f"{one['maxItems']} {_limits(one['items']).replace('number', 'numbers')}"
    kind = {"integer": "whole number", "string": "text", "boolean": "yes or no"}
    said = kind.get(str(one.get("type")), str(one.get("type", "")))
    if "minimum" in one and "maximum" in one:
        said += f" {one['minimum']:,} to {one['maximum']:,}"
    elif "minimum" in one:
        said += f" from {one['minimum']:,}"
    if "maxLength" in one:
        said += f" of at most {one['maxLength']} characters"
    return said
