"""``report``: a page about one screening that a producer reads on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from houselights.commands.options import Store

EXAMPLES = """
**Examples**

`houselights report --screening friday --store screening-store --out friday.html`

`houselights report --screening friday --store screening-store --out friday.html --pdf friday.pdf`
"""


def report(
    screening: Annotated[str, typer.Option("--screening", metavar="ID", help="Id of the screening.")],
    store: Store,
    out: Annotated[Path, typer.Option("--out", help="HTML file to write; it needs nothing beside it.")],
    pdf: Annotated[
        Path | None, typer.Option("--pdf", help="Also print it to this PDF; needs Chromium or Chrome.")
    ] = None,
) -> None:
    """Write a report: headline, the film in one picture, best and worst scenes, moments, how sure each figure is."""
    from analytics.exports.files import write_whole
    from analytics.exports.read import read_figures
    from analytics.exports.report.content import report as make_report
    from analytics.serving import Serving

    content = make_report(read_figures(Serving(store), screening))
    write_whole(out, content)
    typer.echo(f"{out}: {len(content) // 1024 + 1} KiB, opens in any browser")
    if pdf is not None:
        from analytics.exports.pdf import write_pdf

        write_pdf(content, pdf)
        typer.echo(str(pdf))
