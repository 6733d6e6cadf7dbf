"""Each command says what it does when it is asked, before it installs or runs anything."""

import subprocess
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

# `demo` hands its arguments on to a command that has its own help; the checker of HTML takes a folder.
COMMANDS = ("bench", "check", "lock", "scan", "test")


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_it_shows_its_first_lines(tmp_path: Path, name: str, option: str) -> None:
    # An interpreter that is not there: whoever installs fails.
    environment = {"PATH": "/usr/bin:/bin", "PYTHON": str(tmp_path / "none")}
    command: list[str | Path] = [ROOT / "script" / name, option]
    shown = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=30
    )
    assert (shown.returncode, shown.stderr) == (0, "")
    source = (ROOT / "script" / name).read_text(encoding="utf-8").splitlines()
    assert shown.stdout.splitlines()[0] == source[1].removeprefix("# ")
    assert "set -" not in shown.stdout
