"""How many requests were answered in time, by Helsinki's days and years."""

from datetime import UTC, date, datetime

from portal.rules.access_requests import State
from portal.services.requests import request_statistics
from tests.support import access_requests, builders
from tests.support.fixtures import Transaction


def decide(transaction: Transaction, received: date, closed: datetime, *states: State) -> None:
    """A request of a day, decided at a moment."""
    with transaction(now=datetime(received.year, received.month, received.day, 9, tzinfo=UTC)) as context:
        asked = access_requests.ask(context, builders.account(context).customer_id)
        worker = builders.staff(context, "privacy").id
        access_requests.lead_to(context, asked, worker, *states[:-1])
    with transaction(now=closed) as context:
        access_requests.lead_to(context, asked, worker, states[-1])


def test_the_figures_of_two_years(transaction: Transaction, reading: Transaction) -> None:
    on_time = datetime(2026, 7, 8, 20, 59, tzinfo=UTC)
    late = datetime(2026, 7, 8, 21, 1, tzinfo=UTC)
    decide(transaction, date(2026, 6, 8), on_time, State.IN_PROGRESS, State.ANSWERED)
    decide(transaction, date(2026, 6, 8), late, State.IN_PROGRESS, State.PARTLY_ANSWERED)
    decide(transaction, date(2026, 6, 8), on_time, State.IN_PROGRESS, State.REFUSED)
    decide(transaction, date(2026, 6, 8), on_time, State.WITHDRAWN)
    extended = (State.IN_PROGRESS, State.EXTENDED, State.ANSWERED)
    decide(transaction, date(2026, 6, 8), datetime(2026, 8, 3, 9, tzinfo=UTC), *extended)
    # Helsinki's new year comes two hours before the one of UTC.
    decide(
        transaction, date(2025, 12, 8), datetime(2025, 12, 31, 22, 30, tzinfo=UTC), State.IN_PROGRESS, State.ANSWERED
    )
    decide(
        transaction, date(2025, 12, 8), datetime(2025, 12, 31, 21, 30, tzinfo=UTC), State.IN_PROGRESS, State.ANSWERED
    )
    with reading(now=datetime(2026, 11, 26, tzinfo=UTC)) as context:
        this, last = request_statistics.years(context)
    assert (this.year, this.received, this.answered, this.refused, this.withdrawn) == (2026, 5, 4, 1, 1)
    assert (this.in_time, this.late, this.extended) == (4, 1, 1)
    assert this.days is not None and round(this.days, 1) == round((30 + 31 + 30 + 56 + 24) / 5, 1)
    assert (last.year, last.received, last.answered, last.late, last.days) == (2025, 2, 1, 0, 23)


def test_a_request_counts_in_the_year_of_its_receipt(transaction: Transaction, reading: Transaction) -> None:
    now = datetime(2026, 1, 4, 9, tzinfo=UTC)
    with transaction(now=now) as context:
        customer_id = builders.customer(context)
        for day in (date(2025, 12, 31), date(2025, 12, 30), date(2026, 1, 1)):
            access_requests.enter(context, customer_id, received_on=day)
    with reading(now=now) as context:
        assert [(year.year, year.received) for year in request_statistics.years(context)] == [(2026, 1), (2025, 2)]


def test_an_empty_register_has_no_average(reading: Transaction) -> None:
    with reading() as context:
        assert [(year.received, year.in_time, year.days) for year in request_statistics.years(context)] == [
            (0, 0, None)
        ] * 2


def test_a_refusal_after_an_unanswered_question_is_in_time(transaction: Transaction, reading: Transaction) -> None:
    """The clock stood still from the question on, so that the day on which nobody had answered is within the time."""
    asked_on, refused = date(2026, 6, 8), datetime(2026, 9, 1, 9, tzinfo=UTC)
    decide(transaction, asked_on, refused, State.IDENTITY_CHECK, State.REFUSED)
    with reading(now=datetime(2026, 11, 26, tzinfo=UTC)) as context:
        this = request_statistics.years(context)[0]
    assert (this.refused, this.late, this.in_time) == (1, 0, 1)


def test_a_refusal_has_the_first_month_whatever_was_extended(transaction: Transaction, reading: Transaction) -> None:
    """An extension is time for an answer, and a refusal is due within one month of receipt (GDPR 12(3), 12(4)).

    The pause of a question about identity, asked and answered within the minute, adds no day."""
    refused = (State.IDENTITY_CHECK, State.IN_PROGRESS, State.EXTENDED, State.REFUSED)
    decide(transaction, date(2026, 6, 8), datetime(2026, 7, 8, 20, 59, tzinfo=UTC), *refused)
    decide(transaction, date(2026, 6, 8), datetime(2026, 7, 8, 21, 1, tzinfo=UTC), *refused)
    with reading(now=datetime(2026, 11, 26, tzinfo=UTC)) as context:
        this = request_statistics.years(context)[0]
    assert (this.refused, this.extended, this.late, this.in_time) == (2, 2, 1, 1)
