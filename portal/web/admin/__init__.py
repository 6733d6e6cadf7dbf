"""The restricted area of the company's employees. Strangers find nothing here (SECURITY 30)."""

from __future__ import annotations

from flask import Blueprint

from portal.web.admin import home, login

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
blueprint.add_url_rule("/", "home", home.show)
blueprint.add_url_rule("/customers", "customers", home.show)
blueprint.add_url_rule("/orders", "orders", home.show)
blueprint.add_url_rule("/login", "login", login.show)
blueprint.add_url_rule("/logout", "logout", home.show, methods=["POST"])
blueprint.add_url_rule("/second-factor", "second_factor", login.second_factor)
blueprint.add_url_rule("/invite", "invite", login.show)
