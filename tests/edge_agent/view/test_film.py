from __future__ import annotations

from pathlib import Path

import pytest

from edge_agent.errors import FilmError
from edge_agent.view.film import ShownFilm


def test_a_file_is_known_by_its_whole_path(tmp_path: Path) -> None:
    (tmp_path / "The Last Matinee.mp4").write_bytes(b"film")
    film = ShownFilm.named(str(tmp_path / "." / "The Last Matinee.mp4"))
    assert (film.title, film.kind, film.media_type) == ("The Last Matinee", "file", "video/mp4")
    assert film.path == (tmp_path / "The Last Matinee.mp4").resolve()
    assert film.origin is None


@pytest.mark.parametrize(
    ("address", "kind", "origin", "title"),
    [
        ("https://films.example/a/Reel%201.mp4?key=1", "address", "https://films.example", "Reel 1"),
        ("https://films.example:8443/reel.m3u8", "stream", "https://films.example:8443", "reel"),
        ("https://films.example/reel.MPD?key=1", "stream", "https://films.example", "reel"),
        ("http://[::1]:80/reel.webm", "address", "http://[::1]:80", "reel"),
        ("https://films.example/", "address", "https://films.example", "films.example"),
    ],
)
def test_an_address_is_known_by_kind_and_origin(address: str, kind: str, origin: str, title: str) -> None:
    film = ShownFilm.named(address)
    assert (film.kind, film.origin, film.title, film.url) == (kind, origin, title, address)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("missing.mp4", "No such file"),
        (".", "Is a directory"),
        ("ftp://films.example/reel.mp4", "a file or an http"),
        ("https:///reel.mp4", "a file or an http"),
        ("https://a;b/reel.mp4", "a file or an http"),  # goes into a header
        ("https://films.example:x/reel.mp4", "is no address"),
        ("https://me:secret@films.example/reel.mp4", "name and password"),
    ],
)
def test_what_is_no_film_is_told(text: str, why: str) -> None:
    with pytest.raises(FilmError, match=why):
        ShownFilm.named(text)


@pytest.mark.parametrize("name", ["reel.m3u8", "reel.mpd"])
def test_a_playlist_without_its_server_is_told(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("#EXTM3U\n")
    with pytest.raises(FilmError, match="only lists the parts"):
        ShownFilm.named(str(tmp_path / name))
