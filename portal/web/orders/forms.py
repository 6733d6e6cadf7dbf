"""The filters of the order history as a form. A page builds it only to say what is wrong with a search term."""

from __future__ import annotations

from wtforms import SearchField

from portal.web.forms import PortalForm


class FilterForm(PortalForm):
    """What stands in the address is read without a form; a GET changes nothing and needs no CSRF token."""

    class Meta(PortalForm.Meta):
        csrf = False

    q = SearchField()
