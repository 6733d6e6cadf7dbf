"""schemathesis: odd and random values for every operation of the description; the answers must be as described."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.scanners.tools import LONGEST_ANSWER, SCANNERS, Finding, ScannerFailed, run

NAME = "schemathesis"
# Found in the faulty application, or schemathesis does not work.
PLANTED = (
    r"Server error GET /age/\{born\}",
    r"Undocumented status code GET /price",
    r"Undocumented Content-Type GET /label",
)
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,unsupported_method"
EXAMPLES = 8
OPTIONS = [
    f"--checks={CHECKS}",
    "--phases=examples,coverage,fuzzing",
    f"--max-examples={EXAMPLES}",
    # The same values in every run, so that a finding can be looked at again.
    "--generation-deterministic",
    "--suppress-health-check=all",
    "--continue-on-failure",
    f"--request-timeout={LONGEST_ANSWER}",
    "--warnings=off",
    "--no-color",
    "--report=json",
]


def scan(url: str, description: dict[str, Any], folder: Path) -> list[Finding]:
    """Runs every phase that needs no links between operations."""
    file, report = folder / "schemathesis.json", folder / "schemathesis-report.json"
    file.write_text(json.dumps(description), encoding="utf-8")
    command = [str(SCANNERS / "schemathesis"), "run", str(file), f"--url={url}", f"--report-json-path={report}"]
    said = run([*command, *OPTIONS], folder, expected=(0, 1))
    result = json.loads(report.read_text(encoding="utf-8"))
    operations = result["operations"]
    if not result["complete"] or operations["tested"] != operations["total"] or result["errors"]:
        raise ScannerFailed(f"schemathesis did not test everything:\n{said[-3000:]}")
    return sorted(
        Finding(NAME, f"{failure['title']} {operation}")
        for failure in result["failures"]
        for operation in failure["operations"]
    )
