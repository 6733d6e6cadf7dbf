"""The questions of an access request, one a page. The answers wait on the server until they are signed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.rules.errors import RuleBroken
from portal.rules.request_answers import ContactBy, check_categories, check_contact, check_scope, check_wishes
from portal.rules.request_answers import check_delivery as check_choice
from portal.services.register import notice, profile
from portal.services.requests import access_request_drafts as drafts
from portal.services.requests import access_requests
from portal.services.requests.access_request_drafts import Draft, Question
from portal.web import access
from portal.web.access_request_rows import shown_requests
from portal.web.access_requests.forms import CategoriesForm, ContactForm, DeliveryForm, ScopeForm, WishesForm
from portal.web.forms import VersionedForm, rules_on
from portal.web.language import current_locale
from portal.web.pages import page
from portal.web.transaction import current_context, transaction

Read = Callable[[], dict[str, Any]]
TEMPLATES = {
    Question.SCOPE: "access_requests/scope.html",
    Question.CATEGORIES: "access_requests/categories.html",
    Question.WISHES: "access_requests/wishes.html",
    Question.CONTACT: "access_requests/contact.html",
    Question.DELIVERY: "access_requests/delivery.html",
}


@access.customer
def scope() -> ResponseReturnValue:
    """GET, POST /privacy/access-requests/new: all data or part of them."""
    draft = _draft()
    form = ScopeForm(data=_given(draft))
    own = shown_requests(access_requests.own(current_context(), current_user.customer_id))
    return _ask(
        draft,
        Question.SCOPE,
        form,
        lambda: {"scope": check_scope(form.scope.data or "")},
        underway_requests=[request_ for request_ in own if request_["open"]],
    )


@access.customer
def categories() -> ResponseReturnValue:
    """GET, POST /privacy/access-requests/new/categories: which kinds of data."""
    draft = _draft()
    form = CategoriesForm(data=_given(draft))
    return _ask(
        draft,
        Question.CATEGORIES,
        form,
        lambda: {"categories": check_categories(tuple(form.categories.data or ()), notice.categories())},
    )


@access.customer
def wishes() -> ResponseReturnValue:
    """GET, POST /privacy/access-requests/new/wishes: what else we should know."""
    draft = _draft()
    form = WishesForm(data=_given(draft))
    return _ask(draft, Question.WISHES, form, lambda: {"wishes": check_wishes(form.wishes.data or "")})


@access.customer
def contact() -> ResponseReturnValue:
    """GET, POST /privacy/access-requests/new/contact: how the customer wants to be reached."""
    draft = _draft()
    form = ContactForm(data=_given(draft))
    ways = drafts.ways_to_reach(profile.read(current_context(), current_user.customer_id), current_locale())
    form.offer(list(ways))
    return _ask(draft, Question.CONTACT, form, lambda: _contact(form, ways), ways=ways)


@access.customer
def delivery() -> ResponseReturnValue:
    """GET, POST /privacy/access-requests/new/delivery: how the copy comes."""
    draft, context = _draft(), current_context()
    form = DeliveryForm(data=_given(draft))
    person = profile.read(context, current_user.customer_id)
    address = drafts.ways_to_reach(person, current_locale()).get(ContactBy.POST)
    young = drafts.address_is_young(context, current_user.customer_id)
    form.offer(post=address is not None and young is None)

    def read() -> dict[str, Any]:
        chosen = check_choice(form.delivery.data or "")
        drafts.check_delivery(context, current_user.customer_id, person, chosen)
        return {"delivery": chosen}

    return _ask(draft, Question.DELIVERY, form, read, address=address, young=young)


def url_of(question: Question | None) -> str:
    """The page of a question; after the last one, the page that shows all answers."""
    return url_for(f"access_requests.{question or 'check'}")


def _draft() -> Draft:
    return drafts.read(current_context(), current_user.customer_id)


def _given(draft: Draft) -> dict[str, Any]:
    """What a form is filled from. What was sent goes before it, so a sent form needs none."""
    if request.method == "POST":
        return {}
    names = ("scope", "categories", "wishes", "contact_by", "contact", "delivery", "version")
    return {name: getattr(draft, name) for name in names}


def _ask(draft: Draft, question: Question, form: VersionedForm, read: Read, **values: Any) -> ResponseReturnValue:
    """Show the question; store its answer and go on to the first one without an answer."""
    asked = draft.asked
    if question not in asked or (draft.unanswered in asked[: asked.index(question)]):
        return redirect(url_of(draft.unanswered), 303)
    if form.validate_on_submit():
        with rules_on(form):
            answers = read()
            with transaction() as context:
                draft = drafts.save(context, current_user.customer_id, form.row_version(), **answers)
            return redirect(url_of(draft.unanswered), 303)
    number = asked.index(question)
    back = url_of(asked[number - 1]) if number else url_for("access_requests.index")
    return page(TEMPLATES[question], form=form, number=number + 1, back_url=back, **values)


def _contact(form: ContactForm, ways: dict[str, str]) -> dict[str, Any]:
    chosen = form.contact_by.data or ""
    if chosen != ContactBy.OTHER:
        if chosen not in ways:
            raise RuleBroken.of("contact_by", "access_request.contact_by_required")
        return {"contact_by": chosen, "contact": None}
    typed = check_contact(form.contact.data or "")
    if not typed:
        raise RuleBroken.of("contact", "access_request.contact_required")
    return {"contact_by": chosen, "contact": typed}
