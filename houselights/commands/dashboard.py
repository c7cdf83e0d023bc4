"""``dashboard``: the page a filmmaker reads."""

from __future__ import annotations

from typing import Annotated

import typer

from houselights.commands.options import Store

EXAMPLES = """
**Examples**

`houselights dashboard --store screening-store --port 8600`

`houselights dashboard --store screening-store --address 0.0.0.0`: for others too, who log in (docs/dashboard.md)
"""

Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen on.")]
Address = Annotated[
    str,
    typer.Option(
        "--address", help="Where to listen. Any but 127.0.0.1 is refused unless a login is configured (OIDC)."
    ),
]
BehindLoopback = Annotated[
    bool,
    typer.Option(
        "--behind-loopback",
        envvar="HOUSELIGHTS_BEHIND_LOOPBACK",
        help="Only this machine reaches the address, as with a container's port published to 127.0.0.1: no login.",
    ),
]


def dashboard(
    store: Store,
    port: Port = 8501,
    address: Address = "127.0.0.1",
    behind_loopback: BehindLoopback = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser window.")] = False,
) -> None:
    """Serve the dashboard until Ctrl-C: on this machine, or for others who log in."""
    from dashboard.launch import serve

    serve(store, port=port, open_browser=not no_browser, address=address, behind_loopback=behind_loopback)
