"""The way in and out: signing up, logging in, passwords, the log-in address."""

from __future__ import annotations

from flask import Blueprint

from portal.web.auth import pages_to_come as page

blueprint = Blueprint("auth", __name__)
_BOTH = ["GET", "POST"]
blueprint.add_url_rule("/sign-up", "sign_up", page.public_page, methods=_BOTH)
blueprint.add_url_rule("/verify-email", "verify_email", page.public_page, methods=_BOTH)
blueprint.add_url_rule("/login", "login", page.public_page, methods=_BOTH)
blueprint.add_url_rule("/logout", "logout", page.public_page, methods=["POST"])
blueprint.add_url_rule("/forgot-password", "forgot_password", page.public_page, methods=_BOTH)
blueprint.add_url_rule("/reset-password", "reset_password", page.public_page, methods=_BOTH)
blueprint.add_url_rule("/confirm-password", "confirm_password", page.customer_page, methods=_BOTH)
blueprint.add_url_rule("/account/security", "security", page.customer_page)
blueprint.add_url_rule("/account/password", "change_password", page.fresh_page, methods=_BOTH)
blueprint.add_url_rule("/account/email", "change_email", page.fresh_page, methods=_BOTH)
blueprint.add_url_rule("/confirm-email", "confirm_email", page.public_page, methods=_BOTH)
blueprint.add_url_rule("/cancel-email", "cancel_email", page.public_page, methods=_BOTH)
