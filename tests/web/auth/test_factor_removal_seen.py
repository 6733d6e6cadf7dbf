"""An owner who is logged in sees that a removal of the factor waits, and stops it (SECURITY 16, 24, 64)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from time_machine import TimeMachineFixture

from portal.models.account import Account
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.message import Message
from portal.rules.factor_removals import WAIT
from portal.services.accounts import factor_removal
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mailbox
from tests.web.auth.factors import HALF_MINUTE, actions, ask, digits

PAGES = ("/account", "/account/security", "/account/second-factor")
WARNING = "Tilisi kaksivaiheinen tunnistus poistetaan"
STOP = "form[action='/account/second-factor/keep']"


@pytest.fixture
def waiting(inside: InvariantClient, owner: MadeAccount, transaction: Transaction) -> InvariantClient:
    """The owner's browser, logged in before customer service was asked."""
    with transaction() as context:
        factor_removal.begin(context, owner.customer_id, "lost", "call_back", 0)
    return inside


@pytest.fixture
def carry_out(transaction: Transaction) -> Callable[[], int]:
    def done() -> int:
        with transaction() as context:
            return factor_removal.carry_out(context)

    return done


def removal_waits(reading: Transaction) -> bool:
    with reading():
        return db.session.execute(select(Account.factor_removal_at)).scalar_one() is not None


@pytest.mark.security(16)
def test_the_owner_sees_it_inside_and_stops_it_with_a_button(
    waiting: InvariantClient, reading: Transaction, mailbox: Mailbox, clock: TimeMachineFixture
) -> None:
    for page in PAGES:
        assert WARNING in waiting.get(page).page_text
    assert "/account/security" in [str(link["href"]) for link in waiting.get("/account").select("main .notice a")]
    # What the mail promises holds for a session that is open: its link leads to the button, without a new proof.
    clock.shift(timedelta(minutes=11))
    link = mailbox.latest("factor_removal_asked").link
    told = waiting.follow(waiting.submit(link, STOP))
    assert "Poistaminen pysäytettiin" in told.page_text and WARNING not in told.page_text
    assert not removal_waits(reading)
    assert actions(reading)[-1] == "account.factor_removal_stopped"
    assert mailbox.kinds()[-1] == "factor_removal_stopped"


@pytest.mark.security(16)
def test_pressed_once_more_it_says_and_writes_nothing(waiting: InvariantClient, reading: Transaction) -> None:
    form = waiting.get("/account/security")
    waiting.submit_form(form, STOP)
    waiting.get("/account/security")
    again = waiting.follow(waiting.submit_form(form, STOP))
    assert again.texts(".flashes p") == []
    assert actions(reading).count("account.factor_removal_stopped") == 1


@pytest.mark.security(16, 24)
def test_a_fresh_proof_with_the_code_stops_it_and_a_wrong_code_does_not(
    waiting: InvariantClient, owner: MadeAccount, secret: str, reading: Transaction, clock: TimeMachineFixture
) -> None:
    clock.shift(timedelta(minutes=11))
    page = waiting.get("/confirm-password")
    waiting.submit_form(page, password=owner.password, code="000000")
    assert removal_waits(reading)
    assert waiting.submit_form(page, password=owner.password, code=digits(secret)).status_code == 303
    assert not removal_waits(reading)


@pytest.mark.security(64)
@pytest.mark.parametrize("way", ["turned off", "set up anew"])
def test_what_else_ends_the_wait_is_written_down(
    waiting: InvariantClient, reading: Transaction, owner: MadeAccount, way: str
) -> None:
    if way == "turned off":
        waiting.submit("/account/second-factor", "form[action$=off]")
    else:
        page = waiting.follow(waiting.submit("/account/second-factor", "form:not([action])"))
        key = page.texts(".qr__key code")[0].replace(" ", "")
        assert waiting.submit_form(page, code=digits(key)).status_code == 303
    assert not removal_waits(reading)
    assert actions(reading).count("account.factor_removal_stopped") == 1


@pytest.mark.security(16)
@pytest.mark.parametrize("status", ["waiting", "failed"])
def test_nobody_loses_the_factor_without_having_been_told(
    waiting: InvariantClient,
    carry_out: Callable[[], int],
    transaction: Transaction,
    clock: TimeMachineFixture,
    status: str,
) -> None:
    with transaction():
        db.session.execute(update(Message).values(status=status))
    clock.shift(WAIT * 3)
    assert carry_out() == 0
    with transaction() as context:
        db.session.execute(update(Message).values(status="sent", sent_at=context.now))
    clock.shift(WAIT - timedelta(seconds=1))
    assert carry_out() == 0
    clock.shift(timedelta(seconds=1))
    assert carry_out() == 1


@pytest.mark.security(16)
def test_the_mail_of_an_earlier_removal_tells_nothing_of_this_one(
    waiting: InvariantClient,
    owner: MadeAccount,
    carry_out: Callable[[], int],
    transaction: Transaction,
    clock: TimeMachineFixture,
) -> None:
    with transaction() as context:
        db.session.execute(update(Message).values(status="sent", sent_at=context.now))
        factor_removal.stop(context, owner.customer_id, factor_removal.state(context, owner.customer_id).version)
    clock.shift(timedelta(minutes=1))
    with transaction() as context:
        factor_removal.begin(context, owner.customer_id, "lost", "call_back", 0)
    clock.shift(WAIT)
    assert carry_out() == 0


@pytest.mark.security(64)
def test_a_browser_that_had_the_password_alone_is_new_when_the_factor_is_gone(
    waiting: InvariantClient,
    new_client: NewClient,
    owner: MadeAccount,
    carry_out: Callable[[], int],
    transaction: Transaction,
    reading: Transaction,
    clock: TimeMachineFixture,
    mailbox: Mailbox,
) -> None:
    thief = new_client()
    thief.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0 Safari/537.36"
    ask(thief, owner)
    with transaction() as context:
        db.session.execute(update(Message).values(status="sent", sent_at=context.now))
    clock.shift(WAIT + HALF_MINUTE)
    assert carry_out() == 1
    assert thief.log_in(owner).path == "/account"
    assert mailbox.kinds()[-1] == "new_device"
    with reading():
        log_ins = select(AuditEvent.details).where(AuditEvent.action == "account.login").order_by(AuditEvent.seq)
        assert [row["new_device"] for row in db.session.execute(log_ins).scalars()][-1] is True
