"""The receipt of an access request: tagged, in its language, with the words and their digest, the same every time."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from config import Controller
from portal.rules.request_answers import Answers
from tests.support import access_requests as made
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient, PageResponse
from tests.support.fixtures import Transaction
from tests.web.access_requests.conftest import ALL, Own

WISHES = 'Čáhci, đ ŋ š ŧ ž, Åland, Äänekoski, Örö #panic("x") $x$'


def read(answer: PageResponse) -> PdfReader:
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return PdfReader(io.BytesIO(answer.get_data()))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.fixture(params=["fi", "sv", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.security(56)
def test_it_is_tagged_and_holds_the_request_word_for_word(
    language: str, asker: InvariantClient, owner: MadeAccount, transaction: Transaction, own: Own
) -> None:
    with transaction() as context:
        asked = made.ask(context, owner.customer_id, Answers(wishes=WISHES), name="Áile Ŋuorgŧŧa", language=language)
    reader = read(asker.get(f"{ALL}/{asked.reference}/receipt.pdf"))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith(language)
    assert b"pdfuaid" in root["/Metadata"].get_data()
    title = {
        "fi": "Vahvistus tarkastuspyynnön saapumisesta",
        "sv": "Mottagningsbevis på en begäran om tillgång till uppgifter",
        "en": "Receipt of an access request",
    }
    assert reader.metadata is not None
    assert reader.metadata.title == title[language]
    found, row = words(reader), own()[0].request
    for line in row.statement.splitlines():
        assert " ".join(line.split()) in found
    remedy = {"fi": "tietosuojavaltuutetulle", "sv": "dataombudsmannen", "en": "Data Protection Ombudsman"}
    register = Controller().register(language)
    for part in (asked.reference, row.statement_sha256, WISHES, "Áile Ŋuorgŧŧa", register, remedy[language]):
        assert part in found
    assert register in row.statement


def test_a_name_and_wishes_that_no_font_can_show_are_readable(
    asker: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    with transaction() as context:
        asked = made.ask(context, owner.customer_id, Answers(wishes="Kiitos 😀"), name="小龙 李", language="fi")
    found = words(read(asker.get(f"{ALL}/{asked.reference}/receipt.pdf")))
    assert "Kiitos [:grinning:]" in found
    assert "[XiaoLong Li]" in found


@pytest.mark.security(57)
def test_its_name_is_ours_and_its_bytes_are_the_same(asker: InvariantClient, request_: made.MadeRequest) -> None:
    first, second = (asker.get(f"{ALL}/{request_.reference}/receipt.pdf") for _ in range(2))
    assert first.get_data() == second.get_data()
    assert first.headers["Content-Disposition"] == f"attachment; filename={request_.reference}.pdf"
    assert first.headers["Cache-Control"] == "no-store"


def test_a_request_on_paper_has_a_receipt_too(
    asker: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    with transaction() as context:
        entered = made.enter(context, owner.customer_id, received_on=context.now.date(), language="fi")
    found = words(read(asker.get(f"{ALL}/{entered.reference}/receipt.pdf")))
    assert made.WORDS in found
    assert "Kirjeitse" in found
