"""Documents are tagged PDFs with readable text, whatever a person wrote into them (SECURITY 56)."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from typst import TypstError

from portal.services.foundation.documents import (
    Blank,
    Bullets,
    Choice,
    Code,
    Document,
    Facts,
    Heading,
    Paragraph,
    Quote,
    render,
)

WRITTEN = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
SAMI = "Čáhci đ ŋ Š ŧ Ž, Åland, Äänekoski, Örö"
HOSTILE = '#panic("x") $x$ *b* _i_ <label> @ref `code` // no comment /* nor this */ \\ "quoted" = heading'


def document(*blocks: object, language: str = "fi", **options: object) -> Document:
    values = {"title": "Vahvistus", "language": language, "written_at": WRITTEN, "blocks": blocks, **options}
    return Document(**values)  # type: ignore[arg-type]


def read(app: Flask, made: Document) -> PdfReader:
    with app.app_context():
        return PdfReader(io.BytesIO(render(made)))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_it_is_tagged_in_its_language_and_has_a_title(app: Flask) -> None:
    reader = read(app, document(Paragraph("Hej"), language="sv"))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert str(root["/Lang"]).startswith("sv")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Vahvistus"
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_a_personal_identity_code_is_masked_in_every_block(app: Flask) -> None:
    code = "131052-308T"
    blocks = (Paragraph(code), Quote(f"Olen {code}."), Facts(((code, code),)), Bullets((code,)))
    found = words(read(app, document(*blocks)))
    assert code not in found
    assert found.count("******-****") == 5


def test_every_block_is_shown(app: Flask) -> None:
    made = document(
        Heading("Otsikko"),
        Paragraph("Ensimmäinen rivi\nToinen rivi"),
        Bullets(("Yksi kohta", "Toinen kohta")),
        Facts((("Viite", "TP-2026-0001"),)),
        Quote("Sana sanalta"),
        Code("SHA-256 0f"),
        Blank("Nimi", lines=2, hint="Painokirjaimin"),
        Choice("Laajuus", ("Kaikki", "Osa")),
        heading_lines=("26.11.2026", "TP-2026-0001"),
        recipient=("Aino Virtanen", "Kuubankatu 2", "00220 HELSINKI"),
    )
    found = words(read(app, made))
    for wanted in (
        *("Otsikko", "Ensimmäinen rivi Toinen rivi", "Yksi kohta", "Toinen kohta", "Viite", "TP-2026-0001"),
        *("Sana sanalta", "SHA-256 0f", "Nimi", "Painokirjaimin", "Laajuus", "Kaikki", "Osa"),
        *("26.11.2026", "Aino Virtanen", "00220 HELSINKI", "Mikromafia Oy", "Sivu 1 / 1"),
    ):
        assert wanted in found


@pytest.mark.security(56)
@pytest.mark.parametrize("written", [SAMI, HOSTILE])
def test_what_a_person_writes_is_text_and_nothing_else(app: Flask, written: str) -> None:
    blocks = (Paragraph(written), Quote(written), Facts(((written, written),)), Bullets((written,)))
    found = words(read(app, document(*blocks, recipient=(written,))))
    assert found.count(written) == 6


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("小龙 李", "[XiaoLong Li]"),
        ("สมชาย", "[smchay]"),
        ("Kiitos 😀!", "Kiitos [:grinning:]!"),
        ("👩\u200d👧 ja 小", "[:woman::girl:] ja [Xiao]"),
        ("\u0378", "[?]"),
    ],
)
def test_letters_that_no_font_has_are_written_in_latin_ones(app: Flask, written: str, shown: str) -> None:
    made = document(Quote(written), Facts((("Nimi", written),)), recipient=(written,), language="sv")
    found = words(read(app, made))
    assert found.count(shown) == 3
    assert found.count("inom hakparentes") == 1


def test_letters_that_the_fonts_have_stay_as_they_are(app: Flask) -> None:
    written = f"{SAMI} Ελένη Юлия Nguyễn [hakasulut]"
    found = words(read(app, document(Paragraph(written))))
    assert written in found
    assert "Hakasulkeissa" not in found


def test_another_fault_of_a_document_is_told(app: Flask) -> None:
    with app.app_context(), pytest.raises(TypstError):
        render(document(Paragraph("sana"), title=""))


def test_the_same_document_gives_the_same_bytes(app: Flask) -> None:
    with app.app_context():
        assert render(document(Paragraph("sama"))) == render(document(Paragraph("sama")))


def test_a_long_document_has_numbered_pages(app: Flask) -> None:
    reader = read(app, document(*(Paragraph(f"Kappale {number}. " + "sana " * 80) for number in range(40))))
    assert len(reader.pages) > 3
    assert f"Sivu 2 / {len(reader.pages)}" in " ".join(reader.pages[1].extract_text().split())


def test_the_last_lines_take_the_paragraph_before_them_along(app: Flask) -> None:
    endings = set()
    for lines in range(24, 34):
        ending = (Paragraph("Oikaisukeino."), Paragraph("Yritys\nRekisteri"))
        blocks = [*(Paragraph("Kappale.") for _ in range(lines)), *ending]
        last = read(app, document(*blocks)).pages[-1].extract_text()
        assert "Rekisteri" in last and "Oikaisukeino." in last
        endings.add("Kappale." in last)
    # The page ended on both sides of the last lines.
    assert endings == {True, False}
