"""Every code that a message's row can hold as its last error is said in words, in each language."""

import re
from pathlib import Path

import pytest

from portal.mail import transport
from portal.rules.mail_errors import error_text
from portal.rules.texts import LOCALES
from portal.services.messaging import outbox

QUOTED = re.compile(r'(?:NotDelivered|Failure)\(f?(?:"([a-z_{}.]+)"|("timeout" if late else "smtp_disconnected"))')


def codes() -> set[str]:
    """The codes as they stand in the source, numbers filled in."""
    found = {"timeout", "smtp_disconnected", "abandoned"}
    for module in (transport, outbox):
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        found |= {re.sub(r"\{[^}]*\}", "550", first) for first, _ in QUOTED.findall(source) if first}
    # Obsolete is a state of its own, and no error that anybody is shown.
    return found - {"obsolete"}


def test_the_codes_are_found_in_the_source() -> None:
    assert {"recipient_550", "smtp_550", "folder_550", "connection", "tls", "not_written", "unsafe_header"} <= codes()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_code_has_words(locale: str) -> None:
    for code in codes():
        said = error_text(code, locale)
        assert said != code and " " in said, code
        assert ("550" in said) is code.endswith("_550"), code


@pytest.mark.parametrize("locale", LOCALES)
def test_an_address_that_is_refused_for_now_is_not_called_wrong(locale: str) -> None:
    for_now, for_good = error_text("recipient_451", locale), error_text("recipient_551", locale)
    assert for_now != for_good.replace("551", "451")
    assert "451" in for_now


def test_a_code_without_words_is_shown_as_it_is() -> None:
    assert error_text("of_tomorrow", "fi") == "of_tomorrow"
