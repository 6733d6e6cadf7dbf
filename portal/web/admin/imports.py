"""Importing an order file: upload, look at what it holds or at what is wrong with it, confirm, see what came of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.rules.clock import helsinki_time
from portal.rules.errors import NotFound
from portal.services.imports import order_upload_files, order_uploads
from portal.services.imports.order_uploads import Choice
from portal.web import access
from portal.web.admin.forms import UploadForm
from portal.web.admin.import_facts import (
    BUSY,
    SHOWN_PROBLEMS,
    shown_counts,
    shown_facts,
    shown_problems,
    shown_runs,
    shown_sample,
    shown_state,
    shown_uploads,
    table_of,
)
from portal.web.forms import rules_on
from portal.web.language import current_locale
from portal.web.pages import flash_code, page
from portal.web.transaction import current_context, transaction

FOLLOW_SECONDS = 5


@access.staff("orders.import")
def listing() -> ResponseReturnValue:
    """GET and POST /admin/imports: the form, the files of the last day, and the latest imports."""
    context = current_context()
    form = UploadForm(order_uploads.shops(context))
    if form.validate_on_submit():
        with rules_on(form):
            return redirect(url_for("admin.import_file", upload=_receive(form), follow=1), 303)
    return page(
        "admin/imports.html",
        form=form,
        uploads=shown_uploads(order_uploads.current(context)),
        runs=shown_runs(order_uploads.runs(context)),
        megabytes=order_upload_files.MAX_FILE // 1_000_000,
    )


@access.staff("orders.import")
def show(upload: UUID) -> ResponseReturnValue:
    """GET /admin/imports/<uuid>: how far the file is, what it holds, or what is wrong with it. ?follow=1 asks again."""
    found = order_uploads.find(current_context(), upload)
    if found.state in ("ready", "refused"):
        with transaction() as writing:
            order_uploads.note_preview(writing, found)
    body, status = page("admin/import.html", **_shown(found), sample=shown_sample(upload))
    response = Response(body, status)
    if found.state in BUSY and "follow" in request.args:
        # Without a script. The page says so, and has a link that ends it.
        response.headers["Refresh"] = str(FOLLOW_SECONDS)
    return response


@access.file_on("admin.import_file")
@access.staff_fresh("orders.import")
def errors(upload: UUID) -> ResponseReturnValue:
    """GET /admin/imports/<uuid>/errors.csv: everything that is wrong with the file.

    The bad values can be those of customers, and the file leaves the portal: it needs what every export needs.
    """
    found = order_uploads.find(current_context(), upload)
    if found.state != "refused":
        raise NotFound
    with transaction() as writing:
        order_uploads.note_download(writing, found)
    lines = table_of(upload, current_locale())
    name = f"import-errors-{helsinki_time(found.created_at):%Y-%m-%d-%H%M}.csv"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(lines, mimetype="text/csv", headers=disposition)


@access.staff("orders.import")
def confirm(upload: UUID) -> ResponseReturnValue:
    """GET and POST /admin/imports/<uuid>/confirm: the last question; however often it is answered, it counts once."""
    found = order_uploads.find(current_context(), upload)
    if request.method == "POST":
        with transaction() as context:
            order_uploads.confirm(context, found)
        return redirect(url_for("admin.import_file", upload=upload, follow=1), 303)
    if found.state != "ready" or not order_uploads.changes_something(found):
        return redirect(url_for("admin.import_file", upload=upload), 303)
    return page("admin/import_confirm.html", **_shown(found))


@access.staff("orders.import")
def discard(upload: UUID) -> ResponseReturnValue:
    """POST /admin/imports/<uuid>/discard: throw the file away. Who presses it twice is told the same."""
    with transaction() as context:
        if not order_uploads.discard(context, upload):
            return redirect(url_for("admin.import_file", upload=upload), 303)
    order_upload_files.remove(upload)
    flash_code("imports.discarded")
    return redirect(url_for("admin.imports"), 303)


def _receive(form: UploadForm) -> UUID:
    """Check the form, keep the file, and let it wait. Raises `RuleBroken`."""
    context = current_context()
    choice: Choice = order_uploads.check_choice(
        context,
        shop=form.shop.data or "",
        new_shop=form.new_shop.data or "",
        file_format=form.file_format.data or "",
        has_file=form.orders_file.data is not None,
    )
    order_uploads.refuse_too_many(context)
    stored = order_upload_files.store(form.orders_file.data.stream, choice.file_format)
    try:
        with transaction() as writing:
            order_uploads.add(writing, stored, choice)
    except BaseException:
        order_upload_files.remove(stored.uuid)
        raise
    return stored.uuid


def _shown(found: Any) -> dict[str, Any]:
    return {
        "upload": found,
        "state": shown_state(found),
        "changes": order_uploads.changes_something(found),
        "busy": found.state in BUSY,
        "following": "follow" in request.args,
        "facts": shown_facts(found),
        "counts": shown_counts(found),
        "problems": shown_problems(found.uuid) if found.state == "refused" else [],
        "most": SHOWN_PROBLEMS,
    }
