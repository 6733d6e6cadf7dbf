"""The table of docs/security.md and the tests name each other: no row without a test, no test without its row."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROW = re.compile(r"^\| (R?\d+) \| (.+?) \| (.+?) \| (.+?) \|$")


class Row(NamedTuple):
    """A line of the table."""

    number: str
    promise: str
    built: list[str]
    proofs: list[str]


class Mark(NamedTuple):
    """A test that says which row it proves."""

    number: str
    file: str
    test: str


def table() -> list[Row]:
    lines = (ROOT / "docs" / "security.md").read_text(encoding="utf-8").splitlines()
    found = [match.groups() for line in lines if (match := ROW.match(line))]
    return [Row(number, promise, _code(built), _code(proofs)) for number, promise, built, proofs in found]


def _code(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def marks() -> Iterator[Mark]:
    """Every row that a test's decorator names."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                for number in _numbers(node):
                    yield Mark(number, path.relative_to(ROOT).as_posix(), node.name)


def _numbers(function: ast.FunctionDef) -> Iterator[str]:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.security":
            yield from (str(ast.literal_eval(argument)) for argument in decorator.args)


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


TABLE, MARKS = table(), list(marks())


def test_the_table_holds_every_requirement_once() -> None:
    numbers = [row.number for row in TABLE]
    assert len(set(numbers)) == len(numbers)
    assert {str(number) for number in range(1, 71)} <= set(numbers)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.number)
def test_each_row_is_built_and_proven_where_it_says(row: Row) -> None:
    assert row.built
    assert row.proofs
    assert not [path for path in row.built if not (ROOT / path).exists()]
    for proof in row.proofs:
        file, _, name = proof.partition("::")
        if name:
            assert name in names_in(ROOT / file), f"row {row.number}: {file} has no {name}"
        else:
            marked = [mark for mark in MARKS if mark.number == row.number and mark.file == file]
            assert marked, f"row {row.number}: no test of {file} is marked with it"


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: f"{mark.number}-{mark.test}")
def test_each_marked_test_stands_in_its_row(mark: Mark) -> None:
    row = next((row for row in TABLE if row.number == mark.number), None)
    assert row is not None, f"docs/security.md has no row {mark.number}; {mark.file} proves one"
    named = {proof.partition("::")[0] for proof in row.proofs}
    assert mark.file in named, f"row {mark.number} of docs/security.md does not name {mark.file}"
