"""Settings: read once from the environment, checked, and frozen.

Every setting is an environment variable with the prefix ``PORTAL_``; `docs/operations.md` lists them all. No other
module reads the environment. Defaults are safe to publish and safe in production: what has no safe default is
missing until it is set, and production then refuses to serve (`unsafe_settings.py`).
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
ENVIRONMENTS = ("development", "testing", "production")
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
GENERATED_SECRETS = ("secret_key", "password_pepper", "encryption_keys", "token_keys", "audit_key")
LONGEST_WINDOW = 2 * 24 * 60 * 60
# What stands in links on every page: nothing but an address, a number, or a site (SECURITY 43).
E_MAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
PHONE = re.compile(r"\+?[0-9][0-9 -]*")
SITE = re.compile(r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:[0-9]{1,5})?")


class SettingsError(ValueError):
    """A setting is missing or unsafe. The message names every such setting."""


@dataclass(frozen=True)
class Controller:
    """The controller of the register (register notice §1–3). The defaults are the company's own public facts."""

    name: str = "Mikromafia Oy"
    register_name: str = "Mikromafia Oy:n asiakasrekisteri"
    register_name_sv: str = "Mikromafia Oy:s kundregister"
    register_name_en: str = "Mikromafia Oy's customer register"
    street: str = "Kalevankatu 42"
    postal_code: str = "00180"
    city: str = "Helsinki"
    email: str = "info@mikromafia.fi"
    phone: str = "+358108326486"
    business_id: str = ""
    contact_person: str = ""
    financial_year_end: str = "12-31"

    def register(self, language: str) -> str:
        """What the register is called for a reader of a language; a name that nobody translated stays as it is."""
        translated = {"sv": self.register_name_sv, "en": self.register_name_en}
        return translated.get(language) or self.register_name

    @property
    def register_names(self) -> tuple[str, ...]:
        """The register's name in each language."""
        return (self.register_name, self.register("sv"), self.register("en"))


@dataclass(frozen=True)
class Limit:
    """At most `count` attempts within `seconds`."""

    count: int
    seconds: int


@dataclass(frozen=True)
class Throttles:
    """SECURITY 10 and 11. Production refuses values looser than these defaults."""

    login_identifier: Limit = Limit(10, 300)
    login_address: Limit = Limit(30, 300)
    login_everyone: Limit = Limit(3000, 300)
    second_factor: Limit = Limit(5, 300)
    second_factor_hour: Limit = Limit(20, 3600)
    password_reset: Limit = Limit(5, 86400)
    verification_mail: Limit = Limit(3, 21600)
    order_claim: Limit = Limit(10, 300)
    user_name: Limit = Limit(10, 86400)


@dataclass(frozen=True)
class Settings:
    """The frozen settings of one running portal. Lists of keys: the first signs, all of them verify. `recipients` is
    JSON as it was given: it speaks of purposes of the register, so that `create_app` reads it."""

    env: str = "development"
    secret_key: tuple[str, ...] = ()
    password_pepper: tuple[str, ...] = ()
    encryption_keys: tuple[str, ...] = ()
    token_keys: tuple[str, ...] = ()
    audit_key: tuple[str, ...] = ()
    database_url: str = ""
    data_dir: Path = ROOT / "instance"
    base_url: str = "http://localhost:5000"
    smtp_url: str = ""
    mail_from: str = ""
    huey_url: str = ""
    proxy_hops: int = 0
    workers: int = 1
    bcrypt_cost: int = 12
    hosting_verified: str = ""
    recipients: str = ""
    controller: Controller = field(default_factory=Controller)
    throttles: Throttles = field(default_factory=Throttles)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read ``PORTAL_*``. Raises `SettingsError` naming each variable that cannot be read."""
        _refuse_control_characters(environ)
        env = environ.get("PORTAL_ENV") or "development"
        if env not in ENVIRONMENTS:
            raise SettingsError(f"PORTAL_ENV is {env!r}; it must be one of {', '.join(ENVIRONMENTS)}.")
        data_dir = Path(environ.get("PORTAL_DATA_DIR") or ROOT / "instance").resolve()
        given = {name: _keys(environ.get(variable(name), "")) for name in GENERATED_SECRETS}
        if env == "development" and not all(given.values()):
            generated = _development_secrets(data_dir)
            given = {name: given[name] or (generated[name],) for name in GENERATED_SECRETS}
        return cls(
            env=env,
            data_dir=data_dir,
            database_url=environ.get("PORTAL_DATABASE_URL") or f"sqlite:///{data_dir / 'portal.sqlite'}",
            base_url=_fitting(SITE, environ, "PORTAL_BASE_URL", "http://localhost:5000", "the address of a site"),
            smtp_url=environ.get("PORTAL_SMTP_URL") or (f"file:{data_dir / 'mail'}" if env != "production" else ""),
            mail_from=environ.get("PORTAL_MAIL_FROM", ""),
            huey_url=environ.get("PORTAL_HUEY_URL") or f"sqlite:///{data_dir / 'jobs.sqlite'}",
            proxy_hops=_number(environ, "PORTAL_PROXY_HOPS", 0),
            workers=_number(environ, "PORTAL_WORKERS", 1),
            bcrypt_cost=_number(environ, "PORTAL_BCRYPT_COST", 12),
            hosting_verified=_day(environ, "PORTAL_HOSTING_VERIFIED"),
            recipients=environ.get("PORTAL_RECIPIENTS") or "",
            controller=_controller(environ),
            throttles=_throttles(environ),
            **given,
        )

    @property
    def production(self) -> bool:
        return self.env == "production"

    @property
    def secure(self) -> bool:
        """Whether browsers reach the portal over HTTPS: decides the cookie names and the Secure flag."""
        return self.base_url.startswith("https://")

    @property
    def sender(self) -> str:
        """The address mail is sent from."""
        return self.mail_from or self.controller.email


def _refuse_control_characters(environ: Mapping[str, str]) -> None:
    """A line break in a setting would end a header of every mail: it is refused when it is read."""
    for name, value in environ.items():
        if name.startswith("PORTAL_") and name != "PORTAL_RECIPIENTS" and not value.isprintable():
            raise SettingsError(f"{name} holds a line break or another character that cannot be printed.")


def variable(name: str) -> str:
    return f"PORTAL_{name.upper()}"


def _keys(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit()):
        raise SettingsError(f"{name} is {text!r}; it must be a whole number.")
    return int(text)


def _day(environ: Mapping[str, str], name: str) -> str:
    text = environ.get(name) or ""
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise SettingsError(f"{name} is {text!r}; it must be a day, written YYYY-MM-DD.") from None


def _controller(environ: Mapping[str, str]) -> Controller:
    names = [item.name for item in fields(Controller)]
    given = {name: environ.get(f"PORTAL_CONTROLLER_{name.upper()}") for name in names}
    _fitting(E_MAIL, environ, "PORTAL_CONTROLLER_EMAIL", Controller.email, "an e-mail address")
    _fitting(PHONE, environ, "PORTAL_CONTROLLER_PHONE", Controller.phone, "a phone number")
    told = {name: value for name, value in given.items() if value}
    return Controller(**{**_register_names(told), **told})


def _register_names(told: Mapping[str, str]) -> dict[str, str]:
    """What takes the place of the shipped names of the register where those would be another's: of another register, or
    of another company's. A derived name inflects no company's name in Finnish and Swedish, for nobody can tell how."""
    if "register_name" in told:
        return {"register_name_sv": "", "register_name_en": ""}
    company = told.get("name", Controller.name)
    if company == Controller.name:
        return {}
    return {
        "register_name": f"Asiakasrekisteri, {company}",
        "register_name_sv": f"Kundregister, {company}",
        "register_name_en": f"{company}'s customer register",
    }


def _fitting(form: re.Pattern[str], environ: Mapping[str, str], name: str, default: str, what: str) -> str:
    """A setting that becomes a link. It is held against its form before it stands on a page."""
    text = (environ.get(name) or default).rstrip("/")
    if not form.fullmatch(text):
        raise SettingsError(f"{name} is {text!r}; it must be {what}.")
    return text


def _throttles(environ: Mapping[str, str]) -> Throttles:
    limits = {}
    for item in fields(Throttles):
        text = environ.get(f"PORTAL_THROTTLE_{item.name.upper()}")
        if text:
            count, separator, seconds = text.partition("/")
            if not (separator and all(part.isascii() and part.isdigit() for part in (count, seconds))):
                raise SettingsError(f"PORTAL_THROTTLE_{item.name.upper()} is {text!r}; write COUNT/SECONDS.")
            limit = Limit(int(count), int(seconds))
            # None at all would lock everybody out; counters are kept for two days.
            if not (limit.count and 1 <= limit.seconds <= LONGEST_WINDOW):
                allowed = f"at least 1, within 1 to {LONGEST_WINDOW} seconds"
                raise SettingsError(f"PORTAL_THROTTLE_{item.name.upper()} is {text!r}; it must be {allowed}.")
            limits[item.name] = limit
    return Throttles(**limits)


def _development_secrets(data_dir: Path) -> dict[str, str]:
    """Make the development secrets once, readable by the owner alone; later starts read the same ones."""
    path = data_dir / "secrets.json"
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        made = json.dumps({name: secrets.token_urlsafe(48) for name in GENERATED_SECRETS}, indent=1)
        partial = path.with_name(f"secrets.{os.getpid()}.partial")
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            out.write(made)
        try:
            # A link, unlike a rename, does not replace what another process may have made meanwhile.
            os.link(partial, path)
        except FileExistsError:
            pass
        finally:
            partial.unlink()
    stored: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return stored


def host_of(settings: Settings) -> str:
    """The host of the base URL, an address of IPv6 in its brackets."""
    host = urlsplit(settings.base_url).hostname or "localhost"
    return f"[{host}]" if ":" in host else host


def trusted_hosts(settings: Settings) -> list[str]:
    """Host names a request may carry (SECURITY 17). Outside production loopback names are accepted as well."""
    host = host_of(settings)
    return [host] if settings.production else sorted({host, *LOOPBACK_HOSTS})
