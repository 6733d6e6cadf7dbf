"""Managing employees: the list, the map of roles, and what is done to one of them (SECURITY 22, 24, 32)."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.staff_roles import GRANTED, Permission, Role
from portal.services.employees import staff_accounts, staff_management
from portal.web import access
from portal.web.admin.employee_forms import AccessForm, EndForm, InviteForm, RoleForm
from portal.web.forms import ButtonForm, rules_on
from portal.web.pages import flash_code, page
from portal.web.transaction import current_context, transaction


@access.staff("staff.manage")
def listing() -> ResponseReturnValue:
    """GET /admin/staff: everybody, those who can log in first."""
    return page("admin/staff.html", employees=staff_management.everybody(current_context()))


@access.staff("staff.manage")
def roles() -> ResponseReturnValue:
    """GET /admin/staff/roles: each permission and the roles that hold it, on one page."""
    rows = [(permission, [permission in GRANTED[role] for role in Role]) for permission in Permission]
    return page("admin/staff_roles.html", roles=list(Role), rows=rows)


@access.staff_fresh("staff.manage")
def invite() -> ResponseReturnValue:
    """GET, POST /admin/staff/invite: a new employee, whose link is shown once."""
    form = InviteForm()
    if form.validate_on_submit():
        with rules_on(form):
            email = form.email.data or ""
            with transaction() as context:
                token = staff_management.invite(context, email, form.role.data or "", form.name.data or "")
            return _link_page(email, token)
    return page("admin/staff_invite.html", form=form)


@access.staff_fresh("staff.manage")
def show(employee: int) -> ResponseReturnValue:
    """GET /admin/staff/<number>: an employee, and what can be done."""
    found = staff_management.get(current_context(), employee)
    return page("admin/employee.html", employee=found, own=employee == current_user.id)


@access.staff_fresh("staff.manage")
def change_role(employee: int) -> ResponseReturnValue:
    """GET, POST /admin/staff/<number>/role."""
    found = staff_management.get(current_context(), employee)
    form = RoleForm(data={"role": found.role})
    if form.validate_on_submit():
        with rules_on(form):
            with transaction() as context:
                staff_management.change_role(context, employee, form.role.data or "")
            return _done("staff.role_changed", employee)
    return page("admin/employee_role.html", form=form, employee=found)


@access.staff_fresh("staff.manage")
def set_end(employee: int) -> ResponseReturnValue:
    """GET, POST /admin/staff/<number>/end: the last day of the employment."""
    found = staff_management.get(current_context(), employee)
    form = EndForm(data={"ends_on": found.ends_on.isoformat() if found.ends_on else ""})
    if form.validate_on_submit():
        with rules_on(form):
            with transaction() as context:
                staff_management.set_end(context, employee, form.ends_on.data or "")
            if not form.ends_on.data:
                return _done("staff.end_removed", employee)
            left = staff_management.get(current_context(), employee).state == "left"
            return _done("staff.end_passed" if left else "staff.end_changed", employee)
    return page("admin/employee_end.html", form=form, employee=found)


@access.staff_fresh("staff.manage")
def set_access(employee: int) -> ResponseReturnValue:
    """GET, POST /admin/staff/<number>/access: close the account, or open it again."""
    found = staff_management.get(current_context(), employee)
    form = AccessForm()
    if form.validate_on_submit():
        change = staff_management.enable if form.open.data == "yes" else staff_management.disable
        with rules_on(form):
            with transaction() as context:
                change(context, employee)
            return _done("staff.opened" if form.open.data == "yes" else "staff.closed", employee)
    form.open.data = "yes" if found.state == "disabled" else "no"
    return page("admin/employee_access.html", form=form, employee=found)


@access.staff_fresh("staff.manage")
def new_link(employee: int) -> ResponseReturnValue:
    """GET, POST /admin/staff/<number>/link: a new link, for a forgotten password or a lost phone."""
    found = staff_management.get(current_context(), employee)
    form = ButtonForm()
    if form.validate_on_submit():
        with rules_on(form):
            with transaction() as context:
                token = staff_management.invite(context, found.email, found.role, "")
            return _link_page(found.email, token)
    return page("admin/employee_link.html", form=form, employee=found)


def _link_page(email: str, token: str) -> ResponseReturnValue:
    """The link is part of this answer alone: it stands in no address and in no log."""
    hours = int(staff_accounts.LIFETIME.total_seconds() // 3600)
    return page("admin/staff_link.html", email=email, link=staff_accounts.link(token), hours=hours)


def _done(code: str, employee: int) -> ResponseReturnValue:
    flash_code(code)
    return redirect(url_for("admin.employee", employee=employee), 303)
