"""A row for every parameter that any kind of message takes, and what `render` reads of a message."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from portal.models.account import EmailChange, PasswordReset, Registration
from portal.models.base import db
from portal.rules.consents import KINDS as KINDS_OF_CHOICE
from portal.rules.consents import Action
from portal.rules.context import Context, Visitor
from portal.services import consent_events, sessions
from portal.services.consent_events import Said
from tests.support.builders import MadeAccount

LANGUAGES = ("fi", "sv", "en")
NAME = "Ailu <b>Påve</b>"
NONCE = b"0123456789abcdef"
MOMENT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


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


def make_params(context: Context, account: MadeAccount) -> dict[str, int]:
    """A row for every parameter that any kind takes."""
    until = MOMENT + timedelta(hours=1)
    waiting = dict.fromkeys(("first_name", "last_name", "phone", "street", "postal_code", "city"), NAME)
    visitor = Visitor("192.0.2.7", "192.0.2.0/24", "Firefox Linux")
    sessions.start_customer(context, account.id, visitor)
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
    }
