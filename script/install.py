"""Brings an environment to what a lock says. Called by the commands beside it: ``python3 script/install.py runtime``.

Only the standard library and pip are needed, and pip may be the system's: Debian ships Python without
ensurepip, so the environment is made without pip and filled from outside with ``pip --python``.
"""

import fcntl
import hashlib
import importlib.util
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Lock:
    """A lock of requirements/, the environment it fills, and the locks that are satisfied when it is installed."""

    name: str
    environment: Path = ROOT / ".venv"
    satisfies: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    @property
    def interpreter(self) -> Path:
        """The Python of the environment."""
        return self.environment / "bin" / "python"

    @property
    def unfinished(self) -> Path:
        """The mark of an install that is under way, or was interrupted."""
        return self.environment / "unfinished"


LOCKS = {
    "runtime": Lock("runtime", satisfies=("runtime",)),
    # The development lock contains the runtime lock.
    "development": Lock("development", satisfies=("development", "runtime")),
    # It goes against what its packages say of each other (requirements/scanners-overrides.txt): pip must not ask.
    "scanners": Lock("scanners", ROOT / ".venv-scanners", ("scanners",), ("--no-deps",)),
}


def fingerprint(name: str) -> str:
    """What the stamp of a finished install must say: this lock, this Python."""
    lock = (ROOT / "requirements" / f"{name}.lock").read_bytes()
    return f"{sys.version_info.major}.{sys.version_info.minor} {hashlib.sha256(lock).hexdigest()}"


def stamp(lock: Lock, name: str) -> Path:
    """The file that records which lock of that name was last installed in full."""
    return lock.environment / f"installed-{name}"


def is_current(lock: Lock) -> bool:
    """Whether the environment stands, is whole, and matches the lock."""
    done = stamp(lock, lock.name)
    if lock.unfinished.exists() or not lock.interpreter.exists() or not done.exists():
        return False
    return done.read_text(encoding="utf-8") == fingerprint(lock.name)


def is_usable(lock: Lock) -> bool:
    """Whether an existing environment can be brought up to date instead of being made anew."""
    if lock.unfinished.exists() or not lock.interpreter.exists():
        return False
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    question = "import sys; print('%d.%d' % sys.version_info[:2])"
    answer = subprocess.run([lock.interpreter, "-c", question], capture_output=True, text=True, check=False)
    return answer.stdout.strip() == version


def pip_command(interpreter: Path) -> list[str]:
    """The pip that fills the environment: this Python's, or one unpacked into the environment."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", str(interpreter)]
    if importlib.util.find_spec("ensurepip"):
        subprocess.run([interpreter, "-m", "ensurepip"], check=True, stdout=subprocess.DEVNULL)
        return [str(interpreter), "-m", "pip"]
    sys.exit("pip is needed to install the packages (Debian: apt-get install python3-pip).")


def install(lock: Lock) -> None:
    """Installs the lock; an interrupted run leaves a mark, and the next one starts from nothing."""
    print(f"Installing the {lock.name} packages into {lock.environment.name} …", file=sys.stderr, flush=True)
    if not is_usable(lock):
        venv.create(lock.environment, clear=True, symlinks=True, with_pip=False)
    lock.unfinished.touch()
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--only-binary", ":all:", *lock.options]
    file = ROOT / "requirements" / f"{lock.name}.lock"
    command = [*pip_command(lock.interpreter), "install", *options, "--require-hashes", "--requirement", str(file)]
    if subprocess.run(command, check=False).returncode != 0:
        sys.exit(f"The {lock.name} packages could not be installed; the lines above say why. Run the command again.")
    for satisfied in lock.satisfies:
        stamp(lock, satisfied).write_text(fingerprint(satisfied), encoding="utf-8")
    lock.unfinished.unlink()


def main() -> None:
    """Waits for another install of the same folder to end, then installs what is still missing."""
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python gets a sentence, not a traceback
        sys.exit(f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}.")
    lock = LOCKS[sys.argv[1]]
    with (ROOT / f"{lock.environment.name}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not is_current(lock):
            install(lock)


if __name__ == "__main__":
    main()
