"""The locks: every package by hash, none by address, and those that share an environment say the same versions."""

import re
import tomllib

import pytest

from tests.architecture.source import ROOT

PIN = re.compile(r"^([a-z0-9._-]+)==([^ ]+)(?: ; (.+?))? \\$")
LOCKS = ("runtime", "development", "scanners")


def read(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")


def pins(name: str) -> set[tuple[str, str, str]]:
    """(package, version, marker) of every pinned line."""
    found = (PIN.match(line) for line in read(name).splitlines())
    return {(match[1], match[2], match[3] or "") for match in found if match}


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_with_a_hash(name: str) -> None:
    entries = re.split(r"\n(?=\S)", read(name))
    assert len(entries) == len(pins(name)) > 30
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", LOCKS)
def test_no_address_or_folder_of_a_machine_is_inside(name: str) -> None:
    assert re.findall(r"https?:|file:|index-url|find-links| /\w+/", read(name)) == []


def test_development_contains_the_runtime() -> None:
    assert pins("runtime") <= pins("development")


@pytest.mark.parametrize("name", LOCKS)
def test_everything_asked_for_is_locked(name: str) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {
        "runtime": settings["project"]["dependencies"],
        "development": settings["project"]["optional-dependencies"]["development"],
        "scanners": settings["dependency-groups"]["scanners"],
    }[name]
    names = {re.split(r"[\[<>=]", requirement)[0] for requirement in asked}
    assert names <= {package for package, _, _ in pins(name)}
