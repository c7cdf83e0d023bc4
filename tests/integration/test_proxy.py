"""The bad network of the fault tests, with an echo behind it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.support.proxy import BLACK_HOLE, CLEAR, Proxy, Weather


def echo(connection: socket.socket) -> None:
    with connection:
        try:
            while heard := connection.recv(65_536):
                connection.sendall(heard)
        except OSError:
            return


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    """A proxy before a server that says everything back."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=echo, args=(connection,), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        with Proxy(f"127.0.0.1:{server.getsockname()[1]}") as proxy:
            yield proxy
        server.shutdown(socket.SHUT_RDWR)


def connected(proxy: Proxy) -> socket.socket:
    host, port = proxy.address.split(":")
    return socket.create_connection((host, int(port)), timeout=60)


def said_back(connection: socket.socket, words: bytes) -> bytes:
    connection.sendall(words)
    heard = b""
    while len(heard) < len(words):
        piece = connection.recv(65_536)
        if not piece:
            break
        heard += piece
    return heard


def silent(connection: socket.socket) -> bool:
    """Whether nothing comes for a moment."""
    connection.settimeout(0.3)
    try:
        return connection.recv(1) is None  # an end would come as b""
    except TimeoutError:
        return True
    finally:
        connection.settimeout(60)


def test_in_clear_weather_everything_passes_and_an_end_is_told(proxy: Proxy) -> None:
    words = bytes(range(256)) * 2_000
    with connected(proxy) as connection:
        connection.sendall(words[:1])
        assert connection.recv(1) == words[:1]
        threading.Thread(target=connection.sendall, args=(words,), daemon=True).start()
        heard = b""
        while len(heard) < len(words):
            heard += connection.recv(65_536)
        assert heard == words
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""
    assert proxy.connections == 1


def test_a_cut_resets_and_the_next_connection_works(proxy: Proxy) -> None:
    with connected(proxy) as connection:
        assert said_back(connection, b"hello") == b"hello"
        proxy.cut()
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    with connected(proxy) as connection:
        assert said_back(connection, b"again") == b"again"


def test_while_connections_are_refused_the_old_ones_go_on(proxy: Proxy) -> None:
    with connected(proxy) as old:
        assert said_back(old, b"before") == b"before"
        proxy.weather(Weather(refused=True))
        # Around connecting too: a quick reset ends that.
        with pytest.raises(ConnectionResetError), connected(proxy) as new:
            new.recv(1)
        assert said_back(old, b"still") == b"still"


def test_what_is_held_up_arrives_later_in_order(proxy: Proxy) -> None:
    with connected(proxy) as connection:
        assert said_back(connection, b"a") == b"a"
        proxy.weather(Weather(held=True))
        connection.sendall(b"bcd")
        assert silent(connection)
        proxy.weather(CLEAR)
        assert connection.recv(3, socket.MSG_WAITALL) == b"bcd"
    assert proxy.lost_bytes == 0


@pytest.mark.parametrize("weather", [Weather(bytes_a_second=10_000), Weather(delay_s=0.25)])
def test_what_is_slowed_or_delayed_takes_its_time(proxy: Proxy, weather: Weather) -> None:
    words = b"x" * 5_000
    with connected(proxy) as connection:
        assert said_back(connection, b"a") == b"a"
        proxy.weather(weather)
        began = time.monotonic()
        assert said_back(connection, words) == words
        assert time.monotonic() - began >= 0.4  # each way half a second, or a quarter


def test_what_is_lost_is_lost_for_good_and_nobody_is_told(proxy: Proxy) -> None:
    with connected(proxy) as connection:
        assert said_back(connection, b"a") == b"a"
        proxy.weather(Weather(answers_lost=True))
        connection.sendall(b"lost")
        assert silent(connection)
        proxy.weather(CLEAR)
        connection.sendall(b"more")
        assert silent(connection)
        assert proxy.lost_bytes == 8
        with connected(proxy) as other:
            assert said_back(other, b"new") == b"new"


def test_in_a_black_hole_new_connections_are_taken_and_dead(proxy: Proxy) -> None:
    proxy.weather(BLACK_HOLE)
    with connected(proxy) as connection:
        connection.sendall(b"anybody?")
        assert silent(connection)


def test_nobody_behind_it_is_a_reset() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with (
            Proxy(f"127.0.0.1:{nobody.getsockname()[1]}") as proxy,
            pytest.raises(ConnectionResetError),  # around connecting too: a quick reset ends that
            connected(proxy) as connection,
        ):
            connection.recv(1)
