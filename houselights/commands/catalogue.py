"""``screening``: what is shown to whom, and who may come."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from houselights.commands.options import Cut, Film, Store

if TYPE_CHECKING:
    from analytics.catalogue import Catalogue
    from contract.randomised import Randomised

screening = typer.Typer(help="Screenings: one showing of one cut to one audience.", no_args_is_help=True)

SCREENING_EXAMPLES = """
**Examples**

`houselights screening create friday --film reel --cut rough-2 --store screening-store`

`houselights screening create students-1 --film reel --cut rough-2 --store screening-store --cohort students`

`houselights screening create hall --film reel --cut rough-2 --store screening-store --minutes 110 --local-epsilon 8`

`houselights screening create try-out --film reel --cut rough-2 --store screening-store --k 1`
"""
CLOSE_EXAMPLES = """
**Example**

`houselights screening close friday --store screening-store`
"""
OPEN_EXAMPLES = """
**Example**

`houselights screening open friday --store screening-store`
"""
INVITE_EXAMPLES = """
**Examples**

`houselights screening invite friday --store screening-store`

`houselights screening invite friday --store screening-store --count 200 > invitations.txt`
"""

ScreeningId = Annotated[str, typer.Argument(metavar="ID", help="Id of the screening.")]


@screening.command("create", epilog=SCREENING_EXAMPLES)
def create_screening(
    screening_id: Annotated[str, typer.Argument(metavar="ID", help="Id of the screening; agents name it.")],
    film: Film,
    cut: Cut,
    store: Store,
    k: Annotated[
        int,
        typer.Option(
            "--k",
            min=1,
            help="Fewest viewers a published number may stand for; 1 only to try it on yourself.",
        ),
    ] = 5,
    title: Annotated[str | None, typer.Option("--title", help="The film's title, for people.")] = None,
    minutes: Annotated[
        float | None,
        typer.Option("--minutes", min=0.1, help="Length of the cut; reactions past its end are refused."),
    ] = None,
    cohort: Annotated[
        str | None,
        typer.Option(
            "--cohort", help="What the audience has in common, such as students: docs/comparing.md."
        ),
    ] = None,
    setting: Annotated[
        Literal["cinema", "home", "research", "work", "education"] | None,
        typer.Option(
            "--setting",
            help="Where the audience watches; invitations say it. At work and in education nobody is measured.",
        ),
    ] = None,
    local_epsilon: Annotated[
        float | None,
        typer.Option(
            "--local-epsilon",
            min=0.1,
            max=20,
            help="Viewers' devices send randomised answers alone, for so much local differential privacy a session: "
            "docs/privacy.md. Needs the length of the cut.",
        ),
    ] = None,
    block_minutes: Annotated[
        int,
        typer.Option(
            "--block-minutes", min=1, max=60, help="Minutes of film that a randomised answer is about."
        ),
    ] = 10,
    invited: Annotated[
        bool, typer.Option("--invited", help="Take only who brings an invitation: see screening invite.")
    ] = False,
) -> None:
    """Announce a screening, so that its viewers' reactions are taken."""
    from analytics.catalogue import Catalogue, Screening, ensure_cut
    from analytics.errors import CatalogueError
    from contract.setting import REFUSED, REFUSED_SETTINGS

    takes_sessions = setting not in REFUSED_SETTINGS
    catalogue = Catalogue(store)
    ensure_cut(catalogue, film, cut, title=title, duration_ms=round(minutes * 60_000) if minutes else None)
    if invited:
        catalogue.make_join_key(screening_id)
    randomised = _randomised(catalogue, film, cut, local_epsilon, block_minutes)
    known = catalogue.screening(screening_id)
    if known is not None and known.randomised != randomised:
        raise CatalogueError(
            f"screening {screening_id} was created {_with(known.randomised)}, and its viewers were told so: "
            f"create another one {_with(randomised)}"
        )
    catalogue.save_screening(
        Screening(
            *(screening_id, film, cut, k),
            open=takes_sessions,
            cohort=cohort,
            setting=setting,
            randomised=randomised,
        )
    )
    if not takes_sessions:
        typer.echo(f"{REFUSED.format(setting=setting)}; it is closed, and viewers' devices refuse it")
        return
    typer.echo(f"screening {screening_id} of {film}/{cut} is open; numbers stand for at least {k} viewers")
    if randomised is not None:
        _say_error(randomised)
    if k == 1:
        typer.echo(
            "with --k 1 a single viewer's reactions can be read: use it for trying Houselights on yourself"
        )


@screening.command("close", epilog=CLOSE_EXAMPLES)
def close_screening(screening_id: ScreeningId, store: Store) -> None:
    """Take no new session; those that began before go on, also from an outbox that comes days later.

    The ledger then counts a session without an end as never ended, and no longer waits for it.
    """
    _set_open(screening_id, store, False)
    typer.echo(f"screening {screening_id} is closed: no new session is taken")


@screening.command("open", epilog=OPEN_EXAMPLES)
def open_screening(screening_id: ScreeningId, store: Store) -> None:
    """Take new sessions again; what was refused meanwhile: houselights deadletters replay."""
    _set_open(screening_id, store, True)
    typer.echo(f"screening {screening_id} is open")


@screening.command("invite", epilog=INVITE_EXAMPLES)
def invite(
    screening_id: ScreeningId,
    store: Store,
    count: Annotated[int, typer.Option("--count", min=1, max=100_000, help="How many to print.")] = 1,
) -> None:
    """Print invitations, one a line; from the first on, only who brings one may join the screening.

    One invitation may serve the whole audience. It says nothing of who holds it, and is kept nowhere.
    """
    from analytics.catalogue import Catalogue
    from ingest.join import invitation

    known = _known(screening_id, store)
    key = Catalogue(store).make_join_key(screening_id)
    for _ in range(count):
        typer.echo(invitation(key, screening_id, known.setting, known.randomised))


def _randomised(
    catalogue: Catalogue, film: str, cut: str, epsilon: float | None, minutes: int
) -> Randomised | None:
    if epsilon is None:
        return None
    from analytics.errors import CatalogueError
    from contract.randomised import for_film

    duration_ms = next((one.duration_ms for one in catalogue.cuts(film) if one.id == cut), None)
    how = for_film(epsilon, minutes, duration_ms) if duration_ms else None
    if how is None:
        raise CatalogueError(f"--local-epsilon needs to know how long {film}/{cut} is: give --minutes")
    return how


def _with(randomised: Randomised | None) -> str:
    return "without --local-epsilon" if randomised is None else f"with randomised answers ({randomised})"


def _say_error(how: Randomised) -> None:
    """What it costs."""
    typer.echo(
        f"devices without an invitation need --randomised {how}; each answers for {how.in_words}, drawn at random, "
        f"and an answer is true {how.truth:.0%} of the time"
    )
    typer.echo("what that costs: a share of 20% in one block is right to within (95 times in 100)")
    for sessions in (20, 50, 100, 200, 500, 1000):
        error = how.error(sessions)
        within = f"±{100 * error:.0f} points" if error is not None and error < 1 else "nothing can be told"
        typer.echo(f"  {sessions:5} devices  {within}")


def _set_open(screening_id: str, store: Path, wanted: bool) -> None:
    from datetime import UTC, datetime

    import msgspec

    from analytics.catalogue import Catalogue
    from analytics.errors import CatalogueError
    from contract.setting import REFUSED, REFUSED_SETTINGS

    known = _known(screening_id, store)
    if wanted and known.setting in REFUSED_SETTINGS:
        raise CatalogueError(REFUSED.format(setting=known.setting))
    closed_on = None if wanted else known.closed_on or datetime.now(UTC).date().isoformat()
    Catalogue(store).save_screening(msgspec.structs.replace(known, open=wanted, closed_on=closed_on))


def _known(screening_id: str, store: Path):  # type: ignore[no-untyped-def]  # a Screening, whose module loads lazily
    from analytics.catalogue import Catalogue
    from analytics.errors import CatalogueError

    catalogue = Catalogue(store)
    found = catalogue.screening(screening_id)
    if found is None:
        there = ", ".join(one.id for one in catalogue.screenings()) or "none yet"
        raise CatalogueError(f"no screening {screening_id!r} in {store}; there are: {there}")
    return found
