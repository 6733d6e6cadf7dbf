"""The e-mail as it goes over the wire: headers and both bodies. No text of a user enters a header (SECURITY 51)."""

from __future__ import annotations

import uuid
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import parseaddr

from email_validator import EmailNotValidError, validate_email


class UnsafeHeader(ValueError):
    """Something that would become a header holds a line break, or is no address."""


def compose(
    *,
    sender: str,
    sender_name: str,
    recipient: str,
    language: str,
    message_uuid: uuid.UUID,
    written_at: datetime,
    subject: str,
    text: str,
    html: str,
    reply_to: str = "",
    unsubscribe: str | None = None,
) -> EmailMessage:
    """The message, the same at every attempt: its Message-ID and date come from the row, so that a mailbox that gets
    it twice after a crash can tell. `sender` may carry a name of its own: ``Name <address>``. Where it is not read by
    people, `reply_to` is the address that is. `unsubscribe` is the address that ends such mail with one click (RFC
    8058); every message of marketing carries it.

    Raises `UnsafeHeader`.
    """
    name, address = parseaddr(_one_line(sender))
    # A part before @ with other letters than ASCII needs headers in UTF-8 (RFC 6532), and a server that takes them.
    mail = EmailMessage(policy=SMTP if recipient.isascii() else SMTPUTF8)
    mail["From"] = own = _address(name or sender_name, address)
    if reply_to and _address("", reply_to).addr_spec != own.addr_spec:
        mail["Reply-To"] = _address("", reply_to)
    mail["To"] = _address("", recipient)
    mail["Subject"] = _one_line(subject)
    mail["Date"] = written_at
    mail["Message-ID"] = f"<{message_uuid}@{own.domain}>"
    # Replies of machines to a machine's mail would go in circles (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if unsubscribe is not None:
        mail["List-Unsubscribe"] = f"<{_one_line(unsubscribe)}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    # Last, because making the second body moves every Content- header of the mail to the first.
    mail["Content-Language"] = _one_line(language)
    # After the content, which takes every header named Content-… along into its part.
    return mail


def _address(name: str, address: str) -> Address:
    """The address with its domain as the name servers know it; the part before @ stays as it is."""
    try:
        valid = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise UnsafeHeader("not an address") from None
    return Address(display_name=_one_line(name), username=valid.local_part, domain=valid.ascii_domain)


def _one_line(text: str) -> str:
    if any(ord(character) < 32 or ord(character) == 127 for character in text) or len(text.splitlines()) > 1:
        raise UnsafeHeader("a line break or control character")
    return text
