"""A server refuses unsafe settings and a wrong schema when it starts; commands always load (SECURITY 66, R19). Which
settings are unsafe stands in `tests/test_settings.py`."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade

import config
from config import Settings
from portal import check_before_serving, create_app
from portal.services.foundation.readiness import WrongSchema

ROOT = Path(config.__file__).parent


def run(folder: Path, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PORTAL_", "FLASK_"))}
    environment |= {"PORTAL_DATA_DIR": str(folder), **settings}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


SERVE = ("-c", "import wsgi; print('serves')")
COMMAND = ("-m", "flask", "--app", "wsgi")


def test_wsgi_refuses_what_commands_load(tmp_path: Path) -> None:
    without_schema = run(tmp_path, *SERVE)
    assert "run flask --app wsgi db upgrade" in without_schema.stderr
    assert without_schema.returncode != 0
    # Migrating works with settings that no server accepts.
    upgraded = run(tmp_path, *COMMAND, "db", "upgrade", PORTAL_ENV="production")
    assert upgraded.returncode == 0, upgraded.stderr
    assert run(tmp_path, *SERVE).stdout == "serves\n"
    # Whoever forgets PORTAL_ENV serves nobody else, whatever the weak settings.
    weak = {"PORTAL_BASE_URL": "https://portal.yritys.fi", "PORTAL_WORKERS": "4", "PORTAL_BCRYPT_COST": "4"}
    for command in (SERVE, (*COMMAND, "run", "--port", "0"), (*COMMAND, "jobs", "run"), (*COMMAND, "demo")):
        refused = run(tmp_path, *command, **weak)
        assert refused.returncode != 0
        assert "set PORTAL_ENV=production" in refused.stderr
    assert run(tmp_path, *COMMAND, "db", "upgrade", **weak).returncode == 0
    for unsafe in (SERVE, (*COMMAND, "run", "--port", "0"), (*COMMAND, "jobs", "run")):
        refused = run(tmp_path, *unsafe, PORTAL_ENV="production")
        assert refused.returncode != 0
        assert "PORTAL_SECRET_KEY is missing" in refused.stderr


def test_a_schema_that_is_not_the_programs_is_refused(settings: Settings, tmp_path: Path) -> None:
    app: Flask = create_app(replace(settings, data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'own.sqlite'}"))
    with app.app_context():
        upgrade()
    check_before_serving(app)
    with app.app_context():
        downgrade(revision="0001")
    with pytest.raises(WrongSchema, match="0001"):
        check_before_serving(app)


def test_a_database_that_does_not_answer_is_no_reason_to_refuse(settings: Settings, tmp_path: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:1/none"
    app = create_app(replace(settings, data_dir=tmp_path, database_url=url))
    check_before_serving(app)
    assert app.test_client().get("/readyz", base_url=settings.base_url).status_code == 503
