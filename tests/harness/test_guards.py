"""The guards notice what they are there for."""

import logging
import socket

import pytest

from tests.support.guards import OutsideWorld, error_log, only_loopback


def test_connections_that_leave_the_machine_are_refused() -> None:
    with only_loopback(), socket.socket() as outside, pytest.raises(OutsideWorld):
        outside.connect(("192.0.2.1", 80))


def test_names_of_other_machines_are_not_looked_up() -> None:
    with only_loopback(), pytest.raises(OutsideWorld):
        socket.getaddrinfo("mail.example.com", 25)


def test_loopback_is_reached() -> None:
    with only_loopback(), socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


@pytest.mark.expects_log_errors
def test_errors_are_noticed_and_warnings_are_not() -> None:
    with error_log() as errors:
        logging.getLogger("portal.somewhere").warning("that was odd")
        logging.getLogger("portal.somewhere").error("that was wrong")
    assert errors.lines == ["portal.somewhere: that was wrong"]
