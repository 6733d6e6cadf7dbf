"""Says what of the outside programs is missing: ``python -m tests.support.available postgres``.

Exit status 0: there; 1: missing; 2: missing although PORTAL_TEST_REQUIRE names it.
"""

import sys

from tests.support.requirement import INSTALL, is_available, is_required


def main(name: str) -> int:
    """Prints one line for a missing program and returns the exit status."""
    if is_available(name):
        return 0
    if is_required(name):
        print(f"REQUIRED: {INSTALL[name]}.")
        return 2
    print(f"SKIPPED: {INSTALL[name]}.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
