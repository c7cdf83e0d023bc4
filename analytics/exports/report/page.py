"""One HTML file that needs nothing beside it: no script, and no style, font or picture from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

_STYLE = """
:root { color-scheme: light dark; --page: #FBFAF8; --ink: #22262B; --soft: #5C636D; --line: #DDDAD4; --card: #FFFFFF;
  --band: #8A8F98; --warn: #FFF3D6; --warn-line: #E0B64A }
@media screen and (prefers-color-scheme: dark) {
  :root { --page: #14161B; --ink: #E7E5E0; --soft: #A3A8B1; --line: #32363E; --card: #1B1E25; --warn: #33290F;
    --warn-line: #8A6D1F }
}
* { box-sizing: border-box }
html { -webkit-text-size-adjust: 100% }
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.55 system-ui, "Segoe UI", sans-serif;
  overflow-wrap: break-word }
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem }
.kicker { letter-spacing: .08em; text-transform: uppercase; font-size: .75rem; color: var(--soft); margin: 0 }
h1 { font-size: 1.9rem; line-height: 1.2; margin: .2rem 0 .6rem } h2 { font-size: 1.25rem; margin: 3rem 0 .4rem }
p { max-width: 44rem; margin: .5rem 0 } .lead { font-size: 1.15rem; line-height: 1.5 }
.soft, figcaption, small { color: var(--soft) }
.notice { background: var(--warn); border: 1px solid var(--warn-line); border-radius: .6rem; padding: .6rem 1rem;
  max-width: 44rem; margin: 1rem 0 }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; margin: 1.25rem 0 }
.wide { grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)) }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem;
  font-size: .95rem; line-height: 1.4 }
.card b { display: block; font-size: 1.45rem; line-height: 1.25; font-variant-numeric: tabular-nums }
.wide .card b { font-size: 1.1rem; margin: .1rem 0 .25rem } .card small { display: block; font-size: .85rem }
figure { margin: 1rem 0 } figure svg { display: block; width: 100%; height: auto }
figcaption { font-size: .9rem; margin-top: .5rem; max-width: 44rem }
.narrow { display: none }
svg text { font: 12px system-ui, "Segoe UI", sans-serif; fill: var(--soft) }
svg .head { font-weight: 650; fill: var(--ink); font-size: 13px } svg .number { font-weight: 650; fill: var(--ink) }
svg .rule { stroke: var(--line) } svg .zero { stroke: var(--soft) } svg .band { fill: var(--band) }
svg .dot { stroke: var(--page); stroke-width: 1.5px }
svg .halo { paint-order: stroke; stroke: var(--page); stroke-width: 4px; stroke-linejoin: round; font-weight: 700 }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .92rem; width: 100%; margin: 1rem 0 }
th, td { padding: .45rem .7rem .45rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line) }
th { color: var(--soft); font-weight: 600 } td small { display: block; font-size: .85rem }
ul { padding-left: 1.2rem; max-width: 44rem } li { margin: .35rem 0 }
footer { margin-top: 3.5rem; border-top: 1px solid var(--line); padding-top: 1rem; font-size: .88rem;
  color: var(--soft) }
@media screen and (min-width: 58rem) { td small { white-space: nowrap } }
@media screen and (max-width: 44rem) {
  main { padding: 1.5rem 1rem 3rem } h1 { font-size: 1.6rem } h2 { margin-top: 2.25rem }
  .cards { grid-template-columns: 1fr 1fr } .wide { grid-template-columns: 1fr }
  .broad { display: none } .narrow { display: block }
  table, tbody, tr, td { display: block } thead { display: none }
  tr { border: 1px solid var(--line); border-radius: .6rem; background: var(--card); padding: .6rem .9rem;
    margin: .6rem 0 }
  td { border: 0; padding: .12rem 0; display: grid; grid-template-columns: 6.5rem 1fr; column-gap: .5rem }
  td::before { content: attr(data-label); color: var(--soft) }
  td small { display: inline; margin-left: .5rem }
  td:first-child { display: block; font-weight: 650; padding-bottom: .3rem } td:first-child::before { content: none }
}
@media print {
  @page { margin: 16mm 14mm }
  :root { --page: #FFFFFF }
  html { font-size: 12.5px } .cards { grid-template-columns: repeat(4, 1fr) }
  .wide { grid-template-columns: repeat(3, 1fr) }
  main { padding: 0; max-width: none } h2 { margin-top: 1.6rem; break-after: avoid }
  .card, .notice, figure, tr { break-inside: avoid } thead { display: table-header-group }
}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""What a browser may load for this page: nothing. A name out of the catalogue can then do no harm either."""


@dataclass(frozen=True, slots=True)
class Card:
    """One figure, or one scene, that a reader should see first."""

    head: str
    text: str
    note: str = ""
    above: str = ""


Cell = str | tuple[str, str]
"""What a cell says, and perhaps what stands below it in small letters."""


def page(title: str, kicker: str, lead: str, parts: Iterable[str], foot: str) -> str:
    """The whole document; ``parts`` are HTML already, made by the functions below, the rest is escaped here."""
    content = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body><main>\n"
        f'<p class="kicker">{escape(kicker)}</p><h1>{escape(title)}</h1><p class="lead">{escape(lead)}</p>\n'
        f"{content}\n<footer>{escape(foot)}</footer></main></body></html>\n"
    )


def notice(text: str) -> str:
    """What must not be overlooked."""
    return f'<p class="notice" role="note">{escape(text)}</p>'


def section(heading: str, words: str, *parts: str) -> str:
    """A heading, plain words (a blank line parts paragraphs), and HTML."""
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in words.split("\n\n") if text)
    return f"<section><h2>{escape(heading)}</h2>{paragraphs}{''.join(parts)}</section>"


def cards(shown: Sequence[Card], *, wide: bool = False) -> str:
    """Cards side by side."""
    body = "".join(
        '<div class="card">'
        + (f'<p class="kicker">{escape(card.above)}</p>' if card.above else "")
        + f"<b>{escape(card.head)}</b>{escape(card.text)}"
        + (f"<small>{escape(card.note)}</small>" if card.note else "")
        + "</div>"
        for card in shown
    )
    return f'<div class="cards{" wide" if wide else ""}">{body}</div>'


def drawings(broad: str, narrow: str, says: str, caption: str) -> str:
    """Two drawings of the same, for a screen and for a phone; ``says`` is what a screen reader reads of either."""
    told = f'role="img" aria-label="{escape(says)}"'
    return (
        f'<figure><div class="broad" {told}>{broad}</div><div class="narrow" {told}>{narrow}</div>'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )


def table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table; on a phone each row becomes a card headed by its first cell."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = "".join(
        "<tr>" + "".join(_cell(name, cell) for name, cell in zip(columns, row, strict=True)) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def bullets(points: Iterable[str]) -> str:
    """A list of sentences."""
    return f"<ul>{''.join(f'<li>{escape(point)}</li>' for point in points)}</ul>"


def _cell(column: str, cell: Cell) -> str:
    text, below = cell if isinstance(cell, tuple) else (cell, "")
    small = f"<small>{escape(below)}</small>" if below else ""
    return f'<td data-label="{escape(column)}"><span>{escape(text)}{small}</span></td>'
