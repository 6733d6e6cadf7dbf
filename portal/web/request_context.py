"""What is read once for each request: its id, the moment, the visitor, and who is asking."""

from __future__ import annotations

import ipaddress
import secrets
from datetime import UTC, datetime

from flask import Flask, g, request
from flask_login import AnonymousUserMixin, LoginManager, current_user

from portal.rules.context import ANONYMOUS, Actor, Context, Visitor
from portal.rules.register import Source
from portal.services.accounts import sessions
from portal.web import cookies

STAFF_PREFIX = "/admin"


class Anonymous(AnonymousUserMixin):
    """A visitor who is not logged in."""

    kind = "anonymous"
    id = None


def init_app(app: Flask) -> None:
    """Install the log-in manager. It only loads who asks: cookies and sessions are the portal's own (decision 2)."""
    manager = LoginManager()
    manager.session_protection = None
    manager.anonymous_user = Anonymous
    manager.request_loader(_load)
    manager.init_app(app)
    app.before_request(_begin)


def in_staff_area() -> bool:
    """Whether the address belongs to the restricted area, and is not hidden from this visitor."""
    if g.get("hidden", False):
        return False
    return request.path == STAFF_PREFIX or request.path.startswith(STAFF_PREFIX + "/")


def current_context() -> Context:
    """The context of this request for services."""
    if current_user.is_authenticated:
        actor = Actor(current_user.kind, current_user.id)
        source = Source.ACCOUNT if current_user.kind == "customer" else Source.CONTROLLER
    else:
        actor, source = ANONYMOUS, Source.REGISTRATION
    return Context(actor, g.now, source, g.request_id)


def look_no_further() -> None:
    """Take a visitor who was not looked up yet for a stranger: after a failure the database may not answer."""
    if "_login_user" not in g:
        g._login_user = Anonymous()


def visitor() -> Visitor:
    """The browser behind the request. Its address serves the throttle alone and is never stored."""
    address = request.remote_addr or "unknown"
    return Visitor(_counted(address), _coarse(address), _device(request.user_agent.string))


def _begin() -> None:
    g.now = datetime.now(UTC)
    g.request_id = secrets.token_hex(8)


def _load(_request: object) -> sessions.Principal | None:
    token = cookies.read_session("staff" if in_staff_area() else "customer")
    if not token:
        return None
    load = sessions.staff_principal if in_staff_area() else sessions.customer_principal
    principal = load(token, g.now)
    if principal is not None:
        # For the log lines of this request.
        g.actor = principal.get_id()
    return principal


def _counted(address: str) -> str:
    """Whose attempts are counted together: an IPv4 address, but the whole /64 of an IPv6 one, in which every computer
    has as many addresses as it likes."""
    return _network(address, 32, 64) or address


def _coarse(address: str) -> str:
    """The network of an address: enough to recognise a place, too little to recognise a home."""
    return _network(address, 24, 48)


def _network(address: str, bits_of_4: int, bits_of_6: int) -> str:
    """The network of so many bits around an address; empty for what is none."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return str(ipaddress.ip_network((parsed, bits_of_4 if parsed.version == 4 else bits_of_6), strict=False))


_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"))
_MORE_SYSTEMS = (("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)


def _device(agent: str) -> str:
    """Browser and system in two words; the whole text would be a fingerprint."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in (*_SYSTEMS, *_MORE_SYSTEMS) if mark in agent), "")
    return f"{browser} {system}".strip()
