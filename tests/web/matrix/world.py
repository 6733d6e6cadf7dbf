"""A small world behind the matrices: everybody of `people`, logged in through the services, and what they own."""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask

from portal.models.account import Account
from portal.models.base import db
from portal.models.customer import Customer
from portal.rules.access_requests import State
from portal.rules.consents import KINDS, Action
from portal.rules.context import Actor, Context, Visitor
from portal.rules.opening_purposes import OpeningPurpose
from portal.rules.register import Source
from portal.rules.staff_roles import may
from portal.services.accounts import customer_factor, passkeys, sessions
from portal.services.choices import consent_events
from portal.services.choices.consent_events import Said
from portal.services.register import customer_openings
from portal.services.requests import access_request_papers
from tests.support import access_requests, builders, copies
from tests.support.access_requests import MadeRequest
from tests.support.announcements import announcement as write_announcement
from tests.support.builders import MadeAccount, MadeOrder, MadeStaff
from tests.support.client import REDIRECTS, InvariantClient, PageResponse
from tests.support.fixtures import Transaction
from tests.support.header_rules import header_problems
from tests.support.order_uploads import STATES, add_upload
from tests.web.matrix import links, requests
from tests.web.matrix.people import CUSTOMER, HALF_WAY, PEOPLE, ROLES, STALE, Person

VISITOR = Visitor("192.0.2.7", "192.0.2.0/24", "Firefox Linux")
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
NOTHING = MadeOrder(0, "")
# The customer's copies, one in each state, and one of somebody else.
COPIES = {state: UUID(int=number) for number, state in enumerate(("ready", "waiting", "failed", "expired"), 101)}
FOREIGN_COPY = UUID(int=201)
SENT_ANNOUNCEMENT = UUID(int=301)
NO_REQUEST = MadeRequest(0, "", 0)


class QuickClient(InvariantClient):
    """Checks the headers of every answer; the HTML of each page is checked once, by the test that is about it."""

    def check(self, response: PageResponse) -> None:
        # Reads a streamed file to its end, so that it is closed.
        response.get_data()
        response.close()
        problems = header_problems(response.request.path, response)
        assert not problems, f"{response.request.method} {response.path} ({response.status}): {problems}"

    def csrf_token(self, target: str = "/") -> str:
        """A token that is valid in this browser where it is sent to: forms of the employees' area have keys of their
        own, so that such a token comes from its pages, as far in as the browser gets."""
        inner = (target, "/admin/", "/admin/second-factor") if target.startswith("/admin") else ()
        for path in (*inner, "/accessibility"):
            if found := TOKEN.search(self.get(path).get_data().decode("utf-8", "replace")):
                return found.group(1)
        raise AssertionError("no page with a form")

    def send(self, method: str, path: str, data: dict[str, Any] | None = None, **options: Any) -> PageResponse:
        """One request of any method, the token included when it is unsafe."""
        if data is not None:
            options["data"] = data
        return self.open(path, method=method, **options)


@dataclass
class World:
    """Everybody, each with the random id of a session."""

    app: Flask
    base_url: str
    transaction: Transaction
    tokens: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, MadeAccount] = field(default_factory=dict)
    employees: dict[str, MadeStaff] = field(default_factory=dict)
    own_order: MadeOrder = NOTHING
    foreign_order: MadeOrder = NOTHING
    # Numbers of decided requests with their copies.
    own_answer: str = ""
    foreign_answer: str = ""
    own_request: MadeRequest = NO_REQUEST
    foreign_request: MadeRequest = NO_REQUEST
    # Numbers of the letters about them.
    own_letter: str = ""
    foreign_letter: str = ""
    customer_uuid: str = ""
    # The customer's request, with a letter, a copy and an attached file.
    request: MadeRequest = NO_REQUEST
    request_letter: str = ""
    request_file: int = 0
    foreign_file: int = 0
    # Messages: one of the customer's own, somebody else's, and one that could not be sent.
    messages: dict[str, str] = field(default_factory=dict)
    # A consent by phone of the customer that no mail confirmed.
    unmailed_consent: int = 0
    # Page views of the customer and of somebody else, and the days on which they were.
    own_view: int = 900_001
    foreign_view: int = 900_007
    own_day: str = "2025-11-04"
    foreign_day: str = "2025-11-05"
    # Newsletters, by state.
    announcements: dict[str, str] = field(default_factory=dict)
    # Uploaded order files, by state.
    uploads: dict[str, str] = field(default_factory=dict)
    # Tokens of mailed links, by purpose.
    links: dict[str, str] = field(default_factory=dict)

    def client(self, person: Person) -> QuickClient:
        """A browser that holds the person's session cookie."""
        client = QuickClient(self.app, self.base_url)
        if person.area:
            client.set_cookie(f"portal_{person.area}", self.tokens[person.name], domain="localhost")
        return client

    def log_in_again(self, person: Person) -> None:
        """A new session, after a request that may have ended the one before."""
        if person.area:
            with self.transaction() as context:
                self.tokens[person.name] = self._session(context, person)

    def _session(self, context: Context, person: Person) -> str:
        began = replace(context, now=context.now - timedelta(minutes=0 if person.fresh else 11))
        if person.area == "customer":
            return sessions.start_customer(began, self.accounts[person.name].id, VISITOR)
        staff_id = self.employees[person.name].id
        return sessions.start_staff(began, staff_id, VISITOR, second_factor=person.second_factor)

    def add(self, context: Context, person: Person) -> None:
        """A row for the person, and a session."""
        moment = context.now - timedelta(minutes=1)
        if person.area == "customer":
            details: dict[str, Any] = {"email": _address(person), "first_name": "Aino", "last_name": "Virtanen"}
            # The one who has not typed the password for a while is the same customer in another browser.
            known = self.accounts.get(CUSTOMER.name) if person is STALE else None
            self.accounts[person.name] = known or builders.account(context, **details)
        elif person.area == "staff":
            ended: dict[str, dict[str, Any]] = {
                "disabled": {"disabled_at": moment},
                "employment": {"employment_ends_on": date(2020, 1, 31)},
            }
            self.employees[person.name] = builders.staff(
                context, str(person.role), email=_address(person), **ended.get(person.ended, {})
            )
        self.tokens[person.name] = self._session(context, person) if person.area else ""

    def answer_questions(self) -> None:
        """Let the customer have answered every question of an access request that is not signed yet."""
        with self.transaction() as context:
            access_requests.draft(context, self.accounts[CUSTOMER.name].customer_id)

    def ask_for_data(self, context: Context, customer_id: int) -> tuple[MadeRequest, str]:
        """A request about which a question of identity is open, and the number of its letter."""
        made = access_requests.ask(context, customer_id)
        access_requests.lead_to(context, made, self.employees[ROLES[0].name].id, State.IDENTITY_CHECK)
        (letter,) = access_request_papers.letters(context, made.id)
        return made, letter.number

    def open_customer(self, context: Context, person: Person) -> None:
        """Let an employee who may open customers open the world's first one, for a purpose."""
        if may(person.role, "customers.open"):
            employee = replace(context, actor=Actor("staff", self.employees[person.name].id))
            customer_openings.open_customer(employee, UUID(self.customer_uuid), next(iter(OpeningPurpose)))
        if may(person.role, "requests.answer"):
            customer_openings.open_customer(employee, UUID(self.customer_uuid), OpeningPurpose.DATA_REQUEST)


def build(app: Flask, base_url: str, transaction: Transaction) -> World:
    """The world, in a database that holds nothing else. Equal each time but for what is random or a moment."""
    world = World(app, base_url, transaction)
    with transaction(now=datetime.now(UTC)) as context:
        for person in PEOPLE:
            world.add(context, person)
        own = world.accounts[CUSTOMER.name].customer_id
        somebody = builders.account(context, email="muu@example.com", first_name="Eero", last_name="Lahti")
        placed = context.now - timedelta(days=3)
        for number in range(1, 4):
            builders.order(context, own, external_id=f"100{number}", placed_at=placed)
        world.own_order = builders.order(context, own, external_id="1004", shipping=590, placed_at=placed)
        world.foreign_order = builders.order(context, somebody.customer_id, external_id="2004", placed_at=placed)
        world.own_request, world.own_letter = world.ask_for_data(context, own)
        world.foreign_request, world.foreign_letter = world.ask_for_data(context, somebody.customer_id)
        access_requests.draft(context, own)
        for name, owner, status in (
            ("own", own, "sent"),
            ("foreign", somebody.customer_id, "sent"),
            ("failed", own, "failed"),
        ):
            world.messages[name] = str(builders.message(context, owner, status=status, last_error="connection"))
        world.links = links.make(context, somebody, builders.account(context, email="kolmas@example.com"))
        _add_page_views(context, world, own, somebody.customer_id)
        world.customer_uuid = str(db.session.get_one(Customer, own).uuid)
        world.own_answer = _add_copies(context, world, own, COPIES)
        world.foreign_answer = _add_copies(context, world, somebody.customer_id, {"ready": FOREIGN_COPY})
        for person in ROLES:
            world.open_customer(context, person)
        requests.add(context, world)
        by_phone = replace(context, source=Source.PHONE)
        said = Said("fi", "Luettu teksti", 1)
        world.unmailed_consent = consent_events.append(by_phone, own, KINDS["marketing_sms"], Action.GIVEN, said)
        importer = next(world.employees[person.name].id for person in ROLES if may(person.role, "orders.import"))
        world.uploads = {state: add_upload(context, importer, state) for state in STATES}
        writer = next(world.employees[person.name].id for person in ROLES if may(person.role, "announcements.send"))
        world.announcements = {
            "draft": str(write_announcement(context, writer, uuid=UUID(int=300))),
            "sent": str(write_announcement(context, writer, uuid=SENT_ANNOUNCEMENT, state="sent")),
        }
        # A second factor that is on, and another one that is being set up.
        builders.second_factor(context, world.accounts[CUSTOMER.name].id)
        builders.user_name(context, world.accounts[CUSTOMER.name].id, "aino.v")
        customer_factor.begin(context, world.accounts[CUSTOMER.name].id)
        builders.passkey(context, passkeys.of_account(world.accounts[CUSTOMER.name].id))
        for person in (*ROLES, HALF_WAY):
            builders.passkey(context, passkeys.of_staff(world.employees[person.name].id))
        # Customer service was asked to remove the factor: the owner's page has a button that stops it.
        db.session.get_one(Account, world.accounts[CUSTOMER.name].id).factor_removal_at = context.now
        disabled = world.accounts["disabled customer"]
        db.session.get_one(Account, disabled.id).disabled_at = context.now
    return world


def _add_page_views(context: Context, world: World, own: int, somebody: int) -> None:
    """Several of one day: a form that deletes one leaves others."""
    for number in range(3):
        builders.page_view(context, own, viewed_at=_noon(world.own_day), id=world.own_view + number)
    builders.page_view(context, somebody, viewed_at=_noon(world.foreign_day), id=world.foreign_view)


def _noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00+00:00")


def leads_to(response: PageResponse) -> str:
    """The path a redirect points to; empty for every other answer."""
    location = response.location or ""
    return location.partition("?")[0] if response.status_code in REDIRECTS else ""


def _add_copies(context: Context, world: World, customer_id: int, states: dict[str, UUID]) -> str:
    """Copies by self-service, and a decided request with its copy, whose number is returned."""
    for state, name in states.items():
        copies.keep(context, customer_id, state, uuid=name)
    made = access_requests.ask(context, customer_id)
    decided = (State.IN_PROGRESS, State.ANSWERED)
    access_requests.lead_to(context, made, world.employees[ROLES[0].name].id, *decided)
    return made.reference


def _address(person: Person) -> str:
    return re.sub(r"\W+", "-", person.name) + "@example.com"
