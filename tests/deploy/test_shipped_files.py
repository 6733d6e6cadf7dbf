"""What an operator copies fits the program: units, settings, the list of files in an image."""

import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from config import GENERATED_SECRETS, ROOT, Settings, SettingsError
from tests.support.production import HOST
from unsafe_settings import refuse_unsafe_settings

DEPLOY = ROOT / "deploy"
SYSTEMD_ANALYZE = shutil.which("systemd-analyze")
SERVICES = sorted((DEPLOY / "systemd").glob("*.service"))
HARDENED = {
    "User": "portal",
    "EnvironmentFile": "/etc/portal/portal.env",
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "StateDirectory": "portal",
    "StateDirectoryMode": "0700",
    "UMask": "0077",
}


def unit(path: Path) -> ConfigParser:
    read = ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    read.optionxform = str  # type: ignore[assignment, method-assign]
    read.read(path, encoding="utf-8")
    return read


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_has_no_right_it_does_not_need(path: Path) -> None:
    service = unit(path)["Service"]
    assert {name: service.get(name) for name in HARDENED} == HARDENED


def test_both_services_are_locked_in_alike() -> None:
    first, second = ({**unit(path)["Service"]} for path in SERVICES)
    different = {name for name in {*first, *second} if first.get(name) != second.get(name)}
    assert different == {"Type", "ExecStart", "ExecReload", "TimeoutStopSec", "Restart"}


@pytest.mark.skipif(SYSTEMD_ANALYZE is None, reason="systemd is not on this machine")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for path in (DEPLOY / "systemd").iterdir():
        # The program is somewhere else here, and the interpreter of this run stands for the installed one.
        text = re.sub(r"/opt/portal/\.venv/bin/\w+", sys.executable, path.read_text(encoding="utf-8"))
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    command: list[str | Path] = [SYSTEMD_ANALYZE or "", "verify", *sorted(tmp_path.iterdir())]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not [line for line in said.stderr.splitlines() if str(tmp_path) in line or "portal-" in line]


def example() -> dict[str, str]:
    lines = (DEPLOY / "portal.env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_the_example_settings_lack_the_secrets_and_nothing_else(tmp_path: Path) -> None:
    given = {**example(), "PORTAL_ENV": "production", "PORTAL_DATA_DIR": str(tmp_path)}
    with pytest.raises(SettingsError) as refused:
        refuse_unsafe_settings(Settings.from_environment(given))
    missing = re.findall(r"^- (.+)$", str(refused.value), re.MULTILINE)
    assert sorted(missing) == sorted(f"PORTAL_{name.upper()} is missing" for name in GENERATED_SECRETS)
    given |= {f"PORTAL_{name.upper()}": f"{name}-0123456789-abcdefghijklmnopqrs" for name in GENERATED_SECRETS}
    refuse_unsafe_settings(Settings.from_environment(given))
    assert given["PORTAL_BASE_URL"] == f"https://{HOST}"


def test_an_image_holds_all_that_the_program_needs(tmp_path: Path) -> None:
    """The copied files alone make a portal that migrates and serves."""
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    copied = re.findall(r"^COPY (?!--)(.+) (\S+)$", text, re.MULTILINE)
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for sources, target in copied:
        for source in sources.split():
            assert f"!{source}" in ignored
            place = tmp_path / "program" / (source if target == "./" else target)
            place.parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
            copy(ROOT / source, place)
    environment = {"PORTAL_ENV": "testing", "PORTAL_DATA_DIR": str(tmp_path / "data"), "PATH": "/usr/bin:/bin"}
    environment |= {f"PORTAL_{name.upper()}": f"{name}-0123456789-abcdefghijklmnop" for name in GENERATED_SECRETS}
    for command in (
        ["-m", "flask", "--app", "wsgi", "db", "upgrade"],
        ["-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--check-config", "wsgi:app"],
    ):
        done = subprocess.run(
            [sys.executable, *command],
            cwd=tmp_path / "program",
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def test_nobody_runs_an_image_as_root_or_with_unchecked_packages() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    assert "--require-hashes" in text
    last = text.rpartition("FROM ")[2]
    assert re.findall(r"^USER (.+)$", last, re.MULTILINE) == ["portal"]
