"""The catalogue of audit events: each action with the exact keys of its details.

Values of details are codes, counts, field names and opaque ids. The texts stand in `rules/texts/audit.py`.
"""

from __future__ import annotations

EVENTS: dict[str, frozenset[str]] = {
    action: frozenset(keys.split())
    for action, keys in {
        # A customer's account.
        "account.registered": "",
        "account.registration_started": "",
        "account.login": "new_device",
        "account.login_failed": "reason",
        "account.logout": "",
        "account.device_remembered": "",
        "account.resumed": "new_device",
        "account.remembered_reused": "",
        "account.reauthenticated": "",
        "account.session_ended": "count",
        "account.password_changed": "",
        "account.password_reset_requested": "",
        "account.password_reset": "",
        "account.email_change_requested": "",
        "account.email_changed": "",
        "account.email_change_cancelled": "",
        "account.hash_corrupt": "",
        "account.closing_asked": "",
        "account.closing_taken_back": "",
        "account.closed": "",
        "account.second_factor_on": "",
        "account.second_factor_off": "",
        "account.second_factor_failed": "",
        "account.recovery_codes_made": "",
        "account.recovery_code_used": "left",
        "account.orders_joined": "orders",
        "account.orders_join_refused": "",
        # The register.
        "customer.changed": "fields source",
        "customer.created": "source",
        "orders.imported": "shop run added changed customers",
        "consent.recorded": "kind choice source",
        "interests.changed": "added removed",
        "usage.deleted": "count",
        "copy.requested": "",
        "copy.made": "attempts",
        "copy.failed": "reason",
        "copy.downloaded": "",
        "access_request.received": "request channel",
        "access_request.moved": "request state",
        # Employees.
        "staff.created": "role",
        "staff.invited": "",
        "staff.invitation_used": "",
        "staff.login": "new_device",
        "staff.login_failed": "reason",
        "staff.second_factor_passed": "",
        "staff.second_factor_failed": "",
        "staff.second_factor_set": "",
        "staff.recovery_codes_made": "",
        "staff.recovery_code_used": "left",
        "staff.reauthenticated": "",
        "staff.hash_corrupt": "",
        "staff.logout": "",
        "staff.permission_denied": "permission",
        "staff.searched": "kind found",
        "staff.customer_opened": "purpose",
        "staff.customer_refused": "reason",
        "staff.order_viewed": "order",
        "staff.orders_listed": "",
        "staff.messages_listed": "",
        "message.resent": "message kind",
        "messages.resent": "count",
        # The system.
        "audit.verified": "rows",
    }.items()
}
