"""Events of the audit log, its filters and its verification in words."""

from __future__ import annotations

from typing import Any

from portal.rules.formats import format_number
from portal.rules.shown_values import shown_details, word
from portal.rules.texts import text
from portal.services.auditing import audit_log
from portal.services.auditing.audit_log import LogPage
from portal.web.language import current_locale

# How the tag of each kind of actor looks.
ACTORS = {
    "customer": ("muted", "person"),
    "staff": ("info", "person-badge"),
    "anonymous": ("muted", "person"),
}
SYSTEM = ("muted", "gear")
# What somebody tried without being let in ends with "_failed"; too many attempts and an old copy of a cookie are the
# other signs of a thief.
# Whatever else is done without a session is ordinary: a link from a mail was used, or a forgotten password asked for.
SUSPICIOUS = ("warn", "exclamation-triangle")


def shown_event(row: Any, found: LogPage) -> dict[str, Any]:
    """A row: what, by whom, about whom, when, and by which request."""
    locale = current_locale()
    kind, icon = SUSPICIOUS if _is_suspicious(row) else ACTORS.get(row.actor_kind, SYSTEM)
    acting = found.staff.get(row.actor_id) if row.actor_kind == "staff" else None
    meant = found.staff.get(row.staff_id) if row.staff_id is not None else None
    return {
        "seq": row.seq,
        "when": row.occurred_at,
        "what": word("audit", row.action, locale),
        "code": row.action,
        "details": shown_details(row.details, locale, for_staff=True, action=row.action),
        "who": acting or text(f"actor.{row.actor_kind}", locale),
        "kind": kind,
        "icon": icon,
        "employee": meant if meant != acting else None,
        "customer": found.customers.get(row.customer_id),
        "number": audit_log.number_of(row.customer_id),
        "request": row.request_id,
    }


def _is_suspicious(row: Any) -> bool:
    alarming: bool = row.action.endswith("_failed") or row.action in ("account.remembered_reused", "attempts.refused")
    return alarming and row.actor_kind == "anonymous"


def shown_choices(employees: list[tuple[int, str]]) -> dict[str, Any]:
    """What the filters offer: events by group, kinds of actors, and colleagues."""
    locale = current_locale()
    groups = [
        (group, word("audit_group", group, locale), sorted((word("audit", code, locale), code) for code in actions))
        for group, actions in audit_log.groups().items()
    ]
    return {
        "groups": sorted(groups, key=lambda group: group[1]),
        "actors": [(code, text(f"actor.{code}", locale)) for code in audit_log.ACTORS],
        "employees": employees,
    }


def shown_check(found: Any, ended: Any) -> dict[str, Any] | None:
    """How the newest verification stands, None before the first; while it runs also how the one before it `ended`."""
    if found is None:
        return None
    locale = current_locale()
    return {
        "running": bool(found.running),
        "when": found.requested_at,
        "who": found.staff_name,
        "finished": found.finished_at,
        "count": found.rows,
        "rows": format_number(found.rows, locale),
        "seq": found.bad_seq,
        "reason": text(f"audit_check.{found.reason}", locale) if found.reason else None,
        "before": {"finished": ended.finished_at, "broken": ended.reason is not None}
        if found.running and ended
        else None,
    }
