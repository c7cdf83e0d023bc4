"""Final Draft's scripts (.fdx): scene headings with their numbers.

    <FinalDraft DocumentType="Script" Version="5"><Content>
      <Paragraph Number="12A" Type="Scene Heading"><Text>INT. KITCHEN - </Text><Text>NIGHT</Text></Paragraph>
      <Paragraph Type="Action"><Text>Anna waits.</Text></Paragraph>
    </Content></FinalDraft>

Source: files of Final Draft 8 to 13; the format has no published description.
"""

from __future__ import annotations

from analytics.scene_files.fountain import ScriptScene
from analytics.scene_files.model import clean_name
from analytics.scene_files.source import Source
from analytics.scene_files.xml_nodes import Node, read_xml


def read_final_draft(source: Source) -> list[ScriptScene]:
    """The scenes in the order of the script. Raises SceneListError for what is no sound XML."""
    content = read_xml(source).find("Content")
    return [
        ScriptScene(node.attributes.get("Number", "").strip(), _heading(node), node.line)
        for node in (content.all("Paragraph") if content else ())
        if node.attributes.get("Type") == "Scene Heading"
    ]


def _heading(paragraph: Node) -> str:
    return clean_name("".join("".join(text.texts) for text in paragraph.all("Text")))
