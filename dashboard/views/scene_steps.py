"""What followed what: the emotions of neighbouring scenes, viewer by viewer."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import steps, words
from dashboard.frames import Row, records
from dashboard.look import Look
from dashboard.theme import INK
from dashboard.views import figures
from dashboard.views.colours import page_colours

_IN_WORDS = 3


def scene_steps(look: Look, part: Sequence[Row]) -> None:
    """Draws it for ``part``, neighbouring rows of scenes.sql, and the step out of them."""
    scenes = records(look.data.scenes)
    if len(scenes) < 2:
        return
    st.subheader("What followed what", anchor=False)
    names = {int(one["scene"]): str(one["name"]) for one in scenes}
    found = steps.with_shares(records(look.data.read("scene_steps")), names)
    if not found:
        st.caption(
            f"No step is shown: no two neighbouring scenes have {words.viewers(look.choice.k)} who were seen in both."
        )
        return
    told = steps.clearest(found, _IN_WORDS)
    if told:
        st.markdown(
            "Changes that surely more viewers went through than the other way round:\n\n"
            + "\n".join(f"- {steps.sentence(row, names)}" for row in told)
        )
    else:
        st.markdown(
            "Between no two scenes did surely more viewers change one way than the other: "
            "what moves here may be chance."
        )
    last = scenes.index(part[-1]) + 1
    drawn = [*part, *scenes[last : last + 1]]
    shown = {int(one["scene"]) for one in drawn}
    inside = [row for row in found if int(row["scene"]) in shown and int(row["next_scene"]) in shown]
    if not inside:
        st.caption("Between these scenes no step is shown: too few viewers were seen in both.")
        return
    simulated = words.simulated(look.choice.simulated, look.choice.viewers)
    counted = f"n = {words.count_range(row['of'] for row in inside)}"
    figures.chart(
        steps.step_chart(
            inside,
            drawn,
            subtitle=f"{counted} · {simulated}" if simulated else counted,
            ink=INK[page_colours()],
        ),
        steps.table(inside, names),
        alt_text="Which emotion followed which from scene to scene; each way is in the table",
        caption="Each viewer counts once a step, by the emotion that rose most above their own usual level in a scene, "
        "however little; neutral can be it. The wider a line, the more viewers went that way; the number is the "
        f"widest's. Ways that fewer than {words.viewers(look.choice.k)} went are one, “others”. What followed is not "
        "what caused it.",
    )
