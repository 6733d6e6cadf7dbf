"""Nothing is changed without the token, from another site, or by reading (SECURITY 14, 35)."""

import pytest

from portal.web.staff_looks import NAMES
from tests.support.client import PageResponse
from tests.web.matrix.dump import changed, dump
from tests.web.matrix.found_forms import FoundForm, endpoints_with_forms, forms, open_form, pages, sent_to
from tests.web.matrix.people import CUSTOMER, insider
from tests.web.matrix.places import PLACES, SENDING, UNSAFE
from tests.web.matrix.samples import path_of, prepare
from tests.web.matrix.world import QuickClient, World

pytestmark = pytest.mark.usefixtures("no_throttle")
LOOKED_AT = frozenset(NAMES)
# Reads that are written down, with the tables they write: the audit log notes each look at other people's data, and a
# copy counts its downloads.
LOGGED_READS = {
    "privacy.data_copy_file": {"audit_event", "data_copy"},
    "privacy.request_copy": {"audit_event", "data_copy"},
    "admin.audit": {"audit_event"},
    "admin.audit_export": {"audit_event"},
    "admin.messages": {"audit_event"},
    "admin.orders": {"audit_event"},
    "admin.import_file": {"audit_event"},
    "admin.import_errors": {"audit_event"},
    # Each look at one customer's data; test_looks.py demands it of every such page.
    **{place.endpoint: {"audit_event"} for place in PLACES if place.in_staff_area and place.arguments & LOOKED_AT},
}
# Asked by a script with the token of its page's form; what every form must bear is proven of them one by one.
ASKED_BY_SCRIPT = {
    "auth.passkey_options",
    "auth.passkey_login_options",
    "admin.passkey_options",
    "admin.passkey_login_options",
}
# A session notes its last use once a minute, whatever is asked for.
# The question for the second factor is there only after a password, which is counted and leaves a step.
TOUCHED = {"customer_session", "staff_session", "login_step", "throttle_counter"}
# The answer of a page about an unsafe request that lacks its token.
NO_TOKEN = 400
STRANGERS = ("cross-site", "same-site", "anything")
# What a mailed token alone allows, whoever sends it (RFC 8058), and what the request says.
ONE_CLICK = "consents.unsubscribe"
ONE_CLICK_BODY = {"List-Unsubscribe": "One-Click"}


def send(client: QuickClient, form: FoundForm, data: dict[str, object], **headers: str) -> PageResponse:
    return client.post(
        form.action, data=data, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


def opened(world: World) -> list[tuple[FoundForm, QuickClient, dict[str, object]]]:
    """Every form with a browser that has just opened its page, but the one that needs no token of ours."""
    found = []
    for form in (form for form in forms(world) if sent_to(form, world) != ONE_CLICK):
        client = world.client(form.person)
        found.append((form, client, open_form(client, form, world)))
    assert found
    return found


@pytest.mark.security(35)
def test_every_form_needs_its_token(world: World) -> None:
    found, problems = opened(world), []
    elsewhere = world.client(CUSTOMER).csrf_token()
    before = dump(world.app)
    for form, client, data in found:
        token = str(data.pop("csrf_token"))
        tampered = token[:-8] + token[-8:].swapcase()
        for said, wrong in (("no", ""), ("a wrong", tampered), ("a foreign", elsewhere)):
            response = send(client, form, {**data, "csrf_token": wrong} if wrong else data)
            if response.status_code != NO_TOKEN:
                problems.append(f"{form.name} with {said} token: {response.status}")
    assert not problems, "\n".join(problems)
    assert changed(before, dump(world.app)) <= TOUCHED


@pytest.mark.security(35)
def test_every_unsafe_method_needs_a_token_whether_a_form_shows_it_or_not(world: World) -> None:
    ready, problems = [], []
    for place in (place for place in SENDING if place.endpoint != ONE_CLICK):
        client = world.client(insider(place.access))
        prepare(client, place, world)
        ready.append((place, client))
    before = dump(world.app)
    for place, client in ready:
        for method in place.methods & UNSAFE:
            response = client.send(method, path_of(place, world), {})
            if response.status_code != NO_TOKEN:
                problems.append(f"{method} {place.endpoint}: {response.status}")
    assert not problems, "\n".join(problems)
    assert changed(before, dump(world.app)) <= TOUCHED


@pytest.mark.security(35)
def test_a_form_sent_by_another_site_is_refused_token_or_not(world: World) -> None:
    found, problems = opened(world), []
    before = dump(world.app)
    for form, client, data in found:
        for stranger in STRANGERS:
            response = send(client, form, data, Sec_Fetch_Site=stranger)
            if response.status_code != 403:
                problems.append(f"{form.name} from {stranger}: {response.status}")
    assert not problems, "\n".join(problems)
    assert changed(before, dump(world.app)) <= TOUCHED


@pytest.mark.security(35)
def test_the_one_click_link_is_the_only_exemption(world: World) -> None:
    assert [place.endpoint for place in SENDING if place.access.kind == "one_click_token"] == [ONE_CLICK]
    path = path_of(next(place for place in SENDING if place.endpoint == ONE_CLICK), world)
    before = dump(world.app)
    # A mail program: no cookie, no page opened before, perhaps a browser on the site of a mail service.
    response = QuickClient(world.app, world.base_url).post(
        path, data=ONE_CLICK_BODY, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert response.status_code == 200
    assert changed(before, dump(world.app)) == {"consent_event", "audit_event"}


@pytest.mark.security(14, 35)
def test_reading_changes_nothing_but_what_is_declared(world: World) -> None:
    problems = []
    for place, person, path in pages(world):
        client = world.client(person)
        prepare(client, place, world)
        before = dump(world.app)
        for method in ("GET", "HEAD"):
            client.send(method, path)
        touched = changed(before, dump(world.app)) - LOGGED_READS.get(place.endpoint, set()) - TOUCHED
        if touched:
            problems.append(f"GET {path} as {person.name} changes {sorted(touched)}")
    assert not problems, "\n".join(problems)


@pytest.mark.security(31, 35)
def test_every_endpoint_that_takes_a_form_is_reached_by_one(world: World) -> None:
    missing = endpoints_with_forms() - {sent_to(form, world) for form in forms(world)} - ASKED_BY_SCRIPT
    assert not missing, f"no page shows a form for {sorted(missing)}: the matrices of forms do not cover it"
