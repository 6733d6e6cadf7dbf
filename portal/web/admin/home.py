"""The start page of the restricted area: the search first, then what there is to do."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.order_status import STATUSES
from portal.rules.staff_roles import Permission, may
from portal.services import staff_overview
from portal.services.auditing import audit_checks
from portal.services.messaging import announcements, staff_messages
from portal.services.requests import request_queue
from portal.web import access
from portal.web.admin.announcement_rows import STATES
from portal.web.admin.audit_rows import shown_check
from portal.web.admin.forms import SearchForm
from portal.web.order_rows import shown_status
from portal.web.pages import page
from portal.web.transaction import current_context


@access.staff("own.account")
def show() -> ResponseReturnValue:
    """GET /admin/: the search, what is waiting, and the customers opened last."""
    role = current_user.role
    context = current_context()
    reads_log = may(role, Permission.READ_AUDIT)
    return page(
        "admin/home.html",
        form=SearchForm() if may(role, Permission.SEARCH_CUSTOMERS) else None,
        opened=staff_overview.opened_lately(context) if may(role, Permission.OPEN_CUSTOMER) else [],
        waiting=staff_overview.waiting(context) if may(role, Permission.READ_ORDERS) else [],
        unsent=staff_messages.unsent(context) if may(role, Permission.HANDLE_MESSAGES) else None,
        reads_log=reads_log,
        log_broken=reads_log and audit_checks.is_broken(context),
        check=shown_check(audit_checks.latest(context), audit_checks.ended(context)) if reads_log else None,
        statuses={code: shown_status(code) for code in STATUSES},
        announcements=announcements.latest(context) if may(role, Permission.SEND_ANNOUNCEMENTS) else None,
        announcement_states=STATES,
        due=request_queue.due_soon(context) if may(role, Permission.ANSWER_REQUESTS) else [],
    )
