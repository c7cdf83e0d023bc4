"""What can go wrong while a file is made for other programs.

AnalyticsError
└── ExportError       there is nothing to export, it cannot be said in that format, or the file cannot be written
"""

from __future__ import annotations

from analytics.errors import AnalyticsError


class ExportError(AnalyticsError):
    """There is nothing to export, it cannot be said in that format, or the file cannot be written."""
