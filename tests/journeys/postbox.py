"""The mail the portal really sends: queued in its outbox, carried out by its job, received by an SMTP server."""

import re

from flask import Flask

from portal.jobs import deliver
from tests.support.smtp import Delivery, SmtpServer

LINK = re.compile(r"https?://[^/\s]+(/\S+/\S+)")


class Postbox:
    """All mailboxes of the test."""

    def __init__(self, app: Flask, server: SmtpServer) -> None:
        self._app = app
        self._server = server

    def deliver(self) -> None:
        """Send what waits, as the worker does."""
        with self._app.app_context():
            deliver.run()

    def latest(self, address: str) -> Delivery:
        """The newest mail to an address."""
        self.deliver()
        received = self._server.to(address)
        assert received, f"no mail to {address}"
        return received[-1]

    def subjects(self, address: str) -> list[str]:
        """The subjects of all mail to an address, oldest first."""
        self.deliver()
        return [str(mail.message["Subject"]) for mail in self._server.to(address)]

    def link(self, address: str, language: str) -> str:
        """The path of the link in the newest mail, which is written in this language."""
        mail = self.latest(address)
        assert mail.message["Content-Language"] == language, f"the mail is in {mail.message['Content-Language']}"
        found = LINK.findall(mail.body)
        assert found, f"no link in the mail {mail.message['Subject']!r}"
        return str(found[0])
