"""`audit verify`: 0 and a count for a good chain, 1 and the first bad event for another (SECURITY 65)."""

from typing import get_args

import pytest
from flask import Flask

from portal.rules.texts import LOCALES, text
from portal.services.auditing import audit, audit_head
from portal.services.auditing.audit_verify import Reason, Verdict
from tests.support.fixtures import Transaction


def test_a_good_chain_is_counted_and_the_verifying_is_logged(app: Flask, transaction: Transaction) -> None:
    with transaction() as context:
        audit.record(context, "staff.invited")
    for told in ("1 event", "2 events"):
        result = app.test_cli_runner().invoke(args=["audit", "verify"])
        assert (result.exit_code, result.output) == (0, f"{told}, unbroken.\n")


def test_a_bad_chain_ends_with_one_and_names_the_event(app: Flask, transaction: Transaction) -> None:
    with transaction() as context:
        audit.record(context, "staff.invited")
        audit.record(context, "staff.invited")
    with app.app_context():
        audit_head.head_path().unlink()
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert result.exit_code == 1
    assert result.output.startswith("Error: Event 2: the head kept outside the database is gone")


@pytest.mark.parametrize("locale", LOCALES)
def test_every_fault_has_a_sentence(locale: str) -> None:
    for reason in get_args(Reason):
        assert text(f"audit_check.{reason}", locale)
        assert not Verdict(1, 1, reason).ok
