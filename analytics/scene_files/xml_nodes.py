"""XML that other programs wrote: parsed without entities, outside references or surprises, and with line numbers.

defusedxml refuses what a document type can be abused for (a few hundred bytes that grow to gigabytes, files of the
machine drawn into the text). SAX, because its locator knows the line of each element.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, InputSource, Locator

from analytics.scene_files.libraries import library
from analytics.scene_files.source import Source

DEEPEST = 500
"""Elements inside each other; timelines nest some twenty deep."""


@dataclass(slots=True)
class Node:
    """An element, with the line on which it begins."""

    tag: str
    attributes: dict[str, str]
    line: int
    children: list[Node] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The element's own text, without that of its children."""
        return "".join(self.texts).strip()

    def all(self, tag: str) -> Iterator[Node]:
        """The children with a tag."""
        return (child for child in self.children if child.tag == tag)

    def find(self, *path: str) -> Node | None:
        """The first element down a path of tags."""
        found: Node | None = self
        for tag in path:
            found = next(found.all(tag), None) if found is not None else None
        return found

    def text_of(self, *path: str) -> str:
        """The text of the first element down a path; empty where there is none."""
        found = self.find(*path)
        return found.text if found is not None else ""


def read_xml(source: Source, skip: Collection[str] = ()) -> Node:
    """The root element. Elements named in ``skip`` are left out with all they hold: most of a timeline is filters.

    Raises SceneListError, naming the line, for what is no sound XML, and for XML with entities of its own.
    """
    sax = library("defusedxml.sax", "reading XML")
    forbidden = library("defusedxml.common", "reading XML").DefusedXmlException
    builder = _Builder(source, frozenset(skip))
    parser = sax.make_parser()
    parser.setContentHandler(builder)
    text = source.text.lstrip()
    builder.lines_before = len(source.lines) - text.count("\n") - 1 if "\n" in text else 0
    stream = InputSource()
    stream.setCharacterStream(io.StringIO(text))
    try:
        parser.parse(stream)
    except SAXParseException as error:
        line = (error.getLineNumber() or 1) + builder.lines_before
        raise source.error(f"not sound XML: {error.getMessage()}; export it again", line) from error
    except SAXException as error:
        raise source.error(f"not sound XML: {error}; export it again") from error
    except forbidden as error:
        raise source.error(
            "XML that defines entities or draws in other files, which no timeline needs: not read"
        ) from error
    assert builder.root is not None  # noqa: S101  # without an element the parser raises
    return builder.root


class _Builder(ContentHandler):
    """Keeps the elements that are not skipped."""

    def __init__(self, source: Source, skip: frozenset[str]) -> None:
        super().__init__()
        self.root: Node | None = None
        self.lines_before = 0
        self._source, self._skip = source, skip
        self._open: list[Node] = []
        self._skipped = 0
        self._locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802  # SAX's name
        self._locator = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802  # SAX's name
        if self._skipped or name in self._skip:
            self._skipped += 1
            return
        line = ((self._locator.getLineNumber() if self._locator else None) or 1) + self.lines_before
        node = Node(name, dict(attrs.items()), line)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        if len(self._open) >= DEEPEST:
            raise self._source.error(f"elements more than {DEEPEST} deep: no timeline", line)
        self._open.append(node)

    def endElement(self, name: str) -> None:  # noqa: ARG002, N802  # SAX's name and signature
        if self._skipped:
            self._skipped -= 1
        else:
            self._open.pop()

    def characters(self, content: str) -> None:
        if self._open and not self._skipped:
            self._open[-1].texts.append(content)
