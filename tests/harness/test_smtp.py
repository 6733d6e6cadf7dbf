"""The SMTP server of the tests speaks real SMTP."""

import smtplib
from email.message import EmailMessage

import pytest

from tests.support.smtp import SmtpServer


def a_mail() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "info@example.com", "aino@example.com", "Tervehdys, Åsa"
    mail.set_content("Hyvää päivää\n")
    return mail


def test_an_accepted_mail_is_kept_with_its_envelope() -> None:
    server = SmtpServer()
    with smtplib.SMTP("127.0.0.1", server.port) as client:
        client.send_message(a_mail())
    server.stop()
    (delivery,) = server.to("aino@example.com")
    assert delivery.mail_from == "info@example.com"
    assert delivery.message["Subject"] == "Tervehdys, Åsa"
    assert delivery.body == "Hyvää päivää\n"


def test_a_refused_mail_is_not_kept_and_the_next_one_is() -> None:
    server = SmtpServer()
    server.refuse("451 4.3.0 Try again later")
    with smtplib.SMTP("127.0.0.1", server.port) as client:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            client.send_message(a_mail())
        client.send_message(a_mail())
    server.stop()
    assert refused.value.smtp_code == 451
    assert len(server.messages) == 1


def test_a_stopped_server_refuses_connections() -> None:
    server = SmtpServer()
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        smtplib.SMTP("127.0.0.1", server.port)
