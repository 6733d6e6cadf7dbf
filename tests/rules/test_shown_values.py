"""Stored values in words."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from portal.mail.kinds import KINDS
from portal.models.register import path_to, personal_columns
from portal.rules.order_status import STATUSES
from portal.rules.register import Source
from portal.rules.shown_values import is_verbatim, shown
from portal.rules.texts import TEXTS
from portal.services.auditing.audit_events import EVENTS

SUMMER = datetime(2026, 7, 1, 21, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("table", "column", "value", "fi", "en"),
    [
        ("orders", "placed_at", SUMMER, "2.7.2026 klo\u00a00.30", "2 July 2026, 0:30"),
        ("staff", "employment_ends_on", date(2026, 7, 1), "1.7.2026", "1 July 2026"),
        ("orders", "gross", 123450, "1\u00a0234,50\u00a0€", "€1,234.50"),
        ("order_line", "unit_price", 12345, "1,2345\u00a0€", "€1.2345"),
        ("order_line", "vat_rate", 2550, "25,5\u00a0%", "25.5%"),
        ("order_line", "quantity", 1500, "1,5", "1.5"),
        ("orders", "line_count", 1200, "1\u00a0200", "1,200"),
        ("orders", "status", "shipped", "Lähetetty", "Shipped"),
        ("orders", "payment_method", "card", "Kortti", "Card"),
        ("orders", "payment_method", "Lahjakortti", "Lahjakortti", "Lahjakortti"),
        ("orders", "billing_country", "SE", "Ruotsi", "Sweden"),
        ("customer", "phone", "+358401234567", "040 123 4567", "+358 40 123 4567"),
        ("customer", "language", "sv", "ruotsi", "Swedish"),
        ("customer", "source", "phone", "Sinä itse puhelimessa", "You, by phone"),
        ("customer_opening", "purpose", "order", "Tilauksen käsittely", "Processing an order"),
        ("audit_event", "action", "account.logout", "Uloskirjautuminen", "Logged out"),
        ("audit_event", "actor_kind", "staff", "Työntekijämme", "Our employee"),
        ("provenance", "actor_kind", "staff", "Asiakaspalvelumme", "Our customer service"),
        ("message", "kind", "new_device", "Kirjautuminen uudesta selaimesta", "Log-in from a new browser"),
        ("customer_search", "text", "aino  laitinen", "aino laitinen", "aino laitinen"),
        ("orders", "note", "Ovelle\nkiitos", "Ovelle\nkiitos", "Ovelle\nkiitos"),
        ("a", "b", b"\x01\xff", "01ff", "01ff"),
    ],
)
def test_a_value_is_written_as_it_is_read(table: str, column: str, value: Any, fi: str, en: str) -> None:
    assert shown(table, column, value, "fi", currency="EUR") == fi
    assert shown(table, column, value, "en", currency="EUR") == en


def test_money_without_a_currency_is_a_number() -> None:
    assert shown("orders", "gross", 123450, "en") == "123,450"


def test_the_details_of_an_event_are_words() -> None:
    details = {"fields": ["street", "city"], "source": "phone"}
    assert shown("audit_event", "details", details, "en") == (
        "Details that changed: Street address, City; Source: You, by phone"
    )
    assert shown("audit_event", "details", {"new_device": True}, "sv") == "Ny webbläsare eller nytt nätverk: ja"
    assert shown("audit_event", "details", {"reason": "password", "x": None}, "en") == "Reason: wrong password; x: –"
    assert shown("audit_event", "details", {"month": "2025-10"}, "fi") == "Kuukausi: 10/2025"
    assert shown("audit_event", "details", {"fields": ["removed"]}, "en") == "Details that changed: removed"


def test_every_code_a_customer_may_see_has_its_word() -> None:
    codes = [f"audit.{action}" for action in EVENTS]
    codes += [f"privacy.message.{kind}" for kind in KINDS]
    codes += [f"privacy.who.{kind}" for kind in ("anonymous", "customer", "staff", "command", "job")]
    codes += [f"source.{source}" for source in Source] + [f"profile.note.{source}" for source in Source]
    codes += [f"order.status.{status}" for status in STATUSES]
    assert not [code for code in codes if code not in TEXTS], "add them to portal/rules/texts, in three languages"


def test_what_is_called_verbatim_is_shown_as_it_is_stored() -> None:
    stored = "  +358401234567  <b>fi</b>\nFI"
    columns = [column for column in personal_columns() if path_to(column.table) is not None]
    verbatim = [column for column in columns if is_verbatim(column.table, column.name)]
    assert all(shown(column.table, column.name, stored, "fi") == stored for column in verbatim)
    special = {("message", "html"), ("customer", "phone"), ("customer", "country"), ("customer_search", "text")}
    assert not special & {(column.table, column.name) for column in verbatim}
    assert len(verbatim) > 30


@pytest.mark.parametrize(
    ("locale", "words"), [("fi", "loka–joulukuussa"), ("sv", "i oktober–december"), ("en", "in October–December")]
)
def test_a_derived_season_is_told_in_words(locale: str, words: str) -> None:
    assert shown("derived_fact", "month", 10, locale) == words
