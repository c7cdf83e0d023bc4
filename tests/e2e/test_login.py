"""A dashboard that others can reach: nobody sees anything before they have logged in and are among the invited."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, expect

from dashboard.launch import environment
from tests.dashboard.handmade_store import build_store
from tests.e2e.page_driver import free_port, open_page, wait_until_healthy
from tests.support.oidc_provider import CLIENT, running_provider


@contextmanager
def served_to_all(store: Path, folder: Path, **oidc: str) -> Iterator[str]:
    """The dashboard as a person starts it for others, its login described in the environment."""
    port = free_port()
    settings = {
        "HOUSELIGHTS_OIDC_CLIENT_ID": CLIENT,
        "HOUSELIGHTS_OIDC_CLIENT_SECRET": "only-for-this-test",
        "HOUSELIGHTS_OIDC_REDIRECT_URI": f"http://127.0.0.1:{port}/oauth2callback",
        "HOUSELIGHTS_OIDC_COOKIE_SECRET": "a-long-secret-of-this-test-alone",
        **{f"HOUSELIGHTS_OIDC_{name.upper()}": value for name, value in oidc.items()},
    }
    words = ["dashboard", "--store", str(store), "--port", str(port), "--address", "0.0.0.0", "--no-browser"]
    log = folder / "dashboard.log"
    with log.open("wb") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "houselights", *words],
            env=environment({**os.environ, **settings, "HOME": str(folder)}),
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_healthy(port, child, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            child.send_signal(2)  # Ctrl-C
            child.wait(30)


def test_who_is_invited_logs_in_and_who_is_not_sees_nothing(
    tmp_path: Path, browser: Browser, artefacts: Path
) -> None:
    store = build_store(tmp_path / "store")
    user: dict[str, object] = {"email": "stranger@elsewhere.example", "email_verified": True}
    with (
        running_provider(user) as provider,
        served_to_all(
            store, tmp_path, server_metadata_url=provider.metadata_url, allow="@studio.example"
        ) as address,
        open_page(browser) as page,
    ):
        page.goto(f"{address}/?screening=premiere")
        expect(page.get_by_role("button", name="Log in")).to_be_visible()
        expect(page.get_by_text("The Last Matinee")).to_have_count(0)
        page.screenshot(path=artefacts / "login.png")
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_text("stranger@elsewhere.example")).to_be_visible()
        expect(page.get_by_text("who is not among those who may see this page")).to_be_visible()
        expect(page.get_by_text("The Last Matinee")).to_have_count(0)
        page.screenshot(path=artefacts / "login-refused.png")
        user["email"] = "editor@studio.example"
        page.get_by_role("button", name="Log out").click()
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_text("The Last Matinee").first).to_be_visible()
        expect(page.get_by_text("editor@studio.example")).to_be_visible()
        page.screenshot(path=artefacts / "login-done.png")
        assert provider.logins == 2
