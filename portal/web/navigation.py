"""The navigation of each area, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flask import request
from flask_login import current_user

from portal.rules.staff_roles import may
from portal.rules.texts.spoken import spoken_gettext as _
from portal.web.addresses import url_for


@dataclass(frozen=True)
class Item:
    """One link of a navigation."""

    url: str
    label: str
    icon: str
    current: bool


def navigation(area: Literal["account", "admin"]) -> list[Item]:
    """The links of the area that this person may follow; the current one is marked."""
    return _account() if area == "account" else _admin()


def _account() -> list[Item]:
    return [
        _item("account.overview", _("Overview"), "house"),
        _item("orders.history", _("Orders"), "receipt", "/orders", "/account/earlier-orders"),
        _item("messages.listing", _("Messages"), "envelope", "/messages"),
        _item(
            "account.profile",
            _("Your details"),
            "person",
            "/account/profile",
            "/account/addresses",
            "/account/interests",
        ),
        _item("privacy.overview", _("Privacy"), "shield-lock", "/privacy"),
        _item(
            "auth.security",
            _("Security"),
            "key",
            "/account/password",
            "/account/email",
            "/account/user-name",
            "/account/sessions",
            "/account/second-factor",
            "/account/close",
            "/account/passkeys",
            "/confirm-password",
        ),
    ]


def _admin() -> list[Item]:
    items = []
    if may(current_user.role, "customers.search"):
        items.append(_item("admin.customers", _("Customers"), "people", "/admin/customers"))
    if may(current_user.role, "orders.read"):
        items.append(_item("admin.orders", _("Orders"), "receipt", "/admin/orders"))
    if may(current_user.role, "requests.answer"):
        items.append(
            _item(
                "admin.requests", _("Access requests"), "clipboard-check", "/admin/requests", "/admin/request-figures"
            )
        )
    if may(current_user.role, "orders.import"):
        items.append(_item("admin.imports", _("Imports"), "upload", "/admin/imports"))
    if may(current_user.role, "messages.handle"):
        items.append(_item("admin.messages", _("Messages"), "envelope", "/admin/messages"))
    if may(current_user.role, "announcements.send"):
        items.append(_item("admin.announcements", _("Announcements"), "megaphone", "/admin/announcements"))
    if may(current_user.role, "audit.read"):
        items.append(_item("admin.audit", _("Audit log"), "clock-history", "/admin/audit"))
    if may(current_user.role, "staff.manage"):
        items.append(_item("admin.staff", _("Employees"), "person", "/admin/staff"))
    items.append(_item("admin.own_account", _("Your log-in"), "key", "/admin/account", "/admin/confirm"))
    return [_item("admin.home", _("Start"), "house"), *items]


def _item(endpoint: str, label: str, icon: str, *below: str) -> Item:
    url = url_for(endpoint)
    path = request.path
    current = path == url or any(path == prefix or path.startswith(prefix + "/") for prefix in below)
    return Item(url, label, icon, current)
