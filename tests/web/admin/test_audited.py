"""What an employee does to the own access, and to uploaded files, is in the audit log (SECURITY 64)."""

from collections.abc import Callable
from typing import Any

import pytest

from config import Settings
from portal.services.accounts import passkeys
from portal.services.employees import staff_accounts
from tests.support import builders
from tests.support.audited import audited
from tests.support.authenticator import new_passkey
from tests.support.builders import MadeStaff
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.support.import_pages import GOOD, upload
from tests.web.admin.test_invitation import PASSWORD, _code

Employee = Callable[..., tuple[InvariantClient, MadeStaff]]


@pytest.mark.security(64)
def test_logging_in_and_failing(
    employee: Employee, new_client: NewClient, transaction: Transaction, reading: Transaction
) -> None:
    browser, made = employee()
    assert audited(reading, "staff.login") == [(None, made.id, {"new_device": False})]
    assert audited(reading, "staff.second_factor_passed") == [(None, made.id, {})]
    new_client().submit("/admin/login", email=made.email, password="aivan väärä sana tähän")
    assert audited(reading, "staff.login_failed") == [(None, made.id, {"reason": "password"})]
    new_client().submit("/admin/login", email="nobody@example.com", password="aivan väärä sana tähän")
    assert audited(reading, "staff.login_failed")[1][:2] == (None, None)
    browser.post("/admin/logout", data={"csrf_token": browser.csrf_token("/admin/")})
    assert audited(reading, "staff.logout") == [(None, made.id, {})]


@pytest.mark.security(64)
def test_using_an_invitation(client: InvariantClient, transaction: Transaction, reading: Transaction) -> None:
    with transaction() as context:
        token = staff_accounts.create(context, "uusi@example.com", "auditor")
    client.get(f"/admin/invite/{token}")
    setup = client.follow(client.submit("/admin/invite", name="Uuno Uusi", password=PASSWORD))
    client.submit_form(setup, code=_code(setup))
    for action in ("staff.invitation_used", "staff.second_factor_set"):
        ((_, member, _),) = audited(reading, action)
        assert member is not None


@pytest.mark.security(64)
def test_passkeys(employee: Employee, settings: Settings, transaction: Transaction, reading: Transaction) -> None:
    browser, made = employee()
    token = browser.csrf_token("/admin/account/passkeys")
    options = browser.post("/admin/account/passkeys/options", data={"csrf_token": token}).body
    data = {"csrf_token": token, "credential": new_passkey(options, settings.base_url), "name": "Puhelin"}
    assert browser.post("/admin/account/passkeys", data=data).status_code == 303
    assert audited(reading, "staff.passkey_added") == [(None, made.id, {})]
    assert browser.submit("/admin/account/passkeys", "form[action$=remove]").status_code == 303
    assert audited(reading, "staff.passkey_removed") == [(None, made.id, {})]
    with transaction() as context:
        builders.passkey(context, passkeys.of_staff(made.id))
    token = browser.csrf_token("/admin/account/passkeys")
    browser.post("/admin/account/passkeys/remove", data={"csrf_token": token, "line": "99"})
    assert len(audited(reading, "staff.passkey_removed")) == 1


@pytest.mark.security(64)
def test_order_files(importer: InvariantClient, work: Callable[[], None], reading: Transaction, folder: Any) -> None:
    address = upload(importer, GOOD)
    ((_, member, details),) = audited(reading, "orders.file_uploaded")
    assert member is not None and details["bytes"] == len(GOOD)
    work()
    page = importer.get(address)
    assert audited(reading, "orders.file_previewed") == [(None, member, {"upload": details["upload"]})]
    importer.submit_form(page, "form[action$=discard]")
    assert audited(reading, "orders.file_discarded") == [(None, member, {"upload": details["upload"]})]
