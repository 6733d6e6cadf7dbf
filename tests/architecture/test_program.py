"""The program keeps the rules of its house. A failure says where it does not, and what to do next."""

from collections.abc import Callable, Iterator

import pytest

from portal.services.register import provenance
from tests.architecture import bans, imports
from tests.architecture.sizes import long_files, long_functions
from tests.architecture.source import ROOT, Module, read_program

PROGRAM = read_program(ROOT)
TEMPLATES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "templates").rglob("*"))
    if path.is_file()
}


def report(problems: Iterator[str]) -> None:
    found = list(problems)
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("rule", [*imports.RULES, *bans.RULES], ids=lambda rule: rule.__name__)
def test_source_keeps(rule: Callable[[list[Module]], Iterator[str]]) -> None:
    assert PROGRAM
    report(rule(PROGRAM))


def test_tracked_fields_change_in_one_place() -> None:
    report(bans.provenance_in_one_place(PROGRAM, set(provenance.TRACKED)))


def test_templates_escape_everything() -> None:
    assert TEMPLATES
    report(bans.safe_templates(TEMPLATES))


def test_files_are_short() -> None:
    report(long_files(ROOT))


def test_functions_are_short() -> None:
    report(long_functions(PROGRAM))
