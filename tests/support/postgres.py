"""A throw-away PostgreSQL cluster for one test run.

The cluster lives in a temporary folder, listens on a loopback port of its own and on a socket in that folder, and
ends with the run. initdb and postgres refuse to run as root, so a root run starts them as an unprivileged user.
"""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.support.requirement import postgres_binaries

OWNER = "portal"
START_SECONDS = 60
# The data are thrown away: nothing needs to survive a crash, so nothing is flushed.
SERVER_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "100",
    "timezone": "UTC",
    "log_min_messages": "panic",
}


def _end_with_parent() -> None:
    """Asks the kernel to stop the server when the test run is killed, so that none is left behind."""
    if hasattr(signal, "SIGRTMIN"):
        ctypes.CDLL(None).prctl(1, signal.SIGINT)


def _unprivileged() -> dict[str, Any]:
    """Arguments that start a process as somebody other than root; none when not root."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


@contextmanager
def cluster() -> Iterator[str]:
    """Starts a cluster and yields the libpq address of its maintenance database."""
    binaries = postgres_binaries()
    if binaries is None:
        raise RuntimeError("PostgreSQL is not on this machine.")
    folder = Path(tempfile.mkdtemp(prefix="portal-postgres-"))
    someone = _unprivileged()
    if someone:
        os.chown(folder, someone["user"], someone["group"])
    data, log, port = folder / "data", folder / "log", _free_port()
    quiet: dict[str, Any] = {"stdin": subprocess.DEVNULL, "cwd": folder, **someone}
    initdb: list[str | Path] = [
        binaries / "initdb",
        "-D",
        data,
        "-U",
        OWNER,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    ]
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, **quiet)
    options = [f"--{name}={value}" for name, value in SERVER_OPTIONS.items()]
    command: list[str | Path] = [
        binaries / "postgres",
        "-D",
        data,
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
        "-k",
        folder,
        *options,
    ]
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, preexec_fn=_end_with_parent, **quiet
        )
    url = f"postgresql://{OWNER}@127.0.0.1:{port}/postgres"
    try:
        _wait_until_ready(server, url, log)
        yield url
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.send_signal(signal.SIGQUIT)
            server.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)
