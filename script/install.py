"""Brings .venv to what a lock says. Called by the commands beside it: ``python3 script/install.py runtime``.

Only the standard library and pip are needed, and pip may be the system's: Debian ships Python without
ensurepip, so the environment is made without pip and filled from outside with ``pip --python``.
"""

import fcntl
import hashlib
import importlib.util
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
INTERPRETER = ENVIRONMENT / "bin" / "python"
UNFINISHED = ENVIRONMENT / "unfinished"
LOCKS = {
    # The development lock contains the runtime lock, so installing it satisfies both.
    "runtime": ("runtime",),
    "development": ("development", "runtime"),
}


def fingerprint(name: str) -> str:
    """What the stamp of a finished install must say: this lock, this Python."""
    lock = (ROOT / "requirements" / f"{name}.lock").read_bytes()
    return f"{sys.version_info.major}.{sys.version_info.minor} {hashlib.sha256(lock).hexdigest()}"


def stamp(name: str) -> Path:
    """The file that records which lock was last installed in full."""
    return ENVIRONMENT / f"installed-{name}"


def is_current(name: str) -> bool:
    """Whether the environment stands, is whole, and matches the lock."""
    if UNFINISHED.exists() or not INTERPRETER.exists() or not stamp(name).exists():
        return False
    return stamp(name).read_text(encoding="utf-8") == fingerprint(name)


def is_usable() -> bool:
    """Whether an existing environment can be brought up to date instead of being made anew."""
    if UNFINISHED.exists() or not INTERPRETER.exists():
        return False
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    question = "import sys; print('%d.%d' % sys.version_info[:2])"
    answer = subprocess.run([INTERPRETER, "-c", question], capture_output=True, text=True, check=False)
    return answer.stdout.strip() == version


def pip_command() -> list[str]:
    """The pip that fills the environment: this Python's, or one unpacked into the environment."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", str(INTERPRETER)]
    if importlib.util.find_spec("ensurepip"):
        subprocess.run([INTERPRETER, "-m", "ensurepip"], check=True, stdout=subprocess.DEVNULL)
        return [str(INTERPRETER), "-m", "pip"]
    sys.exit("pip is needed to install the packages (Debian: apt-get install python3-pip).")


def install(name: str) -> None:
    """Installs the lock; an interrupted run leaves a mark, and the next one starts from nothing."""
    print(f"Installing the {name} packages into .venv …", file=sys.stderr, flush=True)
    if not is_usable():
        venv.create(ENVIRONMENT, clear=True, symlinks=True, with_pip=False)
    UNFINISHED.touch()
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--only-binary", ":all:"]
    lock = ROOT / "requirements" / f"{name}.lock"
    command = [*pip_command(), "install", *options, "--require-hashes", "--requirement", str(lock)]
    if subprocess.run(command, check=False).returncode != 0:
        sys.exit("The packages could not be installed; the lines above say why. Run the command again.")
    for satisfied in LOCKS[name]:
        stamp(satisfied).write_text(fingerprint(satisfied), encoding="utf-8")
    UNFINISHED.unlink()


def main() -> None:
    """Waits for another install of the same folder to end, then installs what is still missing."""
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python gets a sentence, not a traceback
        sys.exit(f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}.")
    name = sys.argv[1]
    with (ROOT / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_current(name):
            install(name)


if __name__ == "__main__":
    main()
