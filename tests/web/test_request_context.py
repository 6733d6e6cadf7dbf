"""The browser behind a request: which addresses are counted together, and what is kept of one (SECURITY 10)."""

import pytest
from flask import Flask

from portal.web.request_context import visitor


@pytest.mark.security(10)
@pytest.mark.parametrize(
    ("address", "counted", "kept"),
    [
        ("192.0.2.7", "192.0.2.7/32", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.7/32", "192.0.2.0/24"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("2001:db8:1:2:ffff::8", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
        ("no address", "no address", ""),
    ],
)
def test_an_address_is_counted_with_its_neighbours_and_kept_coarse(
    app: Flask, address: str, counted: str, kept: str
) -> None:
    with app.test_request_context(environ_overrides={"REMOTE_ADDR": address}):
        found = visitor()
    assert (found.address, found.coarse_address) == (counted, kept)
