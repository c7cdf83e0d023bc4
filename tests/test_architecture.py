"""The walls between the packages, beyond what import-linter (in `make check`) sees."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PACKAGES = ("contract", "edge_agent", "ingest", "analytics", "dashboard", "houselights")
SERVER_PACKAGES = ("contract", "ingest", "analytics", "dashboard")
DEVICE_LIBRARIES = {"cv2", "facenet_pytorch", "torch", "torchvision", "transformers"}
PAGES = {"dashboard.app"}
"""Scripts of Streamlit: they draw when they are imported."""

DISTRIBUTIONS = {
    "cv2": "opencv-python-headless",
    "kafka": "kafka-python",
    "PIL": "pillow",
    "pythonjsonlogger": "python-json-logger",
    "sklearn": "scikit-learn",
    "scenedetect": "scenedetect-headless",
    "skimage": "scikit-image",
}
"""Where the name that is imported is not the name that is installed."""


def modules(repository: Path, package: str) -> list[str]:
    """The dotted names of a package's modules."""
    files = (path.relative_to(repository).with_suffix("") for path in (repository / package).rglob("*.py"))
    return sorted(".".join(path.parts).removesuffix(".__init__") for path in files)


def third_party(repository: Path, package: str) -> set[str]:
    """The libraries that a package imports anywhere, inside functions too."""
    found = set()
    for path in (repository / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - set(PACKAGES)


def loaded_by(names: list[str]) -> set[str]:
    """The top-level modules that a fresh interpreter holds after importing ``names``."""
    program = (
        "import importlib, json, sys\n"
        "for name in json.loads(sys.argv[1]): importlib.import_module(name)\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, json.dumps(names)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def requirements(repository: Path) -> dict[str, set[str]]:
    """Distribution names of the base dependencies (key "") and of each extra."""
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    def names(lines: list[str]) -> set[str]:
        return {re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0].lower() for line in lines}

    extras = {extra: names(lines) for extra, lines in project["optional-dependencies"].items()}
    return extras | {"": names(project["dependencies"])}


@pytest.mark.parametrize("package", SERVER_PACKAGES)
def test_server_modules_load_no_device_library(repository: Path, package: str) -> None:
    names = [name for name in modules(repository, package) if name not in PAGES]
    assert names
    assert not loaded_by(names) & DEVICE_LIBRARIES


def test_the_wall_would_be_seen_to_fall() -> None:
    assert "torch" in loaded_by(["edge_agent.network"])


def test_the_command_starts_without_heavy_libraries() -> None:
    heavy = DEVICE_LIBRARIES | {"altair", "duckdb", "kafka", "pandas", "pyarrow", "skimage", "streamlit"}
    assert not loaded_by(["houselights.cli"]) & heavy


def test_what_reads_the_film_comes_with_its_extra_and_loads_no_torch(repository: Path) -> None:
    names = [name for name in modules(repository, "edge_agent") if name.startswith("edge_agent.film")]
    loaded = loaded_by(names)
    assert {"av", "cv2", "scenedetect"} <= loaded
    assert not loaded & (DEVICE_LIBRARIES - {"cv2"})
    installs = requirements(repository)
    imported = {DISTRIBUTIONS.get(name, name) for name in third_party(repository, "edge_agent/film")}
    assert imported == installs["detect"]


def test_contract_imports_the_standard_library_and_msgspec_only(repository: Path) -> None:
    assert third_party(repository, "contract") == {"msgspec"}


@pytest.mark.parametrize(
    ("package", "extra"),
    [("edge_agent", "edge"), ("ingest", "server"), ("analytics", "server"), ("analytics", "dashboard"),
     ("dashboard", "dashboard"), ("houselights", "all")],
)  # fmt: skip
def test_what_a_package_imports_its_extra_installs(repository: Path, package: str, extra: str) -> None:
    installs = requirements(repository)
    allowed = installs[""] | installs[extra]
    if extra == "all":
        allowed |= installs["edge"] | installs["server"] | installs["dashboard"] | installs["lab"]
    imported = {DISTRIBUTIONS.get(name, name.replace("_", "-")) for name in third_party(repository, package)}
    if package == "edge_agent":
        allowed |= (
            installs["lab"]
            | installs["openvino"]
            | installs["intel"]
            | installs["detect"]
            | installs["mpris"]
        )  # training, the other engines, the film, and players
        imported -= {"scikit-image"}  # the demo's portrait alone needs it: extra `all`
    assert not imported - allowed, f"add them to the extra {extra!r} of pyproject.toml"


def test_constraints_are_names_and_versions_only(repository: Path) -> None:
    for file in ("constraints.txt", "constraints-intel.txt"):
        for line in (repository / file).read_text(encoding="utf-8").splitlines():
            assert line.startswith("#") or re.fullmatch(r"[A-Za-z0-9._-]+==[0-9a-z.]+", line), (
                f"{file}: {line}"
            )


def test_every_library_an_extra_asks_for_is_pinned(repository: Path) -> None:
    def pinned(file: str) -> set[str]:
        lines = (repository / file).read_text(encoding="utf-8").lower().replace("_", "-").splitlines()
        return {line.split("==")[0] for line in lines if not line.startswith("#")}

    installs = requirements(repository)
    intel = installs.pop("intel")
    assert not set().union(*installs.values()) - pinned("constraints.txt") - {"houselights"}
    assert not intel - pinned("constraints-intel.txt")


def test_the_intel_extra_stays_out_of_all(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "intel" not in " ".join(project["optional-dependencies"]["all"])
