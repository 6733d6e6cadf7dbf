"""The link of a mail that takes back a consent: a look changes nothing, one request without anything else does."""

import pytest
from flask import Flask

from portal.mail.links import LinkPurpose, unsubscribe_link
from portal.mail.links import link as make_link
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.customer import Customer
from portal.models.usage import PageView
from portal.rules.consents import BY_LINK, KINDS, USAGE, Action
from portal.rules.texts import text
from portal.services.choices import consent_events
from portal.services.choices.consent_events import Said
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.web.consents.conftest import Stored

BODY = {"List-Unsubscribe": "One-Click"}


@pytest.mark.security(14, 35)
def test_a_look_shows_one_button_and_changes_nothing(client: InvariantClient, link: str, stored: Stored) -> None:
    client.language = "sv"
    for _ in range(2):
        page = client.get(link)
        assert page.status_code == 200
        assert client.open(link, method="HEAD").status_code == 200
    assert len(page.select("main form button")) == 1
    assert not page.select("main form input[name=csrf_token]")
    assert "Aino" not in page.page_text
    assert "aino@" not in page.page_text
    assert stored() == []


@pytest.mark.security(35)
def test_one_request_without_log_in_cookie_or_token_is_enough(
    new_client: NewClient, link: str, stored: Stored, reading: Transaction
) -> None:
    for _ in range(3):
        answer = new_client("sv").post(link, data=BODY)
        # No redirect: mail programs do not follow one (RFC 8058, 3.1).
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
    assert stored() == [("marketing_email", "forbidden")]
    with reading():
        assert db.session.query(AuditEvent).filter_by(action="consent.recorded").count() == 1


@pytest.mark.security(35)
def test_a_mail_program_in_a_browser_may_send_it_from_its_own_site(
    client: InvariantClient, link: str, stored: Stored
) -> None:
    sent = client.post(
        link,
        data=BODY,
        content_type="multipart/form-data",
        headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example"},
    )
    assert sent.status_code == 200
    assert stored() == [("marketing_email", "forbidden")]


def test_it_is_told_as_the_link_of_a_mail_and_not_as_the_customer(
    chooser: InvariantClient, new_client: NewClient, link: str
) -> None:
    new_client("sv").post(link, data=BODY)
    told = "With the link of a mail sent to you"
    (row,) = [
        row
        for row in chooser.get("/privacy/activity").select("tbody tr")
        if "Forbidden: " in row.get_text(" ", strip=True)
    ]
    assert [" ".join(cell.stripped_strings) for cell in row.select("td")][1] == told
    assert "You" not in row.get_text(" ").split()
    (event,) = chooser.get("/privacy/consents").select(".events__item > p")
    assert event.get_text().endswith(f" · {told}")
    assert told in chooser.get("/privacy/proof/consent-event").texts(".facts--values dd")


def test_the_button_withdraws_the_consent_and_says_what_still_comes(
    chooser: InvariantClient, new_client: NewClient, link: str, stored: Stored
) -> None:
    chooser.submit("/privacy/consents", marketing_email=True, marketing_sms=True)
    reader = new_client("sv")
    page = reader.submit(link)
    assert page.status_code == 200
    assert "Du får inte längre marknadsföring per e-post från oss" in page.page_text
    assert stored()[-1] == ("marketing_email", "withdrawn")
    told = chooser.get("/privacy/consents")
    assert "With the link of a mail sent to you" in told.texts(".events__item > p")[0]
    assert [tag.has_attr("checked") for tag in told.select("main input[type=checkbox]")][:2] == [False, True]


def test_a_link_that_did_its_work_says_so_until_there_is_something_to_end_again(
    chooser: InvariantClient, new_client: NewClient, link: str
) -> None:
    reader = new_client("sv")
    reader.submit(link)
    again = reader.get(link)
    assert "Du får inte längre marknadsföring per e-post från oss" in again.page_text
    assert not again.select("main form")
    # A consent given after that can be ended by the same link.
    chooser.submit("/privacy/consents", marketing_email=True)
    assert len(reader.get(link).select("main form button")) == 1


@pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": "one-click"}, {"list-unsubscribe": "One-Click"}])
def test_a_request_that_says_something_else_changes_nothing(
    body: dict[str, str], client: InvariantClient, link: str, stored: Stored
) -> None:
    assert client.post(link, data=body).status_code == 400
    assert stored() == []


@pytest.mark.security(13)
def test_a_forged_link_or_one_of_another_purpose_changes_nothing(
    client: InvariantClient, link: str, owner: MadeAccount, stored: Stored, reading: Transaction
) -> None:
    with reading():
        name = db.session.get_one(Customer, owner.customer_id).uuid
        other = make_link(LinkPurpose.CANCEL_EMAIL, owner.customer_id, name.bytes).rpartition("/")[2]
    swapped = link[:30] + ("A" if link[30] != "A" else "B") + link[31:]
    for path in (swapped, link[:-1], f"/unsubscribe/{other}", "/unsubscribe/x"):
        assert client.get(path).status_code == 404
        answer = client.post(path, data=BODY)
        assert (answer.status_code, answer.h1) == (404, "Linkki on puutteellinen")
    assert stored() == []


def test_the_link_speaks_the_language_the_browser_chose(client: InvariantClient, link: str) -> None:
    client.set_cookie("portal_language", "en")
    client.language = "en"
    assert client.get(link).h1 == "Direct marketing by e-mail"


@pytest.mark.security(35)
@pytest.mark.parametrize("code", sorted(BY_LINK))
def test_whoever_has_no_account_takes_back_each_consent_and_no_other(
    code: str, app: Flask, new_client: NewClient, transaction: Transaction, reading: Transaction, stored: Stored
) -> None:
    with transaction() as context:
        person = builders.customer(context, email="veikko@example.org", language="sv")
        for kind in BY_LINK.values():
            consent_events.append(context, person, kind, Action.GIVEN, Said("sv", "Ord", 1))
    with reading():
        name = db.session.get_one(Customer, person).uuid
        path = unsubscribe_link(person, name, KINDS[code]).removeprefix(app.config["PORTAL_BASE_URL"])
    browser = new_client("sv")
    shown = browser.get(path)
    assert (shown.status_code, shown.h1) == (200, text(f"consent.kind.{code}", "sv"))
    given = stored()
    answer = browser.submit_form(shown)
    assert answer.status_code == 200
    assert text(f"consent.unsubscribed.{code}", "sv") in answer.page_text
    assert stored() == [*given, (code, "withdrawn")]
    # A second press, or a mail program after the reader, changes nothing.
    assert new_client("sv").post(path, data=BODY).status_code == 200
    assert len(stored()) == len(given) + 1


def test_what_was_collected_goes_with_the_consent(
    client: InvariantClient, app: Flask, owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    with transaction() as context:
        consent_events.append(context, owner.customer_id, KINDS[USAGE], Action.GIVEN, Said("sv", "Ord", 1))
        builders.page_view(context, owner.customer_id, viewed_at=context.now)
        name = db.session.get_one(Customer, owner.customer_id).uuid
        path = unsubscribe_link(owner.customer_id, name, KINDS[USAGE]).removeprefix(app.config["PORTAL_BASE_URL"])
    client.post(path, data=BODY)
    with reading():
        assert db.session.query(PageView).count() == 0
