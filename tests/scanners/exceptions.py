"""What the scanners say and we leave as it is, with reasons. An exemption that no longer fits anything is a fault."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.scanners.tools import Finding


@dataclass(frozen=True)
class Exemption:
    """Findings of one scanner that match the pattern."""

    scanner: str
    pattern: str
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Whether it speaks of this finding."""
        return finding.scanner == self.scanner and re.fullmatch(self.pattern, finding.text) is not None


EXEMPTIONS = (
    Exemption(
        "bandit",
        r"B105 \S+forms\.py:\d+ Possible hardcoded password: '[a-z_.]+_required'",
        "The code of the text that says which field was left empty.",
    ),
    Exemption(
        "bandit",
        r"B(404|603) script/install\.py:\d+ .*",
        "A command that starts pip and Python by paths of its own, without a shell.",
    ),
    Exemption(
        "schemathesis",
        r"Wrong response to undeclared method \w+ /admin/\S*",
        "Before the second factor nobody learns which methods an address of the staff area takes: 404, not 405.",
    ),
    Exemption(
        "wapiti",
        r"Secure Flag cookie GET / Secure flag is not set in the cookie : portal_\w+",
        "The demo speaks plain HTTP. Over HTTPS, which production demands, each cookie is __Host- and Secure.",
    ),
)


def sort_out(found: list[Finding], scanners: set[str]) -> tuple[list[Finding], list[str]]:
    """The findings that no exemption covers, and the exemptions of these scanners that cover nothing."""
    left = [finding for finding in found if not any(exemption.covers(finding) for exemption in EXEMPTIONS)]
    idle = [
        f"{exemption.scanner}: {exemption.pattern}"
        for exemption in EXEMPTIONS
        if exemption.scanner in scanners and not any(exemption.covers(finding) for finding in found)
    ]
    return left, idle
