"""Every command explains itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import typer

from houselights.cli import app


def _commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    subcommands = getattr(command, "commands", None)
    if subcommands is None:
        yield path, command
        return
    for name, child in subcommands.items():
        yield from _commands(child, (*path, name))


COMMANDS = list(_commands(typer.main.get_command(app)))


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=[" ".join(path) for path, _ in COMMANDS])
def test_every_command_has_help_options_that_say_what_they_do_and_an_example_of_itself(
    path: tuple[str, ...], command: Any
) -> None:
    assert command.help
    assert f"houselights {' '.join(path)}" in (command.epilog or "")
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"{path}: {parameter.name} has no help"


def test_the_commands_of_the_readme_exist() -> None:
    assert {" ".join(path) for path, _ in COMMANDS} >= {
        *("agent run", "topics create", "ingest", "scenes import", "screening create", "publish", "query"),
        *("dashboard", "demo", "model train", "model evaluate"),
    }
