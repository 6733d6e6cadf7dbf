"""Taking back a consent with the link of a mail: one button for people, one request for mail programs.

RFC 8058 wants the request to need no log-in, cookie or token of a form, to be answered without a redirect, and a mere
look at the address to change nothing. Therefore the link's token stays in the address here.
"""

from __future__ import annotations

from flask import abort, request
from flask.typing import ResponseReturnValue

from portal.rules.consents import unsubscribing as wording_of_unsubscribing
from portal.services.choices import consent_changes, consents, unsubscribing
from portal.services.foundation.links import LinkEnded
from portal.web import access, cookies
from portal.web.language import current_locale, use_locale
from portal.web.pages import page
from portal.web.transaction import current_context, transaction

ONE_CLICK = ("List-Unsubscribe", "One-Click")


@access.one_click_token
def show(token: str) -> ResponseReturnValue:
    """GET, POST /unsubscribe/<token>."""
    try:
        reader = unsubscribing.reader_of(current_context(), token)
    except LinkEnded:
        return page("consents/unknown_link.html", status=404)
    if cookies.read_language() is None:
        use_locale(reader.language)
    locale, done = current_locale(), request.method == "POST"
    if done:
        if request.form.get(ONE_CLICK[0]) != ONE_CLICK[1]:
            abort(400)
        with transaction() as context:
            consent_changes.unsubscribe(context, reader.customer_id, reader.kind, locale)
    words = wording_of_unsubscribing(reader.kind, locale, consents.controller_name())
    return page(
        "consents/unsubscribe.html", done=done or reader.ended, kind=reader.kind, words=words, one_click=ONE_CLICK
    )
