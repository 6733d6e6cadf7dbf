"""Hostile values in every argument, parameter and field of every address (SECURITY 44–49)."""

from urllib.parse import quote, urlencode

import pytest

from tests.support.client import PageResponse
from tests.web.matrix.dump import changed, dump, unfit_texts
from tests.web.matrix.found_forms import FoundForm, forms, open_form, pages
from tests.web.matrix.found_parameters import parameters
from tests.web.matrix.hostile import LARGE, RAW
from tests.web.matrix.people import insider
from tests.web.matrix.places import PAGES, PLACES, name_of
from tests.web.matrix.samples import argument_of, filled, prepare
from tests.web.matrix.test_csrf import LOGGED_READS, TOUCHED
from tests.web.matrix.world import World

pytestmark = pytest.mark.usefixtures("no_throttle")
FORM_TYPE = "application/x-www-form-urlencoded"
# Parameters that any page might read, beside those the program's own links and forms carry.
COMMON = ("next", "key", "q", "year", "status", "shop", "after", "before", "cursor", "page", "token", "language")
# What the steps before a page write: the first one of an invitation, and a password that was given.
LED_TO = {"staff_invitation", "known_device", "message", "audit_event"}
# In small letters. Looked for one by one: a pattern of them all takes longer than making the page, where it shows what
# was typed again and that were a million characters.
VERSION_OR_TRACE = (b"traceback", b"sqlalchemy", b"werkzeug", b"psycopg", b"sqlite3", b'file "')


def problem(response: PageResponse) -> str | None:
    """What is wrong with an answer to a hostile value, whatever its field thought of it."""
    if response.status_code >= 500:
        return response.status
    if response.mimetype == "application/pdf":
        return None
    body = response.get_data().lower()
    return "shows what the program is made of" if any(word in body for word in VERSION_OR_TRACE) else None


@pytest.mark.security(41, 44, 45, 46, 49)
def test_no_parameter_of_an_address_breaks_a_page(world: World) -> None:
    known, problems = parameters(world), []
    before = dump(world.app)
    for place, person, path in pages(world):
        if person is not insider(place.access):
            continue
        client = world.client(person)
        prepare(client, place, world)
        for said, raw in RAW.items():
            # Names only the page itself uses come one at a time: the first bad one must not hide the next.
            queries = [f"{name}={raw}" for name in sorted(known.get(path, ()))]
            queries.append("&".join([*(f"{name}={raw}" for name in COMMON), f"{raw or 'empty'}=1"]))
            for query in queries:
                found = problem(client.get(f"{path}?{query}"))
                problems += [f"{path} with {said} in {query.partition('=')[0][:40]}: {found}"] if found else []
    assert not problems, "\n".join(problems)
    assert changed(before, dump(world.app)) <= TOUCHED.union(LED_TO, *LOGGED_READS.values())


@pytest.mark.security(46, 47, 48, 57)
def test_no_argument_of_an_address_breaks_a_page(world: World) -> None:
    problems = []
    for place in (place for place in PLACES if place.arguments):
        client = world.client(insider(place.access))
        values = {name: argument_of(place, name).present(world) for name in place.arguments}
        for name in place.arguments:
            for said, raw in {**RAW, "a very long text": "a" * 3_000}.items():
                response = client.get(filled(place, {**values, name: raw}))
                if response.status_code not in (301, 303, 308, 400, 404, 405, 410, 414):
                    problems.append(f"{place.rule} with {said} as {name}: {response.status}")
    assert not problems, "\n".join(problems)


class Sender:
    """Sends one form again and again, one field replaced by bytes of our choice."""

    def __init__(self, world: World, form: FoundForm) -> None:
        self.world, self.form = world, form
        self._open()

    def _open(self) -> None:
        self.client = self.world.client(self.form.person)
        self.data = open_form(self.client, self.form, self.world)

    def send(self, name: str, raw: str) -> PageResponse:
        pairs = urlencode([(key, value) for key, value in self.data.items() if key != name], doseq=True)
        return self._post(self.form.action, f"{pairs}&{quote(name)}={raw}")

    def send_beside(self, query: str) -> PageResponse:
        """The form with this in its address: filled in where the address says what follows a success, else empty, so
        that most are refused and need not be opened again."""
        leads = self.form.place.access.kind not in ("customer", "staff")
        data = self.data if leads else {"csrf_token": self.data["csrf_token"]}
        sign = "&" if "?" in self.form.action else "?"
        return self._post(f"{self.form.action}{sign}{query}", urlencode(data, doseq=True))

    def _post(self, address: str, body: str) -> PageResponse:
        response = self.client.post(address, data=body, content_type=FORM_TYPE)
        if response.status_code == 303:
            # A success may have ended the session and used up what the form was for.
            self.world.log_in_again(self.form.person)
            self._open()
        return response


@pytest.mark.security(46, 47, 48, 51)
def test_no_field_of_a_form_breaks_a_page_or_stores_what_is_no_text(world: World) -> None:
    problems: list[str] = []
    for form in forms(world):
        sender = Sender(world, form)
        for name in form.fields:
            for said, raw in {**RAW, **LARGE}.items():
                found = problem(sender.send(name, raw))
                problems += [f"{form.name} with {said} in {name}: {found}"] if found else []
    problems += unfit_texts(dump(world.app))
    assert not problems, "\n".join(problems)


@pytest.mark.security(44, 46, 48)
def test_no_parameter_of_an_address_breaks_a_form(world: World) -> None:
    problems: list[str] = []
    for form in forms(world):
        sender = Sender(world, form)
        for said, raw in RAW.items():
            found = problem(sender.send_beside("&".join(f"{name}={raw}" for name in COMMON)))
            problems += [f"{form.name} with {said} in its address: {found}"] if found else []
    problems += unfit_texts(dump(world.app))
    assert not problems, "\n".join(problems)


@pytest.mark.security(45, 46)
def test_an_address_that_is_too_long_is_refused(world: World) -> None:
    statuses = {}
    for place in PAGES:
        path = filled(place, {name: argument_of(place, name).present(world) for name in place.arguments})
        statuses[name_of(place)] = world.client(insider(place.access)).get(f"{path}?q={'a' * 5_000}").status_code
    assert statuses == {name_of(place): 414 for place in PAGES}
