"""Letters about access requests: tagged PDFs in the customer's language, with reasons and every remedy."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader

from portal.rules.access_requests import CHOSEN, EVERYTHING, LetterKind
from portal.rules.context import Actor, Context
from portal.rules.register import Source
from portal.rules.request_steps import STEPS, Said
from portal.rules.texts import LOCALES, text
from portal.services.requests import request_letters
from portal.services.requests.request_letters import About

CONTEXT = Context(Actor("staff", 1), datetime(2026, 11, 26, 9, 0, tzinfo=UTC), Source.CONTROLLER, "test")
SAMI = "Máret Guttorm-Aŋŋel, Čáhcesuolu 4, Ohcejohka: đ ŋ š ŧ ž"
HOSTILE = '#panic("x") *bold* $x$ <label> @ref = heading'
SAID = {
    LetterKind.IDENTITY_QUESTION: Said(("contact_changed",), "document_seen", f"{SAMI}\n{HOSTILE}"),
    LetterKind.EXTENSION: Said(("many",), "", f"{SAMI}\n{HOSTILE}"),
    LetterKind.ANSWER: Said((), "pick_up", f"{SAMI}\n{HOSTILE}"),
    LetterKind.PARTIAL_ANSWER: Said(("law",), "post", HOSTILE, (SAMI, "Toinen")),
    LetterKind.REFUSAL: Said(("unfounded",), "", f"{SAMI}\n{HOSTILE}"),
}
STEP_OF = {
    LetterKind.IDENTITY_QUESTION: "identity-question",
    LetterKind.EXTENSION: "extension",
    LetterKind.ANSWER: "answer",
    LetterKind.PARTIAL_ANSWER: "partial-answer",
    LetterKind.REFUSAL: "refusal",
}
REMEDIES = {
    "fi": ("Tietosuojavaltuutetun toimisto, PL 800", "77 artikla", "79 artikla", "029 566 6700"),
    "sv": ("Dataombudsmannens byrå, PB 800", "artikel 77", "artikel 79", "029 566 6700"),
    "en": ("Office of the Data Protection Ombudsman, P.O. Box 800", "Article 77", "Article 79", "+358 29 566 6700"),
}


def about(language: str) -> About:
    recipient = ("Áilu Länsman", "Juutuantie 6 B", "99870 INARI")
    return About(1, 1, "TP-2026-0001", language, date(2026, 11, 2), date(2027, 2, 2), recipient)


def rendered(app: Flask, kind: LetterKind, language: str) -> tuple[PdfReader, str]:
    """The letter and the text of its stored form."""
    with app.app_context():
        draft = request_letters.compose(about(language), STEPS[STEP_OF[kind]], kind, SAID[kind], date(2026, 11, 26))
        content = request_letters.preview(CONTEXT, about(language), draft)
        return PdfReader(io.BytesIO(content)), request_letters.plain(draft)


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.mark.security(56)
@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("kind", list(LetterKind))
def test_a_letter_says_all_that_the_law_wants(app: Flask, kind: LetterKind, language: str) -> None:
    reader, plain = rendered(app, kind, language)
    found = words(reader)
    wanted = (
        *("Mikromafia Oy", "TP-2026-0001", "Testi Henkilö", "info@mikromafia.fi", "Áilu Länsman", "99870 INARI"),
        *(SAMI, HOSTILE, text(f"letter.title.{kind}", language), *REMEDIES[language]),
    )
    for part in wanted:
        assert part in found, part
    for part in (SAMI, HOSTILE, *REMEDIES[language]):
        assert part in plain
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and str(root["/Lang"]).startswith(language)
    assert reader.metadata is not None and reader.metadata.title == text(f"letter.title.{kind}", language)


def test_an_extension_names_the_new_day_as_natives_write_it(app: Flask) -> None:
    for language, day in (("fi", "2.2.2027"), ("sv", "2.2.2027"), ("en", "2 February 2027")):
        assert day in words(rendered(app, LetterKind.EXTENSION, language)[0])


def test_what_is_left_out_is_a_list(app: Flask) -> None:
    _, plain = rendered(app, LetterKind.PARTIAL_ANSWER, "fi")
    assert f"– {SAMI}\n– Toinen" in plain


@pytest.mark.parametrize("language", LOCALES)
def test_an_answer_promises_no_more_than_was_asked_for(app: Flask, language: str) -> None:
    step, said = STEPS["answer"], SAID[LetterKind.ANSWER]
    for scope, code, other in (
        (EVERYTHING, "letter.answer", "letter.answer.chosen"),
        (CHOSEN, "letter.answer.chosen", "letter.answer"),
    ):
        asked = replace(about(language), scope=scope)
        with app.app_context():
            plain = request_letters.plain(
                request_letters.compose(asked, step, LetterKind.ANSWER, said, date(2026, 11, 26))
            )
        assert text(code, language) in plain and text(other, language) not in plain
