"""Tests of the engine `ipex`, which lives in an environment of its own: `make test-intel` sets it up and runs them.

The normal run finds no intel-extension-for-pytorch, and then nothing in this folder is collected: neither run,
nor skipped.
"""

from __future__ import annotations

import importlib.util

collect_ignore_glob = [] if importlib.util.find_spec("intel_extension_for_pytorch") else ["test_*.py"]
