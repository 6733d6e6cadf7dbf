"""Asking for one's data in writing: from the privacy page through the questions to the signature, and after it."""

import pytest

from portal.rules.access_requests import State
from portal.rules.texts import text
from tests.journeys.conftest import NewWalker
from tests.journeys.test_keyboard import stops, tab_to
from tests.journeys.test_sign_up_and_log_in import log_in
from tests.journeys.walker import Walker
from tests.support import access_requests, builders
from tests.support.builders import MadeAccount
from tests.support.fixtures import Transaction

NAME = "Máret Guttorm-Aŋŋel"
ALL = "/privacy/access-requests"


@pytest.fixture
def owner(walker: Walker, transaction: Transaction) -> MadeAccount:
    """A customer whose name has letters of the Sámi languages."""
    with transaction() as context:
        return builders.account(
            context,
            email="maret@example.com",
            language=walker.language,
            first_name="Máret",
            last_name="Guttorm-Aŋŋel",
        )


def answer_questions(walker: Walker) -> None:
    """From the privacy page to the page that shows every answer; each question refuses an empty answer first."""
    walker.turn_to("Privacy")
    walker.follow("Go to access requests")
    walker.sees_page("Access requests")
    walker.check("journey-access-requests")
    walker.follow("Start a request")
    walker.sees_page("How much of your data are you asking for?")
    walker.press("Continue")
    walker.refused_group(text("access_request.scope_required", walker.language))
    walker.check("journey-request-scope")
    walker.choose(text("access_request.scope.chosen", walker.language))
    walker.press("Continue")
    walker.sees_page("Which data do you ask for?")
    walker.choose(text("category.purchase", walker.language))
    walker.choose(text("category.contact", walker.language))
    walker.press("Continue")
    walker.sees_page("Is there something we should know?")
    walker.fill("Your wishes about the request", "Čáhci ja ŧearbma 2025.")
    walker.press("Continue")
    walker.sees_page("How can we reach you about the request?")
    walker.choose(text("access_request.contact_by.other", walker.language))
    walker.press("Continue")
    walker.refused("The other way, if you chose it")
    walker.check("journey-request-contact")
    walker.fill("The other way, if you chose it", "050 765 4321")
    walker.press("Continue")
    walker.sees_page("How do you want the copy of your data?")
    walker.choose(text("access_request.delivery.pick_up", walker.language))
    walker.press("Continue")
    walker.sees_page("Check your answers")


def sign(walker: Walker, password: str) -> None:
    """Name and password; neither may be left out or wrong."""
    walker.sees_page("Sign your request")
    walker.sees("Čáhci ja ŧearbma 2025.")
    walker.press("Sign and send")
    walker.refused("Your name", "Password")
    walker.fill("Your name", NAME)
    walker.fill("Password", "väärä salasana")
    walker.press("Sign and send")
    walker.refused("Password")
    walker.check("journey-request-sign")
    assert walker.field("Your name").input_value() == NAME
    walker.fill("Password", password)
    walker.press("Sign and send")
    walker.sees_page("We have received your request")


def test_from_the_privacy_page_to_a_withdrawn_request(walker: Walker, owner: MadeAccount) -> None:
    log_in(walker, owner.email, owner.password)
    answer_questions(walker)
    walker.check("journey-request-check")
    walker.follow_change(text("access_request.answer.delivery", walker.language))
    walker.sees_page("How do you want the copy of your data?")
    walker.choose(text("access_request.delivery.portal", walker.language))
    walker.press("Continue")
    walker.sees_page("Check your answers")
    walker.follow("Continue to the signature")
    sign(walker, owner.password)
    walker.check("journey-request-received")
    number = walker.path.split("/")[3]
    walker.sees(number)
    assert number in walker.postbox.latest(owner.email).body
    walker.open(walker.postbox.link(owner.email, walker.language))
    walker.sees_page("Access request %(number)s", number=number)
    walker.sees(text("access_request.state.received", walker.language), NAME)
    walker.check("journey-request-detail")
    walker.follow("Write to us")
    walker.sees_page("Write to us about your request")
    walker.press("Send")
    walker.refused("Message")
    walker.fill("Message", "Vastaan puhelimeen iltaisin.")
    walker.press("Send")
    walker.is_told("access_request.message_sent")
    walker.sees("Vastaan puhelimeen iltaisin.")
    walker.turn_to("Privacy")
    walker.sees(walker.words("Your access request %(number)s", number=number))
    walker.check("journey-privacy-with-request")
    walker.open(f"{ALL}/{number}/withdraw")
    walker.sees_page("Withdraw the request?")
    walker.check("journey-request-withdraw")
    walker.press("Withdraw the request")
    walker.is_told("access_request.withdrawn")
    walker.sees(text("access_request.state.withdrawn", walker.language))
    walker.check("journey-request-withdrawn")


def test_the_question_about_identity_is_answered(walker: Walker, owner: MadeAccount, transaction: Transaction) -> None:
    with transaction() as context:
        employee = builders.staff(context, "privacy").id
        made = access_requests.ask(context, owner.customer_id, language=walker.language)
        access_requests.lead_to(context, made, employee, State.IDENTITY_CHECK, reason="Onko 050 123 yhä numerosi?")
    log_in(walker, owner.email, owner.password)
    walker.follow("Answer our question about your identity")
    walker.sees_page("Access request %(number)s", number=made.reference)
    walker.sees("Onko 050 123 yhä numerosi?", text("own_request.stands", walker.language))
    walker.check("journey-request-identity")
    walker.follow("Answer our question")
    walker.sees_page("Answer our question")
    walker.sees("Onko 050 123 yhä numerosi?")
    walker.check("journey-request-answer")
    walker.fill("Message", "On, soittakaa siihen.")
    walker.press("Send")
    walker.is_told("access_request.message_sent")


STATES = {
    "answered": (State.IN_PROGRESS, State.ANSWERED),
    "partly": (State.IN_PROGRESS, State.PARTLY_ANSWERED),
    "refused": (State.IN_PROGRESS, State.REFUSED),
    "extended": (State.IN_PROGRESS, State.EXTENDED),
}


@pytest.mark.browser
@pytest.mark.parametrize("name", STATES)
def test_every_state_of_a_request_can_be_read(name: str, new_walker: NewWalker, transaction: Transaction) -> None:
    walker = new_walker("sv")
    with transaction() as context:
        owner = builders.account(context, language="sv")
        made = access_requests.ask(context, owner.customer_id, language="sv")
        employee = builders.staff(context, "privacy").id
        access_requests.lead_to(
            context, made, employee, *STATES[name], reason="Det finns ovanligt många beställningar."
        )
    log_in(walker, owner.email, owner.password)
    for language in ("sv", "fi", "en"):
        if language != walker.language:
            walker.switch_language(language)
        walker.open(f"{ALL}/{made.reference}")
        walker.sees(text(STATES[name][-1].text_code, language))
        walker.check(f"journey-request-{name}-{language}")


@pytest.mark.browser
def test_a_request_by_keyboard(new_walker: NewWalker, transaction: Transaction) -> None:
    with transaction() as context:
        owner = builders.account(context)
        access_requests.draft(context, owner.customer_id)
        made = access_requests.ask(context, owner.customer_id)
    walker = new_walker()
    page = walker.page
    log_in(walker, owner.email, owner.password)
    problems = []
    for path in (ALL, f"{ALL}/new", f"{ALL}/new/categories", f"{ALL}/new/contact", f"{ALL}/{made.reference}"):
        walker.open(path)
        problems += stops(page)[1]
    assert not problems, "\n  ".join(["", *problems])
    walker.open(f"{ALL}/new/delivery")
    tab_to(page, "#delivery-0")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    walker.sees_page("Check your answers")
    tab_to(page, f'main a[href="{ALL}/new/sign"]')
    page.keyboard.press("Enter")
    tab_to(page, "#signed_name")
    page.keyboard.type(NAME)
    tab_to(page, "#password")
    page.keyboard.type(owner.password)
    page.keyboard.press("Enter")
    walker.sees_page("We have received your request")
