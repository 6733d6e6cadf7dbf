"""The locks: every package by hash, none by address, and those that share an environment say the same versions."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.source import ROOT

PIN = re.compile(r"^([a-z0-9._-]+)==([^ ]+)(?: ; (.+?))? \\$")
LOCKS = ("runtime", "development", "scanners")


def read(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")


def pins(name: str) -> set[tuple[str, str, str]]:
    """(package, version, marker) of every pinned line."""
    found = (PIN.match(line) for line in read(name).splitlines())
    return {(match[1], match[2], match[3] or "") for match in found if match}


@pytest.mark.security(68)
@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_with_a_hash(name: str) -> None:
    entries = re.split(r"\n(?=\S)", read(name))
    assert len(entries) == len(pins(name)) > 30
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.security(68)
@pytest.mark.parametrize("name", LOCKS)
def test_no_address_or_folder_of_a_machine_is_inside(name: str) -> None:
    assert re.findall(r"https?:|file:|index-url|find-links| /\w+/", read(name)) == []


def test_development_contains_the_runtime() -> None:
    assert pins("runtime") <= pins("development")


def asked(name: str) -> list[Requirement]:
    """What pyproject.toml asks for in the lock."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = settings["project"]
    lists = {
        "runtime": project["dependencies"],
        "development": [*project["dependencies"], *project["optional-dependencies"]["development"]],
        "scanners": settings["dependency-groups"]["scanners"],
    }
    return [Requirement(line) for line in lists[name]]


@pytest.mark.security(68)
@pytest.mark.parametrize("name", LOCKS)
def test_everything_asked_for_is_locked_at_a_version_that_fits(name: str) -> None:
    locked: dict[str, list[str]] = {}
    for package, version, _marker in pins(name):
        locked.setdefault(package, []).append(version)
    for requirement in asked(name):
        versions = locked.get(canonicalize_name(requirement.name), [])
        assert versions, f"{requirement.name} is in no line of the lock"
        assert all(requirement.specifier.contains(version) for version in versions), f"{requirement}: {versions}"


@pytest.mark.security(68)
def test_every_list_of_packages_is_a_lock_that_is_held_to_it() -> None:
    folder = ROOT / "requirements"
    assert {path.stem for path in folder.rglob("*.lock")} == set(LOCKS)
    # What only goes against other packages' words is no list to install from.
    assert {path.name for path in folder.rglob("*.txt")} == {"scanners-overrides.txt"}
    assert not list(ROOT.glob("requirements*.txt"))


@pytest.mark.security(68)
def test_whatever_else_installs_demands_hashes() -> None:
    """`script/install.py` is run in test_install.py; a command line in any other file stands by itself."""
    files = [path for folder in ("script", "deploy") for path in (ROOT / folder).rglob("*") if path.is_file()]
    lines = [line for path in files for line in path.read_text(encoding="utf-8", errors="replace").splitlines()]
    calls = [line for line in lines if re.search(r"\b(?:pip3?|uv pip) (?:install|sync)\b", line)]
    assert lines
    assert [line for line in calls if "--require-hashes" not in line and "apt-get" not in line] == []
