"""Who may reach the page: addresses, half a login, who is on the list."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.access import Login, allowed, check, from_environment, from_files, is_loopback
from dashboard.errors import AccessError
from dashboard.launch import command, serve
from tests.dashboard.handmade_store import build_store
from tests.support.app_test import app_test

EVERYWHERE = "0.0.0.0"
AUTH = {
    "server_metadata_url": "https://login.example/.well-known/openid-configuration",
    "client_id": "houselights", "client_secret": "a secret", "redirect_uri": "https://films.example/oauth2callback",
    "cookie_secret": 'another "secret"',
}  # fmt: skip
ENVIRONMENT = {f"HOUSELIGHTS_OIDC_{name.upper()}": value for name, value in AUTH.items()} | {
    "HOUSELIGHTS_OIDC_ALLOW": "editor@studio.example, @films.example"
}


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("127.0.0.1", True), ("127.3.2.1", True), ("::1", True), ("localhost", True),
        (EVERYWHERE, False), ("192.168.1.4", False), ("::", False), ("films.example", False), (None, False),
        ("", False),
    ],
)  # fmt: skip
def test_what_only_this_machine_reaches(address: str | None, here: bool) -> None:
    assert is_loopback(address) is here


def test_a_server_open_to_others_is_refused_without_a_login(tmp_path: Path) -> None:
    with pytest.raises(
        AccessError, match=r"refused to listen on 0\.0\.0\.0.*HOUSELIGHTS_OIDC.*--behind-loopback"
    ) as caught:
        serve(tmp_path, 8600, address=EVERYWHERE, open_browser=False)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("address", [EVERYWHERE, None, "192.168.1.4"])
def test_a_login_or_a_word_opens_it(address: str | None) -> None:
    check(address, Login(AUTH, ("*",)), behind_loopback=False)
    check(address, None, behind_loopback=True)
    with pytest.raises(AccessError):
        check(address, None, behind_loopback=False)


def test_the_environment_describes_a_login_that_streamlit_reads() -> None:
    login = from_environment(ENVIRONMENT)
    assert login is not None
    assert tomllib.loads(login.toml()) == {
        "auth": AUTH, "houselights": {"allow": ["editor@studio.example", "@films.example"]},
    }  # fmt: skip
    assert from_environment({"PATH": "/bin"}) is None


@pytest.mark.parametrize("missing", ENVIRONMENT)
def test_half_a_login_is_refused_and_says_what_is_missing(missing: str) -> None:
    with pytest.raises(AccessError, match=missing):
        from_environment({name: value for name, value in ENVIRONMENT.items() if name != missing})


def test_a_secret_can_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from a file\n")
    given = {**ENVIRONMENT, "HOUSELIGHTS_OIDC_CLIENT_SECRET_FILE": str(tmp_path / "secret")}
    del given["HOUSELIGHTS_OIDC_CLIENT_SECRET"]
    login = from_environment(given)
    assert login is not None
    assert login.auth["client_secret"] == "from a file"
    given["HOUSELIGHTS_OIDC_CLIENT_SECRET_FILE"] = str(tmp_path / "nowhere")
    with pytest.raises(AccessError, match="nowhere"):
        from_environment(given)


def test_a_secrets_file_describes_a_login(tmp_path: Path) -> None:
    folder = tmp_path / ".streamlit"
    folder.mkdir()
    assert from_files(tmp_path) is None
    (folder / "secrets.toml").write_text(Login(AUTH, ("*",)).toml())
    assert from_files(tmp_path / "elsewhere", tmp_path) == Login(AUTH, ("*",))
    (folder / "secrets.toml").write_text(Login(AUTH, ()).toml())
    with pytest.raises(AccessError, match="does not say who may come in"):
        from_files(tmp_path)
    (folder / "secrets.toml").write_text("[auth\n")
    with pytest.raises(AccessError, match="cannot read"):
        from_files(tmp_path)


@pytest.mark.parametrize(
    ("user", "allow", "let_in"),
    [
        ({"email": "Editor@Studio.example"}, ("editor@studio.example",), True),
        ({"email": "a@studio.example"}, ("@studio.example",), True),
        ({"email": "a@evilstudio.example"}, ("@studio.example",), False),
        ({"email": "a@studio.example", "email_verified": False}, ("@studio.example",), False),
        ({"name": "nobody"}, ("@studio.example",), False),
        ({"name": "nobody"}, ("*",), True),
        ({"email": "a@studio.example"}, (), False),
    ],
)
def test_who_is_on_the_list(user: dict[str, object], allow: tuple[str, ...], let_in: bool) -> None:
    assert allowed(user, allow) is let_in


def gated(store: Path, address: str | None, *, behind_loopback: bool = False, secrets: str = "") -> AppTest:
    script = (
        "from pathlib import Path\nfrom dashboard.login import gate\nfrom dashboard.page import render\n"
        f"render(Path({str(store)!r}), let_in=lambda: gate({address!r}, behind_loopback={behind_loopback}))\n"
    )
    page = app_test(script)
    for section, values in tomllib.loads(secrets).items():
        page.secrets[section] = values
    return page.run()


@pytest.mark.parametrize(
    ("address", "behind_loopback", "drawn"),
    [("127.0.0.1", False, True), (EVERYWHERE, False, False), (None, False, False), (EVERYWHERE, True, True)],
)
def test_the_page_itself_stays_closed_too(
    tmp_path: Path, address: str | None, behind_loopback: bool, drawn: bool
) -> None:
    page = gated(build_store(tmp_path), address, behind_loopback=behind_loopback)
    assert not page.exception
    assert (page.title[0].value == "How did it go?") is drawn
    assert (page.title[0].value == "Closed") is not drawn
    assert bool(page.sidebar.selectbox) is drawn


def test_behind_loopback_reaches_the_page(tmp_path: Path) -> None:
    line = command(tmp_path, 8600, address=EVERYWHERE, behind_loopback=True)
    assert line[line.index("--") :] == ["--", "--behind-loopback", "--store", str(tmp_path)]
