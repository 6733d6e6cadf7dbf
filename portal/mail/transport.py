"""How a composed mail leaves the house: by SMTP, or into a folder during development.

`PORTAL_SMTP_URL` is ``smtp://[USER:PASSWORD@]HOST[:PORT]`` (STARTTLS demanded off loopback), ``smtps://…``, or
``file:FOLDER``, which writes one `.eml` for each mail.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

# Seconds for each step of the conversation; all steps together stay below the claim of a message.
TIMEOUT = 15
LOOPBACK = ("localhost", "127.0.0.1", "::1")
PORTS = {"smtp": 587, "smtps": 465}
LOOPBACK_PORT = 25


class NotDelivered(Exception):
    """The mail was not accepted. `code` goes into the row; `final` says that another attempt is useless."""

    def __init__(self, code: str, *, final: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.final = final


def deliver(url: str, mail: EmailMessage, name: str) -> None:
    """Hand the mail over. `name` names its file in a folder. Raises `NotDelivered`."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        _to_folder(Path(unquote(parts.path)), mail, name)
    elif parts.scheme in PORTS:
        _by_smtp(parts, mail)
    else:
        raise NotDelivered("no_transport")


def _to_folder(folder: Path, mail: EmailMessage, name: str) -> None:
    """A reader of the folder never sees half a mail: it is written beside and renamed."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = folder / f".{name}.partial"
        partial.write_bytes(mail.as_bytes())
        partial.replace(folder / f"{name}.eml")
    except OSError as error:
        raise NotDelivered(f"folder_{error.errno}") from error


def _by_smtp(parts: SplitResult, mail: EmailMessage) -> None:
    try:
        with _session(parts) as session:
            session.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        raise NotDelivered(f"recipient_{code}", final=500 <= code < 600) from error
    except smtplib.SMTPResponseException as error:
        raise NotDelivered(f"smtp_{error.smtp_code}") from error
    except smtplib.SMTPNotSupportedError as error:
        raise NotDelivered("smtp_not_supported") from error
    except smtplib.SMTPException as error:
        # smtplib turns a time-out in the middle of the conversation into a lost connection.
        late = isinstance(error.__context__, TimeoutError)
        raise NotDelivered("timeout" if late else "smtp_disconnected") from error
    except ssl.SSLError as error:
        raise NotDelivered("tls") from error
    except TimeoutError as error:
        raise NotDelivered("timeout") from error
    except OSError as error:
        raise NotDelivered("connection") from error


@contextmanager
def _session(parts: SplitResult) -> Iterator[smtplib.SMTP]:
    host = parts.hostname or "localhost"
    loopback = host in LOOPBACK
    port = parts.port or (LOOPBACK_PORT if loopback and parts.scheme == "smtp" else PORTS[parts.scheme])
    session: smtplib.SMTP
    if parts.scheme == "smtps":
        session = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
    else:
        session = smtplib.SMTP(host, port, timeout=TIMEOUT)
    try:
        if parts.scheme == "smtp" and not loopback:
            # A server that does not offer it is refused: the password and the mail never go in the clear.
            session.starttls(context=ssl.create_default_context())
        if parts.username:
            session.login(unquote(parts.username), unquote(parts.password or ""))
        yield session
        _leave(session)
    finally:
        session.close()


def _leave(session: smtplib.SMTP) -> None:
    """Say goodbye. The mail is accepted by now: whatever goes wrong here must not send it again."""
    try:
        session.quit()
    except (smtplib.SMTPException, OSError):
        return
