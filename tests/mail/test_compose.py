"""A mail's headers are whole, the same at every attempt, and closed to what a user typed (SECURITY 51)."""

import uuid
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from portal.mail.compose import UnsafeHeader, compose

WRITTEN = datetime(2026, 11, 22, 9, 14, tzinfo=UTC)


PLAIN: dict[str, Any] = {
    "sender": "info@example.com",
    "sender_name": "Ääkkös-Kauppa Oy",
    "recipient": "aino@example.com",
    "language": "fi",
    "message_uuid": uuid.UUID(int=7),
    "written_at": WRITTEN,
    "subject": "Salasanasi vaihdettiin – äö",
    "text": "Hei!\n",
    "html": "<p>Hei!</p>\n",
}


def mail(**details: Any) -> EmailMessage:
    return message_from_bytes(compose(**{**PLAIN, **details}).as_bytes(), policy=policy.default)


def test_headers_survive_the_wire() -> None:
    read = mail()
    assert read["From"].addresses[0].display_name == "Ääkkös-Kauppa Oy"
    assert read["From"].addresses[0].addr_spec == "info@example.com"
    assert read["Subject"] == "Salasanasi vaihdettiin – äö"
    assert read["Message-ID"] == "<00000000-0000-0000-0000-000000000007@example.com>"
    assert read["Date"].datetime == WRITTEN


def test_each_attempt_yields_the_same_headers() -> None:
    first, second = mail(), mail()
    assert {**dict(first.items()), "Content-Type": ""} == {**dict(second.items()), "Content-Type": ""}


def test_the_sender_may_carry_a_name_of_its_own() -> None:
    assert str(mail(sender="Asiakaspalvelu <palvelu@example.com>")["From"]) == "Asiakaspalvelu <palvelu@example.com>"


def test_a_domain_is_written_as_the_name_servers_know_it() -> None:
    domain = "sähköposti.example".encode("idna").decode()
    assert mail(recipient="aino@sähköposti.example")["To"].addresses[0].addr_spec == f"aino@{domain}"


def test_other_letters_before_the_at_sign_stay_in_utf8() -> None:
    made = compose(**{**PLAIN, "recipient": "åsa@example.com"})
    assert "To: åsa@example.com\r\n".encode() in made.as_bytes()


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\r", "\x00", "\x0b", "\u2028", "\x85"])
@pytest.mark.parametrize("header", ["subject", "recipient", "sender", "sender_name", "language"])
def test_a_line_break_is_refused_in_every_header(header: str, sign: str) -> None:
    with pytest.raises(UnsafeHeader):
        mail(**{header: f"aino@example.com{sign}Bcc: eve@example.com"})


def test_only_marketing_carries_the_way_to_end_it() -> None:
    assert "List-Unsubscribe" not in mail()
    made = mail(unsubscribe="https://kauppa.example/unsubscribe/abc")
    assert made["List-Unsubscribe"] == "<https://kauppa.example/unsubscribe/abc>"
    assert made["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_line_break_in_the_link_is_refused() -> None:
    with pytest.raises(UnsafeHeader):
        mail(unsubscribe="https://kauppa.example/\r\nBcc: eve@example.com")
