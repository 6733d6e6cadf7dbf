"""The restricted area of the company's employees. Strangers find nothing here (SECURITY 30)."""

from __future__ import annotations

from flask import Blueprint

from portal.web.admin import (
    announcements,
    audit,
    audit_export,
    confirm,
    consent_letters,
    consents,
    corrections,
    customer_access,
    customers,
    employees,
    factor_removals,
    files,
    home,
    imports,
    invitations,
    login,
    messages,
    openings,
    orders,
    own_account,
    passkeys,
    password_links,
    request_entry,
    request_files,
    request_steps,
    request_work,
    requests,
    sessions,
)

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
_BOTH = ["GET", "POST"]
_CUSTOMER = "/customers/<uuid:customer>"
_CONSENT_LETTER = f"{_CUSTOMER}/consent-letters/<int(max=9223372036854775807):event>"
_REQUEST = "/requests/<reference>"
_ANNOUNCEMENT = "/announcements/<uuid:announcement>"
_UPLOAD = "/imports/<uuid:upload>"
blueprint.add_url_rule("/", "home", home.show)
blueprint.add_url_rule("/login", "login", login.show, methods=_BOTH)
blueprint.add_url_rule("/second-factor", "second_factor", login.second_factor, methods=_BOTH)
blueprint.add_url_rule("/account", "own_account", own_account.show)
blueprint.add_url_rule("/account/recovery-codes", "recovery_codes", own_account.codes, methods=_BOTH)
blueprint.add_url_rule("/account/passkeys", "passkeys", passkeys.show, methods=_BOTH)
blueprint.add_url_rule("/account/passkeys/options", "passkey_options", passkeys.options_to_add, methods=["POST"])
blueprint.add_url_rule("/account/passkeys/remove", "remove_passkey", passkeys.remove, methods=["POST"])
blueprint.add_url_rule("/second-factor/passkey", "passkey_login", passkeys.log_in, methods=["POST"])
blueprint.add_url_rule(
    "/second-factor/passkey/options", "passkey_login_options", passkeys.options_to_log_in, methods=["POST"]
)
blueprint.add_url_rule("/confirm", "confirm", confirm.show, methods=_BOTH)
blueprint.add_url_rule("/logout", "logout", login.leave, methods=["POST"])
blueprint.add_url_rule("/invite/<token>", "follow_invite", invitations.follow)
blueprint.add_url_rule("/invite", "invite", invitations.choose_password, methods=_BOTH)
blueprint.add_url_rule("/invite/second-factor", "invite_second_factor", invitations.set_up_second_factor, methods=_BOTH)
blueprint.add_url_rule("/customers", "customers", customers.show, methods=_BOTH)
blueprint.add_url_rule(_CUSTOMER, "customer", files.show)
blueprint.add_url_rule(f"{_CUSTOMER}/open", "open_customer", openings.show, methods=_BOTH)
blueprint.add_url_rule(f"{_CUSTOMER}/details/<part>", "correct", corrections.show, methods=_BOTH)
blueprint.add_url_rule(f"{_CUSTOMER}/consents", "consents", consents.show)
blueprint.add_url_rule(f"{_CUSTOMER}/consents/<kind>", "record_consent", consents.record, methods=_BOTH)
blueprint.add_url_rule(_CONSENT_LETTER, "consent_letter", consent_letters.show, methods=_BOTH)
blueprint.add_url_rule(f"{_CONSENT_LETTER}.pdf", "consent_letter_file", consent_letters.download)
blueprint.add_url_rule("/imports", "imports", imports.listing, methods=_BOTH)
blueprint.add_url_rule(_UPLOAD, "import_file", imports.show)
blueprint.add_url_rule(f"{_UPLOAD}/errors.csv", "import_errors", imports.errors)
blueprint.add_url_rule(f"{_UPLOAD}/confirm", "confirm_import", imports.confirm, methods=_BOTH)
blueprint.add_url_rule(f"{_UPLOAD}/discard", "discard_import", imports.discard, methods=["POST"])
blueprint.add_url_rule("/announcements", "announcements", announcements.listing)
blueprint.add_url_rule("/announcements/new", "write_announcement", announcements.write, methods=_BOTH)
blueprint.add_url_rule(_ANNOUNCEMENT, "announcement", announcements.show)
blueprint.add_url_rule(f"{_ANNOUNCEMENT}/edit", "edit_announcement", announcements.edit, methods=_BOTH)
blueprint.add_url_rule(f"{_ANNOUNCEMENT}/discard", "discard_announcement", announcements.discard, methods=_BOTH)
blueprint.add_url_rule(f"{_ANNOUNCEMENT}/test", "test_announcement", announcements.try_out, methods=["POST"])
blueprint.add_url_rule(f"{_ANNOUNCEMENT}/send", "send_announcement", announcements.send, methods=_BOTH)
blueprint.add_url_rule("/audit", "audit", audit.show, methods=_BOTH)
blueprint.add_url_rule("/audit/export", "audit_export", audit_export.download)
blueprint.add_url_rule("/audit/check", "audit_check", audit.check, methods=["POST"])
blueprint.add_url_rule("/messages", "messages", messages.show)
blueprint.add_url_rule("/messages/resend", "resend_messages", messages.resend_all, methods=["POST"])
blueprint.add_url_rule("/messages/<uuid:message>/resend", "resend_message", messages.resend, methods=["POST"])
blueprint.add_url_rule(f"{_CUSTOMER}/sessions", "customer_sessions", sessions.show, methods=_BOTH)
blueprint.add_url_rule(f"{_CUSTOMER}/access", "customer_access", customer_access.show, methods=_BOTH)
blueprint.add_url_rule(f"{_CUSTOMER}/second-factor", "factor_removal", factor_removals.show, methods=_BOTH)
blueprint.add_url_rule(f"{_CUSTOMER}/password-link", "password_link", password_links.show, methods=_BOTH)
blueprint.add_url_rule("/orders", "orders", orders.listing, methods=_BOTH)
blueprint.add_url_rule("/orders/<number>", "order", orders.show)
blueprint.add_url_rule(f"{_CUSTOMER}/requests/new", "enter_request", request_entry.enter, methods=_BOTH)
blueprint.add_url_rule(f"{_CUSTOMER}/requests/<reference>", "entered_request", request_entry.entered)
blueprint.add_url_rule(f"{_CUSTOMER}/requests/<reference>/receipt.pdf", "entered_receipt", request_entry.receipt)
blueprint.add_url_rule("/requests", "requests", requests.listing, methods=_BOTH)
blueprint.add_url_rule("/request-figures", "request_figures", requests.figures)
blueprint.add_url_rule(_REQUEST, "request", requests.show)
blueprint.add_url_rule(f"{_REQUEST}/open", "open_request", requests.open_one, methods=_BOTH)
blueprint.add_url_rule(f"{_REQUEST}/steps/<step>", "request_step", request_steps.show, methods=_BOTH)
blueprint.add_url_rule(f"{_REQUEST}/assignment", "request_assignment", request_work.assign, methods=_BOTH)
blueprint.add_url_rule(f"{_REQUEST}/checklist", "request_checklist", request_work.search_sources, methods=_BOTH)
blueprint.add_url_rule(f"{_REQUEST}/correspondence/<kind>", "request_note", request_work.write, methods=_BOTH)
blueprint.add_url_rule(f"{_REQUEST}/copy", "request_copy", request_work.ask_copy, methods=_BOTH)
blueprint.add_url_rule(f"{_REQUEST}/copy.zip", "request_copy_file", request_files.copy)
blueprint.add_url_rule(f"{_REQUEST}/letters/<number>.pdf", "request_letter", request_files.letter)
blueprint.add_url_rule(
    f"{_REQUEST}/files/<int(max=9223372036854775807):file>", "request_attachment", request_files.attachment
)
_EMPLOYEE = "/staff/<int(max=9007199254740991):employee>"
blueprint.add_url_rule("/staff", "staff", employees.listing)
blueprint.add_url_rule("/staff/roles", "staff_roles", employees.roles)
blueprint.add_url_rule("/staff/invite", "invite_employee", employees.invite, methods=_BOTH)
blueprint.add_url_rule(_EMPLOYEE, "employee", employees.show)
blueprint.add_url_rule(f"{_EMPLOYEE}/role", "employee_role", employees.change_role, methods=_BOTH)
blueprint.add_url_rule(f"{_EMPLOYEE}/end", "employee_end", employees.set_end, methods=_BOTH)
blueprint.add_url_rule(f"{_EMPLOYEE}/access", "employee_access", employees.set_access, methods=_BOTH)
blueprint.add_url_rule(f"{_EMPLOYEE}/link", "employee_link", employees.new_link, methods=_BOTH)
