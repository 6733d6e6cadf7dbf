"""HTTP: read the input, call a service, show the result. Nothing here knows a table.

The order in which the hooks are installed is the order in which they run; `docs/architecture.md` draws it.
"""

from __future__ import annotations

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.web import (
    access,
    access_log,
    access_requests,
    account,
    admin,
    auth,
    boundary,
    consents,
    cookies,
    errors,
    form_keys,
    headers,
    language,
    messages,
    orders,
    pages,
    personalisation,
    privacy,
    public,
    remembering,
    request_context,
    session_clock,
    usage,
    usage_log,
)

# The blueprints.
AREAS = (public, auth, account, orders, messages, privacy, access_requests, consents, usage, personalisation, admin)


def init_app(app: Flask) -> None:
    """Install the hooks and the blueprints, and refuse to boot when a view does not declare who may call it."""
    _proxy(app)
    app.config.update(
        SESSION_COOKIE_NAME=cookies.form_cookie_name(app.config["SESSION_COOKIE_SECURE"]),
        SESSION_COOKIE_SAMESITE="Lax",
        # The token lives as long as the browser's session and changes at every log-in and log-out.
        WTF_CSRF_TIME_LIMIT=None,
    )
    access_log.init_app(app)
    headers.init_app(app)
    app.after_request(cookies.apply)
    request_context.init_app(app)
    boundary.init_app(app)
    app.before_request(remembering.resume)
    app.before_request(access.hide_staff_area)
    form_keys.init_app(app)
    csrf = CSRFProtect(app)
    app.before_request(access.guard)
    app.before_request(session_clock.touch)
    language.init_app(app)
    pages.init_app(app)
    usage_log.init_app(app)
    errors.init_app(app)
    # A redirect from //admin/… to the address that exists would tell strangers which do (SECURITY 30).
    app.url_map.merge_slashes = False
    for area in AREAS:
        app.register_blueprint(area.blueprint)
    app.view_functions["static"] = access.public(app.view_functions["static"])
    for endpoint, view in app.view_functions.items():
        if access.is_one_click(app, endpoint):
            csrf.exempt(view)
    _no_automatic_options(app)
    access.check(app)


def _proxy(app: Flask) -> None:
    """Believe exactly as many proxies as the settings say; by default none (SECURITY 60)."""
    hops = app.config["PORTAL_PROXY_HOPS"]
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]


def _no_automatic_options(app: Flask) -> None:
    """OPTIONS would be answered before any guard and name the methods of hidden addresses (SECURITY 30)."""
    for rule in app.url_map.iter_rules():
        rule.provide_automatic_options = False  # type: ignore[attr-defined]
        if rule.methods is not None:
            rule.methods.discard("OPTIONS")
