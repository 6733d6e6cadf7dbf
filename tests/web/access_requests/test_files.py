"""Files of one's own access request: what came with messages, and the blank form for printing."""

import pytest

from portal.rules.access_requests import NoteKind
from tests.support import access_requests as made
from tests.support import builders
from tests.support.access_requests import MadeRequest
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.web.access_requests.conftest import ALL


def url(request: MadeRequest, rest: str = "") -> str:
    return f"{ALL}/{request.reference}{rest}"


@pytest.mark.security(57)
def test_files_that_came_with_a_message_are_downloaded_by_their_owner_and_those_of_inner_notes_by_nobody(
    asker: InvariantClient, request_: MadeRequest, transaction: Transaction, new_client: NewClient
) -> None:
    with transaction() as context:
        shown = made.attach(context, request_, NoteKind.FROM_CUSTOMER, b"%PDF-1.7 a scan", name="TP-liite-1.pdf")
        inner = made.attach(context, request_, NoteKind.INTERNAL, name="TP-sisainen.pdf")
        stranger = builders.account(context)
        others = made.ask(context, stranger.customer_id)
        foreign = made.attach(context, others, NoteKind.FROM_CUSTOMER)
    page = asker.get(url(request_))
    (link,) = page.select("#messages ~ ul ul a")
    assert (link.get_text(), link["href"]) == ("TP-liite-1.pdf", url(request_, f"/files/{shown}"))
    file = asker.get(str(link["href"]))
    assert (file.status_code, file.mimetype, file.get_data()) == (200, "application/pdf", b"%PDF-1.7 a scan")
    assert file.headers["Content-Disposition"] == "attachment; filename=TP-liite-1.pdf"
    assert (file.headers["X-Content-Type-Options"], file.headers["Cache-Control"]) == ("nosniff", "no-store")
    # Of another kind, of another request and of another customer: all as if they were not there.
    for path in (
        url(request_, f"/files/{inner}"),
        url(request_, f"/files/{foreign}"),
        url(others, f"/files/{foreign}"),
    ):
        assert asker.get(path).status_code == 404
    other = new_client()
    other.log_in(stranger)
    assert other.get(url(request_, f"/files/{shown}")).status_code == 404
    assert new_client().get(url(request_, f"/files/{shown}")).status_code == 303


def test_the_blank_form_is_linked_where_a_request_begins(asker: InvariantClient) -> None:
    links = asker.get(ALL).select('main a[href^="/privacy-notice/access-request-"]')
    assert [link["hreflang"] for link in links] == ["fi", "sv", "en"]
    form = asker.get(str(links[0]["href"]))
    assert (form.status_code, form.mimetype) == (200, "application/pdf")
