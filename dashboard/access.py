"""Who may reach the dashboard: this machine alone, or people who log in with OpenID Connect.

A page of an audience is nobody's business but the filmmaker's, so a server that listens beyond this machine is
refused unless a login is configured. Where from: ``.streamlit/secrets.toml`` (here or in the home folder), or the
environment, from which such a file is written for Streamlit.
"""

from __future__ import annotations

import ipaddress
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboard.errors import AccessError

FIELDS = ("server_metadata_url", "client_id", "client_secret", "redirect_uri", "cookie_secret")
"""What Streamlit's login needs in [auth]."""
PREFIX = "HOUSELIGHTS_OIDC_"
EVERYBODY = "*"
HOW = (
    "fill [auth] in .streamlit/secrets.toml, or set HOUSELIGHTS_OIDC_SERVER_METADATA_URL, _CLIENT_ID, _CLIENT_SECRET, "
    "_REDIRECT_URI, _COOKIE_SECRET and _ALLOW (docs/dashboard.md)"
)


@dataclass(frozen=True)
class Login:
    """A configured login: the fields of [auth], and who may come in: addresses, @domains, or everybody (*)."""

    auth: Mapping[str, Any]
    allow: tuple[str, ...]

    def toml(self) -> str:
        """As Streamlit reads it; JSON's strings and lists are TOML's too."""
        lines = ["[auth]", *(f"{name} = {json.dumps(str(value))}" for name, value in self.auth.items())]
        return "\n".join([*lines, "", "[houselights]", f"allow = {json.dumps(list(self.allow))}", ""])


def is_loopback(address: str | None) -> bool:
    """Whether only this machine reaches ``address``; None and "" are every address there is."""
    if not address:
        return False
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def check(address: str | None, login: Login | None, *, behind_loopback: bool) -> None:
    """Raises AccessError when ``address`` is open to others and nothing keeps them out."""
    if is_loopback(address) or login is not None or behind_loopback:
        return
    raise AccessError(
        f"refused to listen on {address or 'every address'}, which others can reach, without a login: {HOW}; or say "
        "--behind-loopback if only this machine can reach it, as with a container's port published to 127.0.0.1"
    )


def allowed(user: Mapping[str, Any], allow: tuple[str, ...]) -> bool:
    """Whether the claims of a logged-in ``user`` are among ``allow``; an unverified address is nobody's."""
    if EVERYBODY in allow:
        return True
    email = str(user.get("email") or "").lower()
    if not email or user.get("email_verified") is False:
        return False
    return any(email == one.lower() or (one.startswith("@") and email.endswith(one.lower())) for one in allow)


def from_environment(environ: Mapping[str, str]) -> Login | None:
    """The login that HOUSELIGHTS_OIDC_… describes; None when none of it is set.

    A value can stand in a file instead: HOUSELIGHTS_OIDC_CLIENT_SECRET_FILE. Raises AccessError for half of one.
    """
    found = {name: value for name in (*FIELDS, "allow") if (value := _value(environ, name))}
    if not found:
        return None
    missing = [f"{PREFIX}{name.upper()}" for name in (*FIELDS, "allow") if name not in found]
    if missing:
        raise AccessError(f"a login needs {', '.join(missing)} too: {HOW}")
    allow = tuple(one.strip() for one in found.pop("allow").split(",") if one.strip())
    return Login(found, allow)


def from_files(*folders: Path) -> Login | None:
    """The login of the first ``.streamlit/secrets.toml`` in ``folders`` that has [auth]; None when none has.

    Raises AccessError for a file that cannot be read, or half a login.
    """
    for folder in folders:
        path = folder / ".streamlit" / "secrets.toml"
        if not path.is_file():
            continue
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise AccessError(f"cannot read {path}: {error}") from error
        if "auth" in content:
            return from_secrets(content, str(path))
    return None


def from_secrets(content: Mapping[str, Any], where: str) -> Login | None:
    """The login in the content of a secrets.toml; None without [auth]. Raises AccessError for half of one."""
    auth = content.get("auth")
    if not auth:
        return None
    missing = [name for name in FIELDS if not auth.get(name)]
    if missing:
        raise AccessError(f"[auth] of {where} lacks {', '.join(missing)}: {HOW}")
    allow = tuple(str(one) for one in content.get("houselights", {}).get("allow", ()))
    if not allow:
        raise AccessError(
            f"{where} does not say who may come in: add [houselights] with "
            'allow = ["name@example.org", "@example.org"], or ["*"] for everybody whom your provider lets in'
        )
    return Login({name: auth[name] for name in FIELDS}, allow)


def _value(environ: Mapping[str, str], name: str) -> str:
    variable = f"{PREFIX}{name.upper()}"
    if value := environ.get(variable):
        return value
    file = environ.get(f"{variable}_FILE")
    if not file:
        return ""
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise AccessError(f"cannot read {variable}_FILE {file}: {error.strerror or error}") from error
