"""A masked address tells the mailbox's domain and not whose it is."""

import pytest

from portal.rules.masking import masked_email


@pytest.mark.parametrize(
    ("email", "shown"),
    [
        ("aino.laitinen@example.com", "a…@example.com"),
        ("å@example.com", "å…@example.com"),
        ('"a@b"@example.com', '"…@example.com'),
        ("no address", "…"),
        ("", "…"),
    ],
)
def test_only_the_first_letter_and_the_domain_are_shown(email: str, shown: str) -> None:
    assert masked_email(email) == shown
