"""A real SMTP server on loopback that keeps what it gets and can refuse on demand."""

import asyncio
import email
import email.policy
import socket
import threading
from collections import deque
from dataclasses import dataclass
from email.message import EmailMessage
from typing import cast

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Delivery:
    """One accepted mail: the envelope's addresses and the parsed message."""

    mail_from: str
    rcpt_to: tuple[str, ...]
    message: EmailMessage

    @property
    def body(self) -> str:
        """The plain text part."""
        part = self.message.get_body(("plain",))
        return "" if part is None else cast(str, part.get_content()).replace("\r\n", "\n")


class SmtpServer:
    """Listens from construction until `stop`."""

    def __init__(self) -> None:
        self.messages: list[Delivery] = []
        self._refusals: deque[str] = deque()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self.url = f"smtp://127.0.0.1:{self.port}"
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="smtp", daemon=True)
        self._thread.start()
        self._started.wait(10)

    def refuse(self, reply: str = "451 4.3.0 Try again later", times: int = 1) -> None:
        """Answers the next `times` mails with `reply` instead of accepting them."""
        self._refusals.extend([reply] * times)

    def accept_again(self) -> None:
        """Ends what `refuse` began."""
        self._refusals.clear()

    def to(self, address: str) -> list[Delivery]:
        """The accepted mails to one address, oldest first."""
        return [delivery for delivery in self.messages if address in delivery.rcpt_to]

    def stop(self) -> None:
        """Ends the server; the port refuses connections afterwards."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Called by aiosmtpd with each complete mail."""
        if self._refusals:
            return self._refusals.popleft()
        content = envelope.content
        raw = content.encode() if isinstance(content, str) else content or b""
        message = email.message_from_bytes(raw, policy=email.policy.default)
        self.messages.append(Delivery(envelope.mail_from or "", tuple(envelope.rcpt_tos), message))
        return "250 2.0.0 Accepted"

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        opened = self._loop.run_until_complete(
            self._loop.create_server(lambda: SMTP(self, hostname="localhost", loop=self._loop), sock=self._socket)
        )
        self._started.set()
        self._loop.run_forever()
        opened.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()
