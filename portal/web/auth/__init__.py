"""The way in and out: signing up, logging in, passwords, the log-in address."""

from __future__ import annotations

from flask import Blueprint

from portal.web.auth import (
    cancel_email,
    change_email,
    change_password,
    close_account,
    confirm_email,
    confirm_password,
    forgot_password,
    login,
    logout,
    passkeys,
    reset_password,
    second_factor,
    second_step,
    security,
    sessions,
    sign_up,
    user_name,
    verify_email,
)

blueprint = Blueprint("auth", __name__)
_FORM = ["GET", "POST"]

blueprint.add_url_rule("/sign-up", "sign_up", sign_up.show, methods=_FORM)
blueprint.add_url_rule("/sign-up/check-mail", "sign_up_sent", sign_up.sent)
blueprint.add_url_rule("/verify-email/<token>", "verify_email_link", verify_email.follow)
blueprint.add_url_rule("/verify-email", "verify_email", verify_email.show, methods=_FORM)

blueprint.add_url_rule("/login", "login", login.show, methods=_FORM)
blueprint.add_url_rule("/login/passkey", "passkey_login", passkeys.log_in, methods=["POST"])
blueprint.add_url_rule("/login/passkey/options", "passkey_login_options", passkeys.options_to_log_in, methods=["POST"])
blueprint.add_url_rule("/login/second-factor", "second_step", second_step.show, methods=_FORM)
blueprint.add_url_rule("/logout", "logout", logout.leave, methods=["POST"])
blueprint.add_url_rule("/confirm-password", "confirm_password", confirm_password.show, methods=_FORM)

blueprint.add_url_rule("/forgot-password", "forgot_password", forgot_password.show, methods=_FORM)
blueprint.add_url_rule("/forgot-password/check-mail", "forgot_password_sent", forgot_password.sent)
blueprint.add_url_rule("/reset-password/<token>", "reset_password_link", reset_password.follow)
blueprint.add_url_rule("/reset-password", "reset_password", reset_password.show, methods=_FORM)

blueprint.add_url_rule("/account/security", "security", security.show)
blueprint.add_url_rule("/account/sessions", "sessions", sessions.show, methods=_FORM)
blueprint.add_url_rule("/account/sessions/others", "end_other_sessions", sessions.end_others, methods=["POST"])
blueprint.add_url_rule("/account/second-factor", "second_factor", second_factor.show, methods=_FORM)
blueprint.add_url_rule("/account/second-factor/set-up", "set_up_second_factor", second_factor.set_up, methods=_FORM)
blueprint.add_url_rule("/account/second-factor/off", "turn_off_second_factor", second_factor.turn_off, methods=["POST"])
blueprint.add_url_rule("/account/second-factor/keep", "keep_second_factor", security.keep_factor, methods=["POST"])
blueprint.add_url_rule(
    "/account/second-factor/recovery-codes", "recovery_codes", second_factor.recovery_codes, methods=_FORM
)
blueprint.add_url_rule("/account/passkeys", "passkeys", passkeys.show, methods=_FORM)
blueprint.add_url_rule("/account/passkeys/options", "passkey_options", passkeys.options_to_add, methods=["POST"])
blueprint.add_url_rule("/account/passkeys/remove", "remove_passkey", passkeys.remove, methods=["POST"])
blueprint.add_url_rule("/account/close", "close_account", close_account.show, methods=_FORM)
blueprint.add_url_rule("/account/password", "change_password", change_password.show, methods=_FORM)
blueprint.add_url_rule("/account/user-name", "user_name", user_name.show, methods=_FORM)
blueprint.add_url_rule("/account/user-name/remove", "remove_user_name", user_name.remove, methods=["POST"])
blueprint.add_url_rule("/account/email", "change_email", change_email.show, methods=_FORM)
blueprint.add_url_rule("/account/email/check-mail", "change_email_sent", change_email.sent)
blueprint.add_url_rule("/confirm-email/<token>", "confirm_email_link", confirm_email.follow)
blueprint.add_url_rule("/confirm-email", "confirm_email", confirm_email.show, methods=_FORM)
blueprint.add_url_rule("/cancel-email/<token>", "cancel_email_link", cancel_email.follow)
blueprint.add_url_rule("/cancel-email", "cancel_email", cancel_email.show, methods=_FORM)
