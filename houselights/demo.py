"""The demo: a portrait clip, the real agent, a simulated audience, outbox, ingest, store, serving."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from analytics.catalogue import Catalogue, Cut, Film, Screening
from houselights import demo_film as film
