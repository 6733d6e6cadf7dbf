"""The base of every form, and the one helper that puts a broken rule on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, ClassVar

from flask import g
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, TextAreaField
from wtforms.widgets import TextInput

from portal.rules.errors import Problem, RuleBroken, Stale
from portal.rules.formats import format_date
from portal.rules.languages import LANGUAGE_NAMES
from portal.rules.texts import LOCALES, text
from portal.web.language import current_locale


class PortalForm(FlaskForm):
    """A form of the portal. CSRF is checked for the whole application before any view, and here again.

    The size of a form and characters that no database takes are refused at the boundary; lengths and control characters
    are errors of their fields, said by the rules (SECURITY 46–48).
    """

    # A field of a base class that stands below those of the class itself: the summary of errors follows the page.
    last_field: ClassVar[str | None] = None
    # What is said when somebody else was faster; a form in which nothing is typed has no words to check.
    stale_text: ClassVar[str] = "form.stale"

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        if self.last_field is not None:
            self._fields[self.last_field] = self._fields.pop(self.last_field)

    class Meta(FlaskForm.Meta):
        # WTForms' own messages are not used: every validator names a code of the catalogue.
        locales = False

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            """Strip white space around every text but passwords."""
            filters = unbound_field.kwargs.get("filters", [])
            if unbound_field.field_class.__name__ in STRIPPED_FIELDS and strip not in filters:
                unbound_field.kwargs["filters"] = [strip, *filters]
            return unbound_field.bind(form=form, **options)

    def put(self, error: RuleBroken) -> None:
        """Show each problem at its field; one that names no field of this form is shown for the form."""
        for problem in error.problems:
            message = text(problem.code, current_locale(), **_written(problem.params))
            if problem.field is not None and problem.field in self._fields:
                field = self._fields[problem.field]
                field.errors = [*field.errors, message]
                if isinstance(field.data, str):
                    field.data = showable(field.data, lines=isinstance(field, TextAreaField))
            else:
                self.form_errors.append(message)


class DayInput(TextInput):
    """A day, chosen in the browser's own calendar or typed.

    What is no day of the calendar is shown in a field of plain text: a calendar would show nothing of it, and what was
    typed would be lost.
    """

    def __call__(self, field: Field, **kwargs: Any) -> Any:
        if not field.data or is_day(field.data):
            kwargs["type"] = "date"
        else:
            kwargs.pop("max", None)
        return super().__call__(field, **kwargs)


class VersionedForm(PortalForm):
    """A form that edits a row: it carries the row's version, and a stale one is answered with 409."""

    version = HiddenField()

    def row_version(self) -> int:
        """The version the form was filled from; -1, which no row has, when it was tampered with or left out."""
        given = str((self.version.raw_data or [""])[0])
        return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1


class ButtonForm(PortalForm):
    """Nothing but the button."""


class LineForm(PortalForm):
    """One line of a list, whose button was pressed."""

    line = HiddenField()


class SubmissionForm(PortalForm):
    """A button whose form has a random name, so that it counts once."""

    submission = HiddenField()


def refuse_empty(form: PortalForm, codes: Mapping[str, str]) -> None:
    """Raise `RuleBroken` naming what was left empty, each with its code: that needs no look at any account."""
    problems = [Problem(name, code) for name, code in codes.items() if not form[name].data]
    if problems:
        raise RuleBroken(*problems)


def _written(params: Mapping[str, object]) -> dict[str, object]:
    """The parameters of a problem's text, days as the reader writes them."""
    locale = current_locale()
    return {name: format_date(value, locale) if isinstance(value, date) else value for name, value in params.items()}


STRIPPED_FIELDS = {"StringField", "EmailField", "TelField", "SearchField", "TextAreaField"}


def showable(value: str, *, lines: bool = False) -> str:
    """What was typed without the control characters that no page may hold; its error says that they were there.

    Only a field of several `lines` may hold their ends.
    """
    allowed = "\t\r\n" if lines else "\t"
    return "".join(character for character in value if character >= " " or character in allowed)


def strip(value: str | None) -> str | None:
    """White space around a text is never meant."""
    return value.strip() if isinstance(value, str) else value


@contextmanager
def rules_on(form: PortalForm) -> Iterator[None]:
    """Turn a broken rule or a stale row inside the block into errors of the form; `page` then answers 422 or 409."""
    try:
        yield
    except RuleBroken as error:
        form.put(error)
    except Stale as error:
        g.form_status = 409
        form.form_errors.append(text(form.stale_text, current_locale()))
        if "version" in form._fields:
            form._fields["version"].raw_data = None
            form._fields["version"].data = str(error.version)


def language_choices() -> list[tuple[str, str]]:
    """The languages of the portal, each named in its own."""
    return [(locale, LANGUAGE_NAMES[locale]) for locale in LOCALES]


def is_day(value: str) -> bool:
    """Whether a text is a day as a browser's calendar writes it: `2026-11-22`."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
