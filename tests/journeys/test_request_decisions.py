"""A privacy officer extends the time of a request and refuses it in the end; its customer reads both letters."""

from datetime import UTC, datetime, timedelta

from portal.rules import deadlines
from portal.rules.clock import helsinki_date
from portal.rules.formats import format_date
from portal.rules.texts import text
from tests.journeys.conftest import NewWalker
from tests.journeys.test_requests import WHY_NOT, officer, open_request, pick, press_code, take
from tests.journeys.test_requests import log_in as log_in_to_work
from tests.journeys.test_sign_up_and_log_in import log_in
from tests.journeys.walker import Walker
from tests.support import access_requests, builders
from tests.support.fixtures import Transaction

WHY_LONGER = "Tiedot ovat kolmessa järjestelmässä yhdeksän vuoden ajalta, ja paperit haetaan arkistosta."


def test_an_extension_and_a_refusal_reach_the_customer(
    walker: Walker, new_walker: NewWalker, transaction: Transaction, script: bool, width: int
) -> None:
    asked_at = datetime.now(UTC) - timedelta(days=12)
    with transaction(now=asked_at) as context:
        owner = builders.account(
            context, email="maret@example.com", language=walker.language, first_name="Máret", last_name="Aŋŋel"
        )
        asked = access_requests.ask(context, owner.customer_id, name="Máret Aŋŋel", language=walker.language)
    received, today = helsinki_date(asked_at), helsinki_date(datetime.now(UTC))
    due_on = format_date(deadlines.due(received, today=today, extended=True), walker.language)
    log_in_to_work(walker, officer(transaction))
    open_request(walker, asked)
    take(walker, "take-up")
    press_code(walker, "request_step.take-up.button")
    extend(walker, due_on)
    customer = new_walker(walker.language, script=script, width=width)
    log_in(customer, owner.email, owner.password)
    customer.open(customer.postbox.link(owner.email, customer.language))
    customer.sees_page("Access request %(number)s", number=asked.reference)
    customer.sees(text("own_request.due", walker.language, day=due_on), WHY_LONGER)
    customer.sees(text("access_request.letter.extension", walker.language))
    customer.check("journey-own-request-extended")
    customer.turn_to("Messages")
    customer.sees(text("mail.letter_subject.extension", walker.language))
    refuse(walker)
    customer.open(customer.postbox.link(owner.email, customer.language))
    customer.sees(text("access_request.state.refused", walker.language), WHY_NOT)
    customer.sees(text("access_request.remedies.ombudsman", walker.language))
    customer.sees(text("access_request.remedies.court", walker.language))
    customer.check("journey-own-request-refused")


def extend(walker: Walker, due_on: str) -> None:
    """With a ground and reasons; the letter names both and the new last day."""
    take(walker, "extension")
    walker.sees(due_on)
    walker.press("Continue to the letter")
    walker.sees(text("request_step.grounds_required.extension", walker.language))
    pick(walker, "request_step.extension.grounds", "request_step.extension.ground.complex")
    walker.main.locator("textarea[name=text]").fill(WHY_LONGER)
    walker.press("Continue to the letter")
    walker.sees_page("Check the letter")
    walker.sees(text("letter.extension.complex", walker.language), WHY_LONGER, due_on)
    press_code(walker, "request_step.extension.button")
    walker.is_told("request_step.mailed")


def refuse(walker: Walker) -> None:
    """With a ground and reasons; the letter names them, the complaint and the court."""
    take(walker, "refusal")
    pick(walker, "request_step.refusal.grounds", "request_step.refusal.ground.excessive")
    walker.main.locator("textarea[name=text]").fill(WHY_NOT)
    walker.press("Continue to the letter")
    walker.sees_page("Check the letter")
    walker.sees(text("letter.refusal.excessive", walker.language), WHY_NOT)
    walker.sees(text("letter.remedies.complaint", walker.language), text("letter.remedies.court", walker.language))
    walker.check("journey-request-refusal")
    press_code(walker, "request_step.refusal.button")
    walker.is_told("request_step.mailed")
