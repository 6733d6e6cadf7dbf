"""The demo serves: browsers reach it under both names, its log-ins open both areas, its mail goes out, it stops."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
from flask import Flask

import config
from tests.support.client import InvariantClient

ROOT = Path(config.__file__).parent
START_SECONDS = 60
STOP_SECONDS = 30


@pytest.fixture
def told(app: Flask, client: InvariantClient) -> dict[str, dict[str, str]]:
    """The demo in this test's database, and what it says about logging in."""
    kept = {name: app.config[name] for name in ("PORTAL_BASE_URL", "PORTAL_CONTROLLER", "PORTAL_RECIPIENTS")}
    result = app.test_cli_runner().invoke(args=["demo", "--no-serve", "--json"])
    app.config.update(kept)
    printed: dict[str, dict[str, str]] = json.loads(result.stdout)
    return printed


def test_the_customer_logs_in_and_turns_a_page(client: InvariantClient, told: dict[str, dict[str, str]]) -> None:
    client.submit("/login", email=told["customer"]["email"], password=told["customer"]["password"])
    first = client.get("/orders")
    numbers = [link["href"] for link in first.select("th[scope=row] a")]
    assert len(numbers) == 20
    older = first.select("a[rel=next]")[0]["href"]
    further = [link["href"] for link in client.get(str(older)).select("th[scope=row] a")]
    assert further
    assert not set(further) & set(numbers)
    for address in (*numbers, *further):
        assert client.get(str(address)).status_code == 200


def test_the_employee_logs_in_with_the_second_factor(client: InvariantClient, told: dict[str, dict[str, str]]) -> None:
    staff = told["staff"]
    client.submit("/admin/login", email=staff["email"], password=staff["password"])
    code = pyotp.TOTP(staff["totp_secret"]).at(datetime.now(UTC))
    client.submit("/admin/second-factor", code=code)
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/orders").status_code == 200


@contextmanager
def served(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PORTAL_", "FLASK_"))}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "--port", str(port), "--json"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**environment, "PORTAL_DATA_DIR": str(folder), "PORTAL_BCRYPT_COST": "4"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def answer(url: str, process: subprocess.Popen[str]) -> int:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=10) as response:  # noqa: S310 - our own address
                return int(response.status)
        except OSError:
            # Not listening yet: the connection is refused until it is.
            process.poll()
    raise AssertionError(f"{url} did not answer: {process.communicate()[1] if process.poll() is not None else ''}")


def test_it_serves_reuses_what_is_there_and_stops_when_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    said = []
    for ending in (signal.SIGTERM, signal.SIGINT):
        with served(tmp_path, port) as process:
            assert process.stdout is not None
            said.append(json.loads(process.stdout.readline()))
            for host in ("localhost", "127.0.0.1"):
                assert answer(f"http://{host}:{port}/readyz", process) == 200
            process.send_signal(ending)
            assert process.wait(STOP_SECONDS) == 0
            assert process.stdout.read() == ""
    assert said[0] == said[1]
    assert said[0]["base_url"] == f"http://localhost:{port}"


def test_a_taken_port_is_one_sentence(app: Flask, database: object) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = app.test_cli_runner().invoke(args=["demo", "--port", str(taken.getsockname()[1])])
    assert result.exit_code == 1
    assert "cannot be used" in result.output
