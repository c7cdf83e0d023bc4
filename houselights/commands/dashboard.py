"""``dashboard``: the page a filmmaker reads."""

from __future__ import annotations

from typing import Annotated

import typer

from houselights.commands.options import Store

EXAMPLES = """
**Example**

`houselights dashboard --store screening-store --port 8600`
"""

Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="Port on 127.0.0.1.")]


def dashboard(
    store: Store,
    port: Port = 8501,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser window.")] = False,
) -> None:
    """Serve the dashboard on this machine until Ctrl-C."""
    from dashboard.launch import serve

    serve(store, port=port, open_browser=not no_browser)
