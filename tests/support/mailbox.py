"""The mail the portal has written so far, rendered as it would be sent."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from portal.mail.facts import Obsolete
from portal.mail.render import render
from portal.models.database import connection
from portal.models.message import Message
from tests.support.fixtures import Transaction

_LINK = re.compile(r"https?://[^/\s]+(/\S+)")


@dataclass(frozen=True)
class Mail:
    """One message; `links` are the paths of this site that its text leads to, the notice's own left out."""

    kind: str
    recipient: str
    language: str
    subject: str
    text: str
    html: str

    @property
    def links(self) -> list[str]:
        return [path for path in _LINK.findall(self.text) if path != "/privacy-notice"]

    @property
    def link(self) -> str:
        """The first link: what the reader is asked to open."""
        return self.links[0]


class Mailbox:
    """Reads the rows of messages; what is obsolete would not be sent and is left out."""

    def __init__(self, reading: Transaction) -> None:
        self._reading = reading

    def all(self, recipient: str | None = None) -> list[Mail]:
        """Every message, oldest first, or those to one address."""
        with self._reading():
            rows = connection().execute(select(Message).with_only_columns(*Message.__table__.c).order_by(Message.id))
            found = [_open(row) for row in rows.all()]
        return [mail for mail in found if mail is not None and recipient in (None, mail.recipient)]

    def latest(self, kind: str) -> Mail:
        """The newest message of a kind."""
        return [mail for mail in self.all() if mail.kind == kind][-1]

    def kinds(self, recipient: str | None = None) -> list[str]:
        """The kinds of all messages, oldest first."""
        return [mail.kind for mail in self.all(recipient)]


def _open(row: Row[Any]) -> Mail | None:
    try:
        done = render(row)
    except Obsolete:
        return None
    return Mail(row.kind, row.recipient, row.language, done.subject, done.text, done.html)
