"""Signing an access request: the password typed now, the typed name, and the very words that were shown."""

import hashlib
from time import process_time
from typing import Any

import pyotp
import pytest

from portal.services.register import profile
from portal.services.requests import access_request_drafts
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mailbox
from tests.web.access_requests.conftest import ALL, NEW, SIGN, Own
from tests.web.auth.together import TIMES, press

NAME = "Áile Ŋuorgŧŧa"
pytestmark = pytest.mark.usefixtures("drafted")


def test_what_was_shown_is_what_is_signed(asker: InvariantClient, owner: MadeAccount, own: Own) -> None:
    page = asker.get(SIGN)
    (shown,) = page.select("blockquote")
    assert f"Write it as it is in our register: {NAME}." in page.page_text
    page = asker.follow(asker.submit_form(page, signed_name=NAME, password=owner.password))
    (found,) = own()
    row = found.request
    assert page.path == f"{ALL}/{row.reference}/received"
    assert page.h1 == "We have received your request"
    assert row.reference in page.page_text
    assert row.statement.startswith(shown.get_text() + "\n\nSignature: Áile Ŋuorgŧŧa\n")
    assert row.statement_sha256 == hashlib.sha256(row.statement.encode()).hexdigest()
    assert (row.signed_name, row.language, row.channel) == (NAME, "en", "account")
    # The draft has become the request.
    assert asker.get(SIGN).location == NEW


def test_a_copy_by_post_names_the_address_before_and_in_what_is_signed(
    asker: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    with transaction() as context:
        draft = access_request_drafts.read(context, owner.customer_id)
        access_request_drafts.save(context, owner.customer_id, draft.version, delivery="post")
        person = profile.read(context, owner.customer_id)
    address = f"By post: {person.street}, {person.postal_code} {person.city}"
    assert address in asker.get(f"{NEW}/check").page_text
    assert f"How I want the copy: {address}" in asker.get(SIGN).select("blockquote")[0].get_text()


@pytest.mark.security(24)
def test_a_session_of_this_minute_signs_nothing_without_the_password(
    asker: InvariantClient, owner: MadeAccount, own: Own
) -> None:
    for typed, said in (("", "Enter your password."), ("väärä salasana", "The password is wrong.")):
        page = asker.submit(SIGN, signed_name=NAME, password=typed)
        assert page.status_code == 422
        assert page.fields_in_error == ["password"]
        assert page.select("input[name=signed_name]")[0]["value"] == NAME
        assert page.select("input[name=password]")[0].get("value", "") == "", said
    assert own() == []
    told = asker.get("/privacy/activity").page_text
    assert "Wrong password when confirming" in told
    assert "Log-in failed" not in told
    assert asker.submit(SIGN, signed_name=NAME, password=owner.password).status_code == 303


@pytest.mark.security(24)
def test_with_a_second_factor_the_password_alone_signs_nothing(
    asker: InvariantClient, owner: MadeAccount, own: Own, transaction: Transaction
) -> None:
    before = asker.get(SIGN)
    assert before.select("input[name=code]") == [] and "your password and a code" not in before.page_text
    with transaction() as context:
        secret = builders.second_factor(context, owner.id)
    for code, said in (("", "Enter the code."), ("000000", "The code is wrong")):
        page = asker.submit(SIGN, signed_name=NAME, password=owner.password, code=code)
        assert (page.status_code, page.fields_in_error) == (422, ["code"]), said
    right = pyotp.TOTP(secret).now()
    # Who does not know the password learns nothing of the code, and does not use it up.
    page = asker.submit(SIGN, signed_name=NAME, password="väärä", code=right)
    assert (page.status_code, page.fields_in_error) == (422, ["password"])
    assert own() == []
    form = asker.get(SIGN)
    assert "your password and a code" in form.page_text
    answers = [asker.submit_form(form, signed_name=NAME, password=owner.password, code=right) for _ in range(2)]
    assert {answer.location for answer in answers} == {f"{ALL}/{own()[0].request.reference}/received"}
    assert len(own()) == 1


def test_guessing_the_code_is_counted(asker: InvariantClient, owner: MadeAccount, own: Own, transaction: Any) -> None:
    with transaction() as context:
        builders.second_factor(context, owner.id)
    fields: dict[str, Any] = {"signed_name": NAME, "password": owner.password, "code": "000000"}
    answers = [asker.submit(SIGN, **fields).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    assert own() == []


def test_a_name_is_the_signature(asker: InvariantClient, owner: MadeAccount, own: Own) -> None:
    page = asker.submit(SIGN, password=owner.password)
    assert (page.status_code, page.error_summary) == (422, ["Type your name. It is your signature."])
    assert own() == []


def test_another_name_is_a_signature_when_it_is_meant(asker: InvariantClient, owner: MadeAccount, own: Own) -> None:
    assert not asker.get(SIGN).select("input[name=otherwise]")
    page = asker.submit(SIGN, signed_name="Áile Ŋuorgtä", password=owner.password)
    said = f"In our register the name is {NAME}. Write it so, or tick that you sign with another name."
    assert (page.status_code, page.fields_in_error, page.error_summary) == (422, ["signed_name"], [said])
    assert own() == [] and "This is how I sign" in page.page_text
    page = asker.submit_form(page, signed_name="Áile Näkkäläjärvi", otherwise="y", password=owner.password)
    assert page.status_code == 303
    assert own()[0].request.signed_name == "Áile Näkkäläjärvi"


def test_a_tick_mends_another_name_only(asker: InvariantClient, owner: MadeAccount, own: Own) -> None:
    page = asker.submit(SIGN, signed_name="Á" * 201, password=owner.password)
    assert (page.status_code, page.fields_in_error) == (422, ["signed_name"])
    assert not page.select("input[name=otherwise]") and own() == []


def test_a_heap_of_marks_is_refused_at_once(asker: InvariantClient, owner: MadeAccount, own: Own) -> None:
    before = process_time()
    # Two kinds of marks in turn: putting so many in order takes half a minute.
    page = asker.submit(SIGN, signed_name="a" + "\u0301\u0323" * 50_000, password=owner.password)
    assert (page.status_code, page.fields_in_error) == (422, ["signed_name"])
    assert process_time() - before < 5
    assert own() == []


@pytest.mark.parametrize("name", ["NUORGTTA, Aile", "Áile Maria Ŋuorgŧŧa", "ŋuorgŧŧa áile"])
def test_the_registered_name_may_be_written_in_other_ways(
    asker: InvariantClient, owner: MadeAccount, own: Own, name: str
) -> None:
    assert asker.submit(SIGN, signed_name=name, password=owner.password).status_code == 303
    assert own()[0].request.signed_name == name


@pytest.mark.security(10)
def test_guessing_the_password_is_counted_like_a_log_in(asker: InvariantClient, owner: MadeAccount, own: Own) -> None:
    answers = [asker.submit(SIGN, signed_name=NAME, password="väärä").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    assert asker.submit(SIGN, signed_name=NAME, password=owner.password).status_code == 429
    assert own() == []


def test_nobody_signs_what_they_did_not_see(asker: InvariantClient, owner: MadeAccount, own: Own) -> None:
    page = asker.get(SIGN)
    asker.submit(f"{NEW}/wishes", wishes="Something else.")
    page = asker.submit_form(page, signed_name=NAME, password=owner.password)
    assert page.status_code == 422
    assert "Your answers or your details have changed" in page.error_summary[0]
    assert "Something else." in page.page_text
    assert own() == []
    # What is seen now can be signed.
    assert asker.submit_form(page, signed_name=NAME, password=owner.password).status_code == 303
    assert "Something else." in own()[0].request.statement


def test_a_page_in_another_language_is_signed_in_its_own(asker: InvariantClient, owner: MadeAccount, own: Own) -> None:
    page = asker.get(SIGN)
    asker.set_cookie("portal_language", "fi")
    asker.language = "fi"
    asker.submit_form(page, signed_name=NAME, password=owner.password)
    assert own()[0].request.language == "en"
    assert "Number of the request:" in own()[0].request.statement


@pytest.mark.parametrize("field", ["submission", "shown", "language"])
def test_a_form_that_does_not_say_what_it_showed_sends_nothing(
    field: str, asker: InvariantClient, owner: MadeAccount, own: Own
) -> None:
    page = asker.submit(SIGN, signed_name=NAME, password=owner.password, extra={field: "x"})
    assert page.status_code == 422
    assert own() == []


def test_the_same_form_again_leads_where_the_first_one_led(
    asker: InvariantClient, owner: MadeAccount, own: Own
) -> None:
    page = asker.get(SIGN)
    answers = [asker.submit_form(page, signed_name=NAME, password=owner.password).location for _ in range(2)]
    assert len(set(answers)) == 1
    assert len(own()) == 1


@pytest.mark.security("R12")
@pytest.mark.usefixtures("no_throttle")
def test_the_same_form_twenty_times_at_once_is_one_request(
    asker: InvariantClient, owner: MadeAccount, new_client: NewClient, own: Own, reading: Transaction
) -> None:
    answers = press(asker, new_client, SIGN, signed_name=NAME, password=owner.password)
    (found,) = own()
    assert {answer.location for answer in answers} == {f"{ALL}/{found.request.reference}/received"}
    assert [answer.status_code for answer in answers] == [303] * TIMES
    assert Mailbox(reading).kinds().count("access_request_received") == 1


@pytest.mark.security(34)
def test_forged_fields_sign_nothing_else(asker: InvariantClient, owner: MadeAccount, own: Own) -> None:
    forged = {"state": "answered", "received_on": "2020-01-01", "customer_id": "7", "scope": "everything"}
    asker.submit(SIGN, signed_name=NAME, password=owner.password, extra=forged)
    row = own()[0].request
    assert (row.state, row.scope, row.customer_id) == ("received", "chosen", owner.customer_id)
