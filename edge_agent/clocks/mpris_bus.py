"""One player on the session bus, through jeepney, which speaks D-Bus in pure Python."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Self

from edge_agent.errors import PlayerError

if TYPE_CHECKING:
    from jeepney import Message
    from jeepney.io.blocking import DBusConnection

_NAMES = "org.mpris.MediaPlayer2."
_OBJECT = "/org/mpris/MediaPlayer2"
_PLAYER = "org.mpris.MediaPlayer2.Player"
_ANSWER_S = 2.0


class PlayerOnBus:
    """Of one thread; ``close`` it in the end."""

    def __init__(self, connection: DBusConnection, bus_name: str) -> None:
        """``bus_name``: in full."""
        from jeepney import DBusAddress, MatchRule, message_bus

        self._connection = connection
        self._properties = DBusAddress(_OBJECT, bus_name, "org.freedesktop.DBus.Properties")
        _call(connection, message_bus.AddMatch(MatchRule(type="signal", sender=bus_name, path=_OBJECT)))

    @classmethod
    def find(cls, name: str) -> Self:
        """The player whose name is, or begins with, ``name``. Raises PlayerError when there is none, or no bus."""
        from jeepney import message_bus

        connection = _open_bus()
        try:
            (names,) = _call(connection, message_bus.ListNames())
            players = sorted(one.removeprefix(_NAMES) for one in names if one.startswith(_NAMES))
            called = [one for one in players if one == name] or [
                one for one in players if one.startswith(f"{name}.")
            ]
            if len(called) == 1:
                return cls(connection, _NAMES + called[0])
        except (OSError, ValueError) as error:
            connection.close()
            raise PlayerError(f"the session bus does not answer: {error}") from error
        connection.close()
        if called:
            raise PlayerError(f"there is more than one {name}: name one of {', '.join(called)}")
        there = f"there are: {', '.join(players)}" if players else "there is none"
        raise PlayerError(
            f"no player called {name} is on the session bus ({there}); start it first, mpv with its MPRIS plugin"
        )

    def ask(self) -> dict[str, Any]:
        """What it says of itself. Raises OSError or ValueError when it does not."""
        from jeepney import new_method_call

        (told,) = _call(self._connection, new_method_call(self._properties, "GetAll", "s", (_PLAYER,)))
        return {key: _plain(value) for key, value in told.items()}

    def jumps(self, *, within_s: float) -> bool:
        """Waits for the player's next word, and no longer than that; whether it is that it jumps. Raises OSError."""
        from jeepney import HeaderFields

        try:
            said = self._connection.receive(timeout=within_s)
        except TimeoutError:
            return False
        return bool(said.header.fields.get(HeaderFields.member) == "Seeked")

    def close(self) -> None:
        """Leave the bus."""
        self._connection.close()


def _open_bus() -> DBusConnection:
    try:
        from jeepney.io.blocking import open_dbus_connection
    except ImportError as error:
        raise PlayerError(
            "players on the session bus need jeepney: pip install 'houselights[mpris]'"
        ) from error
    folder = os.environ.get("XDG_RUNTIME_DIR")
    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS") or (folder and f"unix:path={folder}/bus")
    if not address:
        raise PlayerError("there is no session bus here: run it in the desktop's session")
    try:
        return open_dbus_connection(address)
    except (OSError, RuntimeError, StopIteration, ValueError) as error:
        raise PlayerError(f"the session bus at {address} does not answer: {error}") from error


def _call(connection: DBusConnection, message: Message) -> tuple[Any, ...]:
    """The answer to a call that starts no program. Raises OSError or ValueError."""
    from jeepney import DBusErrorResponse, MessageFlag
    from jeepney.wrappers import unwrap_msg

    message.header.flags |= MessageFlag.no_auto_start
    try:
        answer: tuple[Any, ...] = unwrap_msg(connection.send_and_get_reply(message, timeout=_ANSWER_S))
    except DBusErrorResponse as error:
        raise ValueError(str(error)) from error
    return answer


def _plain(value: Any) -> Any:
    """Of a variant, which is its signature and its value; a dictionary's are variants again."""
    _, value = value
    return {key: _plain(one) for key, one in value.items()} if isinstance(value, dict) else value
