"""One scanner from beginning to end: its planted fault, then the portal."""

from __future__ import annotations

import contextlib
import json
import re
import resource
import socket
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.scanners import code, schemathesis, sqlmap, wapiti
from tests.scanners.description import describe, parameters_of
from tests.scanners.door import Door
from tests.scanners.faulty import faulty_app, faulty_description
from tests.scanners.target import Target
from tests.scanners.tools import MEMORY, ROOT, Finding, ScannerFailed
from tests.support.serving import free_socket, serving

# Those that take longest come first, so that none of them is left to run alone at the end.
WEB = {module.NAME: module for module in (sqlmap, wapiti, schemathesis)}
CODE = {"bandit": code.bandit, "ruff": code.ruff}


@dataclass(frozen=True)
class Result:
    """What one scanner came to."""

    scanner: str
    findings: list[Finding]
    covered: str
    seconds: float
    # Of a processor: the scanner's and the portal's. On a busy machine only this says what the scan costs.
    computed: float

    def __str__(self) -> str:
        return f"{self.scanner}: {self.covered}, {self.seconds:.0f} s, of which {self.computed:.0f} s of computing"


def scan(name: str) -> Result:
    """One scanner. One that fails is a finding: its silence would mean nothing."""
    began, computed = time.monotonic(), _computed()
    with tempfile.TemporaryDirectory() as made:
        try:
            covered, findings = _scan_web(name, Path(made)) if name in WEB else _scan_code(name, Path(made))
        except ScannerFailed as error:
            covered, findings = "did not do its work", [Finding(name, str(error))]
    return Result(name, findings, covered, time.monotonic() - began, _computed() - computed)


def _computed() -> float:
    """Seconds of a processor that this process and what it has started have used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _scan_code(name: str, folder: Path) -> tuple[str, list[Finding]]:
    read = CODE[name]
    demand(name, code.PLANTED[name], read([code.planted(folder)], folder))
    return "the program's code", read([ROOT / path for path in code.READ], folder)


def _scan_web(name: str, folder: Path) -> tuple[str, list[Finding]]:
    """A scanner of websites, with a portal of its own."""
    scanner, log = WEB[name], folder / "log"
    with _quiet(log), tempfile.TemporaryDirectory(dir=MEMORY) as portal:
        opened = free_socket()
        url = _address(opened)
        with serving(faulty_app(), opened):
            demand(name, scanner.PLANTED, scanner.scan(url, faulty_description(url), _below(folder, "faulty")))
        opened = free_socket()
        target = Target(Path(portal), opened.getsockname()[1])
        # What wapiti stores it looks for on other pages; the others are to find every form as it was.
        door = Door(target, keeps_changes=scanner is wapiti)
        description = describe(target.world, door.forms, target.world.base_url)
        door.start_again()
        url = _address(opened)
        with serving(door, opened):
            findings = scanner.scan(url, description, _below(folder, "scan"))
        target.close()
    findings += [Finding(name, f"error of the portal: {error}") for error in door.errors]
    findings += [Finding(name, f"in the log: {line}") for line in _errors(log)]
    operations = [operation for item in description["paths"].values() for operation in item.values()]
    taken = sum(len(parameters_of(operation)) for operation in operations)
    covered = f"{sum(door.requests.values())} requests to {len(operations)} operations with {taken} parameters"
    return covered, findings


def demand(name: str, planted: tuple[str, ...], found: list[Finding]) -> None:
    """Fail unless every planted fault was found."""
    missed = [pattern for pattern in planted if not any(re.search(pattern, finding.text) for finding in found)]
    if missed:
        raise ScannerFailed(f"{name} does not find the planted fault: {', '.join(missed)}\nIt found: {found}")


def _address(opened: socket.socket) -> str:
    return f"http://localhost:{opened.getsockname()[1]}"


def _below(folder: Path, name: str) -> Path:
    made = folder / name
    made.mkdir()
    return made


@contextlib.contextmanager
def _quiet(path: Path) -> Iterator[None]:
    """The portal's log goes into a file."""
    with path.open("w", encoding="utf-8") as log, contextlib.redirect_stderr(log):
        yield


def _errors(log: Path) -> list[str]:
    """What the portal's log says of errors, each once; those of the faulty application are planted."""
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]
    bad = [line for line in lines if line["level"] in ("error", "critical") and line["logger"] != "faulty"]
    return sorted(
        {" ".join(str(line.get(name, "")) for name in ("text", "endpoint", "error", "place")) for line in bad}
    )
