"""Real servers for benchmarks: gunicorn on loopback, and clients that keep their connection."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def gunicorn(application: str, environment: dict[str, str], *, workers: int = 1, threads: int = 4) -> Iterator[int]:
    """Serve `application` (module:name) with gthread workers on a free port of loopback; yields the port."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    command += [
        "--worker-class",
        "gthread",
        "--workers",
        str(workers),
        "--threads",
        str(threads),
        "--no-control-socket",
    ]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(20)


class Client:
    """One keep-alive connection."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {"Host": "localhost", **headers}

    def get(self, path: str) -> tuple[int, bytes]:
        """GET `path`: status and body."""
        self._connection.request("GET", path, headers=self._headers)
        response = self._connection.getresponse()
        return response.status, response.read()

    def get_with_cookie(self, path: str) -> tuple[bytes, str]:
        """GET `path`: body, and the first cookie it sets as ``name=value``."""
        self._connection.request("GET", path, headers=self._headers)
        response = self._connection.getresponse()
        cookie = (response.getheader("Set-Cookie") or "").partition(";")[0]
        return response.read(), cookie

    def post(self, path: str, body: str) -> int:
        """POST a form: the status. The body is read and dropped."""
        headers = {**self._headers, "Content-Type": "application/x-www-form-urlencoded"}
        self._connection.request("POST", path, body, headers)
        response = self._connection.getresponse()
        response.read()
        return response.status


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"gunicorn ended with {process.returncode}")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("gunicorn did not come up")
