"""The staff area is not there: every address of it answers like an unknown one, byte for byte (SECURITY 30)."""

import re
from difflib import unified_diff

import pytest

from tests.support.client import PageResponse
from tests.web.matrix.people import ANONYMOUS, CUSTOMER, STALE, Person
from tests.web.matrix.places import METHODS, PLACES
from tests.web.matrix.samples import path_of
from tests.web.matrix.world import TOKEN, QuickClient, World

# The log-in, and what an invitation link leads through.
OPEN = {"admin.login", "admin.follow_invite", "admin.invite", "admin.invite_second_factor"}
# Addresses that exist, that nearly exist and that do not: a difference between them would be a map of the area.
INVENTED = (
    "/admin",
    "/admin/",
    "/admin//",
    "/admin/nothing",
    "/admin/customers/",
    "/admin/customers/999999999",
    "/admin/customers/abc",
    "/admin/login/",
    "/admin/login/x",
    "/admin/./customers",
    "/admin/%2e%2e/account",
    "/admin//customers",
    "/admin/customers?q=aino",
    "/%61dmin/customers",
    "//admin/customers",
    "//admin/nothing",
    "/admin/logout",
    "/admin/;x",
)
# As long as /admin, and nothing below it exists.
STRANGE = "/qdmin"
VOLATILE_HEADERS = {"X-Request-Id", "Set-Cookie", "Date"}


def below_nothing(path: str) -> str:
    """The same address below a folder that does not exist."""
    return path.replace("%61", "a").replace("/admin", STRANGE, 1)


def fingerprint(response: PageResponse) -> list[str]:
    """Everything of an answer but the token, the request's id and the address itself, all of the same length."""
    headers = sorted(f"{name}: {value}" for name, value in response.headers if name not in VOLATILE_HEADERS)
    cookies = sorted(re.sub(r"=[^;]*", "=", line, count=1) for line in response.headers.getlist("Set-Cookie"))
    body = TOKEN.sub("token", response.body).replace(STRANGE, "/admin")
    return [response.status, *headers, *cookies, *body.splitlines()]


def existing(world: World) -> list[str]:
    return [path_of(place, world) for place in PLACES if place.in_staff_area and place.access.kind != "staff_area_open"]


def problems_of(client: QuickClient, path: str, method: str, data: dict[str, str] | None) -> list[str]:
    found = fingerprint(client.send(method, path, data))
    wanted = fingerprint(client.send(method, below_nothing(path), data))
    differing = [line for line in unified_diff(wanted, found, lineterm="", n=0) if line[:3] not in ("---", "+++")]
    return [f"{method} {path} (+) and an unknown address (-):", *differing] if differing else []


@pytest.mark.security(30)
@pytest.mark.parametrize("person", [ANONYMOUS, CUSTOMER, STALE], ids=lambda person: person.name)
def test_strangers_find_nothing_below_admin(world: World, person: Person) -> None:
    client = world.client(person)
    token = client.csrf_token()
    problems = []
    for path in [*existing(world), *INVENTED]:
        for method in METHODS:
            problems += problems_of(client, path, method, None)
        problems += problems_of(client, path, "POST", {"csrf_token": token})
        problems += problems_of(client, path, "POST", {"csrf_token": "wrong"})
    assert not problems, "\n".join(problems)


@pytest.mark.security(30)
def test_a_staff_cookie_that_never_was_one_opens_nothing(world: World) -> None:
    client = world.client(ANONYMOUS)
    client.csrf_token()
    client.set_cookie("portal_staff", "x" * 43, domain="localhost")
    problems = [line for path in existing(world) for line in problems_of(client, path, "GET", None)]
    # The session of a customer is none of an employee, under whichever name it comes.
    client.set_cookie("portal_staff", world.tokens[CUSTOMER.name], domain="localhost")
    problems += [line for path in existing(world) for line in problems_of(client, path, "GET", None)]
    assert not problems, "\n".join(problems)


@pytest.mark.security(30)
def test_the_open_addresses_of_the_area_are_these(world: World) -> None:
    opened = {place.endpoint for place in PLACES if place.access.kind == "staff_area_open"}
    assert opened == OPEN, "strangers may see no other page of /admin"
    assert world.client(ANONYMOUS).get("/admin/login").status_code == 200


@pytest.mark.security(30)
@pytest.mark.parametrize("path", ["/administrator", "/admins", "/adminx/login", "/account/admin"])
def test_only_the_area_itself_is_hidden(world: World, path: str) -> None:
    assert world.client(ANONYMOUS).get(path).status_code == 404
