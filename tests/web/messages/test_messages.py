"""A customer's messages: the list, each as it was sent, and nothing of anybody else (SECURITY 33, 42, 48)."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from portal.rules.mail_blocks import words
from portal.services.messaging import messages
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient, PageResponse
from tests.support.fixtures import NewClient, Transaction
from tests.support.outbox import rows, write
from tests.support.smtp import SmtpServer

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TITLES = "tbody th a"


def link(page: PageResponse, rel: str) -> str:
    (found,) = page.select(f'main a[rel="{rel}"]')
    return str(found["href"])


def test_a_message_reads_as_it_was_sent(
    reader: InvariantClient,
    owner: MadeAccount,
    transaction: Transaction,
    reading: Transaction,
    smtp_server: SmtpServer,
    run: Callable[[], None],
) -> None:
    write(transaction, customer_id=owner.customer_id, recipient="aino@example.com", language="sv")
    run()
    (delivery,) = smtp_server.to("aino@example.com")
    listed = reader.get("/messages")
    assert delivery.message["Subject"] in listed.texts(TITLES)
    page = reader.get(f"/messages/{name_of_kind(reading, 'password_changed')}")
    assert page.h1 == delivery.message["Subject"]
    assert page.select("h1[lang=sv]") and page.select(".mail[lang=sv]") and page.select("pre[lang=sv]")
    assert page.select("pre")[0].get_text() == delivery.body
    assert "aino@example.com" in page.page_text and "Sent" in page.page_text
    html = delivery.message.get_body(("html",))
    assert html is not None
    said = "".join(words(html.get_content()).replace(page.h1, "", 1).split())
    assert "".join(page.select(".mail")[0].get_text().split()) == said


def name_of_kind(reading: Transaction, kind: str) -> str:
    return next(str(row.uuid) for row in rows(reading) if row.kind == kind)


def test_a_message_says_how_it_stands(reader: InvariantClient, owner: MadeAccount, transaction: Transaction) -> None:
    told = {
        "waiting": "This message has not been sent yet",
        "sending": "This message has not been sent yet",
        "failed": "This message did not reach you",
        "obsolete": "This message was not sent",
    }
    for status, sentence in told.items():
        with transaction() as context:
            name = builders.message(context, owner.customer_id, status=status)
        page = reader.get(f"/messages/{name}")
        assert page.h1 == "The password was changed"
        assert sentence in page.page_text and "Written" in page.page_text and not page.select("pre")


def test_a_message_from_before_says_so(reader: InvariantClient, owner: MadeAccount, transaction: Transaction) -> None:
    nothing = {"subject": None, "body": None, "html": None}
    with transaction() as context:
        name = builders.message(context, owner.customer_id, **nothing)
    page = reader.get(f"/messages/{name}")
    assert page.h1 == "The password was changed"
    assert "The text of this message was not stored" in page.page_text


@pytest.mark.security(42)
def test_stored_html_is_never_markup(reader: InvariantClient, owner: MadeAccount, transaction: Transaction) -> None:
    html = (
        '<p onclick="alert(1)">Hei <script>alert(1)</script><img src=x onerror=alert(1)>&lt;i&gt;</p>'
        '<p><a href="javascript:alert(1)">avaa</a></p><iframe src="https://evil.example"></iframe>'
    )
    with transaction() as context:
        name = builders.message(context, owner.customer_id, html=html, body="<b>Hei</b>\n")
    page = reader.get(f"/messages/{name}")
    assert page.texts(".mail p") == ["Hei <i>", "avaa"]
    assert page.select("pre")[0].get_text() == "<b>Hei</b>\n"
    source = page.get_data(as_text=True)
    assert not page.select(".mail img, .mail iframe, .mail script, .mail a, .mail i") and "onclick" not in source


@pytest.mark.security(43)
@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "data:text/html,x", "http://evil.example/", "//evil.example", "file:///etc/passwd"]
)
def test_a_stored_link_of_another_kind_is_words(
    reader: InvariantClient, owner: MadeAccount, transaction: Transaction, href: str
) -> None:
    html = f'<p><a href="{href}">avaa</a> <a href="https://kauppa.example/">kauppa</a></p>'
    with transaction() as context:
        name = builders.message(context, owner.customer_id, html=html, body=f"avaa {href}\n", subject=href)
    page = reader.get(f"/messages/{name}")
    assert [link["href"] for link in page.select(".mail a")] == ["https://kauppa.example/"]
    assert not [link for link in page.select("[href], [src], [action]") if href in str(link.attrs.values())]
    assert not [link for link in reader.get("/messages").select("[href], [src]") if href in str(link.attrs.values())]


@pytest.mark.security(33)
def test_somebody_elses_message_is_not_there(
    reader: InvariantClient, owner: MadeAccount, transaction: Transaction, new_client: NewClient
) -> None:
    with transaction() as context:
        other = builders.account(context)
        name = builders.message(context, other.customer_id, subject="Vieras")
    assert reader.get(f"/messages/{name}").status_code == 404
    assert reader.get(f"/messages/{uuid.uuid4()}").status_code == 404
    assert "Vieras" not in reader.get("/messages").page_text
    neighbour = new_client()
    neighbour.log_in(other)
    assert neighbour.get(f"/messages/{name}").h1 == "Vieras"


def test_the_list_goes_there_and_back_by_cursor(
    reader: InvariantClient, owner: MadeAccount, transaction: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "PAGE_SIZE", 3)
    with transaction(now=NOON) as context:
        for day in (0, 1, 2, 2, 3, 4, 5):
            builders.message(context, owner.customer_id, subject=f"Viesti {day}", created_at=NOON + timedelta(days=day))
        builders.message(context, builders.customer(context))
    first = reader.get("/messages")
    assert first.texts(TITLES) == ["Viesti 5", "Viesti 4", "Viesti 3"]
    second = reader.get(link(first, "next"))
    third = reader.get(link(second, "next"))
    assert second.texts(TITLES) == ["Viesti 2", "Viesti 2", "Viesti 1"] and third.texts(TITLES) == ["Viesti 0"]
    assert not first.select("main a[rel=prev]") and not third.select("main a[rel=next]")
    assert reader.get(link(third, "prev")).texts(TITLES) == second.texts(TITLES)
    assert reader.get(link(second, "prev")).texts(TITLES) == first.texts(TITLES)


def test_the_list_is_in_the_order_of_the_times_it_shows(
    reader: InvariantClient, owner: MadeAccount, transaction: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "PAGE_SIZE", 1)
    with transaction(now=NOON) as context:
        for subject, written, sent in (("Myöhästynyt", 1, 9), ("Ajallaan", 2, 2)):
            builders.message(
                context,
                owner.customer_id,
                subject=subject,
                created_at=NOON + timedelta(days=written),
                sent_at=NOON + timedelta(days=sent),
            )
    first = reader.get("/messages")
    assert first.texts(TITLES) == ["Myöhästynyt"]
    second = reader.get(link(first, "next"))
    assert second.texts(TITLES) == ["Ajallaan"]
    assert reader.get(link(second, "prev")).texts(TITLES) == ["Myöhästynyt"]


@pytest.mark.security(48)
@pytest.mark.parametrize("query", ["after=x", "before=" + "9" * 40, "after=a&before=b"])
def test_a_malformed_cursor_is_a_400(reader: InvariantClient, query: str) -> None:
    assert reader.get(f"/messages?{query}").status_code == 400


def test_the_cursor_of_another_customer_is_a_400(
    reader: InvariantClient,
    owner: MadeAccount,
    transaction: Transaction,
    new_client: NewClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(messages, "PAGE_SIZE", 1)
    with transaction() as context:
        other = builders.account(context)
        for customer in (owner.customer_id, other.customer_id):
            builders.message(context, customer)
            builders.message(context, customer)
    neighbour = new_client()
    neighbour.log_in(other)
    assert reader.get(link(neighbour.get("/messages"), "next")).status_code == 400
