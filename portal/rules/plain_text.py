"""Plain text of an employee as paragraphs, lines and links: the one form of a marketing mail (SECURITY 43)."""

from __future__ import annotations

import re

from portal.rules.mail_blocks import Run

# An address ends before the sign that ends its sentence.
_LINK = re.compile(r"https://[^\s<>\"]*[^\s<>\".,;:!?()]")
_BETWEEN = re.compile(r"\n(?: *\n)+")


def paragraphs(text: str) -> list[list[list[Run]]]:
    """Return the paragraphs, each as its lines, each as runs of words and of links by https."""
    return [[_runs(line) for line in part.split("\n")] for part in _BETWEEN.split(text.strip()) if part]


def _runs(line: str) -> list[Run]:
    runs, end = [], 0
    for found in _LINK.finditer(line):
        if found.start() > end:
            runs.append(Run(line[end : found.start()]))
        runs.append(Run(found[0], found[0]))
        end = found.end()
    return [*runs, Run(line[end:])] if end < len(line) or not runs else runs
