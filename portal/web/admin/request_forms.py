"""The forms by which access requests are found, given to somebody, answered and written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from wtforms import (
    HiddenField,
    MultipleFileField,
    RadioField,
    SearchField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget, RadioInput

from portal.rules.access_requests import DELIVERIES, SCOPES, NoteKind
from portal.rules.attachments import LARGEST, MOST_FILES
from portal.rules.received_messages import Came
from portal.rules.register import STAFF_SOURCES
from portal.rules.register_labels import left_out_label
from portal.rules.request_answers import Answers
from portal.rules.request_steps import IN_ACCOUNT, LEFT_OUT_GROUNDS, Step, Typed
from portal.rules.texts import text
from portal.rules.typed_days import typed_day
from portal.services.register import notice
from portal.services.register.register_parts import Part
from portal.services.requests.access_requests import Entry
from portal.services.requests.request_checks import OUTCOMES, Check
from portal.services.requests.request_openings import Head
from portal.services.requests.request_steps import Known
from portal.web.consent_rows import new_submission
from portal.web.forms import DayInput, PortalForm, VersionedForm, language_choices
from portal.web.language import current_locale


class TickedField(SelectMultipleField):
    """Check boxes, of which several may be ticked; what was never offered is for the rules to refuse."""

    widget = ListWidget(prefix_label=False)
    option_widget: Any = CheckboxInput()

    def __init__(self, **options: Any) -> None:
        super().__init__(validate_choice=False, **options)


class ReferenceForm(PortalForm):
    """The reference of a request, or only its number."""

    term = SearchField(render_kw={"autocomplete": "off", "spellcheck": "false"})


class AssignmentForm(VersionedForm):
    """Which employee answers."""

    staff = RadioField(validate_choice=False)

    def __init__(self, team: Sequence[Any], version: int, assigned_id: int | None) -> None:
        super().__init__(data={"version": str(version), "staff": str(assigned_id or "")})
        self.staff.choices = [(str(member.id), member.name) for member in team]

    def staff_id(self) -> int:
        """The chosen employee; 0, which nobody is, when nothing that could be one was sent."""
        given = self.staff.data or ""
        return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


class StepForm(VersionedForm):
    """What is written down with a step. Fields that it does not ask for are not there."""

    grounds = TickedField()
    way = RadioField(validate_choice=False)
    answered_on = StringField(widget=DayInput())
    withheld = TextAreaField(render_kw={"rows": "5"})
    text = TextAreaField(render_kw={"rows": "8"})
    late_reason = TextAreaField(render_kw={"rows": "4"})

    def __init__(self, step: Step, head: Head, known: Known) -> None:
        ways = step.ways_for(has_account=known.has_account)
        values = {"version": str(head.version), "way": head.delivery if head.delivery in ways else ""}
        super().__init__(data=values | {"answered_on": known.answered_on.isoformat(), "grounds": list(known.grounds)})
        locale = current_locale()
        self.grounds.choices = [
            (code, text(f"request_step.{step.name}.ground.{code}", locale)) for code in step.grounds_in(head.state)
        ]
        if not step.several:
            self.grounds.option_widget = RadioInput()
        self.way.choices = [(code, text(f"request_step.{step.name}.way.{code}", locale)) for code in ways]
        unasked = {"grounds": not step.grounds, "way": not step.ways, "text": not step.text}
        unasked |= {"withheld": not step.withheld, "answered_on": not step.dated, "late_reason": not known.late}
        for name, missing in unasked.items():
            if missing:
                del self[name]

    def typed(self) -> Typed:
        """What was filled in."""
        values = {name: field.data for name, field in self._fields.items()}
        return Typed(
            grounds=tuple(values.get("grounds") or ()),
            way=values.get("way") or "",
            text=values.get("text") or "",
            withheld=values.get("withheld") or "",
            answered_on=typed_day(values.get("answered_on") or ""),
            late_reason=values.get("late_reason") or "",
        )


class CopyForm(PortalForm):
    """What the copy that answers a request leaves out, and why; filled in as the newest copy was asked for."""

    left_out = TickedField()
    reason = RadioField(validate_choice=False)

    def __init__(self, offered: Sequence[Part], before: Mapping[str, str] | None) -> None:
        known = before or {}
        super().__init__(data={"left_out": list(known), "reason": next(iter(known.values()), "")})
        locale = current_locale()
        self.left_out.choices = [(part.code, left_out_label(part.code, locale, staff=True)) for part in offered]
        self.reason.choices = [
            (code.value, text(f"request_step.partial-answer.ground.{ground}", locale))
            for code, ground in LEFT_OUT_GROUNDS.items()
        ]


class NoteForm(PortalForm):
    """A piece of correspondence. `submission` is the form's random name. How and when it came is asked only of what the
    customer sent or said. The day has no default: it may end a pause and is not changed afterwards."""

    channel = RadioField(validate_choice=False)
    received_on = StringField(widget=DayInput())
    body = TextAreaField(render_kw={"rows": "8"})
    files = MultipleFileField(render_kw={"accept": ".pdf,.png,.jpg,.jpeg"})
    submission = HiddenField()

    def __init__(self, kind: NoteKind, today: date, *, with_files: bool) -> None:
        super().__init__()
        self.channel.choices = _channels()
        self.received_on.render_kw = {"max": today.isoformat()}
        if not with_files:
            del self.files
        if kind is not NoteKind.FROM_CUSTOMER:
            del self.channel, self.received_on
        if not self.submission.data:
            self.submission.data = new_submission()

    def came(self) -> Came | None:
        """How and when it came, where that is asked."""
        asked = "channel" in self
        return Came(self.channel.data or "", typed_day(self.received_on.data or "")) if asked else None

    def contents(self) -> list[bytes]:
        """The bytes of the files that were sent; of too much no more than the rules must see in order to refuse it."""
        # A body without any field leaves it as it was made.
        sent = self.files.data or [] if "files" in self else []
        named = [file for file in sent if getattr(file, "filename", "")]
        return [file.read(LARGEST + 1) for file in named[: MOST_FILES + 1]]


class ChecklistForm(PortalForm):
    """What was found in each source outside the system."""

    mailbox = RadioField(validate_choice=False)
    mailbox_note = TextAreaField(render_kw={"rows": "2"})
    paper = RadioField(validate_choice=False)
    paper_note = TextAreaField(render_kw={"rows": "2"})
    till = RadioField(validate_choice=False)
    till_note = TextAreaField(render_kw={"rows": "2"})

    def __init__(self, checks: Sequence[Check]) -> None:
        values = {check.source: check.outcome for check in checks}
        super().__init__(data=values | {f"{check.source}_note": check.note or "" for check in checks})
        locale = current_locale()
        for check in checks:
            self[check.source].choices = [(code, text(f"request_check.{code}", locale)) for code in OUTCOMES]

    def typed(self, sources: Sequence[str]) -> dict[str, tuple[str, str]]:
        """What was filled in, by source."""
        return {source: (self[source].data or "", self[f"{source}_note"].data or "") for source in sources}


class EntryForm(PortalForm):
    """A request that came by letter, e-mail, telephone or in the shop."""

    channel = RadioField(validate_choice=False)
    received_on = StringField(widget=DayInput())
    statement = TextAreaField(render_kw={"rows": "8"})
    scope = RadioField(validate_choice=False, default=SCOPES[0])
    categories = TickedField()
    delivery = RadioField(validate_choice=False)
    contact = StringField()
    language = RadioField(validate_choice=False)
    submission = HiddenField()

    def __init__(self, language: str, today: date, *, has_account: bool) -> None:
        super().__init__(data={"language": language})
        locale = current_locale()
        self.channel.choices = _channels()
        self.scope.choices = [(code, text(f"request_entry.scope.{code}", locale)) for code in SCOPES]
        kinds = notice.categories()
        self.categories.choices = [(code.value, text(f"request_entry.category.{code}", locale)) for code in kinds]
        offered = DELIVERIES if has_account else tuple(code for code in DELIVERIES if code not in IN_ACCOUNT)
        self.delivery.choices = [(code, text(f"request_entry.delivery.{code}", locale)) for code in offered]
        self.language.choices = language_choices()
        self.received_on.render_kw = {"max": today.isoformat()}
        if not self.submission.data:
            self.submission.data = new_submission()

    def day(self) -> date | None:
        """The day of receipt; None when what was typed is none."""
        return typed_day(self.received_on.data or "")

    def entry(self, received_on: date) -> Entry:
        """How the request came."""
        return Entry(
            channel=self.channel.data or "",
            received_on=received_on,
            statement=self.statement.data or "",
            language=self.language.data or "",
            submission=self.submission.data or None,
        )

    def answers(self) -> Answers:
        """What is asked for."""
        return Answers(
            scope=self.scope.data or "",
            categories=tuple(self.categories.data or ()),
            contact=self.contact.data or "",
            delivery=self.delivery.data or "",
        )


def _channels() -> list[tuple[str, str]]:
    locale = current_locale()
    return [(code.value, text(f"access_request.channel.{code}", locale)) for code in STAFF_SOURCES]
