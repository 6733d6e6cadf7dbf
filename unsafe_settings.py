"""What a portal refuses to serve with: settings that are not safe where strangers reach it (SECURITY 66)."""

from __future__ import annotations

from dataclasses import fields

from config import GENERATED_SECRETS, LOOPBACK_HOSTS, Settings, SettingsError, Throttles, host_of, variable

# What stands in examples and in the tests of this repository is known to everybody.
PLACEHOLDERS = ("changeme", "change-me", "change_me", "placeholder", "example", "test-secret")
SHORTEST_SECRET = 32


def refuse_unsafe_settings(settings: Settings, *, debug: bool = False) -> None:
    """Raise `SettingsError` naming every unsafe setting (SECURITY 66). It is called when the application *serves*;
    `flask db upgrade` and other commands load without it."""
    if not settings.production:
        _refuse_strangers(settings)
        return
    problems = [*_secret_problems(settings), *_loosened_throttles(settings)]
    if debug:
        problems.append("FLASK_DEBUG must be off")
    if not settings.base_url.startswith("https://"):
        problems.append("PORTAL_BASE_URL must begin with https://")
    if not settings.smtp_url.startswith(("smtp://", "smtps://")):
        problems.append("PORTAL_SMTP_URL must begin with smtp:// or smtps://")
    if settings.database_url.startswith("sqlite") and settings.workers > 1:
        problems.append("PORTAL_DATABASE_URL must name a PostgreSQL database when PORTAL_WORKERS is above 1")
    if settings.bcrypt_cost < 12:
        problems.append("PORTAL_BCRYPT_COST must be 12 or more")
    if problems:
        raise SettingsError("These settings are not safe in production:\n- " + "\n- ".join(problems))


def _refuse_strangers(settings: Settings) -> None:
    """Forgetting `PORTAL_ENV` must not open the doors: outside production this computer alone is served."""
    host = host_of(settings)
    if host not in LOOPBACK_HOSTS:
        raise SettingsError(
            f"PORTAL_BASE_URL leads to {host}, which only production serves, and PORTAL_ENV is {settings.env}.\n"
            "- To serve customers set PORTAL_ENV=production.\n"
            "- To try the portal on this computer leave PORTAL_BASE_URL out, or name localhost in it."
        )


def _secret_problems(settings: Settings) -> list[str]:
    problems, seen = [], set()
    for name in GENERATED_SECRETS:
        keys: tuple[str, ...] = getattr(settings, name)
        if not keys:
            problems.append(f"{variable(name)} is missing")
        for key in keys:
            if any(word in key.casefold() for word in PLACEHOLDERS):
                problems.append(f"{variable(name)} is a placeholder; make one of its own")
            if len(key) < SHORTEST_SECRET or len(set(key)) < 10:
                problems.append(f"{variable(name)} is too short or too regular (at least {SHORTEST_SECRET} characters)")
            if key in seen:
                problems.append(f"{variable(name)} repeats a secret that another setting or position uses")
            seen.add(key)
    return problems


def _loosened_throttles(settings: Settings) -> list[str]:
    problems = []
    for item in fields(Throttles):
        limit, default = getattr(settings.throttles, item.name), getattr(Throttles(), item.name)
        # A longer window with as many attempts a minute would allow all of them at once.
        if limit.count > default.count or limit.count * default.seconds > default.count * limit.seconds:
            problems.append(f"PORTAL_THROTTLE_{item.name.upper()} is looser than {default.count}/{default.seconds}")
    return problems
