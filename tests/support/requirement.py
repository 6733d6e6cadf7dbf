"""Outside programs a test run can use, and what to do when they are missing.

``PORTAL_TEST_REQUIRE=postgres,browser,nginx`` turns each skip for a missing program into a failure.
"""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import playwright
import pytest

INSTALL = {
    "postgres": "PostgreSQL is not on this machine (Debian: apt-get install postgresql)",
    "nginx": "nginx is not on this machine (Debian: apt-get install nginx-light)",
    "browser": "Chromium, or a library of its driver, is missing (Debian: apt-get install chromium-headless-shell "
    "libatomic1; the whole chromium will do)",
}
DEBIAN_POSTGRES = Path("/usr/lib/postgresql")
# The shell comes first: it shows pages just as Chromium does, with half the work, for it has no windows to draw.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def postgres_binaries() -> Path | None:
    """The folder that holds initdb and postgres: the newest of Debian's, else the one on PATH."""
    found = [path.parent for path in DEBIAN_POSTGRES.glob("*/bin/initdb") if (path.parent / "postgres").exists()]
    if found:
        return max(found, key=lambda folder: float(folder.parent.name))
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path and shutil.which("postgres") else None


def nginx_binary() -> str | None:
    """The proxy of the deployment's tests; Debian keeps it where the PATH of an ordinary user does not lead."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def browser_binary() -> str | None:
    """The Chromium that plays the journeys."""
    return next((path for path in map(shutil.which, BROWSERS) if path), None)


@cache
def browser_driver_runs() -> bool:
    """Whether the program through which Playwright speaks to the browser starts; a bare Debian lacks libatomic."""
    node = Path(playwright.__file__).parent / "driver" / "node"
    return subprocess.run([node, "--version"], capture_output=True, check=False).returncode == 0


def is_available(name: str) -> bool:
    """Whether this machine has the program behind `name`."""
    if name == "postgres":
        return postgres_binaries() is not None
    if name == "nginx":
        return nginx_binary() is not None
    return browser_binary() is not None and browser_driver_runs()


def is_required(name: str) -> bool:
    """Whether the run must fail when the program is missing."""
    return name in os.environ.get("PORTAL_TEST_REQUIRE", "").replace(" ", "").split(",")


def skip_or_fail(name: str) -> None:
    """Skips the running test for want of a program, or fails it where the program is required."""
    if is_required(name):
        pytest.fail(f"{INSTALL[name]}, and PORTAL_TEST_REQUIRE demands it.", pytrace=False)
    pytest.skip(f"{INSTALL[name]}.")
