"""Pages with nothing to show: each says why, and the exact command that helps.

``store`` is the store directory, quoted for a shell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import words
from dashboard.data import Choice


def nothing_published(store: str) -> None:
    """No ``serving.duckdb`` yet."""
    st.title("The house is still dark", anchor=False)
    st.markdown(
        f"Nothing has been published in `{store}` yet. "
        "This page opens by itself as soon as there is something to show."
    )
    st.markdown("To see a short film with a simulated audience, run")
    st.code(f"houselights demo --store {store}", language=None, wrap_lines=True)
    st.markdown("To read the reactions of your own screening, run one of")
    st.code(
        f"houselights ingest --from kafka:HOST:PORT --store {store}\n"
        f"houselights ingest --from outbox:PATH --store {store} --once",
        language=None,
        wrap_lines=True,
    )


def no_screening(store: str, choice: Choice | None) -> None:
    """The store knows no film, or a cut that nobody has watched."""
    film, cut = (choice.film, choice.cut) if choice else ("FILM", "CUT")
    st.title(choice.title if choice else "No film yet", anchor=False)
    st.markdown(
        f"No screening of cut **{cut}** yet. Create one, then start an agent on each viewer's device:"
        if choice
        else "The store has no film and no screening. Name the scenes of a cut, then create a screening:"
    )
    commands = [f"houselights screening create SCREENING --film {film} --cut {cut} --store {store}"]
    if not choice:
        commands.insert(0, _import(film, cut, store))
    st.code("\n".join(commands), language=None, wrap_lines=True)


def nothing_to_show(store: str, choice: Choice, left_out: Sequence[Mapping[str, Any]]) -> None:
    """Everything was withheld by k, or no reaction has arrived."""
    if not left_out:
        st.subheader("Waiting for the first reactions", anchor=False)
        st.markdown("No reactions of this screening have arrived yet. This page shows them as they come.")
        return
    most = words.most_viewers(left_out)
    st.subheader("Everything is left out", anchor=False)
    if any(row["what"] == "block" for row in left_out):
        st.markdown(
            "Devices of this screening answer at random, each for a few blocks of the film. What fewer than "
            f"{words.devices(choice.k)} answered for is not shown, and no block has more than {words.devices(most)}. "
            "Wait for more of them."
        )
        return
    st.markdown(
        f"This screening shows only what at least {words.viewers(choice.k)} watched, "
        f"and no moment has more than {words.viewers(most)}.\n\n"
        "Wait for more viewers, or lower k for this screening. Below 5, single viewers become easier to "
        "recognise; k = 1 is for trying it on yourself."
    )
    st.code(
        f"houselights screening create {choice.screening} --film {choice.film} --cut {choice.cut} "
        f"--k {most or 1} --store {store}\n"
        f"houselights publish --store {store}",
        language=None,
        wrap_lines=True,
    )


def no_scenes(store: str, choice: Choice) -> None:
    """Seconds, but no scene list."""
    st.subheader("No scenes yet", anchor=False)
    st.markdown(
        "Give the cut a list of scenes to see each one's reactions: "
        "columns `name`, `start`, `end`, in timecodes or seconds."
    )
    st.code(
        f"{_import(choice.film, choice.cut, store)}\nhouselights publish --store {store}",
        language=None,
        wrap_lines=True,
    )


def _import(film: str, cut: str, store: str) -> str:
    return f"houselights scenes import scenes.csv --film {film} --cut {cut} --store {store}"
