"""Finds every form of the portal by opening every page as somebody who may, and fills it as a person would."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bs4 import BeautifulSoup, Tag

from portal.rules.clock import helsinki_date
from tests.support.builders import PASSWORD, STAFF_PASSWORD
from tests.support.client import PageResponse
from tests.support.forms import fill
from tests.web.matrix.people import CUSTOMER, Person, insider
from tests.web.matrix.places import PAGES, SENDING, Place
from tests.web.matrix.samples import argument_of, filled, path_of, prepare
from tests.web.matrix.world import QuickClient, World

TODAY = helsinki_date(datetime.now(UTC)).isoformat()
YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
NEW_PASSWORD = "vihreä kettu juoksee myöhään"
# What a person types into a field that comes empty. A field that is not here fails with what to do.
TYPED: dict[str, str] = {
    "email": "helmi.salo@example.com",
    "user_name": "helmikki",
    "password": PASSWORD,
    "new_password": NEW_PASSWORD,
    "first_name": "Helmi",
    "last_name": "Salo",
    "name": "Helmi Salo",
    "phone": "040 765 4321",
    "street": "Kuubankatu 4",
    "postal_code": "00220",
    "city": "Helsinki",
    "company": "Salo Oy",
    "business_id": "2077474-0",
    "term": "virtanen",
    "code": "123456",
    "ends_on": "2027-12-31",
    "number": "VK-2004",
    "order_number": "VK-2004",
    "text": "Pyyntö koskee yhdeksää vuotta ja kolmea eri järjestelmää, joten tietojen kokoaminen vie aikaa.",
    "withheld": "Muiden asiakkaiden nimet: ne eivät koske sinua",
    "mailbox_note": "Viesti maaliskuulta",
    "paper_note": "Yksi kirje",
    "till_note": "Takuukuitti",
    "posted_on": TODAY,
    "received_on": YESTERDAY,
    "subject_fi": "Syksyn huovat",
    "text_fi": "Uudet huovat ovat hyllyssä.",
    "subject_sv": "Höstens filtar",
    "text_sv": "De nya filtarna finns i hyllan.",
    "subject_en": "Blankets of the autumn",
    "text_en": "The new blankets are on the shelf.",
    "statement": "Haluan tietää, mitä minusta on tallennettu.",
    "new_shop": "Satama",
    "wishes": "Erityisesti vuoden 2025 tilaukset.",
    "contact": "050 765 4321, iltaisin",
    # Every name that the customer may have by then.
    "signed_name": "Aino Virtanen Helmi Salo Sanni Koski",
    "body": "Voitte soittaa minulle numeroon 050 765 4321.",
    "words": "Saariston linnut",
}
# Fields of one address where another value is meant than everywhere.
TYPED_AT: dict[tuple[str, str], str] = {
    ("admin.audit", "number"): "C-000001",
    ("admin.login", "email"): "staff-customer_care@example.com",
    ("admin.login", "password"): STAFF_PASSWORD,
    ("admin.invite_employee", "email"): "uusi.kollega@example.com",
    ("admin.confirm", "password"): STAFF_PASSWORD,
    ("auth.login", "email"): "customer@example.com",
    # The customer has put in the other values before.
    ("admin.correct", "first_name"): "Sanni",
    ("admin.correct", "last_name"): "Koski",
    ("admin.correct", "company"): "Koski Oy",
    ("admin.correct", "business_id"): "0112038-9",
    ("admin.correct", "phone"): "050 765 4321",
    ("admin.correct", "street"): "Kuubankatu 6",
    # No message about a request is older than the request, which came today.
    ("admin.request_note", "received_on"): TODAY,
    ("admin.requests", "term"): "1",
    ("auth.forgot_password", "email"): "customer@example.com",
}
# Forms after which others no longer do anything: they come last.
ENDING = frozenset(
    {
        "auth.change_password",
        "auth.cancel_email",
        "access_requests.sign",
        "access_requests.withdraw",
        "admin.customer_access",
    }
)


@dataclass
class FoundForm:
    """A POST form on a page, with what a browser would send when a person has filled it in."""

    page: str
    place: Place
    person: Person
    action: str
    # The fields a person can fill, and the hidden ones but the token.
    fields: list[str]
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.page} → {self.action}"


def pages(world: World) -> Iterator[tuple[Place, Person, str]]:
    """Every page with somebody who may see it; public ones also as a customer."""
    for place in PAGES:
        people = [insider(place.access)] + ([CUSTOMER] if place.access.kind == "public" else [])
        for person in people:
            for path in _paths(place, world):
                yield place, person, path


def forms(world: World) -> list[FoundForm]:
    """Every form once for each set of fields, found where the program shows it."""
    found: dict[tuple[str, frozenset[str]], FoundForm] = {}
    for place, person, path in pages(world):
        client = world.client(person)
        prepare(client, place, world)
        for form in _post_forms(client.get(path)):
            one = _read(place, person, path, form)
            found.setdefault((one.action, frozenset(one.fields)), one)
    return sorted(found.values(), key=lambda form: (form.place.endpoint in ENDING, form.name))


def sent_to(form: FoundForm, world: World) -> str:
    """The endpoint a form is sent to."""
    adapter = world.app.url_map.bind("localhost")
    endpoint, _ = adapter.match(form.action.partition("?")[0], method="POST")
    return str(endpoint)


def endpoints_with_forms() -> set[str]:
    """Every endpoint that takes a POST: each needs a form somewhere."""
    return {place.endpoint for place in SENDING}


def open_form(client: QuickClient, form: FoundForm, world: World) -> dict[str, Any]:
    """Opens the form's page anew; returns what the browser would send now: the token and the hidden fields of now."""
    prepare(client, form.place, world)
    response = client.get(form.page)
    for tag in _post_forms(response):
        now = fill(tag, form.page, {}, None)
        if now.action == form.action and form.fields == _names(tag):
            hidden = {str(field["name"]) for field in tag.select("input[type=hidden][name]")}
            return {**form.data, **{name: value for name, value in now.data.items() if name in hidden}}
    # The form is gone, as after a link that was used; its address is still there to be tried.
    return {**form.data, "csrf_token": client.csrf_token(form.action)}


def _post_forms(response: PageResponse) -> list[Tag]:
    if response.status_code != 200 or response.mimetype != "text/html":
        return []
    return list(BeautifulSoup(response.get_data(as_text=True), "html.parser").select("form[method=post]"))


def _names(form: Tag) -> list[str]:
    """The names of the fields, the token apart, each once and in the order of the page."""
    names = [str(control.get("name") or "") for control in form.find_all(["input", "select", "textarea", "button"])]
    return list(dict.fromkeys(name for name in names if name not in ("", "csrf_token")))


def _read(place: Place, person: Person, path: str, form: Tag) -> FoundForm:
    submission = fill(form, path, {}, None)
    data = {name: value for name, value in submission.data.items() if name != "csrf_token"}
    for control in form.find_all(["input", "select", "textarea"]):
        name = str(control.get("name") or "")
        if control.get("type") in ("radio", "checkbox"):
            data.setdefault(name, str(control.get("value")))
        elif name in data and control.name != "select" and control.get("type") != "hidden":
            data[name] = _typed(place, name)
    return FoundForm(path, place, person, submission.action, _names(form), data)


def _typed(place: Place, name: str) -> str:
    found = TYPED_AT.get((place.endpoint, name), TYPED.get(name))
    assert found is not None, (
        f"the form of {place.endpoint} has a field {name!r}, which tests/web/matrix/found_forms.py does not know: "
        f"add what a person types to TYPED"
    )
    return found


def _paths(place: Place, world: World) -> list[str]:
    paths = [path_of(place, world)]
    for name in place.arguments:
        for other in argument_of(place, name).others:
            values = {known: argument_of(place, known).present(world) for known in place.arguments}
            paths.append(filled(place, {**values, name: other}))
    return paths
