"""Where a link may lead whose address comes from data: a page of this site, another site by https, or an address of
e-mail (SECURITY 43)."""

from __future__ import annotations


def safe_link(href: str | None, own_site: str) -> str | None:
    """The address to link to, or None when the words are to stand without a link. `own_site` is the portal's base URL;
    a page below it becomes an address of this site."""
    given = (href or "").removeprefix(own_site)
    own_page = given.startswith("/") and not given.startswith(("//", "/\\"))
    fine = own_page or given.startswith(("https://", "mailto:"))
    return given if fine and given.isprintable() and " " not in given else None
