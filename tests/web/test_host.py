"""Which host and which proxy is believed (SECURITY 17, 60)."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from config import Settings
from portal import create_app
from portal.models.base import db
from portal.models.session import ThrottleCounter
from portal.services.foundation.keys import lookup_hash
from tests.support.client import InvariantClient
from tests.support.databases import Database

FORGED = {"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9", "Forwarded": "for=203.0.113.9"}


@pytest.mark.security(17)
@pytest.mark.parametrize(
    "host",
    ["evil.test", "localhost.evil.test", "localhost@evil.test", "evil.test:80", "", "[::2]", "127.0.0.2", "local host"],
)
@pytest.mark.parametrize("path", ["/", "/nothing-here", "/static/css/tokens.css", "/admin/customers", "/healthz"])
def test_an_unknown_host_is_a_bad_request(client: InvariantClient, host: str, path: str) -> None:
    response = client.get(path, environ_overrides={"HTTP_HOST": host})
    assert response.status_code == 400
    assert not host or host not in response.get_data(as_text=True)


@pytest.mark.security(17)
def test_a_forwarded_host_is_not_believed(client: InvariantClient) -> None:
    response = client.get("/account", headers={"X-Forwarded-Host": "evil.test", "X-Forwarded-Proto": "https"})
    assert (response.location or "").startswith("/login")
    assert "evil.test" not in str(response.headers)


def throttled_addresses(app: Flask) -> set[bytes]:
    with app.app_context():
        rows = db.session.execute(select(ThrottleCounter)).scalars()
        found = {row.key_hash for row in rows if row.bucket == "login_address"}
        db.session.remove()
        return found


def keys_of(app: Flask, *addresses: str) -> set[bytes]:
    with app.app_context():
        # An IPv4 address is counted alone, as a network of one.
        return {lookup_hash("throttle", "login_address", "log-in", f"{address}/32") for address in addresses}


def log_in(client: InvariantClient, forwarded: dict[str, str]) -> None:
    client.headers = forwarded
    assert client.submit("/login", email="aino@example.com", password="väärä salasana tässä").status_code == 422


@pytest.mark.security(60)
def test_a_forged_forwarded_address_never_reaches_the_throttle(app: Flask, client: InvariantClient) -> None:
    log_in(client, FORGED)
    assert throttled_addresses(app) == keys_of(app, "127.0.0.1")


@pytest.mark.security(60)
@pytest.mark.parametrize(
    ("hops", "header", "believed"),
    [
        (1, "203.0.113.9", "203.0.113.9"),
        # What the visitor wrote stands before what the proxy added.
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
    ],
)
def test_exactly_so_many_hops_are_believed(
    settings: Settings, database: Database, hops: int, header: str, believed: str
) -> None:
    behind = create_app(replace(settings, proxy_hops=hops))
    log_in(InvariantClient(behind, settings.base_url), {"X-Forwarded-For": header})
    assert throttled_addresses(behind) == keys_of(behind, believed)
    with behind.app_context():
        db.engine.dispose()
