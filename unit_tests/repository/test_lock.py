"""What the image is made of: the lock has what the connector loads, and nothing that it does not."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
PIN = re.compile(r"^([a-z0-9.-]+)==(\S+)( ; [^\\]*)? \\$")
LOADED = """
import json, sys
from importlib.machinery import PathFinder
before, absent = set(sys.modules), json.loads(sys.argv[1])

class Image(PathFinder):
    @classmethod
    def find_spec(cls, name, *where):
        return None if name.partition(".")[0] in absent else super().find_spec(name, *where)

sys.meta_path[sys.meta_path.index(PathFinder)] = Image
import main, source_consolidated_stats.launch
print(json.dumps({name: getattr(sys.modules[name], "__file__", None) for name in set(sys.modules) - before}))
"""
# Code for low-code connectors comes along with the CDK's Python classes, and is not called by them.
NOT_CALLED = "airbyte_cdk.sources.declarative."


def _lines(name: str) -> list[str]:
    return (ROOT / name).read_text(encoding="utf-8").splitlines()


@cache
def _locked() -> dict[str, set[str]]:
    """The versions of each package; more than one where they depend on the version of Python."""
    pins: dict[str, set[str]] = {}
    for found in filter(None, map(PIN.match, _lines("requirements.lock"))):
        pins.setdefault(canonicalize_name(found[1]), set()).add(found[2])
    return pins


def _excluded() -> set[str]:
    return {
        canonicalize_name(line.split()[0]) for line in _lines("requirements-excluded.txt") if not line.startswith("#")
    }


@cache
def _loaded() -> dict[str, str | None]:
    """The file of each module that is loaded when the connector starts where nothing else is installed than in the
    image: some libraries load more where they find it."""
    absent = json.dumps([module for module in _packages() if _missing(module)])
    printed = subprocess.check_output([sys.executable, "-c", LOADED, absent], cwd=ROOT, text=True)
    modules: dict[str, str | None] = json.loads(printed.splitlines()[-1])
    return modules


@cache
def _packages() -> dict[str, set[str]]:
    """The packages that are installed here, by the top-level modules that they bring."""
    found = packages_distributions()
    return {module: {str(canonicalize_name(name)) for name in names} for module, names in found.items()}


def _missing(module: str) -> set[str]:
    """The packages that `module` would come from, and that the image does not have."""
    installed = _packages().get(module.partition(".")[0], set()) - {"source-consolidated-stats"}
    return set() if installed & set(_locked()) else installed


def test_lock_has_every_dependency_of_the_package() -> None:
    wanted = [Requirement(text) for text in requires("source-consolidated-stats") or [] if "extra" not in text]
    versions = _locked()
    assert wanted
    for requirement in wanted:
        assert versions[canonicalize_name(requirement.name)]
        assert all(Version(one) in requirement.specifier for one in versions[canonicalize_name(requirement.name)])


def test_every_package_that_is_imported_is_a_dependency_of_the_package() -> None:
    wanted = {canonicalize_name(Requirement(text).name) for text in requires("source-consolidated-stats") or []}
    files = (ROOT / "source_consolidated_stats").rglob("*.py")
    imported = {module.partition(".")[0] for file in files for module in _imports(file)}
    used = {name for module in imported for name in _packages().get(module, set())} - {"source-consolidated-stats"}

    assert "urllib3" in used
    assert used - wanted == set()


def test_lock_has_hashes_and_no_address() -> None:
    text = "\n".join(_lines("requirements.lock"))
    blocks = re.split(r"\n(?=\S)", text)
    pins = [block for block in blocks if "==" in block.splitlines()[0]]
    assert len(pins) == sum(len(versions) for versions in _locked().values())
    assert [block.splitlines()[0] for block in pins if "--hash=sha256:" not in block] == []
    assert re.findall(r"\w+://|--(?:extra-)?index-url|--find-links|@ ", text) == []


def test_lock_has_neither_tools_nor_what_is_left_out() -> None:
    tools = {"pytest", "hypothesis", "mypy", "ruff", "time-machine", "pip", "wheel"}
    assert set(_locked()) & (tools | _excluded()) == set()


def test_the_connector_starts_with_nothing_but_what_is_in_the_lock() -> None:
    assert "source_consolidated_stats.launch" in _loaded()


def test_nothing_that_is_left_out_is_loaded_later() -> None:
    """An import inside of a function would fail in the middle of a sync."""
    later = {
        (name, imported)
        for name, file in _loaded().items()
        if name.startswith("airbyte_cdk.") and file and not name.startswith(NOT_CALLED)
        for imported in _imports(Path(file))
        if _missing(imported)
    }
    assert later == set()


def test_only_what_the_dockerfile_copies_reaches_the_image() -> None:
    copied = {name for line in re.findall(r"^COPY (.*) \S+$", DOCKERFILE, flags=re.MULTILINE) for name in line.split()}
    rules = [line for line in _lines(".dockerignore") if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule.startswith("!")} == copied
    assert rules[-1] == "**/__pycache__"


def test_entry_point_is_told_to_airbyte() -> None:
    entry_point = re.search(r"^ENTRYPOINT (\[.*\])$", DOCKERFILE, flags=re.MULTILINE)
    told = re.search(r'^ENV AIRBYTE_ENTRYPOINT="(.*)"$', DOCKERFILE, flags=re.MULTILINE)
    assert entry_point
    assert told
    assert json.loads(entry_point[1]) == told[1].split()
    assert re.findall(r"^USER (.*)$", DOCKERFILE, flags=re.MULTILINE)[-1] == "airbyte"


def _imports(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found
