"""Processes that a test may kill: they are the same portal as the one of this process."""

import os
from collections.abc import Callable, Iterator
from subprocess import PIPE, Popen
from sys import executable

import pytest

from config import GENERATED_SECRETS, ROOT, Settings
from tests.support.databases import Database

Start = Callable[[str], Popen[str]]


@pytest.fixture
def environment(settings: Settings, database: Database) -> dict[str, str]:
    """What a process of its own needs to be the same portal."""
    secrets = {f"PORTAL_{name.upper()}": getattr(settings, name)[0] for name in GENERATED_SECRETS}
    return {
        **os.environ,
        **secrets,
        "PORTAL_ENV": "testing",
        "PORTAL_DATABASE_URL": database.url,
        "PORTAL_DATA_DIR": str(settings.data_dir),
    }


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Start]:
    """Starts a program; what it prints and reads is ours, and none outlives the test."""
    started: list[Popen[str]] = []

    def begin(program: str) -> Popen[str]:
        command = [executable, "-c", program]
        started.append(Popen(command, cwd=ROOT, env=environment, stdin=PIPE, stdout=PIPE, text=True))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.communicate(timeout=60)
