"""Codes of an authenticator: what the telephone is given, and which codes are taken (SECURITY 26)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from flask import Flask

from portal.services.accounts import totp

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
STEP = int(NOON.timestamp()) // totp.STEP_SECONDS


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def seed() -> str:
    return totp.new_seed()


def digits(seed: str, offset: int = 0) -> str:
    """What a telephone with this secret shows so many steps away from noon."""
    moment = NOON + timedelta(seconds=offset * totp.STEP_SECONDS)
    return pyotp.TOTP(totp.key_text(seed).replace(" ", "")).at(moment)


@pytest.mark.security(26)
def test_the_secret_is_long_random_and_stored_encrypted(seed: str) -> None:
    key = totp.key_text(seed).replace(" ", "")
    # 160 bits in base 32, as RFC 4226 recommends.
    assert len(key) == 32
    assert key not in seed
    assert totp.key_text(totp.new_seed()) != totp.key_text(seed)


@pytest.mark.security(26)
def test_the_qr_code_holds_the_secret_the_person_and_the_issuer(seed: str) -> None:
    read = pyotp.parse_uri(totp.key_uri(seed, "aino@example.com", "Yhtiö Oy"))
    assert isinstance(read, pyotp.TOTP)
    assert (read.name, read.issuer) == ("aino@example.com", "Yhtiö Oy")
    assert read.at(NOON) == digits(seed)


@pytest.mark.security(26)
def test_a_code_counts_one_step_to_either_side_and_never_at_or_before_the_last_used_one(seed: str) -> None:
    taken = {offset: totp.matching_step(seed, digits(seed, offset), NOON, 0) for offset in range(-3, 4)}
    assert taken == {-3: None, -2: None, -1: STEP - 1, 0: STEP, 1: STEP + 1, 2: None, 3: None}
    assert totp.matching_step(seed, digits(seed), NOON, STEP - 1) == STEP
    assert totp.matching_step(seed, digits(seed), NOON, STEP) is None
    assert totp.matching_step(seed, digits(seed, -1), NOON, STEP) is None


@pytest.mark.security(26, "R20")
def test_a_clock_that_was_set_back_keeps_nobody_out_and_lets_no_code_be_used_twice(seed: str) -> None:
    ahead = STEP + totp.FURTHEST_AHEAD
    assert totp.matching_step(seed, digits(seed), NOON, ahead) is None
    assert totp.matching_step(seed, digits(seed), NOON, ahead + 1) == STEP
    # What is used is kept as ever: from here on the clock goes on, and no code counts again.
    for later in range(3):
        moment = NOON + timedelta(seconds=later * totp.STEP_SECONDS)
        assert totp.matching_step(seed, digits(seed), moment, STEP) is None


@pytest.mark.security(26)
def test_a_code_is_read_as_people_type_it_and_garbage_is_a_wrong_one(seed: str) -> None:
    right = digits(seed)
    wide = right.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    for typed in (f" {right[:3]} {right[3:]} ", wide):
        assert totp.matching_step(seed, typed, NOON, 0) == STEP
    for typed in ("", right[:5], right + "0", "１２３４５", "\udcff" * 6, "x" * 10_000):
        assert totp.matching_step(seed, typed, NOON, 0) is None
