"""Starting a scanner, and what it found."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCANNERS = ROOT / ".venv-scanners" / "bin"
# A scanner that runs longer than this on any machine hangs.
LONGEST_RUN = 3600
# How long one answer may take, in seconds: a busy machine is no finding, and no reason to leave an operation out.
LONGEST_ANSWER = 60
# A folder in memory, where there is one: a commit there waits for no disk.
MEMORY = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
# Whatever a scanner wants from the world outside (updates, statistics), it gets a closed port of this machine.
NOWHERE = "http://127.0.0.1:9"


class ScannerFailed(RuntimeError):
    """A scanner did not do its work, so that its silence means nothing."""


@dataclass(frozen=True, order=True)
class Finding:
    """One thing a scanner says, as one line."""

    scanner: str
    text: str

    def __str__(self) -> str:
        return f"{self.scanner}: {self.text}"


def run(command: list[str], folder: Path, *, cwd: Path | None = None, expected: tuple[int, ...] = (0,)) -> str:
    """Runs a scanner with a home folder of its own, cut off from the network; returns what it printed.

    Raises `ScannerFailed` where it ends otherwise than expected, or not at all.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "FLASK_"))}
    environment |= dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), NOWHERE)
    environment |= {"no_proxy": "localhost,127.0.0.1", "NO_PROXY": "localhost,127.0.0.1", "HOME": str(folder)}
    # Colours and progress bars are for people.
    environment |= {"NO_COLOR": "1", "TERM": "dumb"}
    try:
        done = subprocess.run(
            command,
            cwd=cwd or folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=LONGEST_RUN,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ScannerFailed(f"{Path(command[0]).name} did not end within {LONGEST_RUN} seconds") from None
    if done.returncode not in expected:
        raise ScannerFailed(f"{Path(command[0]).name} ended with {done.returncode}:\n{done.stdout[-3000:]}")
    return done.stdout
