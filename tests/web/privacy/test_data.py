"""The self-service copy in the browser: asked for with a fresh proof, waited for, downloaded whole, and logged."""

import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from portal.rules.access_requests import State
from portal.services.data_copy import data_copies
from tests.support import access_requests, builders, copies
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient, PageResponse
from tests.support.fixtures import Transaction
from tests.web.auth.together import press

PAGE = "/privacy/data"


def ask(shopper: InvariantClient) -> str:
    """Press the button; returns the address of the copy's page."""
    answer = shopper.submit(PAGE)
    assert answer.status_code == 303
    return str(answer.location)


def test_from_the_privacy_page_to_the_file(
    app: Flask, shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    card = shopper.get("/privacy").select("section[aria-labelledby=data-copy] a")
    assert [str(link["href"]) for link in card] == [PAGE]
    copy = ask(shopper)
    assert shopper.get(copy).h1 == "Your copy is being made"
    assert shopper.get(f"{copy}/copy.zip").status_code == 404
    copies.run(app)
    page = shopper.get(copy)
    assert page.h1 == "Your copy is ready"
    file = shopper.get(f"{copy}/copy.zip", buffered=True)
    digest = hashlib.sha256(file.data).hexdigest()
    assert digest in page.page_text
    archive = copies.Archive.of("", file.data)
    assert archive.rows("customer")[0]["email"] == owner.email
    # The language of the page is that of the copy.
    assert archive.data["language"] == "en"
    assert "Your copies" in shopper.get(PAGE).page_text
    assert shopper.get(copy).texts(".summary__value")[3] == "1"
    log = shopper.get("/privacy/activity").page_text
    assert "Data copy downloaded" in log
    assert "Data copy asked for" in log


@pytest.mark.security(40, 57)
def test_a_download_is_whole_named_by_us_and_kept_by_nobody(app: Flask, shopper: InvariantClient) -> None:
    copy = ask(shopper)
    copies.run(app)
    for headers in ({}, {"Range": "bytes=0-9"}, {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}):
        file = shopper.get(f"{copy}/copy.zip", headers=headers, buffered=True)
        assert file.status_code == 200
        assert file.headers["Content-Type"] == "application/zip"
        assert re.match(r"attachment; filename=(tiedot|uppgifter|data)-", file.headers["Content-Disposition"])
        assert int(file.headers["Content-Length"]) == len(file.data)
        assert file.headers["Cache-Control"] == "no-store"
        assert file.headers["X-Content-Type-Options"] == "nosniff"
        assert not {"ETag", "Last-Modified", "Accept-Ranges"} & set(file.headers.keys())
        file.close()


def test_asking_about_a_file_is_no_download(app: Flask, shopper: InvariantClient) -> None:
    copy = ask(shopper)
    copies.run(app)
    assert shopper.open(f"{copy}/copy.zip", method="HEAD").status_code == 200
    assert shopper.get(copy).texts(".summary__value")[3] == "0"


@pytest.mark.security(24)
def test_ten_minutes_after_the_password_it_is_asked_for_again(
    app: Flask, shopper: InvariantClient, owner: MadeAccount, time_machine: time_machine.TimeMachineFixture
) -> None:
    copy = ask(shopper)
    copies.run(app)
    time_machine.move_to(datetime.now(UTC) + timedelta(minutes=11))
    for path in (PAGE, copy, f"{copy}/copy.zip", "/privacy/access-requests/TP-2026-0001/copy.zip"):
        assert _path(shopper.get(path)) == "/confirm-password"
    asked = shopper.post(PAGE, data={"csrf_token": shopper.csrf_token("/privacy")})
    assert _path(asked) == "/confirm-password"
    back = shopper.submit_form(shopper.follow(shopper.get(copy)), password=owner.password)
    assert _path(back) == copy


def _path(answer: PageResponse) -> str:
    assert answer.status_code == 303
    return str(answer.location).partition("?")[0]


@pytest.mark.security("R12")
def test_the_button_pressed_twenty_times_at_once_asks_once(
    shopper: InvariantClient, new_client, owner: MadeAccount, transaction: Transaction
) -> None:
    answers = press(shopper, new_client, PAGE)
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    with transaction() as context:
        assert len(data_copies.of_customer(context, owner.customer_id)) == 1


def test_the_fifth_copy_of_a_day_is_the_last(app: Flask, shopper: InvariantClient) -> None:
    for _ in range(data_copies.MOST_A_DAY):
        ask(shopper)
        copies.run(app)
    refused = shopper.submit(PAGE)
    assert refused.status_code == 422
    assert refused.error_summary == [
        "You have had 5 copies made within a day. Download one of them, or come back tomorrow."
    ]


def test_new_contact_details_find_no_button(
    app: Flask, shopper: InvariantClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = ask(shopper)
    copies.run(app)
    monkeypatch.setattr(data_copies, "blocked_until", lambda *_: datetime(2026, 12, 24, 12, tzinfo=UTC))
    page = shopper.get(PAGE)
    assert "from 24 December 2026 on" in page.page_text
    assert not page.select("main form")
    # A button that was still shown says the same, and so does the address of a file.
    refused = shopper.post(PAGE, data={"csrf_token": shopper.csrf_token("/privacy")})
    assert refused.status_code == 422
    assert "24 December 2026" in refused.error_summary[0]
    assert _path(shopper.get(f"{copy}/copy.zip")) == PAGE


def test_an_answer_for_the_shop_is_not_found_here_by_a_new_mailbox(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as context:
        request = access_requests.ask(context, owner.customer_id)
        access_requests.lead_to(context, request, builders.staff(context).id, State.IN_PROGRESS, State.ANSWERED)
    monkeypatch.setattr(data_copies, "blocked_until", lambda *_: datetime(2026, 12, 24, 12, tzinfo=UTC))
    path = f"/privacy/access-requests/{request.reference}/copy.zip"
    assert _path(shopper.get(path)) == PAGE


@pytest.mark.parametrize("state", [State.ANSWERED, State.REFUSED])
def test_the_answer_to_a_request_is_handed_out_once_it_is_decided(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction, state: State
) -> None:
    with transaction() as context:
        request = access_requests.ask(context, owner.customer_id)
        access_requests.make_copy(context, request, b"PK the answer")
    path = f"/privacy/access-requests/{request.reference}/copy.zip"
    assert shopper.get(path).status_code == 404
    with transaction() as context:
        employee = builders.staff(context).id
        access_requests.lead_to(context, request, employee, State.IN_PROGRESS, state)
    answer = shopper.get(path)
    assert answer.status_code == (200 if state is State.ANSWERED else 404)
    answer.close()
