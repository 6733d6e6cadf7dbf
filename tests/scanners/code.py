"""bandit, and ruff's security rules: the program's code, after a file with planted faults."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from tests.scanners.tools import ROOT, SCANNERS, Finding, ScannerFailed, run

# What runs in production, and the commands around it.
READ = ("portal", "config.py", "unsafe_settings.py", "wsgi.py", "script")
BAD = """\
import pickle, sqlite3, subprocess

def bad(name, data):
    subprocess.run("ls " + name, shell=True)
    pickle.loads(data)
    return sqlite3.connect(":memory:").execute("SELECT * FROM customer WHERE name = '%s'" % name)
"""
PLANTED = {
    "bandit": (r"B602 \S*bad\.py:4", r"B301 \S*bad\.py:5", r"B608 \S*bad\.py:6"),
    "ruff": (r"S602 \S*bad\.py:4", r"S301 \S*bad\.py:5", r"S608 \S*bad\.py:6"),
}


def planted(folder: Path) -> Path:
    """Writes the bad file."""
    bad = folder / "bad.py"
    bad.write_text(BAD, encoding="utf-8")
    return bad


def bandit(paths: list[Path], folder: Path) -> list[Finding]:
    """Everything bandit says, of every severity."""
    report = folder / "bandit.json"
    command = [str(SCANNERS / "bandit"), "--recursive", "--format=json", f"--output={report}", "--quiet"]
    said = run([*command, "--ignore-nosec", *map(str, paths)], folder, expected=(0, 1))
    result = json.loads(report.read_text(encoding="utf-8"))
    if result["errors"] or not result["metrics"]["_totals"]["loc"]:
        raise ScannerFailed(f"bandit did not read everything: {result['errors']}\n{said[-2000:]}")
    return sorted(
        Finding(
            "bandit", f"{entry['test_id']} {_short(entry['filename'])}:{entry['line_number']} {entry['issue_text']}"
        )
        for entry in result["results"]
        if not _is_explained(entry)
    )


def _is_explained(entry: dict[str, Any]) -> bool:
    """Whether the line says to ruff, whose numbers are bandit's, that it is meant: ``noqa: S608``."""
    lines = Path(entry["filename"]).read_text(encoding="utf-8").splitlines()
    said = "\n".join(lines[entry["line_range"][0] - 1 : entry["line_range"][-1]])
    return re.search(rf"# noqa:[^#\n]*\bS{entry['test_id'][1:]}\b", said) is not None


def ruff(paths: list[Path], folder: Path) -> list[Finding]:
    """What ruff's security rules say, with the exceptions of `pyproject.toml` and their reasons."""
    command = [sys.executable, "-m", "ruff", "check", "--select=S", "--output-format=json", "--no-cache"]
    # The exceptions name files below the folder ruff is started in.
    said = run([*command, "--config=pyproject.toml", *map(str, paths)], folder, cwd=ROOT, expected=(0, 1))
    return sorted(
        Finding("ruff", f"{entry['code']} {_short(entry['filename'])}:{entry['location']['row']} {entry['message']}")
        for entry in json.loads(said)
    )


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name
