"""One HTML file that needs nothing beside it: no style sheet, no script, no font, no picture from elsewhere."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

_STYLE = """
:root { color-scheme: light dark; --page: #FBFAF8; --ink: #22262B; --soft: #5C636D; --line: #DDDAD4; --card: #FFFFFF }
@media (prefers-color-scheme: dark) {
  :root { --page: #14161B; --ink: #E7E5E0; --soft: #A3A8B1; --line: #32363E; --card: #1B1E25 }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, "Segoe UI", sans-serif }
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem }
.kicker { letter-spacing: .08em; text-transform: uppercase; font-size: .75rem; color: var(--soft); margin: 0 }
h1 { font-size: 1.9rem; line-height: 1.2; margin: .2rem 0 .6rem }
h2 { font-size: 1.25rem; margin: 3rem 0 .4rem }
p { max-width: 44rem; margin: .5rem 0 } .lead { font-size: 1.05rem } .soft, figcaption { color: var(--soft) }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: .75rem; margin: 1.5rem 0 }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem }
.card b { display: block; font-size: 1.55rem; line-height: 1.25; font-variant-numeric: tabular-nums }
.card { font-size: .92rem; line-height: 1.4 } .card span { display: block; font-size: .85rem; color: var(--soft) }
figure { margin: 1rem 0; overflow-x: auto }
figure svg, figure img { display: block; max-width: 100%; height: auto }
figcaption { font-size: .9rem; margin-top: .5rem; max-width: 44rem }
.scroll { overflow-x: auto; margin: 1rem 0 }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .92rem }
th, td { padding: .3rem .8rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap }
th { color: var(--soft); font-weight: 600 } th:first-child, td:first-child { text-align: left; padding-left: 0 }
tr.marked td { font-weight: 650 }
footer { margin-top: 3.5rem; border-top: 1px solid var(--line); padding-top: 1rem; font-size: .88rem }
footer { color: var(--soft) }
code { font-size: .92em }
"""


@dataclass(frozen=True)
class Card:
    """One figure that a reader should see first."""

    figure: str
    name: str
    note: str


@dataclass(frozen=True)
class Section:
    """A heading, plain words (a blank line parts paragraphs), and HTML by ``drawing``, ``picture`` or ``table``."""

    heading: str
    words: str
    parts: Sequence[str] = ()


def page(
    title: str, kicker: str, lead: str, sections: Iterable[Section], *, cards: Sequence[Card] = (), foot: str
) -> str:
    """The whole document. Every text is escaped; only ``Section.parts`` is HTML already."""
    body = [
        f'<p class="kicker">{escape(kicker)}</p><h1>{escape(title)}</h1><p class="lead">{escape(lead)}</p>'
    ]
    if cards:
        shown = "".join(
            f'<div class="card"><b>{escape(card.figure)}</b>{escape(card.name)}<span>{escape(card.note)}</span></div>'
            for card in cards
        )
        body.append(f'<div class="cards">{shown}</div>')
    for section in sections:
        words = "".join(f"<p>{escape(text)}</p>" for text in section.words.split("\n\n"))
        body.append(f"<section><h2>{escape(section.heading)}</h2>{words}{''.join(section.parts)}</section>")
    content = "\n".join(body)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n"
        f"<body><main>\n{content}\n<footer>{escape(foot)}</footer></main></body></html>\n"
    )


def drawing(svg: str, says: str, caption: str = "") -> str:
    """An inline SVG; ``says`` is what a screen reader reads in its place."""
    return _figure(f'<div role="img" aria-label="{escape(says)}">{svg}</div>', caption)


def picture(png: bytes, says: str, caption: str = "") -> str:
    """A PNG inside the page; ``says`` is its alternative text."""
    data = base64.b64encode(png).decode("ascii")
    return _figure(f'<img alt="{escape(says)}" src="data:image/png;base64,{data}">', caption)


def table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], *, marked: frozenset[int] | set[int] = frozenset()
) -> str:
    """A table whose first column is words and the rest figures; the rows at positions ``marked`` stand out."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = "".join(
        ('<tr class="marked">' if index in marked else "<tr>")
        + "".join(f"<td>{escape(cell)}</td>" for cell in row)
        + "</tr>"
        for index, row in enumerate(rows)
    )
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _figure(content: str, caption: str) -> str:
    below = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f"<figure>{content}{below}</figure>"
