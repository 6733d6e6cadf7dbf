"""sqlmap: SQL injection in every argument, query parameter and form field of the description.

Level 1 with boolean-based, error-based and UNION tests for SQLite, on which the scanned portal runs. An injection that
only breaks the statement shows as a 500, which the door counts.
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.scanners.description import parameters_of, without_repetition
from tests.scanners.tools import SCANNERS, Finding, ScannerFailed, run

NAME = "sqlmap"
# Found in the faulty application, or sqlmap does not work.
PLANTED = (r"/products GET category", r"/search POST term")
OPTIONS = [
    "--batch",
    # Go on after a finding, and with what is read as a number; stay on a page that reloads itself.
    "--answers=skip further tests=N,skip those kind of cases=N,refresh intent=N",
    "--dbms=sqlite",
    "--technique=BEU",
    "--level=1",
    "--risk=1",
    # Nothing that refuses attacks stands before the portal here.
    "--skip-waf",
    "--drop-set-cookie",
    "--ignore-redirects",
    "--disable-coloring",
]
TARGET = re.compile(r"^\[\d+/\d+\] URL:\n", re.MULTILINE)
TESTED = re.compile(r"testing for SQL injection on (?:\(custom\) )?\w+ parameter '([^']+)'")
# An argument of an address has no name here, but a number.
ARGUMENT = re.compile(r"(?:testing for SQL injection on|skipping previously processed) URI parameter '(#\d+\*)'")


def scan(url: str, description: dict[str, Any], folder: Path) -> list[Finding]:
    """Attacks everything the description names; raises `ScannerFailed` when something was left out."""
    attacked = {**description, "paths": split(without_repetition(description["paths"]))}
    file, results = folder / "sqlmap.json", folder / "sqlmap.csv"
    file.write_text(json.dumps(attacked), encoding="utf-8")
    command = [str(SCANNERS / "sqlmap"), f"--openapi={file}", f"--results-file={results}", *OPTIONS]
    said = run([*command, f"--output-dir={folder / 'sqlmap'}"], folder)
    untested = missing(attacked["paths"], said)
    if untested:
        raise ScannerFailed(f"sqlmap did not test {', '.join(untested)}:\n{said[-2000:]}")
    return _findings(results)


def split(paths: dict[str, Any]) -> dict[str, Any]:
    """Without what takes nothing: sqlmap would attack the address itself, which then exists no longer. And with query
    parameters apart from the arguments of their address, for sqlmap attacks only these where it sees both."""
    kept: dict[str, Any] = {}
    for path, item in paths.items():
        for method, operation in item.items():
            queries = [entry for entry in operation["parameters"] if entry["in"] == "query"]
            arguments = [entry for entry in operation["parameters"] if entry["in"] == "path"]
            if queries and arguments:
                operation = {**operation, "parameters": arguments}
                filled = path.format(**{entry["name"]: entry["example"] for entry in arguments})
                kept.setdefault(filled, {})[method] = {**operation, "parameters": queries}
            if parameters_of(operation):
                kept.setdefault(path, {})[method] = operation
    return kept


def missing(paths: dict[str, Any], said: str) -> list[str]:
    """Operations and fields that sqlmap does not say it has tested."""
    sections = TARGET.split(said)[1:]
    operations = [(path, method, operation) for path, item in paths.items() for method, operation in item.items()]
    if len(sections) != len(operations):
        return [f"{len(operations) - len(sections)} of {len(operations)} operations"]
    left_out = []
    for section, (path, method, operation) in zip(sections, operations, strict=True):
        tested = set(TESTED.findall(section))
        arguments = {entry["name"] for entry in operation["parameters"] if entry["in"] == "path"}
        names = set(parameters_of(operation)) - arguments
        left_out += [f"{method.upper()} {path} {name}" for name in sorted(names - tested)]
        if len(set(ARGUMENT.findall(section))) < len(arguments):
            left_out.append(f"{method.upper()} {path}")
    return left_out


def _findings(results: Path) -> list[Finding]:
    with results.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [
        Finding(NAME, f"{urlsplit(row['Target URL']).path} {row['Place']} {row['Parameter']} ({row['Technique(s)']})")
        for row in rows
        if row["Technique(s)"]
    ]
