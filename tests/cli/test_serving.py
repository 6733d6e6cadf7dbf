"""A server refuses unsafe settings and a wrong schema when it starts; commands always load (SECURITY 66, R19)."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade

import config
from config import Limit, Settings, SettingsError, Throttles
from portal import check_before_serving, create_app
from portal.services.foundation.readiness import WrongSchema
from unsafe_settings import refuse_unsafe_settings

ROOT = Path(config.__file__).parent
SECRETS = {
    name: (f"{name}-0123456789-abcdefghijklmnopqrstuvwxyz",)
    for name in ("secret_key", "password_pepper", "encryption_keys", "token_keys", "audit_key")
}
SAFE = Settings(
    env="production",
    base_url="https://portal.example",
    smtp_url="smtp://mail.example",
    database_url="postgresql://localhost/portal",
    workers=4,
    **SECRETS,  # type: ignore[arg-type]
)


def test_safe_settings_serve() -> None:
    refuse_unsafe_settings(SAFE)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        *(({name: ()}, f"PORTAL_{name.upper()} is missing") for name in SECRETS),
        *(({name: ("short-0123456789-abcdefghijkl",)}, f"PORTAL_{name.upper()} is too short") for name in SECRETS),
        ({"secret_key": ("a" * 64,)}, "PORTAL_SECRET_KEY is too short or too regular"),
        ({"audit_key": SECRETS["secret_key"]}, "PORTAL_AUDIT_KEY repeats a secret"),
        ({"token_keys": SECRETS["token_keys"] * 2}, "PORTAL_TOKEN_KEYS repeats a secret"),
        ({"base_url": "http://portal.example"}, "PORTAL_BASE_URL must begin with https://"),
        ({"smtp_url": "file:/var/mail"}, "PORTAL_SMTP_URL must begin with smtp://"),
        ({"smtp_url": ""}, "PORTAL_SMTP_URL must begin with smtp://"),
        ({"database_url": "sqlite:///portal.sqlite"}, "PORTAL_DATABASE_URL must name a PostgreSQL database"),
        ({"bcrypt_cost": 11}, "PORTAL_BCRYPT_COST must be 12 or more"),
        ({"throttles": Throttles(login_identifier=Limit(11, 300))}, "PORTAL_THROTTLE_LOGIN_IDENTIFIER is looser"),
        ({"throttles": Throttles(password_reset=Limit(5, 86399))}, "PORTAL_THROTTLE_PASSWORD_RESET is looser"),
    ],
)
def test_each_unsafe_setting_is_refused_and_named(change: dict[str, object], named: str) -> None:
    with pytest.raises(SettingsError, match=named.replace("(", r"\(")):
        refuse_unsafe_settings(replace(SAFE, **change))  # type: ignore[arg-type]
    # The same settings serve this computer during development.
    local = {**change, "env": "development", "base_url": "http://localhost:5000"}
    refuse_unsafe_settings(replace(SAFE, **local))  # type: ignore[arg-type]


def test_debugging_is_refused() -> None:
    with pytest.raises(SettingsError, match="FLASK_DEBUG must be off"):
        refuse_unsafe_settings(SAFE, debug=True)


def test_the_refusal_shows_no_secret() -> None:
    bad = replace(SAFE, secret_key=("short-secret",), audit_key=SAFE.token_keys)
    with pytest.raises(SettingsError) as refused:
        refuse_unsafe_settings(bad)
    assert "short-secret" not in str(refused.value)
    assert SAFE.token_keys[0] not in str(refused.value)


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
