"""One TOML file with what would otherwise be given as options, a table a command.

    [ingest]
    from = "kafka:localhost:9092"
    store = "/srv/houselights/friday"
    listen = "127.0.0.1:9400"

    [screening.create]
    k = 8

What stands on the command line goes before the environment, and that before the file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup


def read_configuration(path: Path, command: TyperGroup) -> dict[str, Any]:
    """The file as a context's ``default_map``.

    Raises typer.BadParameter for a file that cannot be read, and for a table or key that is no command or option.
    """
    try:
        with path.open("rb") as file:
            content = tomllib.load(file)
    except OSError as error:
        raise _wrong(path, f"cannot be read ({error.strerror or error})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(path, f"is no TOML: {error}") from error
    return _table(path, content, command, "")


def _table(path: Path, table: dict[str, Any], command: TyperGroup, within: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in table.items():
        named = f"{within}.{name}".lstrip(".")
        inner = command.commands.get(name)
        if inner is None or not isinstance(value, dict):
            there = ", ".join(sorted(command.commands))
            raise _wrong(
                path, f"has {named!r}, which is no command; expected a table named after one of: {there}"
            )
        found[name] = (
            _table(path, value, inner, named)
            if isinstance(inner, TyperGroup)
            else _options(path, value, inner.params, named)
        )
    return found


def _options(path: Path, table: dict[str, Any], parameters: Sequence[Any], within: str) -> dict[str, Any]:
    names = {
        option.removeprefix("--"): parameter.name
        for parameter in parameters
        for option in parameter.opts
        if option.startswith("--") and option != "--help"
    }
    unknown = [name for name in table if name not in names]
    if unknown:
        raise _wrong(
            path,
            f"has {unknown[0]!r} in [{within}], which is no option of it; expected one of: "
            f"{', '.join(sorted(names))}",
        )
    return {str(names[name]): value for name, value in table.items()}


def _wrong(path: Path, what: str) -> typer.BadParameter:
    return typer.BadParameter(f"{path} {what}", param_hint="--config")
