"""The questions of an access request: one a page, kept on the server, two tabs never mixed."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.models.access_request_draft import AccessRequestDraft
from portal.models.base import db
from portal.services import housekeeping
from portal.services.requests import access_request_drafts
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.web.access_requests.conftest import ALL, NEW, answer_all


def test_the_way_leads_from_question_to_question_to_the_answers(asker: InvariantClient) -> None:
    page = answer_all(asker)
    assert (page.path, page.h1) == (f"{NEW}/check", "Check your answers")
    assert page.texts(".summary__value") == [
        "All data about me",
        "Only the year 2025.",
        "aile@example.com",
        "In this service",
    ]
    assert [link["href"] for link in page.select(".summary__action a")] == [
        NEW,
        f"{NEW}/wishes",
        f"{NEW}/contact",
        f"{NEW}/delivery",
    ]


def test_only_part_of_the_data_asks_which(asker: InvariantClient) -> None:
    page = asker.follow(asker.submit(NEW, scope="chosen"))
    assert page.path == f"{NEW}/categories"
    assert "question 2" in page.page_text
    assert "question 2 of" not in page.page_text
    refused = asker.submit_form(page)
    assert (refused.status_code, refused.error_summary) == (422, ["Choose at least one kind of data."])
    page = asker.follow(asker.submit_form(refused, categories=["purchase", "contact"]))
    assert page.path == f"{NEW}/wishes"


def test_the_kinds_are_those_of_the_notice(asker: InvariantClient) -> None:
    told = asker.get("/privacy-notice").select('section[aria-labelledby^="content-"]')
    page = asker.follow(asker.submit(NEW, scope="chosen"))
    offered = [box["value"] for box in page.select('input[name="categories"]')]
    assert offered == [str(part["aria-labelledby"])[len("content-") :] for part in told]
    # Nothing of this kind can be stored, and nobody could get it.
    refused = asker.submit_form(page, categories=["contact_history"])
    assert (refused.status_code, refused.fields_in_error) == (422, ["categories"])


@pytest.mark.parametrize(
    ("path", "fields", "said"),
    [
        (NEW, {}, "Choose whether you ask for all data or only part of it."),
        (
            f"{NEW}/contact",
            {"contact_by": "other"},
            "Tell us the other way to reach you, or choose one of the ways listed.",
        ),
        (f"{NEW}/wishes", {"wishes": "x" * 2001}, "Shorten the text: it may have at most 2000 characters."),
    ],
)
@pytest.mark.usefixtures("drafted")
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    path: str, fields: dict[str, str], said: str, asker: InvariantClient
) -> None:
    page = asker.submit(path, extra={"scope": ""} if path == NEW else None, **fields)
    assert (page.status_code, page.error_summary) == (422, [said])
    if "wishes" in fields:
        assert fields["wishes"] in page.page_text


@pytest.mark.usefixtures("drafted")
def test_the_kinds_of_data_stand_one_below_the_other_among_the_answers(asker: InvariantClient) -> None:
    answers = asker.get(f"{NEW}/check").select("dd.lines")
    assert answers[0].get_text().strip() == "Contact details\nOrders and purchases"


@pytest.mark.usefixtures("drafted")
def test_changing_one_answer_leads_back_to_the_answers(asker: InvariantClient) -> None:
    page = asker.follow(asker.submit(f"{NEW}/contact", contact_by="other", contact="Call my sister, 050 765 4321"))
    assert page.path == f"{NEW}/check"
    assert "Call my sister, 050 765 4321" in page.page_text


@pytest.mark.usefixtures("drafted")
def test_two_tabs_do_not_mix_unnoticed(asker: InvariantClient) -> None:
    one, other = asker.get(f"{NEW}/wishes"), asker.get(f"{NEW}/wishes")
    asker.submit_form(one, wishes="From the first tab.")
    page = asker.submit_form(other, wishes="From the second tab.")
    assert page.status_code == 409
    assert "From the second tab." in page.page_text
    # Sent once more, it counts.
    assert asker.submit_form(page).status_code == 303
    assert "From the second tab." in asker.get(f"{NEW}/check").page_text


def test_the_same_answer_twice_is_no_conflict(asker: InvariantClient) -> None:
    page = asker.get(NEW)
    assert [asker.submit_form(page, scope="everything").status_code for _ in range(2)] == [303, 303]


def test_questions_are_asked_in_their_order(asker: InvariantClient) -> None:
    for step in ("wishes", "contact", "delivery", "categories", "check", "sign"):
        assert asker.get(f"{NEW}/{step}").location == NEW
    asker.submit(NEW, scope="everything")
    for step in ("categories", "contact", "delivery", "check", "sign"):
        assert asker.get(f"{NEW}/{step}").location == f"{NEW}/wishes"


def test_answers_outlive_the_session_and_change_the_language(
    asker: InvariantClient, owner: MadeAccount, new_client: NewClient
) -> None:
    answer_all(asker)
    asker.submit("/privacy", "form[action='/logout']")
    later = new_client(language="sv")
    later.set_cookie("portal_language", "sv")
    later.log_in(owner)
    page = later.get(ALL)
    assert "Fortsätt med den begäran du påbörjade" in page.page_text
    assert "Only the year 2025." in later.get(f"{NEW}/check").page_text


@pytest.mark.security(33)
@pytest.mark.usefixtures("drafted")
def test_a_draft_is_ones_own(new_client: NewClient, transaction: Transaction) -> None:
    with transaction() as context:
        stranger = builders.account(context)
    other = new_client()
    other.log_in(stranger)
    assert other.get(f"{NEW}/check").location == NEW


@pytest.mark.usefixtures("drafted")
def test_a_draft_goes_after_a_week(owner: MadeAccount, transaction: Transaction, reading: Transaction) -> None:
    late = datetime.now(UTC) + timedelta(days=8)
    with reading(now=late) as context:
        assert access_request_drafts.read(context, owner.customer_id).version == 0
    with transaction() as context:
        assert housekeeping.purge_request_drafts(context) == 0
    with transaction(now=late) as context:
        assert housekeeping.purge_request_drafts(context) == 1
    with reading():
        assert db.session.query(AccessRequestDraft).count() == 0


@pytest.mark.usefixtures("drafted")
def test_no_copy_is_posted_to_a_young_address(asker: InvariantClient) -> None:
    assert "post" in _offered(asker)
    asker.submit("/account/addresses", street="Uusikatu 1", postal_code="00100", city="Helsinki")
    assert _offered(asker) == ["portal", "pick_up"]
    page = asker.submit(f"{NEW}/delivery", extra={"delivery": "post"})
    assert page.status_code == 422
    assert page.error_summary == ["We cannot post the copy to your address. Choose another way."]
    assert "younger than 30 days" in page.page_text


def test_only_known_ways_are_offered(client: InvariantClient, transaction: Transaction) -> None:
    with transaction() as context:
        bare = builders.account(context, phone=None, street=None, postal_code=None, city=None, language="en")
    client.log_in(bare)
    client.submit(NEW, scope="everything")
    client.submit(f"{NEW}/wishes")
    page = client.get(f"{NEW}/contact")
    assert [field["value"] for field in page.select("input[name=contact_by]")] == ["email", "other"]
    client.submit_form(page, contact_by="email")
    assert _offered(client) == ["portal", "pick_up"]
    assert client.submit(f"{NEW}/contact", extra={"contact_by": "phone"}).status_code == 422


def _offered(client: InvariantClient) -> list[str]:
    return [str(field["value"]) for field in client.get(f"{NEW}/delivery").select("input[name=delivery]")]
