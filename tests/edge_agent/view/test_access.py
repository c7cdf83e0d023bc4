from __future__ import annotations

import re

import pytest

from edge_agent.view.access import Access, page_headers

PORT = 4711


@pytest.fixture
def access() -> Access:
    return Access(PORT)


def token(access: Access) -> str:
    return access.address.partition("launch=")[2]


def cookie(access: Access) -> str:
    set_cookie = access.enter(token(access))
    assert set_cookie is not None
    return set_cookie.partition(";")[0]


def test_the_launch_token_works_once_and_gives_a_cookie_that_no_script_and_no_other_site_gets(
    access: Access,
) -> None:
    launch = token(access)
    assert len(launch) >= 40
    set_cookie = access.enter(launch)
    assert set_cookie is not None
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in set_cookie.split(";")}
    assert access.enter(launch) is None
    with pytest.raises(ValueError, match="was used"):
        _ = access.address


def test_a_wrong_token_does_not_use_up_the_right_one(access: Access) -> None:
    assert access.enter("") is None
    assert access.enter("ä" + token(access)) is None
    assert access.enter(token(access)) is not None


def test_only_the_cookie_is_known(access: Access) -> None:
    right = cookie(access)
    assert access.is_known({"cookie": f"other=1; {right}"})
    assert not access.is_known({})
    assert not access.is_known({"cookie": right[:-1]})
    assert not access.is_known({"cookie": right.replace(str(PORT), "4712")})
    assert not access.is_known({"cookie": "=;;=\x00"})


def test_two_servers_have_cookies_and_tokens_of_their_own(access: Access) -> None:
    other = Access(PORT)
    assert token(other) != token(access)
    assert not other.is_known({"cookie": cookie(access)})


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"host": "localhost:4711"},
        {"host": "127.0.0.1"},
        {"host": "films.example:4711"},  # a name that its owner made resolve to 127.0.0.1
        {"host": "127.0.0.1:4711", "origin": "http://films.example"},
        {"host": "127.0.0.1:4711", "origin": "http://127.0.0.1:8501"},
        {"host": "127.0.0.1:4711", "origin": "https://127.0.0.1:4711"},
        {"host": "127.0.0.1:4711", "origin": "null"},
        {"host": "127.0.0.1:4711", "sec-fetch-site": "cross-site"},
        {"host": "127.0.0.1:4711", "sec-fetch-site": "same-site"},  # another port of this machine
    ],
)
def test_what_comes_from_elsewhere_is_told(access: Access, headers: dict[str, str]) -> None:
    assert access.foreign(headers)


def test_the_page_and_a_person_who_opens_it_are_not_foreign(access: Access) -> None:
    own = {"host": "127.0.0.1:4711"}
    assert access.foreign(own) is None
    assert access.foreign(own | {"sec-fetch-site": "none"}) is None
    page = own | {"origin": "http://127.0.0.1:4711", "sec-fetch-site": "same-origin"}
    assert access.foreign(page, needs_origin=True) is None
    assert access.foreign(own, needs_origin=True), "a browser always names the origin of a socket"


def test_nothing_is_kept_or_embedded_and_nothing_comes_from_elsewhere_but_the_film() -> None:
    headers = page_headers("http://127.0.0.1:4711", "https://films.example:8443")
    assert headers["Cache-Control"] == "no-store"
    assert "camera=()" in headers["Permissions-Policy"]
    policy = dict(
        directive.strip().partition(" ")[::2] for directive in headers["Content-Security-Policy"].split(";")
    )
    assert policy.pop("media-src") == "'self' https://films.example:8443"
    assert policy.pop("connect-src") == "'self' ws://127.0.0.1:4711"
    assert set(policy.values()) <= {"'none'", "'self'", "'script'"}
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    streams = page_headers("http://127.0.0.1:4711", "https://films.example", streams=True)
    assert (
        "media-src 'self' https://films.example blob:; connect-src 'self' ws://127.0.0.1:4711 https://films.example;"
        in streams["Content-Security-Policy"]
    )
    own = page_headers("http://127.0.0.1:4711", None)["Content-Security-Policy"]
    assert not re.search(r"https?://", own)
