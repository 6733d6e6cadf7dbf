"""Access requests at work: a privacy officer answers one, customer care writes one down, and two decide at once."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from portal.rules.access_requests import State
from portal.rules.clock import helsinki_date
from portal.rules.register_labels import left_out_label
from portal.rules.staff_roles import Role
from portal.rules.texts import text
from tests.journeys.conftest import NewWalker
from tests.journeys.test_staff import enter_first_factor
from tests.journeys.walker import Walker
from tests.support import access_requests, builders
from tests.support.access_requests import MadeRequest
from tests.support.builders import MadeStaff
from tests.support.fixtures import Transaction

WHY_NOT = (
    "Olet lähettänyt viiden viikon aikana yksitoista pyyntöä samoista tiedoista ja kertonut, että tarkoitus on "
    "työllistää meitä. Sait tiedot jo ensimmäiseen pyyntöön."
)
NOTES = "requests.access_request_note"
QUESTION = "Mihin aiempaan numeroosi voimme soittaa?"


@pytest.fixture
def asked(transaction: Transaction, language: str) -> MadeRequest:
    """A request of a week ago, in the walker's language."""
    with transaction(now=datetime.now(UTC) - timedelta(days=8)) as context:
        owner = builders.account(context, first_name="Máret", last_name="Aŋŋel", email="maret@example.com")
        return access_requests.ask(context, owner.customer_id, name="Máret Aŋŋel", language=language)


def officer(transaction: Transaction, role: str = Role.PRIVACY, name: str = "Hanna Lehtola") -> MadeStaff:
    with transaction() as context:
        return builders.staff(context, role, name=name)


def log_in(walker: Walker, member: MadeStaff) -> None:
    walker.open("/admin/login")
    enter_first_factor(walker, member, member.password)
    walker.fill("Code", member.code(datetime.now(UTC)))
    walker.press("Log in")
    walker.sees_page("Start")


def open_request(walker: Walker, request: MadeRequest) -> None:
    """From the queue, which names nobody, to the request."""
    walker.turn_to("Access requests")
    walker.sees_page("Access requests")
    walker.sees_not("Aŋŋel")
    walker.fill("Open a request by its number", "9999")
    walker.press("Search")
    walker.refused("Open a request by its number")
    walker.main.get_by_role("link", name=request.reference, exact=True).click()
    walker.sees_page("Open request %(reference)s", reference=request.reference)
    walker.sees_not("Aŋŋel")
    walker.press("Open the request")
    walker.sees_page("Access request %(reference)s", reference=request.reference)
    walker.sees("Máret Aŋŋel")


def take(walker: Walker, step: str) -> None:
    walker.main.get_by_role("link", name=text(f"request_step.{step}", walker.language), exact=True).click()
    expect(walker.page.locator("h1")).to_have_text(text(f"request_step.{step}", walker.language))


def press_code(walker: Walker, code: str) -> None:
    walker.main.get_by_role("button", name=text(code, walker.language), exact=True).click()


def pick(walker: Walker, group: str, code: str) -> None:
    """Choose an option of a group by the codes of their words."""
    named = walker.main.get_by_role("group", name=text(group, walker.language))
    named.get_by_label(text(code, walker.language), exact=True).check()


def search_sources(walker: Walker) -> None:
    walker.follow("Write down what you found")
    walker.sees_page("Sources outside the system")
    for source in ("mailbox", "till"):
        pick(walker, f"request_check.source.{source}", "request_check.nothing")
    pick(walker, "request_check.source.paper", "request_check.found")
    walker.press("Save")
    walker.sees(text("request_check.note_required", walker.language))
    walker.main.locator("textarea[name=paper_note]").fill("Yksi takuukortti vuodelta 2023")
    walker.press("Save")
    walker.is_told("request_check.stored")
    walker.sees("Yksi takuukortti vuodelta 2023")


def ask_who(walker: Walker) -> None:
    """A question about identity: refused empty, looked at, changed, sent; then answered."""
    take(walker, "identity-question")
    walker.press("Continue to the letter")
    walker.sees(text("request_step.grounds_required.identity-question", walker.language))
    walker.check("journey-request-step-refused")
    pick(walker, "request_step.identity-question.grounds", "request_step.identity-question.ground.unknown_sender")
    pick(walker, "request_step.identity-question.way", "request_step.identity-question.way.call_back")
    walker.main.locator("textarea[name=text]").fill(QUESTION)
    walker.press("Continue to the letter")
    walker.sees_page("Check the letter")
    walker.sees(QUESTION, text("letter.identity.check.call_back", walker.language))
    walker.check("journey-request-letter")
    walker.press("Change the text")
    expect(walker.main.locator("textarea[name=text]")).to_have_value(QUESTION)
    walker.press("Continue to the letter")
    press_code(walker, "request_step.identity-question.button")
    walker.is_told("request_step.mailed")
    walker.sees(walker.words("Waits for the customer: the deadline is paused"))
    take(walker, "identity-confirmed")
    pick(walker, "request_step.identity-confirmed.way", "request_step.identity-confirmed.way.call_back")
    press_code(walker, "request_step.identity-confirmed.button")
    walker.is_told("request_step.taken")


def test_an_officer_answers_a_request(walker: Walker, asked: MadeRequest, transaction: Transaction) -> None:
    member = officer(transaction)
    log_in(walker, member)
    open_request(walker, asked)
    take(walker, "take-up")
    press_code(walker, "request_step.take-up.button")
    walker.is_told("request_step.taken")
    ask_who(walker)
    search_sources(walker)
    with transaction() as context:
        access_requests.make_copy(context, asked)
    walker.page.reload()
    take(walker, "answer")
    walker.press("Continue to the letter")
    walker.sees_page("Check the letter")
    walker.sees(text("letter.remedies.court", walker.language))
    press_code(walker, "request_step.answer.button")
    walker.is_told("request_step.mailed")
    walker.sees(f"K-{helsinki_date(datetime.now(UTC)).year}-0002")
    walker.check("journey-request-answered")


def test_an_officer_leaves_something_out(walker: Walker, asked: MadeRequest, transaction: Transaction) -> None:
    member = officer(transaction)
    log_in(walker, member)
    open_request(walker, asked)
    take(walker, "take-up")
    press_code(walker, "request_step.take-up.button")
    walker.follow("Make a copy")
    walker.main.locator(f"input[value='{NOTES}']").check()
    walker.press("Make a copy")
    walker.sees(text("request_copy.reason_required", walker.language))
    walker.check("journey-request-copy-in-part")
    walker.main.locator("input[value=other_persons]").check()
    walker.press("Have a copy made")
    walker.is_told("request_copy.asked")
    with transaction() as context:
        access_requests.attest(context, asked, member.id)
        access_requests.make_copy(context, asked, left_out={NOTES: "other_persons"})
    walker.page.reload()
    take(walker, "partial-answer")
    walker.sees(left_out_label(NOTES, walker.language, staff=True))
    pick(walker, "request_step.partial-answer.grounds", "request_step.partial-answer.ground.others")
    walker.main.locator("textarea[name=text]").fill("Muistiinpanoissa on kahden muun asiakkaan nimet.")
    walker.press("Continue to the letter")
    walker.sees_page("Check the letter")
    walker.sees(left_out_label(NOTES, walker.language))
    press_code(walker, "request_step.partial-answer.button")
    walker.is_told("request_step.mailed")


def test_customer_care_writes_a_call_down(walker: Walker, transaction: Transaction) -> None:
    with transaction() as context:
        builders.customer(context, first_name="Reino", last_name="Öhman", email=None)
    log_in(walker, officer(transaction, Role.CUSTOMER_CARE, "Joonas Peltola"))
    walker.fill("Find a customer", "öhman")
    walker.press("Search")
    walker.main.get_by_role("link", name="Reino Öhman").click()
    walker.choose(text("opening_purpose.customer_contact", walker.language))
    walker.press("Open the customer")
    walker.follow("Write down a request")
    walker.sees_page("Write down an access request")
    walker.press("Store the request")
    walker.sees(text("access_request.channel_required", walker.language))
    walker.check("journey-request-entry-refused")
    walker.choose(text("access_request.channel.phone", walker.language))
    walker.main.locator("input[name=received_on]").fill(helsinki_date(datetime.now(UTC)).isoformat())
    walker.fill("What the customer asked", "Haluan kaikki tietoni paperilla.")
    walker.choose(text("request_entry.delivery.post", walker.language))
    walker.press("Store the request")
    walker.sees(walker.words("Tell the customer"))
    reference = str(walker.page.locator("h1").inner_text()).split()[-1]
    assert reference.startswith("TP-")
    walker.check("journey-request-entered")
    # Answering is for others.
    walker.open(f"/admin/requests/{reference}")
    assert walker.status == 403


@pytest.mark.browser
@pytest.mark.parametrize("language", ["fi"])
def test_of_two_officers_one_decides_and_the_other_loses_nothing(
    language: str, asked: MadeRequest, new_walker: NewWalker, transaction: Transaction
) -> None:
    first, second = new_walker(language), new_walker("sv", width=390)
    hanna, onni = officer(transaction), officer(transaction, name="Onni Aalto")
    with transaction() as context:
        access_requests.lead_to(context, asked, hanna.id, State.IN_PROGRESS)
    for walker, member in ((first, hanna), (second, onni)):
        log_in(walker, member)
        walker.open(f"/admin/requests/{asked.reference}/steps/refusal")
        walker.press("Open the request")
        pick(walker, "request_step.refusal.grounds", "request_step.refusal.ground.excessive")
        walker.main.locator("textarea[name=text]").fill(WHY_NOT)
        walker.press("Continue to the letter")
        walker.sees_page("Check the letter")
    press_code(first, "request_step.refusal.button")
    first.is_told("request_step.mailed")
    press_code(second, "request_step.refusal.button")
    second.sees(second.words("The request has moved on"), "Hanna Lehtola", WHY_NOT)
    assert second.status == 409
    second.check("journey-request-moved-on")
