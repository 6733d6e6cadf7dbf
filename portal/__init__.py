"""The customer portal. `create_app` wires everything: it is the table of contents of the program."""

from __future__ import annotations

from functools import partial

from flask import Flask
from flask_migrate import Migrate

from config import Settings, SettingsError, trusted_hosts
from portal import cli, jobs, web
from portal.models import database, db, register
from portal.rules import recipients
from portal.services.accounts.password_hashes import HashingPool
from portal.services.foundation import logs, readiness
from portal.services.foundation.keys import Keys
from unsafe_settings import refuse_unsafe_settings


def create_app(settings: Settings | None = None) -> Flask:
    """The application for these settings, or for those of the environment.

    It loads with any settings, so that migrations always run; what serves calls `check_before_serving` first.
    Raises `UndeclaredError` when a column is not declared, `RuntimeError` when a view does not say who may call it, and
    `SettingsError` for a list of recipients that cannot be printed.
    """
    settings = settings or Settings.from_environment()
    app = Flask(__name__, template_folder="../templates", static_folder="../static")
    _configure(app, settings)
    _keep_secrets(app, settings)
    logs.init_app(app)
    register.check_declarations()
    database.init_app(app)
    Migrate(app, db, directory=f"{app.root_path}/migrations", render_as_batch=True, compare_type=True)
    jobs.init_app(app)
    cli.init_app(app)
    web.init_app(app)
    # Commands that serve or send mail find the check here; they stand below this file.
    app.extensions["portal.check_before_serving"] = partial(check_before_serving, app)
    return app


def check_before_serving(app: Flask) -> None:
    """Refuse to serve with unsafe settings (SECURITY 66) or over a database of another schema (R19).

    Raises `config.SettingsError` or `readiness.WrongSchema`. A database that does not answer yet is no reason to
    refuse: `/readyz` says 503 until it does.
    """
    refuse_unsafe_settings(app.extensions["portal.settings"], debug=app.debug)
    with app.app_context():
        readiness.refuse_wrong_schema()


def _configure(app: Flask, settings: Settings) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    app.config.update(
        TESTING=settings.env == "testing",
        TRUSTED_HOSTS=trusted_hosts(settings),
        SQLALCHEMY_DATABASE_URI=database.sqlalchemy_url(settings.database_url),
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(settings.database_url),
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_REFRESH_EACH_REQUEST=False,
        PORTAL_ENV=settings.env,
        PORTAL_BASE_URL=settings.base_url,
        PORTAL_DATA_DIR=str(settings.data_dir),
        PORTAL_SMTP_URL=settings.smtp_url,
        PORTAL_MAIL_FROM=settings.sender,
        PORTAL_HUEY_URL=settings.huey_url,
        PORTAL_PROXY_HOPS=settings.proxy_hops,
        PORTAL_BCRYPT_COST=settings.bcrypt_cost,
        PORTAL_HOSTING_VERIFIED=settings.hosting_verified,
        PORTAL_RECIPIENTS=_recipients(settings),
        PORTAL_CONTROLLER=settings.controller,
        PORTAL_THROTTLES=settings.throttles,
    )


def _recipients(settings: Settings) -> tuple[recipients.Recipient, ...]:
    try:
        return recipients.parse(settings.recipients)
    except ValueError as error:
        raise SettingsError(f"PORTAL_RECIPIENTS cannot be read:\n- {error}") from None


def _keep_secrets(app: Flask, settings: Settings) -> None:
    """Hand the secrets to those who use them. Without any, the application loads but cannot serve."""
    if settings.secret_key:
        app.config.update(SECRET_KEY=settings.secret_key[0], SECRET_KEY_FALLBACKS=list(settings.secret_key[1:]))
        # Flask-WTF knows no fallbacks, and what signs for it takes the oldest key first: the last one signs.
        app.config["WTF_CSRF_SECRET_KEY"] = list(reversed(settings.secret_key))
        app.extensions["portal.keys"] = Keys.of(
            tokens=settings.token_keys,
            audit=settings.audit_key,
            peppers=settings.password_pepper,
            encryption=settings.encryption_keys,
            lookup=settings.secret_key[-1],
        )
    app.extensions["portal.settings"] = settings
    app.extensions["portal.hashing"] = HashingPool()
