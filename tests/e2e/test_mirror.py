"""``houselights mirror`` and its page in a real browser, with real footage in the camera's place."""

from __future__ import annotations

import io
import re
import socket
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, expect
from skimage.data import astronaut

from tests.e2e.page_driver import open_page
from tests.edge_agent.footage import FEMALE
from tests.support.command import houselights, refused
from tests.support.viewing import ViewerPage, serving


def test_a_person_sees_themselves_turns_the_camera_off_and_has_pictures_scored(
    browser: Browser, shared: Path, tmp_path: Path, artefacts: Path
) -> None:
    portrait, wall, notes = (tmp_path / name for name in ("portrait.jpg", "wall.png", "notes.txt"))
    Image.fromarray(np.asarray(astronaut())).save(portrait)
    Image.new("RGB", (300, 200), (120, 130, 140)).save(wall)
    notes.write_text("no picture", "utf-8")
    with (
        open_page(browser, width=1440, height=900, colours="dark") as page,
        serving("mirror", "--source", shared / "media" / FEMALE) as mirror,
    ):
        seen = ViewerPage(page)
        page.goto(mirror.address)
        expect(page.get_by_role("heading", level=1)).to_have_text("What the program sees of you")
        expect(page.get_by_text("Nothing of this is sent, and nothing is written")).to_be_visible()
        expect(page.get_by_role("heading", name="Seat 1")).to_be_visible()
        expect(page.locator("#sign")).to_contain_text("Camera on")
        expect(page.locator(".face dd")).to_have_text([re.compile(r"^\d+%$")] * 7)
        expect(page.get_by_role("status")).to_contain_text(re.compile(r"Seat 1: mostly \w+, turned"))
        assert boxed(page.locator("#picture").screenshot(path=artefacts / "mirror.png"))
        page.screenshot(path=artefacts / "mirror-dark.png")

        page.keyboard.press("Space")
        expect(page.locator("#sign")).to_contain_text("Camera off")
        expect(page.locator("#state")).to_contain_text("The camera is off.")
        page.keyboard.press("Space")
        expect(page.locator("#sign")).to_contain_text("Camera on")

        page.locator("#file").set_input_files(notes)
        expect(page.get_by_role("alert")).to_contain_text("this file is no picture that can be read")
        expect(page.locator("#sign")).to_contain_text("Camera on")
        page.locator("#file").set_input_files(wall)
        expect(page.locator("#state")).to_contain_text("No face is found in this picture.")
        expect(page.locator("#problem")).to_be_empty()
        page.evaluate(DROP, [portrait.name, list(portrait.read_bytes())])
        expect(page.locator("#state")).to_have_text("Faces found: 1, the largest first.")
        expect(page.locator("#sign")).to_have_text("Picture: portrait.jpg")
        expect(page.locator(".face .strongest")).to_have_text(["happy", re.compile("^9\\d%$")])
        expect(page.get_by_role("status")).to_contain_text("Face 1: mostly happy, turned to the camera.")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 820, "height": 1180})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.screenshot(path=artefacts / "mirror-light.png", full_page=True)
        page.evaluate(DROP, ["large.jpg", 50_000_001])
        expect(page.locator("#problem")).to_contain_text("“large.jpg” has more than 50 megabytes")
        page.get_by_role("button", name="Back to the camera").click()
        expect(page.locator("#sign")).to_contain_text("Camera on")

        page.keyboard.press("Escape")
        expect(page.get_by_role("heading", level=1)).to_have_text("The mirror has ended")
        assert mirror.output() == ""
        assert mirror.warnings == ""
        assert seen.hosts == {mirror.host}


DROP = """([name, content]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([new Uint8Array(content)], name));
  dispatchEvent(new DragEvent("drop", { dataTransfer: carried, cancelable: true }));
}"""


def boxed(png: bytes) -> bool:
    """Whether there is a white line beside a black one, as long as a face."""
    grey = np.asarray(Image.open(io.BytesIO(png)).convert("L")).astype(int)
    edge = (grey[:, 1:] - grey[:, :-1] > 120).sum(axis=0)
    return bool(edge.max() > 60)


def test_what_cannot_be_is_refused_in_a_line(shared: Path, tmp_path: Path) -> None:
    said = refused(houselights("mirror", "--source", tmp_path / "nobody.mp4", "--no-browser"))
    assert "nobody.mp4 cannot be read" in said
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        said = refused(
            houselights("mirror", "--source", shared / "media" / FEMALE, "--port", port, "--no-browser")
        )
    assert f"port {port} cannot be used" in said
