"""The gate of every page: who is not let in sees a login, or why there is none."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit import config
from streamlit.errors import StreamlitSecretNotFoundError

from dashboard.access import Login, allowed, check, from_secrets
from dashboard.errors import AccessError


def let_in(*, behind_loopback: bool = False) -> bool:
    """Whether the page may be drawn; where not, it draws what to do instead."""
    return gate(config.get_option("server.address"), behind_loopback=behind_loopback)


def gate(address: str | None, *, behind_loopback: bool) -> bool:
    """As ``let_in``, for a server that listens on ``address``."""
    try:
        login = _configured()
        check(address, login, behind_loopback=behind_loopback)
    except AccessError as error:
        st.title("Closed", anchor=False)
        st.error(str(error), icon=":material/lock:")
        return False
    return login is None or _logged_in(login)


def _configured() -> Login | None:
    try:
        content: dict[str, Any] = st.secrets.to_dict()
    except StreamlitSecretNotFoundError:
        return None
    return from_secrets(content, "the secrets file")


def _logged_in(login: Login) -> bool:
    if not st.user.get("is_logged_in"):
        st.title("Houselights", anchor=False)
        st.markdown("This page shows how an audience felt. Log in to see it.")
        st.button("Log in", type="primary", icon=":material/login:", on_click=st.login, key="log-in")
        return False
    user = st.user.to_dict()
    if not allowed(user, login.allow):
        st.title("Not for you", anchor=False)
        st.markdown(
            f"You are logged in as **{user.get('email') or 'somebody without a verified address'}**, who is not among "
            "those who may see this page. Ask whoever runs it to add you, or log in as somebody else."
        )
        st.button("Log out", icon=":material/logout:", on_click=st.logout, key="log-out")
        return False
    with st.sidebar:
        st.caption(f":material/person: {user.get('email') or user.get('name') or 'logged in'}")
        st.button("Log out", icon=":material/logout:", type="tertiary", on_click=st.logout, key="log-out")
    return True
