"""``script/scan``: each scanner against its planted fault, then against the portal; ends with 1 when it finds any."""

from __future__ import annotations

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

from tests.scanners.exceptions import sort_out
from tests.scanners.runs import CODE, WEB, scan_code, scan_web
from tests.scanners.tools import ScannerFailed


def main() -> int:
    """Everything, the scanners of websites two at a time; prints a line for each, and what was found."""
    try:
        results = [scan_code(name, scan) for name, scan in CODE.items()]
        with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
            results += pool.map(scan_web, WEB)
    except ScannerFailed as error:
        print(error)
        return 1
    found = [finding for result in results for finding in result.findings]
    left, idle = sort_out(found, {result.scanner for result in results})
    print(*results, sep="\n")
    print(f"{len(found)} findings, {len(found) - len(left)} of them explained, {len(left)} left")
    print(*(f"FOUND {finding}" for finding in left), sep="\n", end="\n" if left else "")
    print(
        *(f"NO LONGER NEEDED in tests/scanners/exceptions.py: {line}" for line in idle),
        sep="\n",
        end="\n" if idle else "",
    )
    return 1 if left or idle else 0


if __name__ == "__main__":
    sys.exit(main())
