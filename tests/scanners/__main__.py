"""``script/scan``: each scanner against its planted fault, then against the portal; ends with 1 when it finds any."""

from __future__ import annotations

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed

from tests.scanners.exceptions import sort_out
from tests.scanners.runs import CODE, WEB, Result, scan


def main(names: list[str]) -> int:
    """The scanners named, or all; those of websites two at a time. Prints a line for each, then what was found."""
    chosen = names or [*WEB, *CODE]
    if unknown := set(chosen) - {*WEB, *CODE}:
        print(f"There is no scanner {', '.join(sorted(unknown))}: choose of {', '.join([*WEB, *CODE])}.")
        return 2
    results = _results(chosen)
    found = [finding for result in results for finding in result.findings]
    left, idle = sort_out(found, set(chosen))
    for finding in left:
        print(f"FOUND {finding}")
    for line in idle:
        print(f"NO LONGER NEEDED in tests/scanners/exceptions.py: {line}")
    print(f"{len(left)} findings, beside {len(found) - len(left)} that are explained")
    return 1 if left or idle else 0


def _results(names: list[str]) -> list[Result]:
    results = []
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        for done in as_completed([pool.submit(scan, name) for name in names]):
            results.append(done.result())
            print(results[-1], flush=True)
    return results


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
