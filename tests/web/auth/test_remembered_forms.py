"""A remembered browser that is let in by sending a form: nothing typed is lost, nothing planted stays (19, 21)."""

import pytest
from time_machine import TimeMachineFixture

from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.web.auth.test_remembering import AWAY, log_in


@pytest.mark.security(21, 35)
def test_a_form_sent_after_a_break_is_not_lost(
    client: InvariantClient, owner: MadeAccount, clock: TimeMachineFixture
) -> None:
    log_in(client, owner)
    page = client.get("/account/profile/phone")
    clock.shift(AWAY)
    answer = client.submit_form(page, phone="040 765 4321")
    assert (answer.status_code, answer.location) == (303, "/account/profile")


@pytest.mark.security(19, 21)
def test_nothing_planted_survives_a_form_that_lets_the_browser_in(
    client: InvariantClient, owner: MadeAccount, clock: TimeMachineFixture
) -> None:
    log_in(client, owner)
    with client.session_transaction() as planted:
        planted["planted"] = "value"
    page = client.get("/account/profile/phone")
    before = client.csrf_token("/account")
    clock.shift(AWAY)
    refused = client.submit_form(page, phone="soita")
    assert refused.status_code == 422
    # The same page again: its token is still the one from before.
    saved = client.follow(client.submit_form(refused, phone="040 765 4321"))
    assert saved.texts(".flashes p")
    assert client.csrf_token("/account") != before
    with client.session_transaction() as kept:
        assert "planted" not in kept
    assert client.post("/account/profile/phone", data={"csrf_token": before}).status_code == 400
