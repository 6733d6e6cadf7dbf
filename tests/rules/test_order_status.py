"""The states of an order: each has its word in three languages and a picture that exists."""

from pathlib import Path

import pytest

from portal.rules.order_status import GOAL, STATUSES, WAITING_FOR_PAYMENT, step_source
from portal.rules.register import Source
from portal.rules.texts import LOCALES, text

SPRITE = Path(__file__).parents[2] / "static" / "img" / "icons.svg"


@pytest.mark.parametrize("code", STATUSES)
def test_every_state_has_a_word_and_a_picture(code: str) -> None:
    status = STATUSES[code]
    assert status.code == code
    assert f'id="{status.icon}"' in SPRITE.read_text(encoding="utf-8")
    assert len({text(status.text_code, locale) for locale in LOCALES}) == len(LOCALES)


@pytest.mark.parametrize("locale", LOCALES)
def test_no_two_states_are_called_the_same(locale: str) -> None:
    assert len({text(status.text_code, locale) for status in STATUSES.values()}) == len(STATUSES)


def test_open_states_lead_to_a_closed_one() -> None:
    assert not STATUSES[GOAL].open
    assert set(WAITING_FOR_PAYMENT) <= set(STATUSES)


def test_what_the_customer_did_not_do_does_not_come_from_the_customer() -> None:
    told = {code for code in STATUSES if step_source(code) is Source.ORDER}
    assert told == {"pending", "on_hold", "processing"}
    assert {step_source(code) for code in set(STATUSES) - told} == {Source.CONTROLLER}
