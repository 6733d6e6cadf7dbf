"""The head that is kept outside the database stays when the chain has lost it, and raises the alarm (SECURITY 65)."""

import pytest
from flask import Flask
from sqlalchemy import text

from portal.services.auditing import audit_checks, audit_head, audit_verify
from portal.services.auditing.audit_verify import Verdict
from tests.services.auditing.test_audit_verify import OCTOBER, SEPTEMBER, past_the_triggers, write
from tests.support.fixtures import Transaction


@pytest.fixture
def chain(transaction: Transaction) -> None:
    """Three events of September and three of October."""
    for number, moment in enumerate([SEPTEMBER] * 3 + [OCTOBER] * 3):
        with transaction(now=moment) as context:
            write(context, number)


@pytest.mark.expects_log_errors
@pytest.mark.parametrize("grown", [1, 3, 5])
def test_a_cut_tail_shows_however_far_the_chain_grows_afterwards(
    chain: None, app: Flask, transaction: Transaction, reading: Transaction, grown: int
) -> None:
    with reading() as context:
        kept = audit_head.read_head()
        assert not audit_checks.is_broken(context)
    with past_the_triggers(app) as opened:
        opened.execute(text("DELETE FROM audit_event WHERE seq > 3"))
    for number in range(grown):
        with transaction() as context:
            write(context, number)
    with reading() as context:
        assert audit_head.read_head() == kept
        assert audit_checks.is_broken(context)
        verdict = audit_verify.verify(context)
    # The head that was kept knows the sixth event.
    assert verdict == (Verdict(3 + grown, 4 + grown, "cut") if grown < 3 else Verdict(3 + grown, 6, "head_differs"))


def test_a_head_that_nobody_can_read_is_an_alarm(chain: None, reading: Transaction) -> None:
    with reading() as context:
        for content in ("", "[]", "{}", '{"seq": 6, "mac": 1}', '{"seq": 6, "mac": "x"}'):
            audit_head.head_path().write_text(content, encoding="utf-8")
            assert audit_checks.is_broken(context)
