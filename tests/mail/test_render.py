"""Every message: three parts in three languages, one-line subjects, links of the base URL alone (SECURITY 17, 51)."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from config import Controller, Settings
from portal.mail.facts import Obsolete
from portal.mail.kinds import KINDS
from portal.mail.links import LIFE, LinkPurpose
from portal.mail.render import Rendered, render
from portal.models.access_request import AccessRequestNote
from portal.models.account import Account, EmailChange, PasswordReset, Registration
from portal.models.announcement import Announcement
from portal.models.audit import AuditCheck
from portal.models.base import db
from portal.models.data_copy import DataCopy
from portal.rules.access_requests import LetterKind
from portal.rules.consents import KINDS as KINDS_OF_CHOICE
from portal.rules.consents import Action
from portal.rules.context import Context, Visitor
from portal.services.accounts import sessions
from portal.services.choices import consent_events
from portal.services.choices.consent_events import Said
from portal.services.foundation import stored_files
from tests.support import access_requests, builders
from tests.support.announcements import announcement as write_announcement
from tests.support.builders import MadeAccount
from tests.support.fixtures import Transaction
from tests.support.html_rules import page_problems

LANGUAGES = ("fi", "sv", "en")
NAME = "Ailu <b>Påve</b>"
NONCE = b"0123456789abcdef"
MOMENT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CONTROLLER = ("Mikromafia Oy", "Kalevankatu 42, 00180 Helsinki", "info@mikromafia.fi")
NAMELESS = {"confirm_registration", "confirm_new_email", "access_request_entered", "access_request_withdrawn"}


@dataclass
class Row:
    """What `render` reads of a message."""

    kind: str
    language: str
    customer_id: int | None
    params: dict[str, int] = field(default_factory=dict)
    created_at: datetime = MOMENT
    recipient: str = "uusi@example.com"


def _insert(table: Any, **values: Any) -> int:
    row = insert(table).values(nonce=NONCE, created_at=MOMENT, **values)
    return int(db.session.execute(row.returning(table.id)).scalar_one())


def _consent(context: Context, account: MadeAccount) -> int:
    words = Said("sv", "Jag vill ha nyheter\nMikromafia Oy får skicka dem.", 1)
    return consent_events.append(context, account.customer_id, KINDS_OF_CHOICE["marketing_email"], Action.GIVEN, words)


def _copy(context: Context, account: MadeAccount) -> int:
    until = context.now + timedelta(days=14)
    file = {"kind": "data_copy", "name": "tiedot.zip", "media_type": "application/zip"}
    written = stored_files.Written(UUID(int=1), 1, bytes(32))
    file_id = stored_files.keep(context, written, customer_id=account.customer_id, expires_at=until, **file)
    row = {"uuid": UUID(int=2), "language": "fi", "state": "ready", "attempts": 1, "downloads": 0}
    made = {"created_at": context.now, "ready_at": context.now, "expires_at": until}
    inserted = insert(DataCopy).values(customer_id=account.customer_id, file_id=file_id, **row, **made)
    return int(db.session.execute(inserted.returning(DataCopy.id)).scalar_one())


def _about_a_request(context: Context, account: MadeAccount) -> dict[str, int]:
    """A request, a letter and a note about it, and the employee who is reminded of it."""
    made = access_requests.ask(context, account.customer_id)
    employee = builders.staff(context, "privacy", email="uusi@example.com").id
    note = _insert_note(context, made.id)
    letter = access_requests.write_letter(context, made, LetterKind.EXTENSION, employee)
    return {"request": made.id, "letter": letter, "note": note}


def _check(context: Context) -> int:
    values = {"requested_at": context.now, "reached_seq": 0, "reached_mac": bytes(32), "rows": 4, "bad_seq": 5}
    inserted = insert(AuditCheck).values(**values, reason="edited", finished_at=context.now)
    return int(db.session.execute(inserted.returning(AuditCheck.id)).scalar_one())


def _insert_note(context: Context, request_id: int) -> int:
    values = {"request_id": request_id, "kind": "to_customer", "body": "Hei", "written_at": context.now}
    return int(
        db.session.execute(insert(AccessRequestNote).values(**values).returning(AccessRequestNote.id)).scalar_one()
    )


def _announcement(context: Context) -> int:
    words = {
        language: {"subject": f"Kevät {language}", "text": f"Rivi\nToinen <b>{language}</b>\n\nLoppu"}
        for language in LANGUAGES
    }
    writer = builders.staff(context, "communications", email="viestija@example.com").id
    name = write_announcement(context, writer, words=words)
    return int(db.session.execute(select(Announcement.id).where(Announcement.uuid == name)).scalar_one())


def make_params(context: Context, account: MadeAccount) -> dict[str, int]:
    """A row for every parameter that any kind takes."""
    until = MOMENT + timedelta(hours=1)
    waiting = dict.fromkeys(("first_name", "last_name", "phone", "street", "postal_code", "city"), NAME)
    visitor = Visitor("192.0.2.7", "192.0.2.0/24", "Firefox Linux")
    sessions.start_customer(context, account.id, visitor)
    owned = db.session.get_one(Account, account.id)
    owned.closing_at = owned.disabled_at = owned.factor_removal_at = MOMENT
    owned.disabled_reason = "takeover"
    address = {"email": "uusi@example.com", "email_identity": "uusi@example.com"}
    change = {"old_email": account.email, "new_email": "uusi@example.com", "new_identity": "uusi@example.com"}
    return {
        "registration": _insert(
            Registration,
            **waiting,
            **address,
            fingerprint=NONCE * 2,
            password_hash="-",
            country="FI",
            language="fi",
            expires_at=until,
        ),
        "reset": _insert(PasswordReset, account_id=account.id, expires_at=until),
        "change": _insert(EmailChange, account_id=account.id, **change, expires_at=until),
        "session": 1,
        "event": _consent(context, account),
        **_about_a_request(context, account),
        "copy": _copy(context, account),
        "announcement": _announcement(context),
        "check": _check(context),
    }


@pytest.fixture
def rendered(transaction: Transaction) -> dict[tuple[str, str], Rendered]:
    """Every message in every language."""
    with transaction(now=MOMENT) as context:
        account = builders.account(context, first_name=NAME)
        params = make_params(context, account)
        return {
            (kind, language): render(
                Row(  # type: ignore[arg-type]
                    kind,
                    language,
                    account.customer_id,
                    {name: params[name] for name in KINDS[kind].params},
                    recipient=account.email if kind == "email_change_asked" else "uusi@example.com",
                )
            )
            for kind in KINDS
            for language in LANGUAGES
        }


def test_every_message_is_whole(rendered: dict[tuple[str, str], Rendered]) -> None:
    for (kind, language), mail in rendered.items():
        assert 0 < len(mail.subject) < 79, kind
        assert "\n" not in mail.subject
        assert all(part in mail.text and part in mail.html for part in CONTROLLER), kind
        assert Controller().register(language) in mail.text and Controller().register(language) in unescape(mail.html)
        # The rules of pages demand https, which the portal of the tests does not speak.
        problems = page_problems(mail.html.replace('"http://', '"https://'), language)
        # Programs of mail know no style sheets beside the mail: its styles stand in it.
        assert [problem for problem in problems if "inline" not in problem] == [], (kind, language)
        assert not re.search(r"<table|<img|<script|<link|@import|url\(|src=|\son[a-z]+=", mail.html), kind
        assert not re.search(r"\n{4,}|[ \t]+\n(?!Mikromafia)", mail.text.replace("-- \n", "--\n")), (kind, mail.text)


def test_every_language_has_its_own_words(rendered: dict[tuple[str, str], Rendered]) -> None:
    for kind in KINDS:
        assert len({rendered[kind, language].subject for language in LANGUAGES}) == len(LANGUAGES), kind
        assert len({rendered[kind, language].text for language in LANGUAGES}) == len(LANGUAGES), kind


def test_a_name_is_never_in_the_subject_and_always_escaped(rendered: dict[tuple[str, str], Rendered]) -> None:
    for (kind, _language), mail in rendered.items():
        assert "Ailu" not in mail.subject
        assert NAME not in mail.html
        assert (NAME in mail.text) is (kind not in NAMELESS), kind


def test_links_lead_below_the_base_url(rendered: dict[tuple[str, str], Rendered], settings: Settings) -> None:
    for (kind, _language), mail in rendered.items():
        links = re.findall(r"https?://\S+", mail.text)
        assert links
        assert all(link.startswith(settings.base_url + "/") for link in links), kind
        assert all(link in mail.html for link in links), kind


def test_times_are_written_as_the_reader_writes_them(rendered: dict[tuple[str, str], Rendered]) -> None:
    assert "2.3.2026 klo\u00a014.00" in rendered["password_changed", "fi"].text
    assert "2.3.2026 kl.\u00a014.00" in rendered["password_changed", "sv"].text
    assert "2 March 2026, 14:00" in rendered["password_changed", "en"].text
    assert "Firefox Linux" in rendered["new_device", "fi"].text


def test_a_link_lives_as_long_as_its_mail_says(rendered: dict[tuple[str, str], Rendered]) -> None:
    assert LIFE[LinkPurpose.RESET_PASSWORD] == timedelta(hours=1)
    assert "2.3.2026 klo\u00a015.00" in rendered["reset_password", "fi"].text
    assert "3.3.2026 klo\u00a014.00" in rendered["confirm_registration", "fi"].text
    assert "9.3.2026 klo\u00a014.00" in rendered["email_change_asked", "fi"].text


def test_a_consent_by_phone_is_told_in_the_words_that_were_read(rendered: dict[tuple[str, str], Rendered]) -> None:
    for language in LANGUAGES:
        mail = rendered["consent_by_phone", language]
        assert "Jag vill ha nyheter\nMikromafia Oy får skicka dem.\n" in mail.text
        assert '<blockquote lang="sv"><p>Jag vill ha nyheter</p><p>' in mail.html
        assert "/unsubscribe/" in mail.text


def test_what_is_settled_is_not_sent(transaction: Transaction) -> None:
    with transaction():
        for kind, params in (
            ("confirm_registration", {"registration": 1}),
            ("reset_password", {"reset": 1}),
            ("confirm_new_email", {"change": 1}),
        ):
            with pytest.raises(Obsolete):
                render(Row(kind, "fi", None, params))  # type: ignore[arg-type]


def test_a_number_that_is_given_out_again_opens_nothing_of_anybody_else(transaction: Transaction) -> None:
    with transaction(now=MOMENT) as context:
        params = make_params(context, builders.account(context))
        other = builders.account(context).customer_id
        linked = ("confirm_registration", "reset_password", "confirm_new_email", "email_change_asked")
        for kind in (*linked, "request_letter", "request_note", "request_due"):
            own = {name: params[name] for name in KINDS[kind].params}
            with pytest.raises(Obsolete):
                render(Row(kind, "fi", other, own, recipient="mallory@example.com"))  # type: ignore[arg-type]
        told = render(Row("new_device", "fi", other, {"session": params["session"]}))  # type: ignore[arg-type]
        assert "Firefox" not in told.text


@pytest.mark.parametrize(("kind", "params"), [("unheard_of", {}), ("reset_password", {}), ("account_ready", {"id": 1})])
def test_a_message_that_is_not_in_the_catalogue_is_refused(
    transaction: Transaction, kind: str, params: dict[str, int]
) -> None:
    with transaction(), pytest.raises(ValueError, match="catalogue"):
        render(Row(kind, "fi", None, params))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "on_paper", "subject", "said"),
    [
        (LetterKind.IDENTITY_QUESTION, None, "Vastaa kysymykseemme tarkastuspyynnöstäsi", "Tarvitsemme sinulta"),
        (LetterKind.EXTENSION, None, "Tarvitsemme lisää aikaa tarkastuspyyntöösi", "viimeistään 2.4.2026"),
        (LetterKind.ANSWER, None, "Vastauksemme tarkastuspyyntöösi on valmis", "Kopion voi ladata 16.3.2026 asti."),
        (LetterKind.PARTIAL_ANSWER, None, "Vastauksemme tarkastuspyyntöösi on valmis", "ladata 16.3.2026 asti."),
        (LetterKind.ANSWER, "post", "Vastauksemme tarkastuspyyntöösi on valmis", "tulee postitse"),
        (LetterKind.ANSWER, "pick_up", "Vastauksemme tarkastuspyyntöösi on valmis", "noutaa kopion"),
        (LetterKind.REFUSAL, None, "Päätöksemme tarkastuspyynnöstäsi on palvelussa", "Olemme tehneet päätöksen"),
    ],
)
def test_the_mail_about_a_letter_says_what_to_do_and_until_when(
    transaction: Transaction, kind: LetterKind, on_paper: str | None, subject: str, said: str
) -> None:
    with transaction(now=MOMENT) as context:
        account = builders.account(context, first_name=NAME)
        made = access_requests.ask(context, account.customer_id)
        employee = builders.staff(context, "privacy", email="uusi@example.com").id
        access_requests.make_copy(context, made)
        letter = access_requests.write_letter(context, made, kind, employee, on_paper=on_paper)
        mail = render(Row("request_letter", "fi", account.customer_id, {"letter": letter}))  # type: ignore[arg-type]
    assert mail.subject == subject
    for part in (mail.text, mail.html):
        assert said in " ".join(part.split()) and access_requests.WORDS not in part
