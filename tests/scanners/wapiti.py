"""wapiti: injections and cross-site scripting, reflected and stored, open redirects, line breaks in headers, headers
and cookies themselves.

Left out are the modules that need a server on the internet (ssrf, xxe, log4shell), that look for what the portal does
not have (ldap, shellshock, cms, network devices), and that guess addresses (buster, backup), for the URL map is known.
What runs a program or opens a file is found in the code, by bandit.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.scanners.description import without_repetition
from tests.scanners.tools import LONGEST_ANSWER, SCANNERS, Finding, ScannerFailed, run

NAME = "wapiti"
# Found in the faulty application, or wapiti does not work.
PLANTED = (
    r"SQL Injection GET /products category",
    r"Reflected Cross Site Scripting GET /greeting name",
    r"Stored Cross Site Scripting POST /comments text",
    r"Open Redirect GET /go to",
    r"Content Security Policy Configuration GET /",
    r"Clickjacking Protection GET /",
    r"HttpOnly Flag cookie GET /",
)
MODULES = ("sql", "xss", "permanentxss", "redirect", "crlf", "csp", "http_headers", "cookieflags")


def scan(url: str, description: dict[str, Any], folder: Path) -> list[Finding]:
    """Attacks every operation of the description, and what is linked from the home page."""
    file, report = folder / "wapiti.json", folder / "wapiti-report.json"
    file.write_text(json.dumps(_with_form_parameters(description)), encoding="utf-8")
    start = Path(__file__).with_name("start_wapiti.py")
    command = [str(SCANNERS / "python"), str(start), f"--url={url}/", f"--swagger={file}", "--scope=domain"]
    command += [f"--module={','.join(MODULES)}", "--depth=0", "--no-bugreport", "--flush-session", "--tasks=2"]
    command += [f"--timeout={LONGEST_ANSWER}"]
    command += [f"--store-session={folder / 'wapiti'}", f"--store-config={folder / 'wapiti-config'}"]
    said = run([*command, "--format=json", f"--output={report}", "--detailed-report=1"], folder)
    result = json.loads(report.read_text(encoding="utf-8"))
    silent = [module for module in MODULES if f"Launching module {module}" not in said]
    if silent:
        raise ScannerFailed(f"wapiti did not run {', '.join(silent)}:\n{said[-3000:]}")
    found = {name: entries for kind in ("vulnerabilities", "anomalies") for name, entries in result[kind].items()}
    return sorted({Finding(NAME, _line(name, entry)) for name, entries in found.items() for entry in entries})


def _line(name: str, entry: dict[str, Any]) -> str:
    said = entry["info"] if not entry["parameter"] else ""
    return " ".join(
        part for part in (name, entry["method"], urlsplit(entry["path"]).path, entry["parameter"], said) if part
    )


def _with_form_parameters(description: dict[str, Any]) -> dict[str, Any]:
    """With form fields written as version 2 of OpenAPI did: those of version 3 wapiti encodes twice."""
    paths = json.loads(json.dumps(without_repetition(description["paths"])))
    for item in paths.values():
        for operation in item.values():
            for body in operation.pop("requestBody", {"content": {}})["content"].values():
                fields = body["schema"]["properties"].items()
                operation["parameters"] += [{"name": name, "in": "formData", "schema": said} for name, said in fields]
    return {**description, "paths": paths}
