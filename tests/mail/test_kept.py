"""What is kept of a mail: every word of it, and no link that opens something (decisions 11 and 17)."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from portal.mail.kept import without_links
from portal.mail.kinds import KINDS
from portal.mail.render import Rendered
from portal.rules.mail_blocks import words
from portal.rules.texts import text
from portal.rules.tokens import LENGTH
from tests.mail.test_render import LANGUAGES, rendered
from tests.support.fixtures import Transaction

__all__ = ["rendered"]
TOKEN = re.compile(rf"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{{{LENGTH}}}(?![A-Za-z0-9_-])")
ADDRESS = re.compile(r"https?://\S+")
# The kinds whose link opens something; every other mail is kept to the letter.
WITH_LINK = {
    "announcement",
    "confirm_registration",
    "reset_password",
    "password_link",
    "confirm_new_email",
    "email_change_asked",
    "consent_by_phone",
}


@pytest.fixture(autouse=True)
def _in_the_application(reading: Transaction) -> Iterator[None]:
    with reading():
        yield


def marked(address: str, marker: str) -> str:
    """The address as it is kept."""
    return marker if TOKEN.search(address) else address


def test_no_token_is_kept_of_any_message(rendered: dict[tuple[str, str], Rendered]) -> None:
    for (kind, language), mail in rendered.items():
        assert bool(TOKEN.search(mail.text)) is bool(TOKEN.search(mail.html)) is (kind in WITH_LINK), kind
        kept = without_links(mail, language)
        assert not TOKEN.search(kept.subject + kept.text + kept.html), kind
        assert (text("mail.link_not_kept", language) in kept.text) is (kind in WITH_LINK)


def test_everything_else_is_what_was_sent(rendered: dict[tuple[str, str], Rendered]) -> None:
    for (kind, language), mail in rendered.items():
        kept, marker = without_links(mail, language), text("mail.link_not_kept", language)
        if kind not in WITH_LINK:
            assert kept == mail
        assert kept.subject == mail.subject
        for address in ADDRESS.findall(mail.text):
            mail = replace(mail, text=mail.text.replace(address, marked(address, marker)))
        assert kept.text == mail.text, kind
        assert words(kept.html).replace(f" {marker}", "") == words(mail.html), kind


def test_a_link_of_a_kind_to_come_is_found_by_its_shape(rendered: dict[tuple[str, str], Rendered]) -> None:
    token = TOKEN.findall(rendered["reset_password", "fi"].text)[0]
    start = ADDRESS.findall(rendered["account_ready", "fi"].text)[0]
    for address in (f"{start}new/{token}", f"{start}a/b-c/{token}.zip", f"{start}x?t={token}&u=1", f"{start}{token}"):
        html = f'<p class="action"><a href="{address}">Avaa</a> ja <a href="{start}login">muu</a></p>'
        kept = without_links(Rendered("Aihe", f"Avaa {address} nyt", html), "fi")
        assert token not in kept.text + kept.html
        assert "Avaa [" in kept.html and "Avaa [" in kept.text and kept.text.endswith(" nyt")
        assert f'<a href="{start}login">muu</a>' in kept.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_is_measured(rendered: dict[tuple[str, str], Rendered], language: str) -> None:
    assert {kind for kind, spoken in rendered if spoken == language} == set(KINDS)
