"""The rules of passwords as people meet them on the pages (SECURITY 1, 4)."""

import unicodedata
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.models.account import Account
from portal.models.base import db
from portal.rules.texts import text
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient, PageResponse
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mailbox
from tests.web.auth.test_sign_up import TYPED

SENTENCE = "tuikku lapio värinä kivi juoksi metsän halki ja löysi sieltä vanhan polkupyörän, " * 2
REASONS = [
    ("lyhyt", "password.too_short", {"minimum": 15}),
    (SENTENCE[:129], "password.too_long", {"maximum": 128}),
    # Finnish words, months, seasons and days, whatever stands between them.
    ("salasanasalasana", "password.common", {}),
    ("tammikuu helmikuu maaliskuu", "password.common", {}),
    ("kesäkuu2026!kesäkuu", "password.common", {}),
    ("Maanantai123!!!!", "password.common", {}),
    # From lists of stolen passwords.
    ("password12345678", "password.common", {}),
    # The company, the person's name, e-mail address and telephone number.
    ("MikromafiaMikromafia", "password.company", {}),
    ("AinoVirtanenAinoVirtanen", "password.personal", {}),
    ("aino@example.com!!!", "password.personal", {}),
    ("1234567890123456789", "password.pattern", {}),
    ("abababababababab", "password.pattern", {}),
]


def change(client: InvariantClient, password: str) -> PageResponse:
    return client.submit("/account/password", new_password=password)


@pytest.mark.security(4)
@pytest.mark.parametrize(("weak", "code", "params"), REASONS)
def test_each_refusal_says_why(
    client: InvariantClient, owner: MadeAccount, weak: str, code: str, params: dict[str, object]
) -> None:
    client.log_in(owner)
    answer = change(client, weak)
    assert (answer.status_code, answer.fields_in_error) == (422, ["new_password"])
    assert answer.error_summary == [text(code, "fi", **params)]


@pytest.mark.security(4)
def test_signing_up_and_resetting_say_it_too(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox
) -> None:
    reason = [text("password.common", "fi")]
    assert new_client().submit("/sign-up", **{**TYPED, "password": "salasanasalasana"}).error_summary == reason
    client.submit("/forgot-password", email=owner.email)
    form = client.follow(client.get(mailbox.latest("reset_password").link))
    assert client.submit_form(form, new_password="salasanasalasana").error_summary == reason


@pytest.mark.security(1)
@pytest.mark.parametrize("length", [15, 64, 72, 73, 128])
def test_a_password_of_that_length_is_taken_whole(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, length: int
) -> None:
    client.log_in(owner)
    password = SENTENCE[: length - 1] + "x"
    assert len(password) == length
    assert change(client, password).status_code == 303
    # Neither a part nor another end of it logs in: every character counts.
    for wrong in (password[:-1], password[:-1] + "y"):
        assert new_client().submit("/login", email=owner.email, password=wrong).status_code == 422
    assert new_client().submit("/login", email=owner.email, password=password).status_code == 303


@pytest.mark.security(1, 2)
def test_a_password_typed_in_decomposed_letters_opens_what_it_was_chosen_for(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox
) -> None:
    """Some keyboards send a letter and its mark apart: 146 code points that are 73 letters."""
    password = unicodedata.normalize(
        "NFD", "äöå" * 3 + "ÄyöÄälÄöÅÖähöÖtÅÄåÖäöåÄqöÄxÖåäÄöÅÖäöÖÅÄåÖäwåÄöÄäÖåäÄöÅÖäöÖÅÄ" + "zpk"
    )
    assert len(password) > 128 > len(unicodedata.normalize("NFC", password))
    client.log_in(owner)
    assert change(client, password).status_code == 303
    assert client.submit("/confirm-password", password=password).status_code == 303
    assert new_client().submit("/login", email=owner.email, password=password).status_code == 303
    stranger = new_client()
    assert stranger.submit("/sign-up", **{**TYPED, "password": password}).status_code == 303
    form = stranger.follow(stranger.get(mailbox.latest("confirm_registration").link))
    assert stranger.submit_form(form, password=password).location == "/account"


@pytest.mark.security(1)
def test_fourteen_are_too_few_even_with_a_second_factor_of_choice(inside: InvariantClient) -> None:
    answer = change(inside, "tuikku lapio v")
    assert answer.error_summary == [text("password.too_short", "fi", minimum=15)]


@pytest.mark.security(1)
@pytest.mark.parametrize("password", ["pöllö istui hiljaa aidalla", "ISTU PÖLLÖ HILJAA AIDALLA", "kqzvhxwpmrtbjgnd"])
def test_no_kind_of_character_is_demanded(client: InvariantClient, owner: MadeAccount, password: str) -> None:
    client.log_in(owner)
    assert change(client, password).status_code == 303


@pytest.mark.security(1)
def test_no_password_grows_too_old(client: InvariantClient, owner: MadeAccount, transaction: Transaction) -> None:
    with transaction() as context:
        row = db.session.execute(select(Account).where(Account.id == owner.id)).scalar_one()
        row.password_changed_at = context.now - timedelta(days=3650)
    assert client.submit("/login", email=owner.email, password=owner.password).location == "/account"
    assert client.get("/account").status_code == 200


def reset(client: InvariantClient, owner: MadeAccount, mailbox: Mailbox) -> PageResponse:
    client.submit("/forgot-password", email=owner.email)
    return client.follow(client.get(mailbox.latest("reset_password").link))


PAGES: dict[str, Callable[[InvariantClient, MadeAccount, Mailbox], PageResponse]] = {
    "sign up": lambda client, _owner, _mailbox: client.get("/sign-up"),
    "log in": lambda client, _owner, _mailbox: client.get("/login"),
    "reset": reset,
    "change": lambda client, owner, _mailbox: (client.log_in(owner), client.get("/account/password"))[1],
    "staff": lambda client, _owner, _mailbox: client.get("/admin/login"),
}


@pytest.mark.security(1)
@pytest.mark.parametrize("name", PAGES)
def test_a_password_can_be_pasted_and_filled_in_by_a_manager(
    client: InvariantClient, owner: MadeAccount, mailbox: Mailbox, name: str
) -> None:
    fields = PAGES[name](client, owner, mailbox).select("input[type=password]")
    assert fields
    for field in fields:
        assert field["autocomplete"] in ("current-password", "new-password")
        # Nothing that cuts short, blocks a paste or keeps a manager away.
        assert not [attribute for attribute in field.attrs if attribute.startswith("on")]
        assert not {"maxlength", "pattern", "readonly"} & set(field.attrs)
