"""Measuring side by side: targets alternate in one run, and only their ratio is quoted."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple


class Pair(NamedTuple):
    """Medians of the target and of the baseline, in seconds for each call, and the target's multiple."""

    target: float
    baseline: float

    @property
    def ratio(self) -> float:
        return self.target / self.baseline


def cpu(target: Callable[[], object], baseline: Callable[[], object], *, rounds: int = 15, calls: int = 60) -> Pair:
    """CPU seconds of each call: the medians over alternating rounds, after a warm-up of each."""
    for function in (target, baseline):
        _cpu_round(function, calls)
    pairs = [(_cpu_round(target, calls), _cpu_round(baseline, calls)) for _ in range(rounds)]
    return Pair(statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs))


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def report(name: str, figure: str, *, reach: str, baseline: str, note: str = "") -> None:
    """Print one line: the ratio, what is to be reached, and the baseline's own figure."""
    print(f"{name}: {figure} (to reach: {reach}; baseline {baseline}{'; ' + note if note else ''})")


def _cpu_round(function: Callable[[], object], calls: int) -> float:
    before = time.process_time()
    for _ in range(calls):
        function()
    return (time.process_time() - before) / calls
