"""A mailed link leaves the address at once: its token waits in the signed cookie for its form (SECURITY 14)."""

from __future__ import annotations

from flask import g, redirect, session, url_for
from werkzeug.wrappers import Response

from portal.services.foundation import links
from portal.services.foundation.links import LinkPurpose
from portal.web import cookies
from portal.web.transaction import current_context

# Long enough to fill in the form, short enough for a computer that others use afterwards.
KEPT_SECONDS = 30 * 60


def take(purpose: LinkPurpose, token: str, endpoint: str) -> Response:
    """Keep the token and go to the page that asks for what is still missing. Nothing is used up."""
    if links.readable(token):
        session[_key(purpose)] = [token, int(g.now.timestamp())]
        language = links.language_of(current_context(), purpose, token)
        if language is not None and cookies.read_language() is None:
            cookies.write_language(language)
    else:
        forget(purpose)
    return redirect(url_for(endpoint), 303)


def row(purpose: LinkPurpose) -> int:
    """The row the kept link leads to. Raises `LinkEnded` when there is none."""
    token, kept_at = session.get(_key(purpose), (None, 0))
    if token is not None and g.now.timestamp() - kept_at > KEPT_SECONDS:
        token = None
    return links.follow(current_context(), purpose, token)


def forget(purpose: LinkPurpose) -> None:
    """The link was used, or there is none."""
    session.pop(_key(purpose), None)


def _key(purpose: LinkPurpose) -> str:
    return f"link {purpose}"
