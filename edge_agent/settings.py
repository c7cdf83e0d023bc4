"""What one run of the agent is asked to do."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from contract.broker_access import OPEN, BrokerAccess
from contract.errors import MessageError
from contract.messages import CONSENT_VERSION, MOST_SAMPLES, Start, decode, encode
from contract.randomised import Randomised, parse_randomised
from contract.setting import REFUSED, REFUSED_SETTINGS, Setting, declared, randomised_by
from edge_agent.clocks.players import PLAYERS, PlayerAt, player_at
from edge_agent.engines.port import ENGINES, EngineName
from edge_agent.errors import SettingsError
from edge_agent.room import ROOMS, Room
from edge_agent.sources import camera_number

_KAFKA = re.compile(r"kafka:(?P<address>(\[[0-9A-Fa-f:.]+\]|[^\s:/,]+):(?P<port>\d{1,5}))")
_MOST_ROUNDS = 1000  # the contract's most passes
_FASTEST_HZ, _SLOWEST_HZ = 60.0, 0.2


@dataclass(frozen=True)
class AgentSettings:
    """Read once at the edge; SettingsError says which is wrong, what came, and what to give instead.

    source: ``camera:N`` or a path. clock: ``file`` takes the footage's own time for the film's, ``cue`` counts
    from a cue, ``mpv:SOCKET``, ``vlc:HOST:PORT`` and ``mpris:NAME`` are where that player says it is; None is
    ``file`` for footage and ``cue`` for a camera. plays: the film's file, as the player calls it; None is what it
    has open at the start. to: ``kafka:HOST:PORT``, or None to keep everything in the outbox. access: what the
    broker asks for. rate_hz: frames looked at a second of film. rounds: times that footage is played;
    each further one is a rewatch. film_seconds: stop after that much film; None is the source's end.
    batch_seconds: film seconds a message. engine: the library that runs the classifier. room: where the viewers
    sit, so how small their faces may be. invitation: the organiser's, for a screening that asks for one. setting:
    where the viewers watch; the invitation's own word goes before it. randomised: EPSILON:MINUTES:BLOCKS, or empty for
    what was measured; the invitation's own word goes before it, too. calibration: quality of the viewers'
    neutral baseline, percent; 0 is none, and all that is told where answers are randomised.
    threads: for detection and scores. A player and others need the second core, and two threads that must wait for one
    another on a busy machine are far slower than one: 1,300 against 150 ms a picture of 480x270 on two busy cores.
    """

    film: str
    cut: str
    screening: str
    source: str
    clock: str | None = None
    vlc_password: str = field(default="", repr=False)
    plays: str | None = None
    to: str | None = None
    access: BrokerAccess = OPEN
    outbox: Path = Path("houselights.outbox")
    model: str = "bundled"
    engine: EngineName = "torch"
    room: Room = "auto"
    rate_hz: float = 4.0
    rounds: int = 1
    film_seconds: float | None = None
    consent_language: str = "en"
    batch_seconds: int = 5
    flush_seconds: float = 10.0
    simulated: bool = False
    invitation: str = ""
    setting: Setting | None = None
    calibration: int = 0
    randomised: str = ""
    threads: int = 1

    def __post_init__(self) -> None:
        self._check_clock()
        if self.engine not in ENGINES:
            raise SettingsError(f"the engine must be one of {', '.join(ENGINES)}, got {self.engine}")
        if self.room not in ROOMS:
            raise SettingsError(f"the room must be one of {', '.join(ROOMS)}, got {self.room}")
        if not _SLOWEST_HZ <= self.rate_hz <= _FASTEST_HZ:
            raise SettingsError(
                f"the rate must lie between {_SLOWEST_HZ:g} and {_FASTEST_HZ:g} Hz, got {self.rate_hz:g}"
            )
        if not 1 <= self.rounds <= _MOST_ROUNDS:
            raise SettingsError(f"the rounds must lie between 1 and {_MOST_ROUNDS}, got {self.rounds}")
        if self.film_seconds is not None and not self.film_seconds > 0:
            raise SettingsError(f"the film's seconds must be more than 0, got {self.film_seconds:g}")
        if not 1 <= self.batch_seconds <= MOST_SAMPLES:
            raise SettingsError(f"a message holds 1 to {MOST_SAMPLES} film seconds, got {self.batch_seconds}")
        if self.declared in REFUSED_SETTINGS:
            raise SettingsError(REFUSED.format(setting=self.declared))
        _ = self.bootstrap
        try:
            decode(encode(self.start("0" * 32, "model")))
        except MessageError as error:
            raise SettingsError(
                "film, cut and screening are ids of letters, digits, dots, dashes and underscores, at most 64, "
                f"the language is like en or pt-BR, and the calibration 0 to 100; {error.detail}"
            ) from error

    def _check_clock(self) -> None:
        if self.clock not in {None, "file", "cue"} and self.player is None:
            raise SettingsError(f"the clock must be file, cue, {PLAYERS}, got {self.clock}")
        if self.camera is not None and self.clock == "file":
            raise SettingsError(
                f"a camera does not know where the film is: with camera:N give --clock cue, {PLAYERS}"
            )
        if self.plays is not None and self.player is None:
            raise SettingsError(
                f"only a player has a film open: with --plays give --clock {PLAYERS}, not {self.playback}"
            )
        if self.rounds > 1 and (self.camera is not None or self.playback != "file"):
            raise SettingsError(
                "only footage with --clock file can be played in several rounds; give --rounds 1"
            )

    @property
    def camera(self) -> int | None:
        """The camera's number; None when the source is a file."""
        return camera_number(self.source)

    @property
    def playback(self) -> Literal["file", "cue", "player"]:
        """The kind of clock that was chosen, or else the one that suits the source."""
        if self.player is not None:
            return "player"
        if self.clock is None:
            return "file" if self.camera is None else "cue"
        return "file" if self.clock == "file" else "cue"

    @property
    def player(self) -> PlayerAt | None:
        """What plays the film; None when another clock was chosen."""
        return player_at(self.clock)

    @property
    def declared(self) -> Setting | None:
        """Where the viewers watch, as far as anybody has said."""
        return declared(self.invitation) or self.setting

    @property
    def answers(self) -> Randomised | None:
        """How they are randomised: the invitation's word goes before the setting; None for what was measured."""
        told = randomised_by(self.invitation)
        if told is not None or not self.randomised:
            return told
        how = parse_randomised(self.randomised)
        if how is None:
            raise SettingsError(
                "randomised answers are given as EPSILON:MINUTES:BLOCKS, as houselights screening create prints them "
                f"(8:10:12 is epsilon 8, and 12 blocks of 10 minutes), got {self.randomised}"
            )
        return how

    @property
    def bootstrap(self) -> str | None:
        """HOST:PORT of the broker; None to keep everything in the outbox."""
        if self.to is None:
            return None
        match = _KAFKA.fullmatch(self.to)
        if match is None or not 0 < int(match["port"]) < 65536:
            raise SettingsError(f"expected kafka:HOST:PORT, for example kafka:localhost:9092, got {self.to}")
        return match["address"]

    def start(self, session: str, model_id: str) -> Start:
        """The first message of ``session``."""
        return Start(
            session=session,
            screening=self.screening,
            film=self.film,
            cut=self.cut,
            consent_version=CONSENT_VERSION,
            consent_language=self.consent_language,
            agent_version=agent_version(),
            model=model_id,
            calibration=0 if self.answers else self.calibration,
            simulated=self.simulated,
            join=self.invitation,
            randomised=self.answers,
        )


def agent_version() -> str:
    """The installed version of this package; ``0`` when it runs without being installed."""
    try:
        return version("houselights")
    except PackageNotFoundError:
        return "0"
