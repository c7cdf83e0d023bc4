"""The viewer's page in a real browser: a film that is made here, footage in the camera's place, a real broker."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import duckdb
import pytest
from kafka import KafkaConsumer, TopicPartition
from playwright.sync_api import Browser, Page, expect

from contract.messages import TOPIC
from edge_agent.clocks.reported import ReportedClock
from edge_agent.outbox import Outbox
from edge_agent.portrait import write_portrait_clip
from tests.e2e.page_driver import open_page
from tests.support.broker import Broker, free_ports
from tests.support.command import done, houselights, refused
from tests.support.films import make_film
from tests.support.mpv import until
from tests.support.viewing import OnlyTheClock, ViewerPage, page_server, viewing

WHAT = ("--film", "reel", "--cut", "rough-2", "--screening", "friday")
FILM_S = 12
NEAR_MS = 150
"""Of the player's own answer, on a busy machine."""
TELL_WHAT_IS_SEEN = """() => {
  const aside = "#last, #film-cost, #film-slowed, #time, #controls, script, style";
  window.seen = [];
  const look = () => {
    const page = document.querySelector("main").cloneNode(true);
    const hidden = [...document.querySelectorAll("main [hidden]")].map((one) => one.id).filter(Boolean);
    for (const id of hidden) page.querySelector("#" + id)?.remove();
    for (const one of page.querySelectorAll(aside)) one.remove();
    const words = page.textContent.replace(/\\s+/g, " ").trim();
    if (window.seen.at(-1) !== words) window.seen.push(words);
  };
  const all = { subtree: true, childList: true, characterData: true, attributes: true };
  new MutationObserver(look).observe(document.body, all);
  look();
}"""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve seconds in a format that every browser plays."""
    path = tmp_path_factory.mktemp("film") / "The Last Matinee.webm"
    return make_film(path, [(1, 150), (2, 150)], size=(120, 160), codec="libvpx")


@pytest.fixture(scope="module")
def viewer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody who looks at the screen."""
    path = tmp_path_factory.mktemp("viewer") / "viewer.mp4"
    write_portrait_clip(path, 20)
    return path


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with open_page(browser, width=1280, height=800) as page:
        yield page


def stored(store: Path) -> tuple[int, int]:
    """Sessions and samples."""
    with duckdb.connect(str(store / "store.duckdb"), read_only=True) as database:
        row = database.execute(
            "SELECT (SELECT count(*) FROM session), (SELECT count(*) FROM reaction)"
        ).fetchone()
    assert row is not None
    return row[0], row[1]


def test_a_viewer_agrees_watches_reads_what_left_and_takes_it_back(
    film: Path, viewer: Path, page: Page, tmp_path: Path, private_broker: Broker, artefacts: Path
) -> None:
    broker, store = private_broker.start().address, tmp_path / "store"
    done(houselights("topics", "create", "--kafka", broker))
    done(houselights("screening", "create", "friday", *WHAT[:4], "--store", store, "--k", "1"))
    ingest = ("ingest", "--from", f"kafka:{broker}", "--store", store, "--once")
    outbox = tmp_path / "viewer.outbox"
    named = ("--organiser", "Lantern Films", "--contact", "films@lantern.example", "--keep-days", "30")
    camera = ("--source", viewer, "--baseline", "1", "--to", f"kafka:{broker}", "--outbox", outbox)
    with viewing(film, *WHAT, *camera, *named) as view:
        seen = ViewerPage(page)
        page.goto(view.address)
        expect(page.get_by_role("heading", level=1)).to_have_text("May this film see how you react?")
        assert "launch" not in page.url
        consent = page.locator("#consent").inner_text()
        for part in ("emotion recognition", "Lantern Films", "films@lantern.example", "30 days", broker):
            assert part in consent
        page.screenshot(path=artefacts / "view-consent.png", full_page=True)
        page.get_by_role("button", name="Agree and go on").click()
        expect(page.locator("#agree-first")).to_contain_text("tick the box")
        expect(page.get_by_label("I have read this")).to_be_focused()
        seen.agree()
        expect(seen.indicator).to_contain_text("Paused: the film stands still, the camera is off")
        seen.play()
        expect(seen.indicator).to_have_text(re.compile(r"^\s*Measuring$"))
        expect(page.locator("#film-cost")).to_contain_text(
            re.compile(r"takes \d+% of one processor core and \d+ MB")
        )
        page.get_by_text("What was last sent").click()
        expect(page.locator("#last-when")).to_contain_text("exactly as it left")
        expect(page.locator("#last-meaning")).to_contain_text("mostly happy")
        page.screenshot(path=artefacts / "view-film.png", full_page=True)
        expect(page.get_by_text("The film is over.")).to_be_visible()
        expect(seen.indicator).to_contain_text("Paused: the film is over, the camera is off")
        page.locator("#finish").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("What was sent")
        expect(page.locator("#summary-lead")).to_have_text("This is all that left this computer.")
        page.get_by_text("Every message that was sent").click()
        expect(page.locator("#all-sent pre")).to_contain_text('"end"')
        page.screenshot(path=artefacts / "view-summary.png", full_page=True)
        shown = page.locator("#all-sent pre").inner_text().strip().splitlines()
        assert shown == [body.decode() for body in records(broker)]
        done(houselights(*ingest))
        sessions, samples = stored(store)
        assert sessions == 1
        assert samples >= FILM_S - 3  # the camera takes a moment to start
        page.get_by_role("button", name="Delete my session").click()
        page.get_by_role("button", name="Delete it").click()
        expect(page.locator("#summary-lead")).to_contain_text("Your session was deleted")
        page.close()
        report = view.report()
        assert report is not None
        assert report["withdrawn"]
        assert seen.hosts == {view.host}
    done(houselights(*ingest))
    assert stored(store) == (0, 0)
    with Outbox(outbox) as kept:
        assert kept.waiting() == 0


def records(broker: str) -> list[bytes]:
    """All that it holds, in order."""
    consumer = KafkaConsumer(bootstrap_servers=broker, consumer_timeout_ms=3000, enable_auto_commit=False)
    partitions = [TopicPartition(TOPIC, number) for number in consumer.partitions_for_topic(TOPIC)]
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    bodies = [record.value for record in consumer]
    consumer.close()
    return bodies


def test_without_a_network_nothing_changes_for_the_viewer(
    film: Path, viewer: Path, browser: Browser, tmp_path: Path
) -> None:
    outbox = tmp_path / "viewer.outbox"
    camera = ("--source", viewer, "--baseline", "0", "--to", "kafka:127.0.0.1:1", "--outbox", outbox)
    # Not the fixture's page: this one looks for an agent that has ended, which the browser reports.
    with browser.new_context() as context, viewing(film, *WHAT, *camera) as view:
        page = context.new_page()
        seen = ViewerPage(page)
        page.goto(view.address)
        seen.agree()
        seen.play()
        expect(seen.indicator).to_have_text(re.compile(r"^\s*Measuring$"))
        page.get_by_text("What was last sent").click()
        expect(page.locator("#last-when")).to_contain_text("kept on this computer")
        expect(page.locator("#last-meaning")).to_contain_text("mostly happy")
        page.get_by_role("button", name="Pause measuring").click()
        expect(seen.indicator).to_contain_text("Paused: by you, the camera is off")
        page.get_by_role("button", name="Go on measuring").click()
        expect(seen.indicator).to_have_text(re.compile(r"^\s*Measuring$"))
        before_s = seen.film_s()
        view.interrupt()  # the agent ends, and the film goes on from what the browser has
        expect(seen.indicator).to_contain_text("Not measuring: the program has ended")
        page.wait_for_timeout(300)
        assert seen.film_s() > before_s
        report = view.report()
        assert report is not None
        assert report["generated"] == report["left"] > 0
        assert "127.0.0.1:1" in view.warnings


def test_who_declines_watches_in_their_language_by_keyboard_alone(
    film: Path, browser: Browser, tmp_path: Path, artefacts: Path
) -> None:
    with (
        open_page(browser, width=1000, height=700, locale="de-AT") as page,
        viewing(
            film, *WHAT, "--source", tmp_path / "no-camera.mp4", "--outbox", tmp_path / "o.outbox"
        ) as view,
    ):
        seen = ViewerPage(page)
        page.goto(view.address)
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Darf dieser Film sehen, wie Sie reagieren?"
        )
        assert page.evaluate("document.documentElement.lang") == "de"
        for _ in range(4):  # the language, the tick, agree, decline
            page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Ohne Messung zuschauen")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#film-title")).to_be_focused()
        expect(seen.indicator).to_contain_text("Misst nicht: Sie schauen ohne Messung zu")
        expect(page.get_by_role("button", name="Meine Sitzung löschen")).to_have_count(0)
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Abspielen")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Pause", exact=True)).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.get_by_role("slider", name="Stelle im Film")).to_be_focused()
        page.keyboard.press("End")
        expect(page.get_by_text("Der Film ist zu Ende.")).to_be_visible()
        page.screenshot(path=artefacts / "view-german.png")
        page.locator("#finish").click()
        expect(page.locator("#summary-lead")).to_have_text(
            "Nichts wurde gemessen, und nichts wurde gesendet."
        )
        page.close()
        assert view.report() is None
    assert not (tmp_path / "o.outbox").exists()


def test_without_a_network_the_viewer_sees_the_same(
    viewer: Path, browser: Browser, tmp_path: Path, private_broker: Broker
) -> None:
    """All words of the page in turn, through a film of four seconds, but for those of messages and of its cost."""
    film = make_film(tmp_path / "Short.webm", [(1, 100)], size=(120, 160), codec="libvpx")
    broker, nobody = private_broker.start().address, f"kafka:127.0.0.1:{free_ports(1)[0]}"
    done(houselights("topics", "create", "--kafka", broker, "--partitions", "1"))
    seen = []
    for number, to in enumerate((f"kafka:{broker}", nobody)):
        camera = (
            "--source",
            viewer,
            "--baseline",
            "0",
            "--outbox",
            tmp_path / f"{number}.outbox",
            "--to",
            to,
        )
        with open_page(browser) as page, viewing(film, *WHAT, *camera) as view:
            page.goto(view.address)
            watching = ViewerPage(page)
            watching.agree()
            page.evaluate(TELL_WHAT_IS_SEEN)
            watching.play()
            expect(page.get_by_text("The film is over.")).to_be_visible()
            page.wait_for_timeout(500)
            seen.append(page.evaluate("window.seen"))
            page.locator("#finish").click()
            page.close()
            report = view.report()
            assert report is not None
            assert (report["published"] > 0) == (to != nobody)
    assert set(seen[0]) == set(seen[1])
    assert any("Measuring" in words for words in seen[0])


def test_a_camera_that_is_missing_and_a_film_that_cannot_be_played_are_said(
    page: Page, tmp_path: Path, artefacts: Path
) -> None:
    film = tmp_path / "reel.mov"
    film.write_text("no film")
    with viewing(
        film, *WHAT, "--source", tmp_path / "no-camera.mp4", "--outbox", tmp_path / "o.outbox"
    ) as view:
        page.goto(view.address)
        page.get_by_label("I have read this").check()
        page.get_by_role("button", name="Agree and go on").click()
        expect(page.locator("#check-state")).to_contain_text("No camera gives a picture")
        expect(page.locator("#check-trouble")).to_contain_text("no-camera.mp4 cannot be read")
        expect(page.get_by_role("button", name="Looks right, go on")).to_be_disabled()
        page.screenshot(path=artefacts / "view-no-camera.png")
        page.get_by_role("button", name="Watch without being measured").click()
        expect(page.get_by_role("alert")).to_contain_text("This browser cannot play “reel”")


def test_at_work_and_in_education_nobody_is_measured(film: Path) -> None:
    said = refused(houselights("view", film, *WHAT, "--setting", "education"))
    assert "declared as education" in said


def test_the_clock_knows_what_the_page_shows_through_pause_jump_and_speed(film: Path, page: Page) -> None:
    clock = ReportedClock()
    server = page_server(OnlyTheClock(clock), film)

    def reached(state: str) -> bool:
        return clock.state_at(time.monotonic_ns()) == state

    with server.serving():
        page.goto(server.access.address)
        for change, state in (
            ("video.play()", "playing"),
            ("video.pause()", "paused"),
            ("video.currentTime = 7", "paused"),
            ("video.playbackRate = 2; video.play()", "playing"),
            ("video.currentTime = 1", "playing"),
            ("video.currentTime = 99", "ended"),
        ):
            page.evaluate(f"() => {{ const video = document.getElementById('video'); {change}; }}")
            until(partial(reached, state))
            page.wait_for_timeout(300)
            asked_ns = time.monotonic_ns()
            film_ms = 1000 * float(page.evaluate("document.getElementById('video').currentTime"))
            came_ns = time.monotonic_ns()
            assert clock.state_at(came_ns) == state
            between = [said.film_ms for ns in (asked_ns, came_ns) if (said := clock.media_at(ns))]
            assert bool(between) == (state == "playing")
            assert all(
                abs(film_ms - said_ms) < NEAR_MS + 2 * (came_ns - asked_ns) / 1e6 for said_ms in between
            )
        page.close()
