"""The audit log as employees read it, its verification, and its export (SECURITY 24, 32, 44, 52, 65)."""

import csv
import io
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.jobs import checks
from portal.rules.context import Actor
from portal.services.auditing import audit, audit_log
from tests.services.auditing.test_audit_verify import past_the_triggers
from tests.support import builders

ROWS = "tbody tr"


@pytest.fixture
def told(transaction):
    """An employee has opened a customer; returns the customer's row."""
    with transaction() as context:
        customer = builders.customer(context, first_name="Aino", last_name="Virtanen", email="aino@example.com")
        colleague = builders.staff(context, name="Joonas Peltola")
    with transaction(Actor("staff", colleague.id)) as context:
        audit.record(
            context, "staff.customer_opened", customer_id=customer, purpose="customer_contact", role="customer_care"
        )
    with transaction(Actor("anonymous")) as context:
        audit.record(context, "account.login_failed", customer_id=customer, reason="password")
    return customer


def query(address):
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_a_log_in_that_succeeded_looks_like_no_alarm(employee, told, transaction):
    with transaction(Actor("anonymous")) as context:
        audit.record(context, "account.login", customer_id=told, new_device=False)
    with transaction(Actor("anonymous")) as context:
        audit.deny(context, "staff.permission_denied", permission="requests.answer")
    browser, _ = employee("auditor")
    looks = {
        action: browser.get(f"/admin/audit?action={action}").select(f"{ROWS} .tag")[0]["class"]
        for action in ("account.login", "account.login_failed")
    }
    assert "tag--warn" in looks["account.login_failed"] and "tag--warn" not in looks["account.login"]
    assert (
        "Oikeus: Ratkaista henkilötietoja" in browser.get("/admin/audit?action=staff.permission_denied").texts(ROWS)[0]
    )


@pytest.mark.parametrize(
    ("action", "details", "alarming"),
    [
        ("consent.recorded", {"kind": "email_marketing", "choice": "withdrawn", "source": "mail_link"}, False),
        ("account.password_reset_requested", {}, False),
        ("account.remembered_reused", {}, True),
        ("account.second_factor_failed", {}, True),
        ("attempts.refused", {"limit": "second_factor", "area": "customers"}, True),
    ],
)
def test_only_what_was_tried_without_being_let_in_looks_like_an_alarm(
    employee, told, transaction, action, details, alarming
):
    with transaction(Actor("anonymous")) as context:
        audit.record(context, action, customer_id=told, **details)
    browser, _ = employee("auditor")
    (tag,) = browser.get(f"/admin/audit?action={action}").select(f"{ROWS} .tag")
    assert ("tag--warn" in tag["class"]) is alarming


def test_refused_attempts_are_told_in_words(employee, transaction):
    with transaction(Actor("anonymous")) as context:
        audit.record(context, "attempts.refused", limit="login_address", area="staff")
    browser, _ = employee("auditor")
    (row,) = browser.get("/admin/audit?action=attempts").texts(ROWS)
    assert "Liian monta yritystä: niitä ei hetkeen oteta vastaan" in row
    assert "Missä: työntekijöiden sivut" in row and "Raja: yritykset yhdestä verkko-osoitteesta" in row


def test_events_are_told_in_words_and_without_a_customers_values(employee, told, uuid_of):
    browser, _ = employee("auditor", name="Oona Aalto")
    page = browser.get("/admin/audit?action=staff.customer_opened")
    (row,) = page.texts(ROWS)
    assert "Tiedot avattu" in row and "Joonas Peltola" in row and f"C-{told:06d}" in row
    assert "Tarkoitus: Asiakkaan kysymykseen vastaaminen" in row and "staff.customer_opened" in row
    assert page.select(f"{ROWS} a")[1]["href"] == f"/admin/audit?customer={uuid_of(told)}"
    assert not any(value in page.get_data(as_text=True) for value in ("Virtanen", "Aino", "aino@example.com"))


def test_reading_is_noted_and_turning_pages_is_not(employee, told, events, monkeypatch):
    monkeypatch.setattr(audit_log, "PAGE_SIZE", 1)
    browser, made = employee("auditor")
    page = browser.get("/admin/audit")
    browser.get("/admin/audit")
    seen = []
    while page.select("a[rel=next]"):
        seen += page.texts(ROWS)
        page = browser.get(page.select("a[rel=next]")[0]["href"])
    assert len(seen) >= 3
    assert [(event.actor_id, event.details) for event in events("audit.read")] == [(made.id, {"filters": []})]


def test_a_customers_events_are_found_by_number_and_the_address_names_nobody(employee, told, uuid_of, events):
    browser, _ = employee("privacy")
    wrong = browser.submit("/admin/audit", "form[method=post][role=search]", number="C-999999")
    assert wrong.status_code == 422 and wrong.fields_in_error == ["number"]
    answer = browser.submit("/admin/audit?actor=staff", "form[method=post][role=search]", number=f"C-{told:06d}")
    assert query(answer.location) == {"actor": "staff", "customer": str(uuid_of(told))}
    page = browser.follow(answer)
    assert len(page.texts(ROWS)) == 1 and f"C-{told:06d}" in page.page_text
    read = events("audit.read")[-1]
    assert (read.customer_id, read.details) == (told, {"filters": ["actor", "customer"]})
    everybody = browser.get(page.select('a[href="/admin/audit?actor=staff"]')[0]["href"])
    assert len(everybody.texts(ROWS)) > 1


def test_filters_stay_in_the_form_and_in_every_link(employee, told, transaction, monkeypatch):
    monkeypatch.setattr(audit_log, "PAGE_SIZE", 1)
    browser, made = employee("auditor", name="Oona Aalto")
    with transaction(Actor("staff", made.id)) as context:
        audit.record(context, "staff.orders_listed")
    today = datetime.now(UTC)
    days = {"first": f"{today - timedelta(days=1):%Y-%m-%d}", "last": f"{today + timedelta(days=1):%Y-%m-%d}"}
    given = {"action": "staff", "actor": "staff", "employee": str(made.id), **days}
    page = browser.get("/admin/audit", query_string=given)
    assert [option.get("value") for option in page.select("option[selected]")] == ["staff", "staff", str(made.id)]
    assert [field["value"] for field in page.select("input[type=date]")] == list(days.values())
    older = query(page.select("a[rel=next]")[0]["href"])
    assert {name: value for name, value in older.items() if name != "after"} == given
    assert query(page.select('a[href^="/admin/audit/export"]')[0]["href"]) == given


@pytest.mark.security(44, 48)
@pytest.mark.parametrize(
    "address",
    ["action=x", "actor=x", "employee=7777", "customer=x", "after=x", "before=" + "9" * 40],
)
def test_what_no_list_offers_is_a_400(employee, told, address):
    browser, _ = employee("auditor")
    assert browser.get(f"/admin/audit?{address}").status_code == 400
    assert browser.get(f"/admin/audit/export?{address}").status_code == (200 if address[:2] in ("af", "be") else 400)


@pytest.mark.security(44, 48)
@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"first": "2026-11-22", "last": "2026-11-21"}, ["last"]),
        ({"first": "22.11.2026", "last": "1.3.2026", "request": "a b"}, ["last", "request"]),
        ({"first": "huomenna", "last": "31.2.2026"}, ["first", "last"]),
        ({"first": "9999-12-31"}, ["first"]),
    ],
)
def test_what_is_typed_and_cannot_be_meant_is_told_at_its_field(employee, told, events, given, wrong):
    browser, _ = employee("auditor")
    page = browser.get("/admin/audit", query_string={**given, "actor": "staff"})
    assert (page.status_code, page.fields_in_error) == (422, wrong)
    assert {name: page.select(f"#{name}")[0]["value"] for name in given} == given
    assert [option.get("value") for option in page.select("option[selected]")] == ["staff"]
    assert not page.select(ROWS) and not page.select('a[href^="/admin/audit/export"]')
    assert events("audit.read") == []
    assert browser.get("/admin/audit/export", query_string=given).status_code == 400


def test_days_are_read_as_they_are_written_in_finland(employee, told):
    browser, _ = employee("auditor")
    today = datetime.now(UTC) + timedelta(days=1)
    found = browser.get("/admin/audit", query_string={"last": f"{today.day}.{today.month}.{today.year}"})
    assert found.status_code == 200 and found.select(ROWS)
    assert browser.get("/admin/audit?first=1.3.2026&last=1.3.2026").select(".empty")


def test_messages_are_one_group_and_details_have_the_words_of_their_event(employee, told, transaction):
    with transaction(Actor("job")) as context:
        audit.record(context, "messages.resent", count=3)
        audit.record(context, "message.resent", message=7, kind="password_changed")
        audit.record(context, "audit.month_dropped", month="2024-03", seq=90)
        audit.record(context, "orders.imported", shop="verkko", run=4, added=2, changed=0, customers=1)
    browser, _ = employee("auditor")
    assert len(browser.get("/admin/audit?action=message").texts(ROWS)) == 2
    (dropped,) = browser.get("/admin/audit?action=audit.month_dropped").texts(ROWS)
    assert "Poistettu kuukausi: 3/2024" in dropped and "Sen viimeisen tapahtuman järjestysnumero: 90" in dropped
    (imported,) = browser.get("/admin/audit?action=orders.imported").texts(ROWS)
    assert "Lisättyjä tilauksia: 2" in imported and "Tuonti, sisäinen numeromme: 4" in imported


@pytest.mark.security(32)
@pytest.mark.parametrize("role", ["customer_care", "orders", "communications"])
def test_other_roles_do_not_read_the_log(employee, role):
    browser, _ = employee(role)
    for address in ("/admin/audit", "/admin/audit/export"):
        assert browser.get(address).status_code == 403
    assert not browser.get("/admin/").select('a[href="/admin/audit"]')


@pytest.mark.security(65)
def test_the_page_tells_how_the_verification_stands(app, employee, told):
    browser, _ = employee("auditor", name="Oona Aalto")
    for address in ("/admin/", "/admin/audit"):
        assert "Ei vielä tarkistettu" in browser.get(address).page_text
    asked = browser.follow(browser.submit("/admin/audit", 'form[action="/admin/audit/check"]'))
    assert "Tarkistetaan" in asked.page_text and not asked.select('form[action="/admin/audit/check"]')
    with app.app_context():
        checks.run()
    done = browser.get("/admin/audit")
    assert "Ehjä" in done.page_text and "Pyytäjä Oona Aalto" in done.page_text
    start = browser.get("/admin/")
    assert not start.select(".notice--bad") and not start.select("main .empty")
    assert "Ehjä" in start.page_text and "Pyytäjä Oona Aalto" in start.page_text
    assert start.select('main a[href="/admin/audit"]')


@pytest.mark.security(65)
def test_the_daily_verification_shows_without_being_asked_for(app, employee, told):
    browser, _ = employee("administrator")
    with app.app_context():
        checks.begin_daily()
        checks.run()
    for address in ("/admin/", "/admin/audit"):
        text = browser.get(address).page_text
        assert "Ehjä" in text and "Päivittäinen tarkistus, aloitettu" in text and "Valmistui" in text
    browser.submit("/admin/audit", 'form[action="/admin/audit/check"]')
    for address in ("/admin/", "/admin/audit"):
        text = browser.get(address).page_text
        assert "Tarkistetaan" in text and "Tarkistettu viimeksi" in text and ": ehjä." in text


@pytest.mark.security(65)
def test_a_broken_chain_names_its_first_bad_event_and_shows_on_the_start_page(app, employee, told):
    browser, _ = employee("auditor")
    with past_the_triggers(app) as opened:
        opened.exec_driver_sql("UPDATE audit_event SET action = 'staff.logout' WHERE action = 'staff.customer_opened'")
    browser.submit("/admin/audit", 'form[action="/admin/audit/check"]')
    with app.app_context():
        checks.run()
    page = browser.get("/admin/audit")
    assert "Tapahtuma 1: tapahtumaa on muutettu." in page.page_text and "Rikki" in page.page_text
    assert "Tapahtumaloki on rikki" in browser.get("/admin/").page_text


@pytest.mark.security(24, 52)
def test_the_export_is_a_safe_table_after_fresh_proof(employee, told, events, monkeypatch, time_machine):
    monkeypatch.setattr(audit_log, "BATCH", 2)
    browser, made = employee("auditor")
    # A browser that only asks whether there is something to fetch exports nothing.
    browser.head("/admin/audit/export?action=staff")
    assert events("audit.exported") == []
    answer = browser.get("/admin/audit/export?action=staff", buffered=True)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="audit-')
    table = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    opened = next(row for row in table if row[2] == "staff.customer_opened")
    assert table[0][:3] == ["position", "time", "event"] and {row[2].partition(".")[0] for row in table[1:]} == {
        "staff"
    }
    assert opened[3:8] == [
        "Tiedot avattu",
        "staff",
        str(events("staff.customer_opened")[0].staff_id),
        f"C-{told:06d}",
        '{"purpose": "customer_contact", "role": "customer_care"}',
    ]
    assert [int(row[0]) for row in table[1:]] == sorted((int(row[0]) for row in table[1:]), reverse=True)
    (event,) = events("audit.exported")
    assert (event.actor_id, event.details) == (made.id, {"filters": ["action"]})
    time_machine.move_to(datetime.now(UTC) + timedelta(minutes=11))
    again = browser.get("/admin/audit/export?action=staff")
    assert urlsplit(again.location).path == "/admin/confirm"
    assert query(again.location) == {"next": "/admin/audit?action=staff"}


@pytest.mark.security(52)
def test_a_detail_that_begins_like_a_formula_is_text(employee, transaction):
    with transaction() as context:
        audit.record(context, "orders.imported", shop="=1+1", run=1, added=0, changed=0, customers=0)
    browser, _ = employee("auditor")
    answer = browser.get("/admin/audit/export?action=orders.imported", buffered=True)
    (_, row) = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    assert "=1+1" in row[7] and not any(cell.startswith(("=", "+", "-", "@")) for cell in row)
