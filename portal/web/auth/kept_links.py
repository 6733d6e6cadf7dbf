"""A mailed link leaves the address at once: its token waits in the signed cookie for its form (SECURITY 14)."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from portal.services.foundation import links
from portal.services.foundation.links import LinkPurpose
from portal.web import cookies, kept_tokens
from portal.web.transaction import current_context


def take(purpose: LinkPurpose, token: str, endpoint: str) -> Response:
    """Keep the token and go to the page that asks for what is still missing. Nothing is used up."""
    if links.readable(token):
        kept_tokens.keep(_key(purpose), token)
        language = links.language_of(current_context(), purpose, token)
        if language is not None and cookies.read_language() is None:
            cookies.write_language(language)
    else:
        forget(purpose)
    return redirect(url_for(endpoint), 303)


def row(purpose: LinkPurpose) -> int:
    """The row the kept link leads to. Raises `LinkEnded` when there is none."""
    return links.follow(current_context(), purpose, kept_tokens.kept(_key(purpose)))


def forget(purpose: LinkPurpose) -> None:
    """The link was used, or there is none."""
    kept_tokens.forget(_key(purpose))


def _key(purpose: LinkPurpose) -> str:
    return f"link {purpose}"
