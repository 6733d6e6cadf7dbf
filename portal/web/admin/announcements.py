"""Announcements: writing one in every language, trying it on oneself, letting it go or throwing it away."""

from __future__ import annotations

from uuid import UUID

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.rules.errors import RuleBroken
from portal.services.messaging import announcements
from portal.web import access
from portal.web.admin.announcement_forms import AnnouncementForm, DiscardingForm, NewAnnouncementForm, SendingForm
from portal.web.admin.announcement_rows import STATES, shown_words
from portal.web.forms import rules_on
from portal.web.language import current_locale
from portal.web.pages import flash_code, page
from portal.web.transaction import current_context, transaction


@access.staff("announcements.send")
def listing() -> ResponseReturnValue:
    """GET /admin/announcements, newest first. Parameter: after."""
    after = request.args.get("after")
    try:
        found = announcements.listing(current_context(), after)
    except ValueError:
        abort(400)
    return page(
        "admin/announcements.html",
        rows=found.rows,
        states=STATES,
        locale=current_locale(),
        newest_url=url_for("admin.announcements") if after else None,
        older_url=url_for("admin.announcements", after=found.older) if found.older else None,
    )


@access.staff("announcements.send")
def write() -> ResponseReturnValue:
    """GET, POST /admin/announcements/new."""
    form = NewAnnouncementForm()
    if form.validate_on_submit():
        with rules_on(form):
            name = form.name_given()
            with transaction() as context:
                announcements.begin(context, form.given(), name)
            flash_code("announcement.kept")
            return redirect(url_for("admin.announcement", announcement=name), 303)
    return page("admin/announcement_form.html", form=form, found=None)


@access.staff("announcements.send")
def edit(announcement: UUID) -> ResponseReturnValue:
    """GET, POST /admin/announcements/<uuid>/edit: a draft only."""
    found = announcements.find(current_context(), announcement)
    form = AnnouncementForm()
    if form.validate_on_submit():
        with rules_on(form):
            with transaction() as context:
                announcements.edit(context, announcement, form.row_version(), form.given())
            flash_code("announcement.kept")
            return redirect(url_for("admin.announcement", announcement=announcement), 303)
    elif found.state != "draft":
        return redirect(url_for("admin.announcement", announcement=announcement), 303)
    else:
        form.fill(found)
    return page("admin/announcement_form.html", form=form, found=found)


@access.staff("announcements.send")
def show(announcement: UUID) -> ResponseReturnValue:
    """GET /admin/announcements/<uuid>: the words as customers read them, how far it is, and what may be done."""
    found = announcements.find(current_context(), announcement)
    outcomes = announcements.outcomes(current_context(), found)
    return page("admin/announcement.html", found=found, outcomes=outcomes, **shown_words(found))


@access.staff("announcements.send")
def try_out(announcement: UUID) -> ResponseReturnValue:
    """POST /admin/announcements/<uuid>/test: to the employee who asks, in every language."""
    with transaction() as context:
        announcements.try_out(context, announcement)
    flash_code("announcement.tested")
    return redirect(url_for("admin.announcement", announcement=announcement), 303)


@access.staff_fresh("announcements.send")
def send(announcement: UUID) -> ResponseReturnValue:
    """GET, POST /admin/announcements/<uuid>/send: the last question; however often it is answered, it counts once."""
    found = announcements.find(current_context(), announcement)
    form, reach = SendingForm(), None
    if found.state != "draft":
        return redirect(url_for("admin.announcement", announcement=announcement), 303)
    if form.validate_on_submit():
        with rules_on(form):
            _let_go(announcement, form.row_version(), checked=bool(form.no_advertising.data))
            return redirect(url_for("admin.announcement", announcement=announcement), 303)
    else:
        form.version.data = str(found.version)
        # It walks through the whole register: once, for the question.
        reach = announcements.reach(current_context(), found.type)
    return page("admin/announcement_send.html", form=form, found=found, reach=reach, **shown_words(found))


@access.staff("announcements.send")
def discard(announcement: UUID) -> ResponseReturnValue:
    """GET, POST /admin/announcements/<uuid>/discard: the question, and throwing a draft away."""
    found, form = announcements.find(current_context(), announcement), DiscardingForm()
    if found.state != "draft":
        return redirect(url_for("admin.announcement", announcement=announcement), 303)
    if form.validate_on_submit():
        with rules_on(form):
            with transaction() as context:
                announcements.discard(context, announcement, form.row_version())
            flash_code("announcement.discarded")
            return redirect(url_for("admin.announcements"), 303)
    else:
        form.version.data = str(found.version)
    return page("admin/announcement_discard.html", form=form, found=found, **shown_words(found))


def _let_go(announcement: UUID, version: int, *, checked: bool) -> None:
    try:
        with transaction() as context:
            announcements.send(context, announcement, version, checked=checked)
    except RuleBroken as error:
        if error.problems[0].field is not None:
            raise
        # Somebody was quicker: the page that follows tells how far it is.
        flash_code(error.problems[0].code, "info")
    else:
        flash_code("announcement.let_go")
