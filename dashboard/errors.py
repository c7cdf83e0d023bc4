"""What can go wrong when the page is served.

DashboardError
├── AccessError    others could reach the page and nothing keeps them out, or half a login is configured
├── PortError      the port is taken, or may not be used
└── LaunchError    Streamlit is not installed, or stopped with an error
"""

from __future__ import annotations


class DashboardError(Exception):
    """Root of the package; its text is one line a person can act on."""


class PortError(DashboardError):
    """The port is taken, or may not be used."""


class LaunchError(DashboardError):
    """Streamlit is not installed, or stopped with an error."""


class AccessError(DashboardError):
    """Others could reach the page and nothing keeps them out, or half a login is configured."""
