"""The install step of the commands: instant when nothing changed, whole after an interruption, safe when run twice.

The real script runs in a folder of its own, over locks without packages, so nothing is fetched.
"""

import hashlib
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

# The interpreter behind the test environment: like a user's, it has pip or ensurepip.
PYTHON = getattr(sys, "_base_executable", sys.executable)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "script").mkdir()
    (tmp_path / "requirements").mkdir()
    shutil.copy(ROOT / "script" / "install.py", tmp_path / "script")
    for name in ("runtime", "development", "scanners"):
        (tmp_path / "requirements" / f"{name}.lock").write_text("# no packages\n", encoding="utf-8")
    return tmp_path


def start(folder: Path, name: str = "runtime") -> subprocess.Popen[str]:
    command = [PYTHON, str(folder / "script" / "install.py"), name]
    return subprocess.Popen(command, cwd="/", text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def install(folder: Path, name: str = "runtime") -> str:
    """Runs the step; returns what it said on stderr."""
    process = start(folder, name)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    return said


def test_the_first_run_makes_an_environment_and_the_second_does_nothing(folder: Path) -> None:
    assert "Installing the runtime packages" in install(folder)
    assert (folder / ".venv" / "bin" / "python").exists()
    assert install(folder) == ""


def test_a_changed_lock_is_installed_again_in_the_same_environment(folder: Path) -> None:
    install(folder)
    (folder / ".venv" / "kept").touch()
    (folder / "requirements" / "runtime.lock").write_text("# changed\n", encoding="utf-8")
    assert "Installing" in install(folder)
    assert (folder / ".venv" / "kept").exists()


def test_development_packages_serve_the_runtime_too(folder: Path) -> None:
    install(folder, "development")
    assert install(folder, "runtime") == ""


def test_the_scanners_have_an_environment_of_their_own(folder: Path) -> None:
    install(folder, "development")
    assert "Installing the scanners packages into .venv-scanners" in install(folder, "scanners")
    assert (folder / ".venv-scanners" / "bin" / "python").exists()
    assert not (folder / ".venv" / "installed-scanners").exists()
    assert install(folder, "scanners") == install(folder, "development") == ""


def test_an_interrupted_install_is_begun_anew(folder: Path) -> None:
    install(folder)
    (folder / ".venv" / "unfinished").touch()
    (folder / ".venv" / "half-written").touch()
    assert "Installing" in install(folder)
    assert not (folder / ".venv" / "half-written").exists()
    assert install(folder) == ""


def test_an_environment_whose_python_is_gone_is_made_anew(folder: Path) -> None:
    install(folder)
    interpreter = folder / ".venv" / "bin" / "python"
    interpreter.unlink()
    interpreter.symlink_to(folder / "no-such-python")
    assert "Installing" in install(folder)
    assert interpreter.exists()


def test_two_installs_at_once_both_succeed(folder: Path) -> None:
    both = [start(folder), start(folder)]
    said = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum("Installing" in text for text in said) == 1


def test_a_lock_that_cannot_be_installed_is_reported_and_not_taken_for_done(folder: Path) -> None:
    lock = folder / "requirements" / "runtime.lock"
    lock.write_text("no-hash-beside-it==1.0\n", encoding="utf-8")
    process = start(folder)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "The runtime packages could not be installed" in said
    lock.write_text("# no packages\n", encoding="utf-8")
    assert "Installing" in install(folder)


def wheel(folder: Path) -> str:
    """A package that pip finds in the folder `wheels`; returns the hash of its file."""
    target = folder / "wheels" / "kissa-1.0-py3-none-any.whl"
    target.parent.mkdir(exist_ok=True)
    about = {
        "METADATA": "Metadata-Version: 2.1\nName: kissa\nVersion: 1.0\n",
        "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "RECORD": "",
    }
    with zipfile.ZipFile(target, "w") as file:
        file.writestr("kissa.py", "")
        for name, text in about.items():
            file.writestr(f"kissa-1.0.dist-info/{name}", text)
    return hashlib.sha256(target.read_bytes()).hexdigest()


@pytest.mark.security(68)
def test_nothing_is_installed_without_its_hash(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = wheel(folder)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder / "wheels"))
    lock = folder / "requirements" / "runtime.lock"
    for line in ("kissa==1.0", "kissa", f"kissa==1.0 --hash=sha256:{'0' * 64}"):
        lock.write_text(line + "\n", encoding="utf-8")
        process = start(folder)
        _, said = process.communicate(timeout=120)
        assert process.returncode != 0, line
        assert "hash" in said.lower()
        assert not list((folder / ".venv").rglob("kissa.py"))
    lock.write_text(f"kissa==1.0 --hash=sha256:{right}\n", encoding="utf-8")
    install(folder)
    assert list((folder / ".venv").rglob("kissa.py"))
