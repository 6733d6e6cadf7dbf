"""Settings: defaults that are safe, refusals that name what is wrong, commands that load all the same (SECURITY 66)."""

import json
import stat
from dataclasses import fields, replace
from pathlib import Path

import pytest

from config import (
    GENERATED_SECRETS,
    Controller,
    Limit,
    Settings,
    SettingsError,
    Throttles,
    trusted_hosts,
)
from portal import create_app
from tests.support.fixtures import TEST_SECRET_KEY
from unsafe_settings import refuse_unsafe_settings

ENVIRONMENT = {
    "PORTAL_ENV": "production",
    "PORTAL_SECRET_KEY": "production-secret-key-0123456789-abcdefg",
    "PORTAL_PASSWORD_PEPPER": "production-pepper-0123456789-abcdefghijk",
    "PORTAL_ENCRYPTION_KEYS": "production-encryption-0123456789-abcdef",
    "PORTAL_TOKEN_KEYS": "production-token-key-0123456789-abcdefgh",
    "PORTAL_AUDIT_KEY": "production-audit-key-0123456789-abcdefgh",
    "PORTAL_BASE_URL": "https://asiakkaat.example.fi",
    "PORTAL_SMTP_URL": "smtps://posti.example.fi",
    "PORTAL_DATABASE_URL": "postgresql://portal@localhost/portal",
}
# One character less than a secret needs, and all of them different.
TOO_SHORT = "abcdefghijklmnopqrstuvwxyz01234"
TWICE = ",".join([ENVIRONMENT["PORTAL_TOKEN_KEYS"]] * 2)


def settings(folder: Path, **changes: str | None) -> Settings:
    """Safe production settings with some variables changed, or taken away with None."""
    given = {**ENVIRONMENT, "PORTAL_DATA_DIR": str(folder), **changes}
    return Settings.from_environment({name: value for name, value in given.items() if value is not None})


@pytest.mark.security(66)
def test_safe_production_settings_are_accepted(tmp_path: Path) -> None:
    refuse_unsafe_settings(settings(tmp_path))


@pytest.mark.security(3, 66)
@pytest.mark.parametrize(
    ("changes", "named"),
    [
        *(({f"PORTAL_{name.upper()}": None}, f"PORTAL_{name.upper()} is missing") for name in GENERATED_SECRETS),
        *(({f"PORTAL_{name.upper()}": TOO_SHORT}, f"PORTAL_{name.upper()} is too short") for name in GENERATED_SECRETS),
        ({"PORTAL_SECRET_KEY": "a" * 64}, "PORTAL_SECRET_KEY is too short or too regular"),
        ({"PORTAL_SECRET_KEY": "changeme" * 5}, "PORTAL_SECRET_KEY is too short or too regular"),
        ({"PORTAL_SECRET_KEY": "Change-me-0123456789-abcdefghijklmn"}, "PORTAL_SECRET_KEY is a placeholder"),
        ({"PORTAL_SECRET_KEY": TEST_SECRET_KEY}, "PORTAL_SECRET_KEY is a placeholder"),
        ({"PORTAL_AUDIT_KEY": ENVIRONMENT["PORTAL_SECRET_KEY"]}, "PORTAL_AUDIT_KEY repeats a secret"),
        ({"PORTAL_TOKEN_KEYS": TWICE}, "PORTAL_TOKEN_KEYS repeats a secret"),
        ({"PORTAL_BASE_URL": "http://asiakkaat.example.fi"}, "PORTAL_BASE_URL must begin with https://"),
        ({"PORTAL_BASE_URL": None}, "PORTAL_BASE_URL must begin with https://"),
        ({"PORTAL_SMTP_URL": None}, "PORTAL_SMTP_URL must begin with smtp://"),
        ({"PORTAL_SMTP_URL": "file:/tmp/mail"}, "PORTAL_SMTP_URL must begin with smtp://"),
        (
            {"PORTAL_DATABASE_URL": "sqlite:////srv/portal.sqlite", "PORTAL_WORKERS": "2"},
            "PORTAL_DATABASE_URL must name a PostgreSQL database",
        ),
        ({"PORTAL_BCRYPT_COST": "11"}, "PORTAL_BCRYPT_COST must be 12 or more"),
    ],
)
def test_production_refuses_to_serve_and_names_what_is_unsafe(
    tmp_path: Path, changes: dict[str, str | None], named: str
) -> None:
    unsafe = settings(tmp_path, **changes)
    with pytest.raises(SettingsError, match=named):
        refuse_unsafe_settings(unsafe)
    # The same settings serve this computer during development.
    refuse_unsafe_settings(settings(tmp_path, **{**changes, "PORTAL_ENV": "development", "PORTAL_BASE_URL": None}))


@pytest.mark.security(10, 11, 66)
@pytest.mark.parametrize("name", [item.name for item in fields(Throttles)])
def test_production_refuses_a_looser_throttle_and_takes_a_tighter_one(tmp_path: Path, name: str) -> None:
    limit: Limit = getattr(Throttles(), name)
    variable = f"PORTAL_THROTTLE_{name.upper()}"
    refuse_unsafe_settings(settings(tmp_path, **{variable: f"{limit.count}/{limit.seconds * 2}"}))
    # The last one has the same average, yet takes a hundred times as many at once.
    for looser in (
        f"{limit.count + 1}/{limit.seconds}",
        f"{limit.count}/{limit.seconds - 1}",
        f"{limit.count * 100}/{limit.seconds * 100}",
    ):
        with pytest.raises(SettingsError, match=variable):
            refuse_unsafe_settings(settings(tmp_path, **{variable: looser}))


@pytest.mark.security(66)
def test_debug_is_refused_in_production_only(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="FLASK_DEBUG"):
        refuse_unsafe_settings(settings(tmp_path), debug=True)
    refuse_unsafe_settings(settings(tmp_path, PORTAL_ENV="development", PORTAL_BASE_URL=None), debug=True)


@pytest.mark.security(66)
@pytest.mark.parametrize("env", [None, "development", "testing"])
@pytest.mark.parametrize("host", ["portal.yritys.fi", "192.168.1.5", "[2001:db8::1]", "localhost.example.fi"])
def test_outside_production_nobody_but_this_computer_is_served(tmp_path: Path, env: str | None, host: str) -> None:
    # Production's settings, but for the one that says so.
    forgotten = settings(tmp_path, PORTAL_ENV=env, PORTAL_BASE_URL=f"https://{host}")
    with pytest.raises(SettingsError, match=r"PORTAL_BASE_URL leads to .*\n.*PORTAL_ENV=production"):
        refuse_unsafe_settings(forgotten)
    # It loads all the same: migrations always run.
    create_app(forgotten)
    for base_url in (None, "http://localhost:5000", "http://127.0.0.1", "http://[::1]:8000", "https://LOCALHOST"):
        refuse_unsafe_settings(settings(tmp_path, PORTAL_ENV=env, PORTAL_BASE_URL=base_url))


@pytest.mark.security(66)
def test_one_message_names_everything_and_no_secret(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        refuse_unsafe_settings(
            settings(tmp_path, PORTAL_BASE_URL=None, PORTAL_AUDIT_KEY="short-secret", PORTAL_TOKEN_KEYS=TWICE)
        )
    message = str(refused.value)
    assert "PORTAL_BASE_URL" in message
    assert "PORTAL_AUDIT_KEY" in message
    assert "PORTAL_TOKEN_KEYS repeats" in message
    assert not [value for name, value in ENVIRONMENT.items() if name.endswith(("KEY", "KEYS")) and value in message]
    assert "short-secret" not in message


@pytest.mark.security(66)
def test_commands_load_whatever_is_missing(tmp_path: Path) -> None:
    bare = Settings.from_environment({"PORTAL_ENV": "production", "PORTAL_DATA_DIR": str(tmp_path / "data")})
    app = create_app(bare)
    assert "db" in app.cli.commands
    assert not app.config["SECRET_KEY"]


@pytest.mark.security(66)
def test_development_makes_its_secrets_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    environment = {"PORTAL_DATA_DIR": str(tmp_path / "instance")}
    first, second = Settings.from_environment(environment), Settings.from_environment(environment)
    assert [getattr(first, name) for name in GENERATED_SECRETS] == [getattr(second, name) for name in GENERATED_SECRETS]
    assert len({getattr(first, name) for name in GENERATED_SECRETS}) == len(GENERATED_SECRETS)
    stored = tmp_path / "instance" / "secrets.json"
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert set(json.loads(stored.read_text(encoding="utf-8"))) == set(GENERATED_SECRETS)
    assert sorted(path.name for path in stored.parent.iterdir()) == ["secrets.json"]


@pytest.mark.security(66)
@pytest.mark.parametrize("env", ["production", "testing"])
def test_no_secret_is_made_up_outside_development(tmp_path: Path, env: str) -> None:
    made = Settings.from_environment({"PORTAL_ENV": env, "PORTAL_DATA_DIR": str(tmp_path)})
    assert not any(getattr(made, name) for name in GENERATED_SECRETS)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.security(43)
@pytest.mark.parametrize("variable", ["PORTAL_BASE_URL", "PORTAL_CONTROLLER_EMAIL", "PORTAL_CONTROLLER_PHONE"])
@pytest.mark.parametrize(
    "value",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "info@mikromafia.fi?bcc=x@evil.example",
        "info@mikromafia.fi&x",
        "ftp://asiakkaat.example.fi",
        "https://asiakkaat.example.fi@evil.example",
        "https://asiakkaat.example.fi/?x",
        "https://asiakkaat.example.fi\n",
        "//asiakkaat.example.fi",
        '+358"onclick=x',
    ],
)
def test_a_setting_that_becomes_a_link_is_nothing_else(tmp_path: Path, variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        settings(tmp_path, **{variable: value})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORTAL_BASE_URL", "https://asiakkaat.example.fi/"),
        ("PORTAL_BASE_URL", "http://127.0.0.1:5000"),
        ("PORTAL_BASE_URL", "http://[::1]:5000"),
        ("PORTAL_CONTROLLER_EMAIL", "asiakas.palvelu+portaali@posti.example.fi"),
        ("PORTAL_CONTROLLER_PHONE", "+358 10 832 6486"),
    ],
)
def test_a_setting_that_becomes_a_link_is_read(tmp_path: Path, variable: str, value: str) -> None:
    found = settings(tmp_path, **{variable: value})
    assert value.rstrip("/") in (found.base_url, found.controller.email, found.controller.phone)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORTAL_ENV", "prod"),
        ("PORTAL_PROXY_HOPS", "one"),
        ("PORTAL_PROXY_HOPS", "-1"),
        ("PORTAL_PROXY_HOPS", "١"),
        ("PORTAL_WORKERS", "1.5"),
        ("PORTAL_BCRYPT_COST", "12 "),
        ("PORTAL_HOSTING_VERIFIED", "22.11.2026"),
        ("PORTAL_THROTTLE_LOGIN_ADDRESS", "30"),
        ("PORTAL_THROTTLE_LOGIN_ADDRESS", "30/minute"),
        ("PORTAL_THROTTLE_LOGIN_ADDRESS", "²/1"),
        ("PORTAL_THROTTLE_LOGIN_ADDRESS", "0/300"),
        ("PORTAL_THROTTLE_LOGIN_ADDRESS", "30/0"),
        ("PORTAL_THROTTLE_LOGIN_ADDRESS", "30/99999999999999999"),
        ("PORTAL_MAIL_FROM", "portal@example.com\r\nBcc: muu@example.com"),
        ("PORTAL_CONTROLLER_NAME", "Yritys\nOy"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        settings(tmp_path, **{variable: value})


@pytest.mark.security(60)
def test_no_proxy_is_believed_unless_told(tmp_path: Path) -> None:
    assert settings(tmp_path).proxy_hops == 0
    assert settings(tmp_path, PORTAL_PROXY_HOPS="2").proxy_hops == 2


@pytest.mark.security(67)
def test_a_list_of_keys_keeps_its_order(tmp_path: Path) -> None:
    found = settings(tmp_path, PORTAL_TOKEN_KEYS=" new-key , old-key ,")
    assert found.token_keys == ("new-key", "old-key")


@pytest.mark.security(17)
def test_production_answers_to_the_host_of_its_base_url_alone(tmp_path: Path) -> None:
    assert trusted_hosts(settings(tmp_path)) == ["asiakkaat.example.fi"]
    development = replace(settings(tmp_path), env="development")
    assert set(trusted_hosts(development)) == {"asiakkaat.example.fi", "localhost", "127.0.0.1", "[::1]"}


def test_the_register_has_a_name_in_each_language(tmp_path: Path) -> None:
    shipped = settings(tmp_path).controller
    assert [shipped.register(language) for language in ("fi", "sv", "en")] == [
        "Mikromafia Oy:n asiakasrekisteri",
        "Mikromafia Oy:s kundregister",
        "Mikromafia Oy's customer register",
    ]
    given = {
        "PORTAL_CONTROLLER_REGISTER_NAME": "Esimerkki Oy:n asiakkaat",
        "PORTAL_CONTROLLER_REGISTER_NAME_SV": "Kunder",
    }
    told = settings(tmp_path, **given).controller
    # Nobody translated it into English: it stays as it is, and no other company's name takes its place.
    assert told.register_names == ("Esimerkki Oy:n asiakkaat", "Kunder", "Esimerkki Oy:n asiakkaat")


def test_another_company_never_has_the_shipped_name_of_the_register(tmp_path: Path) -> None:
    told = settings(tmp_path, PORTAL_CONTROLLER_NAME="Esimerkki Oy").controller
    assert told.register_names == (
        "Asiakasrekisteri, Esimerkki Oy",
        "Kundregister, Esimerkki Oy",
        "Esimerkki Oy's customer register",
    )
    given = {"PORTAL_CONTROLLER_NAME": "Esimerkki Oy", "PORTAL_CONTROLLER_REGISTER_NAME_SV": "Exempels kunder"}
    assert settings(tmp_path, **given).controller.register("sv") == "Exempels kunder"
    # The company's own name, written out, is no other company's.
    same = settings(tmp_path, PORTAL_CONTROLLER_NAME=Controller().name).controller
    assert same.register_names == Controller().register_names


def test_the_controller_is_the_company_until_it_is_told_otherwise(tmp_path: Path) -> None:
    assert settings(tmp_path).controller == Controller()
    told = settings(tmp_path, PORTAL_CONTROLLER_NAME="Esimerkki Oy", PORTAL_CONTROLLER_CITY="")
    assert (told.controller.name, told.controller.city) == ("Esimerkki Oy", Controller().city)


def test_recipients_that_cannot_be_printed_stop_the_start(tmp_path: Path) -> None:
    told = settings(tmp_path, PORTAL_RECIPIENTS='[{"name": "Yksi Oy", "role": "friend"}]')
    with pytest.raises(SettingsError, match=r"(?s)PORTAL_RECIPIENTS cannot be read:.*1 role.*1 country"):
        create_app(told)
