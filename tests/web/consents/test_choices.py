"""The page of consents and prohibitions: never pre-ticked, in force with the button, told in full below."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from bs4 import Tag

from portal.rules.consents import KINDS, Action
from portal.services.choices import consent_events
from portal.services.choices.consent_events import Said
from portal.services.choices.consents import PAGE_SIZE
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient, PageResponse
from tests.support.fixtures import NewClient, Transaction
from tests.support.forms import Submission, fill, find_form
from tests.web.auth.together import TIMES, press, side_by_side
from tests.web.consents.conftest import Stored

PAGE = "/privacy/consents"
MARKETING = ("marketing_email", "marketing_sms", "marketing_post", "marketing_phone", "survey")
SERVICE = ("usage", "personalisation")
SWITCHES = (*MARKETING, *SERVICE)


def switches(page: PageResponse) -> dict[str, Tag]:
    return {str(tag["name"]): tag for tag in page.select("main input[type=checkbox]")}


def group_of(page: PageResponse, name: str) -> str:
    field = switches(page)[name].find_parent("fieldset")
    assert isinstance(field, Tag)
    legend = field.find("legend")
    assert isinstance(legend, Tag)
    return legend.get_text(strip=True)


def test_nothing_is_ticked_before_the_customer_ticks_it(chooser: InvariantClient) -> None:
    page = chooser.get(PAGE)
    assert tuple(switches(page)) == SWITCHES
    assert not any(tag.has_attr("checked") for tag in switches(page).values())
    assert {tag["role"] for tag in switches(page).values()} == {"switch"}
    assert page.texts(".switch__state") == [
        "No consent given",
        "No consent given",
        "Not forbidden",
        "Not forbidden",
        "Not forbidden",
        "No consent given",
        "No consent given",
    ]
    assert [group_of(page, name) for name in SWITCHES] == (
        ["Only with your consent"] * 2
        + ["Allowed until you forbid it"] * 3
        + ["In this service, only with your consent"] * 2
    )
    assert "Nothing chosen yet" in page.page_text


def test_a_company_is_asked_to_forbid_what_is_sent_and_before_the_rest(
    client: InvariantClient, transaction: Transaction
) -> None:
    with transaction() as context:
        firm = builders.account(context, company="Majakka Oy", business_id="2077474-0", language="en")
    client.log_in(firm)
    page = client.get(PAGE)
    assert {group_of(page, name) for name in MARKETING} == {"Allowed until you forbid it"}
    assert {group_of(page, name) for name in SERVICE} == {"In this service, only with your consent"}
    assert not any(tag.has_attr("checked") for tag in switches(page).values())


def test_choices_are_saved_with_the_button_and_told_with_their_words(chooser: InvariantClient, stored: Stored) -> None:
    answer = chooser.submit(PAGE, marketing_email=True, marketing_phone=True)
    assert (answer.status_code, answer.location) == (303, PAGE)
    page = chooser.follow(answer)
    assert "Your choices are saved and in force." in page.page_text
    ticked = {name for name, tag in switches(page).items() if tag.has_attr("checked")}
    assert ticked == {"marketing_email", "marketing_phone"}
    assert stored() == [("marketing_email", "given"), ("marketing_phone", "forbidden")]
    assert page.texts(".events__item .tag") == ["Forbidden", "Consent given"]
    assert all("In the account · You" in line for line in page.texts(".events__item > p"))
    assert "Mikromafia Oy may send me marketing about its products by e-mail." in page.texts(".events blockquote")[1]
    assert re.fullmatch(r"Consent given \d{1,2} \w+ \d{4}", page.texts(".switch__state")[0])


def test_withdrawing_is_as_easy_as_giving(chooser: InvariantClient, stored: Stored) -> None:
    chooser.submit(PAGE, marketing_email=True, survey=True)
    page = chooser.follow(chooser.submit(PAGE, marketing_email=False, survey=False))
    assert stored()[2:] == [("marketing_email", "withdrawn"), ("survey", "allowed")]
    assert page.texts(".switch__state")[0].startswith("Consent withdrawn ")
    assert page.texts(".switch__state")[4].startswith("Prohibition withdrawn ")


def test_saving_without_a_change_says_so(chooser: InvariantClient, stored: Stored) -> None:
    page = chooser.follow(chooser.submit(PAGE))
    assert "Nothing changed" in page.page_text
    assert stored() == []


def send(form: Submission, tab: InvariantClient) -> PageResponse:
    return tab.post(form.action, data=form.data)


def race(chooser: InvariantClient, new_client: NewClient, *turned: str) -> None:
    """One tab for each switch named, all opened before any is saved, and all saved at the same moment."""
    pages = [chooser.get(PAGE) for _ in turned]
    filled = [
        fill(find_form(page.soup, None), page.path, {name: True}) for page, name in zip(pages, turned, strict=True)
    ]
    answers = side_by_side(chooser, new_client, [partial(send, form) for form in filled])
    assert [answer.status_code for answer in answers] == [303] * len(turned)


@pytest.mark.security(70)
def test_tabs_that_race_with_different_switches_keep_every_choice(
    chooser: InvariantClient, new_client: NewClient, stored: Stored
) -> None:
    race(chooser, new_client, *MARKETING)
    assert sorted(stored()) == [
        ("marketing_email", "given"),
        ("marketing_phone", "forbidden"),
        ("marketing_post", "forbidden"),
        ("marketing_sms", "given"),
        ("survey", "forbidden"),
    ]
    ticked = {name for name, tag in switches(chooser.get(PAGE)).items() if tag.has_attr("checked")}
    assert ticked == set(MARKETING)


@pytest.mark.security(70)
def test_tabs_that_race_with_the_same_switch_keep_every_event(
    chooser: InvariantClient, new_client: NewClient, stored: Stored
) -> None:
    race(chooser, new_client, *["marketing_email"] * 6)
    assert stored() == [("marketing_email", "given")] * 6


@pytest.mark.security("R12")
def test_the_same_form_twenty_times_at_once_is_one_choice(
    chooser: InvariantClient, new_client: NewClient, stored: Stored
) -> None:
    answers = press(chooser, new_client, PAGE, marketing_email=True)
    assert [answer.status_code for answer in answers] == [303] * TIMES
    assert stored() == [("marketing_email", "given")]


def test_the_words_are_those_of_the_page_whatever_language_is_chosen_meanwhile(
    chooser: InvariantClient, stored: Stored
) -> None:
    page = chooser.get(PAGE)
    chooser.set_cookie("portal_language", "fi")
    chooser.language = "fi"
    shown = chooser.follow(chooser.submit_form(page, marketing_email=True))
    (proof,) = shown.select(".events blockquote")
    assert proof["lang"] == "en"
    assert "I am 13 or over." in proof.get_text()


@pytest.mark.parametrize("field", ["shown", "submission"])
def test_a_form_that_does_not_say_what_it_showed_saves_nothing(
    field: str, chooser: InvariantClient, stored: Stored
) -> None:
    page = chooser.submit(PAGE, marketing_email=True, extra={field: "x"})
    assert page.status_code == 422
    assert "Nothing was saved." in page.error_summary[0]
    assert not any(tag.has_attr("checked") for tag in switches(page).values())
    # The page that came back is whole again.
    assert chooser.submit_form(page, marketing_email=True).status_code == 303
    assert stored() == [("marketing_email", "given")]


def test_a_change_into_a_company_meanwhile_is_noticed(
    chooser: InvariantClient, owner: MadeAccount, stored: Stored
) -> None:
    page = chooser.get(PAGE)
    chooser.submit("/account/profile/company", company="Majakka Oy", business_id="2077474-0")
    answer = chooser.submit_form(page, marketing_email=True)
    assert answer.status_code == 422
    assert group_of(answer, "marketing_email") == "Allowed until you forbid it"
    assert stored() == []


def test_every_choice_ever_made_can_be_reached(
    chooser: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    told = 2 * PAGE_SIZE + 1
    with transaction() as context:
        for number in range(told):
            # Two at a time: the moment alone does not order them.
            then = replace(context, now=context.now + timedelta(seconds=number // 2))
            said = Said("fi", f"Sanat\n{number}", 1)
            consent_events.append(then, owner.customer_id, KINDS["survey"], Action.FORBIDDEN, said)
    page, seen = chooser.get(PAGE), []
    while True:
        seen += page.texts(".events blockquote p:last-child")
        onwards = page.select("main .pager a[rel=next]")
        assert bool(page.select("main .pager a[rel=prev]")) is (len(seen) > PAGE_SIZE)
        if not onwards:
            break
        assert str(onwards[0]["href"]).endswith("#history")
        page = chooser.get(str(onwards[0]["href"]).removesuffix("#history"))
    assert seen == [str(number) for number in reversed(range(told))]
    assert chooser.get(str(page.select("main .pager a[rel=prev]")[0]["href"]).removesuffix("#history")).path == PAGE


def test_choices_are_saved_from_an_older_part_of_the_history_too(
    chooser: InvariantClient, owner: MadeAccount, transaction: Transaction, stored: Stored
) -> None:
    with transaction() as context:
        for _ in range(PAGE_SIZE + 1):
            consent_events.append(context, owner.customer_id, KINDS["survey"], Action.ALLOWED, Said("fi", "Sanat", 1))
    older = str(chooser.get(PAGE).select("main .pager a[rel=next]")[0]["href"]).removesuffix("#history")
    answer = chooser.submit(older, marketing_post=True)
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert stored()[-1] == ("marketing_post", "forbidden")


@pytest.mark.parametrize("cursor", ["x", "A" * 32])
def test_a_cursor_of_another_list_is_refused(cursor: str, chooser: InvariantClient) -> None:
    assert chooser.get(f"{PAGE}?after={cursor}").status_code == 400
