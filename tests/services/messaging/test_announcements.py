"""Newsletters: to whoever may be contacted when they leave, once each, and never in the way of other mail."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import event, select

from portal.models.announcement import Announcement
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.database import connection
from portal.rules.consents import Action
from portal.rules.context import Actor
from portal.rules.errors import NotFound, RuleBroken, Stale
from portal.services.messaging import announcements
from tests.support import builders
from tests.support.announcements import announcement, let_go, row, willing
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction
from tests.support.smtp import SmtpServer

FIRM: dict[str, Any] = {"company": "Majakka Oy", "business_id": "2077474-0"}
SERVICE: dict[str, Any] = {
    "type": "service",
    "words": {language: {"subject": f"Takaisinveto {language}", "text": "Palauta"} for language in ("fi", "sv", "en")},
}
BODY = {"List-Unsubscribe": "One-Click"}


def filled(words: str, announcement_type: str = "marketing") -> dict[str, str]:
    """The form of an announcement with the same words everywhere."""
    fields = (f"{part}_{language}" for part in ("subject", "text") for language in ("fi", "sv", "en"))
    return {"type": announcement_type, **dict.fromkeys(fields, words)}


def test_it_reaches_who_may_be_contacted_and_nobody_else(
    run_newsletters: Callable[[], None],
    smtp_server: SmtpServer,
    transaction: Transaction,
    reading: Transaction,
    writer: Actor,
    draft: UUID,
) -> None:
    with transaction() as context:
        willing(context, email="suostunut@example.com", language="sv")
        willing(context, Action.WITHDRAWN, email="perui@example.com")
        builders.customer(context, email="vaiti@example.com")
        builders.customer(context, email="yritys@example.com", language="en", **FIRM)
        willing(context, Action.FORBIDDEN, email="kielsi@example.com", **FIRM)
        builders.customer(context, email=None)
    with reading() as context:
        reach = announcements.reach(context, "marketing")
    assert (reach.reached, reach.withheld) == (2, 3)
    let_go(transaction, writer, draft)
    run_newsletters()
    assert {(mail.rcpt_to[0], mail.message["Subject"]) for mail in smtp_server.messages} == {
        ("suostunut@example.com", "Kevät sv"),
        ("yritys@example.com", "Kevät en"),
    }
    found = row(reading, draft)
    assert (found.state, found.queued, found.withheld) == ("sent", 2, 3)
    with reading() as context:
        assert announcements.outcomes(context, found) == {"sent": 2}
        (finished,) = db.session.query(AuditEvent).filter_by(action="announcement.finished").all()
        assert finished.details == {"announcement": found.id, "queued": 2, "withheld": 3}
    run_newsletters()
    assert len(smtp_server.messages) == 2


def test_each_mail_carries_the_way_out_and_it_works_for_the_next(
    run_newsletters: Callable[[], None],
    smtp_server: SmtpServer,
    client: InvariantClient,
    transaction: Transaction,
    reading: Transaction,
    writer: Actor,
    draft: UUID,
) -> None:
    with transaction() as context:
        willing(context, email="suostunut@example.com")
    let_go(transaction, writer, draft)
    run_newsletters()
    (mail,) = smtp_server.messages
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail.message["List-Unsubscribe"].strip("<>")
    assert link in mail.body
    assert client.post(urlsplit(link).path, data=BODY).status_code == 200
    with transaction(writer) as context:
        again = announcement(context, writer.id or 0)
    let_go(transaction, writer, again)
    run_newsletters()
    assert len(smtp_server.messages) == 1
    found = row(reading, again)
    assert (found.queued, found.withheld) == (0, 1)


@pytest.mark.parametrize("refused", [True, False])
def test_records_with_one_mailbox_are_one_reader(refused: bool, transaction: Transaction, reading: Transaction) -> None:
    with transaction() as context:
        willing(context, email="yhteinen@example.com")
        willing(context, Action.WITHDRAWN if refused else Action.GIVEN, email="YHTEINEN@example.com")
    with reading() as context:
        reach = announcements.reach(context, "marketing")
    assert (reach.reached, reach.withheld) == ((0, 2) if refused else (1, 1))


def test_a_joined_record_is_its_owner_s(transaction: Transaction, reading: Transaction) -> None:
    with transaction() as context:
        owner = willing(context, email="aino@example.com")
        willing(context, email="aino.vanha@example.com", merged_into_id=owner)
    with reading() as context:
        assert announcements.reach(context, "marketing").reached == 1


def test_it_is_let_go_once_and_as_it_was_seen(
    transaction: Transaction, reading: Transaction, writer: Actor, draft: UUID
) -> None:
    given = filled("Uusi")
    with transaction(writer) as context:
        announcements.edit(context, draft, 1, given)
    with pytest.raises(Stale), transaction(writer) as context:
        announcements.send(context, draft, 1, checked=True)
    with transaction(writer) as context:
        announcements.send(context, draft, 2, checked=True)
    with pytest.raises(RuleBroken), transaction(writer) as context:
        announcements.send(context, draft, 2, checked=True)
    with pytest.raises(RuleBroken), transaction(writer) as context:
        announcements.edit(context, draft, 2, given)
    found = row(reading, draft)
    assert (found.state, found.words["fi"]["text"]) == ("sending", "Uusi")


def test_service_information_reaches_everybody_with_an_address_once(
    run_newsletters: Callable[[], None],
    smtp_server: SmtpServer,
    transaction: Transaction,
    reading: Transaction,
    writer: Actor,
) -> None:
    with transaction(writer) as context:
        willing(context, Action.WITHDRAWN, email="perui@example.com", language="sv")
        builders.customer(context, email="vaiti@example.com", language="en")
        willing(context, Action.FORBIDDEN, email="kielsi@example.com", **FIRM)
        builders.customer(context, email="KIELSI@example.com")
        owner = willing(context, email="aino@example.com")
        builders.customer(context, email="aino.vanha@example.com", merged_into_id=owner)
        builders.customer(context, email=None)
        recall = announcement(context, writer.id or 0, **SERVICE)
    with reading() as context:
        reach = announcements.reach(context, "service")
    assert (reach.reached, reach.withheld) == (4, 1)
    let_go(transaction, writer, recall)
    run_newsletters()
    assert sorted((mail.rcpt_to[0], mail.message["Subject"]) for mail in smtp_server.messages) == [
        ("aino@example.com", "Takaisinveto fi"),
        ("kielsi@example.com", "Takaisinveto fi"),
        ("perui@example.com", "Takaisinveto sv"),
        ("vaiti@example.com", "Takaisinveto en"),
    ]
    # It is no marketing: there is nothing to end, and it says so.
    assert all("List-Unsubscribe" not in mail.message for mail in smtp_server.messages)
    found = row(reading, recall)
    assert (found.state, found.queued, found.withheld) == ("sent", 4, 1)
    with reading() as context:
        assert announcements.outcomes(context, found) == {"sent": 4}
        (let,) = db.session.query(AuditEvent).filter_by(action="announcement.sent").all()
    assert let.details == {"announcement": found.id, "type": "service"}


def test_service_information_leaves_only_when_somebody_found_no_advertising_in_it(
    transaction: Transaction, reading: Transaction, writer: Actor
) -> None:
    with transaction(writer) as context:
        recall = announcement(context, writer.id or 0, **SERVICE)
    with pytest.raises(RuleBroken) as refused, transaction(writer) as context:
        announcements.send(context, recall, 1, checked=False)
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [
        ("no_advertising", "announcement.unchecked")
    ]
    assert row(reading, recall).state == "draft"


def test_a_draft_is_discarded_as_it_was_seen_and_nothing_else_is(
    transaction: Transaction, reading: Transaction, writer: Actor, draft: UUID
) -> None:
    with transaction(writer) as context:
        announcements.edit(context, draft, 1, filled("Uusi", "service"))
        other = announcement(context, writer.id or 0)
    assert row(reading, draft).type == "service"
    with pytest.raises(Stale), transaction(writer) as context:
        announcements.discard(context, draft, 1)
    with transaction(writer) as context:
        announcements.discard(context, draft, 2)
    with pytest.raises(NotFound), transaction(writer) as context:
        announcements.discard(context, draft, 2)
    let_go(transaction, writer, other)
    with pytest.raises(RuleBroken), transaction(writer) as context:
        announcements.discard(context, other, 1)
    assert row(reading, other).state == "sending"
    with reading():
        assert len(db.session.query(AuditEvent).filter_by(action="announcement.discarded").all()) == 1


def test_two_employees_who_send_at_once_send_once(
    app: Flask,
    run_newsletters: Callable[[], None],
    smtp_server: SmtpServer,
    transaction: Transaction,
    reading: Transaction,
    writer: Actor,
    draft: UUID,
) -> None:
    with transaction() as context:
        willing(context, email="suostunut@example.com")
        colleague = Actor("staff", builders.staff(context, "communications", email="toinen@example.com").id)
    barrier, ends = Barrier(2), []

    def press(who: Actor) -> None:
        with app.app_context():
            barrier.wait()
            try:
                let_go(transaction, who, draft)
                ends.append("sent")
            except RuleBroken as error:
                ends.append(error.problems[0].code)

    threads = [Thread(target=press, args=(who,)) for who in (writer, colleague)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["announcement.settled", "sent"]
    run_newsletters()
    run_newsletters()
    assert len(smtp_server.messages) == 1
    with reading():
        assert len(db.session.query(AuditEvent).filter_by(action="announcement.sent").all()) == 1


@pytest.mark.parametrize("missing", ["subject_sv", "text_en"])
def test_no_language_may_be_missing(missing: str, transaction: Transaction, writer: Actor) -> None:
    with pytest.raises(RuleBroken) as refused, transaction(writer) as context:
        announcements.begin(context, {**filled("Teksti"), missing: "  "}, uuid4())
    (problem,) = refused.value.problems
    assert (problem.field, problem.code) == (missing, f"announcement.missing.{missing}")


def test_what_is_no_type_is_refused(transaction: Transaction, writer: Actor) -> None:
    with pytest.raises(RuleBroken) as refused, transaction(writer) as context:
        announcements.begin(context, filled("Teksti", "urgent"), uuid4())
    assert [problem.field for problem in refused.value.problems] == ["type"]


@pytest.mark.security(46, 48, 51)
def test_every_fault_of_the_words_is_named_at_once(transaction: Transaction, writer: Actor) -> None:
    given = filled("Teksti")
    wrong = {"subject_fi": "", "text_sv": "x" * 5001, "subject_en": "Otsikko\r\nBcc: muu@example.com"}
    with pytest.raises(RuleBroken) as refused, transaction(writer) as context:
        announcements.begin(context, {**given, **wrong}, uuid4())
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [
        ("subject_fi", "announcement.missing.subject_fi"),
        ("text_sv", "text.too_long"),
        ("subject_en", "text.control"),
    ]
    with transaction():
        assert db.session.execute(select(Announcement.id)).first() is None


def test_its_messages_are_found_among_all_others_by_an_index(
    transaction: Transaction, reading: Transaction, writer: Actor, draft: UUID
) -> None:
    let_go(transaction, writer, draft)
    found = row(reading, draft)
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_others: Any) -> None:
        asked.append((statement, parameters))

    with reading() as context:
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert announcements.outcomes(context, found) == {}
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        ((statement, parameters),) = [item for item in asked if "message" in item[0]]
        postgresql = db.engine.dialect.name == "postgresql"
        if postgresql:
            # An empty table is read as a whole unless that is made dear.
            connection().exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN" if postgresql else "EXPLAIN QUERY PLAN"
        plan = str(connection().exec_driver_sql(f"{explain} {statement}", parameters).all())
    assert "ix_message_kind_params" in plan
