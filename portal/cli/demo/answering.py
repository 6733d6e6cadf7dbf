"""Access requests of the demo's customers in every state that an employee meets, one of them near its deadline."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select

from portal.cli.demo.credentials import CUSTOMER_CARE_EMAIL, PRIVACY_EMAIL
from portal.cli.demo.openings import open_for
from portal.cli.demo.people import Person
from portal.models.access_request import AccessRequest
from portal.models.base import db
from portal.models.staff import Staff
from portal.rules.access_requests import NoteKind
from portal.rules.clock import helsinki_date
from portal.rules.context import Actor, Context
from portal.rules.opening_purposes import OpeningPurpose
from portal.rules.received_messages import Came
from portal.rules.register import Source
from portal.rules.request_answers import Answers
from portal.rules.request_steps import STEPS, Typed
from portal.services.requests import access_requests, request_checks, request_notes, request_steps
from portal.services.requests.access_requests import Entry, Signature

SIGNED = "account"
NOTHING, EVERYTHING = Typed(), Answers()


@dataclass(frozen=True)
class Taken:
    """A step of the privacy officer, so many days ago."""

    days: int
    step: str
    typed: Typed = NOTHING


@dataclass(frozen=True)
class Story:
    """One request: whose, how it came and when, in which words, and what was done about it."""

    email: str
    days: int
    channel: str = SIGNED
    words: str = ""
    answers: Answers = EVERYTHING
    steps: tuple[Taken, ...] = ()


STORIES: tuple[Story, ...] = (
    # Nearly due: taken up, two of three sources searched, the customer has written.
    Story("eero.hamalainen@example.com", 28, steps=(Taken(24, "take-up"),)),
    Story(
        "karlerik.holmstrom@example.com",
        16,
        "letter",
        "Hej,\njag vill veta vilka uppgifter ni har om mig.\n\nMed vänlig hälsning\nKarl-Erik Holmström",
        Answers(delivery="post"),
        (
            Taken(
                13,
                "identity-question",
                Typed(
                    ("unknown_sender",),
                    "call_back",
                    "Brevet kom utan avsändaradress. Vilken dag denna vecka får vi ringa dig på numret i registret?",
                ),
            ),
        ),
    ),
    Story(
        "rajesh.iyer@example.com",
        37,
        steps=(
            Taken(33, "take-up"),
            Taken(
                15,
                "extension",
                Typed(
                    ("complex",),
                    text="Part of what you ask for lies in paper files from before 2019, which have to be fetched from "
                    "the archive and gone through page by page.",
                ),
            ),
        ),
    ),
    Story("maret.guttorm@example.com", 1),
    Story(
        "paivi.ojala@example.com",
        3,
        "phone",
        "Asiakas soitti ja pyysi kopion kaikista tiedoistaan paperilla, koska hänellä ei ole tietokonetta.",
        Answers(delivery="post"),
    ),
    Story(
        "juhani.makela@example.com",
        75,
        steps=(
            Taken(74, "take-up"),
            Taken(
                60,
                "refusal",
                Typed(
                    ("excessive",),
                    text="Olet lähettänyt kahden viikon aikana kaksitoista samansisältöistä pyyntöä ja kertonut, että "
                    "tarkoitus on työllistää meitä. Sait kaikki tietosi jo ensimmäiseen pyyntöön.",
                ),
            ),
        ),
    ),
    Story("olivia.bennett@example.com", 120, steps=(Taken(118, "withdrawal", Typed(way="email")),)),
)


def add_requests(context: Context, ids: dict[Person, int], accounts: dict[Person, int]) -> None:
    """Make every request and lead it to where it is, each step at its time and by whoever took it."""
    by_email = {person.email: person for person in ids if person.email}
    privacy, care = (
        db.session.execute(select(Staff.id).where(Staff.email == email)).scalar_one()
        for email in (PRIVACY_EMAIL, CUSTOMER_CARE_EMAIL)
    )
    doings: list[tuple[int, int, Callable[[], object]]] = []
    for number, story in enumerate(STORIES):
        person = by_email[story.email]
        begun = _at(context, story.days)
        asking = replace(begun, actor=Actor("customer", accounts.get(person)), source=Source.ACCOUNT)
        entering = replace(begun, actor=Actor("staff", care))
        if story.channel != SIGNED:
            open_for(entering, ids[person], OpeningPurpose.DATA_REQUEST)
        reference = (
            access_requests.submit(asking, ids[person], story.answers, _signature(person))
            if story.channel == SIGNED
            else access_requests.enter(entering, ids[person], story.answers, _entry(begun, person, story))
        )
        for taken in story.steps:
            answering = replace(_at(context, taken.days), actor=Actor("staff", privacy))
            doings.append((taken.days, -number, _step(answering, ids[person], reference, taken)))
        if number == 0:
            _begin_to_search(replace(_at(context, 20), actor=Actor("staff", privacy)), ids[person], reference)
    for _days, _number, doing in sorted(doings, key=lambda item: item[:2], reverse=True):
        doing()


def _at(context: Context, days: int) -> Context:
    return replace(context, now=context.now - timedelta(days=days))


def _signature(person: Person) -> Signature:
    return Signature(f"{person.first_name} {person.last_name}", person.language, uuid.uuid4().hex)


def _entry(begun: Context, person: Person, story: Story) -> Entry:
    return Entry(story.channel, helsinki_date(begun.now), story.words, person.language)


def _step(context: Context, customer_id: int, reference: str, taken: Taken) -> Callable[[], object]:
    def take() -> None:
        open_for(context, customer_id, OpeningPurpose.DATA_REQUEST)
        version = select(AccessRequest.version).where(AccessRequest.reference == reference)
        now = db.session.execute(version).scalar_one()
        step = STEPS[taken.step]
        with request_steps.ready(context, reference, step, taken.typed, version=now) as prepared:
            request_steps.take(context, reference, step, taken.typed, prepared, version=now)

    return take


def _begin_to_search(context: Context, customer_id: int, reference: str) -> None:
    """What has been done already about the request that is nearly due."""
    open_for(context, customer_id, OpeningPurpose.DATA_REQUEST)
    found = {
        "mailbox": ("found", "Kaksi viestiä maaliskuulta 2024, koskevat takuuta. Liitetään vastaukseen."),
        "paper": ("nothing", ""),
    }
    request_checks.attest(context, reference, found)
    said = "Kiitos, en tarvitse kopioita laskuista, minulla on ne jo."
    came = Came(Source.PHONE, helsinki_date(context.now))
    request_notes.add(context, reference, NoteKind.FROM_CUSTOMER, said, [], uuid.uuid4().hex, came)
