"""An undeclared view keeps the portal from starting; a refusal is written down (SECURITY 30, 31)."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.models.account import Account
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.staff import Staff
from portal.rules.staff_roles import Role
from portal.web import access
from tests.support import builders
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction


def view() -> str:
    return "planted"


def planted(rule: str, declare: access.View | None, endpoint: str = "planted") -> Flask:
    """An application with one view, declared or not."""
    app = Flask(__name__, static_folder=None)
    app.add_url_rule(rule, endpoint, declare or view)
    return app


@pytest.mark.security(31)
def test_an_undeclared_view_refuses_to_boot() -> None:
    with pytest.raises(RuntimeError, match=r"planted \(/planted\): declare its access"):
        access.check(planted("/planted", None))


@pytest.mark.security(31)
def test_a_declared_view_boots() -> None:
    access.check(planted("/planted", access.public(lambda: "planted")))


@pytest.mark.security(30, 31)
@pytest.mark.parametrize(
    ("rule", "declare"),
    [
        ("/admin", access.public),
        ("/admin/planted", access.public),
        ("/admin/planted", access.customer),
        ("/admin/planted", access.customer_fresh),
        ("/planted", access.staff("customers.search")),
        ("/planted", access.staff_fresh("staff.manage")),
        ("/planted", access.staff_area_open),
        ("/planted", access.staff_first_factor),
        ("/administrator", access.staff_area_open),
    ],
)
def test_a_declaration_of_the_wrong_area_refuses_to_boot(rule: str, declare: access.View) -> None:
    with pytest.raises(RuntimeError, match="does not fit its area"):
        access.check(planted(rule, declare(lambda: "planted")))


@pytest.mark.parametrize("declare", [access.customer, access.customer_fresh])
def test_a_button_that_may_ask_who_one_is_names_its_page(declare: access.View) -> None:
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/press", "press", declare(lambda: "planted"), methods=["POST"])
    with pytest.raises(RuntimeError, match=r"press \(/press\): say with access.button_on"):
        access.check(app)
    marked = Flask(__name__, static_folder=None)
    marked.add_url_rule("/press", "press", access.button_on("page")(declare(lambda: "planted")), methods=["POST"])
    access.check(marked)


@pytest.mark.security(31)
def test_every_problem_is_named_at_once() -> None:
    app = planted("/one", None, "one")
    app.add_url_rule("/two", "two", lambda: "planted")
    with pytest.raises(RuntimeError) as refused:
        access.check(app)
    assert "one (/one)" in str(refused.value)
    assert "two (/two)" in str(refused.value)


@pytest.mark.security(30, 64)
def test_a_refused_employee_gets_403_and_an_entry(client: InvariantClient, transaction: Transaction) -> None:
    with transaction() as context:
        employee = builders.staff(context, Role.COMMUNICATIONS)
    client.log_in_staff(employee)
    assert client.get("/admin/customers").status_code == 403
    with transaction():
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "staff.permission_denied")).one()
        assert (event.actor_id, event.staff_id) == (employee.id, employee.id)
        assert event.details == {"permission": "customers.search"}


@pytest.mark.security(22)
@pytest.mark.parametrize("area", ["customer", "staff"])
def test_disabling_acts_on_the_next_request(client: InvariantClient, transaction: Transaction, area: str) -> None:
    with transaction() as context:
        account, employee = builders.account(context), builders.staff(context)
    if area == "customer":
        client.log_in(account)
        path, login = "/account", "/login?"
    else:
        client.log_in_staff(employee)
        path, login = "/admin/", "/admin/login?"
    assert client.get(path).status_code == 200
    with transaction() as context:
        if area == "customer":
            db.session.get_one(Account, account.id).disabled_at = context.now
        else:
            db.session.get_one(Staff, employee.id).disabled_at = context.now
    assert (client.get(path).location or "").startswith(login)


@pytest.mark.security(36)
@pytest.mark.parametrize(
    "target",
    ["//evil.test", "/\t/evil.test", "/%09/evil.test", "https://evil.test/", "/\\evil.test", "javascript:alert(1)", ""],
)
def test_logging_in_leads_nowhere_else(client: InvariantClient, transaction: Transaction, target: str) -> None:
    with transaction() as context:
        account = builders.account(context)
    page = client.get("/login", query_string={"next": target})
    response = client.submit_form(page, email=account.email, password=account.password)
    assert response.status_code == 303
    assert response.location == "/account"


@pytest.mark.security(35, 36)
@pytest.mark.parametrize("target", ["//evil.test", "/\t/evil.test", "https://evil.test/"])
def test_the_language_switch_leads_nowhere_else(client: InvariantClient, target: str) -> None:
    data = {"csrf_token": client.csrf_token(), "language": "sv", "next": target}
    assert client.post("/language", data=data).location == "/"
