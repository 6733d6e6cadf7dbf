"""The link that ends marketing by mail: a look changes nothing, one request without anything else does (RFC 8058)."""

import pytest

from portal.mail.links import LinkPurpose
from portal.mail.links import link as make_link
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.customer import Customer
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
    assert "With the unsubscribe link of an e-mail · You" in told.texts(".events__item > p")[0]
    assert [tag.has_attr("checked") for tag in told.select("main input[type=checkbox]")][:2] == [False, True]


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
    assert client.get(link).h1 == "Marketing by e-mail"
