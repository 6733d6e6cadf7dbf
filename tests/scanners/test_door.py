"""The door lets each request in as somebody who may, and leaves alone what a scanner has changed."""

from collections.abc import Iterator

import pytest
from werkzeug.test import Client

from portal.web import access
from tests.scanners.door import Door, Visitor
from tests.scanners.target import Target

pytestmark = pytest.mark.sqlite
HOST = "http://localhost:5108"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    target = Target(tmp_path_factory.mktemp("target"), 5108)
    yield Door(target, keeps_changes=False)
    target.close()


@pytest.fixture
def door(made: Door) -> Door:
    made.start_again()
    made.keeps_changes = False
    return made


def client_of(door: Door) -> Client:
    # Without cookies, like a scanner: everything it needs the door must bring.
    return Client(door, use_cookies=False)


def test_each_area_is_entered_and_each_form_can_be_sent(door: Door) -> None:
    scanner = client_of(door)
    for path in (
        "/account",
        "/account/password",
        "/orders/VK-1004",
        "/admin/",
        "/reset-password",
        "/admin/second-factor",
    ):
        assert scanner.get(path, base_url=HOST).status_code == 200, path
    phone = {"version": "1", "phone": "040 765 4321"}
    for _ in range(2):
        # A change is taken back, so that the next request finds the same form.
        assert scanner.post("/account/profile/phone", data=phone, base_url=HOST).status_code == 303
    assert b"040 765 4321" not in scanner.get("/account/profile", base_url=HOST).data
    assert scanner.post("/logout", base_url=HOST).status_code == 303
    assert scanner.get("/account", base_url=HOST).status_code == 200
    assert door.requests["account.change_phone"] == 2
    assert door.errors == []


def test_a_change_can_be_kept(door: Door) -> None:
    door.keeps_changes = True
    scanner = client_of(door)
    data = {"version": "1", "first_name": "Testinimi", "last_name": "Salo"}
    assert scanner.post("/account/profile/name", data=data, base_url=HOST).status_code == 303
    assert b"Testinimi" in scanner.get("/account/profile", base_url=HOST).data


@pytest.mark.expects_log_errors
def test_an_error_is_noted_whoever_caused_it(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    @access.public
    def broken() -> None:
        raise RuntimeError("planted")

    monkeypatch.setitem(door.target.app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(door.target.app.view_functions, "public.healthz", broken)
    assert client_of(door).get("/healthz?a=b", base_url=HOST).status_code == 500
    assert [error[:17] for error in door.errors] == ["GET /healthz?a=b "]


def test_only_what_the_page_itself_gave_is_renewed() -> None:
    visitor = Visitor({}, "new.token.now", 0.0, {"version": ("1", "2")})
    body = b"csrf_token=old.token.then&version=1&name=%FF%27+OR&version=1%27"
    assert visitor.rewrite(body) == b"csrf_token=new.token.now&version=2&name=%FF%27+OR&version=1%27"
    assert visitor.rewrite(b"csrf_token=%27+OR+1") == b"csrf_token=%27+OR+1"
