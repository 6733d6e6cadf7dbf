"""What a passkey proves: its owner, to this portal, for this challenge, verified, once (SECURITY 22, 26, 27, 33).

The device is software that signs whatever it is told, so that the portal refuses and not a browser before it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select, update

from config import Settings
from portal.models.account import Account
from portal.models.base import db
from portal.models.factor import Passkey, StaffPasskey
from portal.services.accounts import passkeys
from portal.services.accounts.factor_owners import Owner
from tests.support import builders
from tests.support.authenticator import Device
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction

EVIL = "https://evil.example"


@dataclass
class Door:
    """A way in by passkey: where a browser gets the challenge and gives the answer, and a page behind it."""

    options: str
    answer: str
    behind: str
    client: InvariantClient
    owner: Owner
    origin: str

    def ask(self) -> str:
        """The options of a new challenge."""
        return self.client.post(self.options, data={"csrf_token": self._token()}).body

    def give(self, answer: str) -> int:
        """The status of what the portal says to a device's answer."""
        return self.client.post(self.answer, data={"csrf_token": self._token(), "credential": answer}).status_code

    def is_open(self) -> bool:
        """Whether the page behind the door is shown."""
        return self.client.get(self.behind).status_code == 200

    def _token(self) -> str:
        return self.client.csrf_token("/login" if self.behind == "/account" else "/admin/second-factor")


def customers_door(new_client: NewClient, transaction: Transaction, origin: str) -> Door:
    with transaction() as context:
        account = builders.account(context)
    paths = ("/login/passkey/options", "/login/passkey", "/account")
    return Door(*paths, new_client(), passkeys.of_account(account.id), origin)


def employees_door(new_client: NewClient, transaction: Transaction, origin: str) -> Door:
    with transaction() as context:
        employee = builders.staff(context)
    client = new_client()
    client.submit("/admin/login", email=employee.email, password=employee.password)
    paths = ("/admin/second-factor/passkey/options", "/admin/second-factor/passkey", "/admin/")
    return Door(*paths, client, passkeys.of_staff(employee.id), origin)


@pytest.fixture(params=[customers_door, employees_door], ids=["customer", "employee"])
def door(request: pytest.FixtureRequest, new_client: NewClient, transaction: Transaction, settings: Settings) -> Door:
    made: Door = request.param(new_client, transaction, settings.base_url)
    return made


@pytest.fixture
def device(door: Door, transaction: Transaction) -> Device:
    """A device whose passkey the owner has, and which counts its answers."""
    made = Device(counter=5)
    with transaction() as context:
        builders.passkey(context, door.owner, device=made)
    made.counter = 6
    return made


def times_used(reading: Transaction) -> int:
    with reading():
        tables = (Passkey, StaffPasskey)
        used = (select(func.count()).select_from(table).where(table.last_used_at.is_not(None)) for table in tables)
        return sum(db.session.execute(count).scalar_one() for count in used)


@pytest.mark.security(26, 27)
def test_the_owners_device_opens_the_door(door: Door, device: Device, reading: Transaction) -> None:
    assert door.give(device.sign(door.ask(), door.origin)) == 303
    assert door.is_open()
    assert times_used(reading) == 1
    with reading():
        assert db.session.execute(select(door.owner.table.sign_count)).scalar_one() == 6


def foreign_page(device: Device, options: str, origin: str) -> str:
    return device.sign(options, EVIL)


def longer_origin(device: Device, options: str, origin: str) -> str:
    return device.sign(options, f"{origin}.evil.example")


def foreign_host(device: Device, options: str, origin: str) -> str:
    device.host = "evil.example"
    return device.sign(options, origin)


def unverified(device: Device, options: str, origin: str) -> str:
    device.verifies = False
    return device.sign(options, origin)


def copied_device(device: Device, options: str, origin: str) -> str:
    device.counter = 5
    return device.sign(options, origin)


def another_key(device: Device, options: str, origin: str) -> str:
    return Device(counter=6, name=device.name).sign(options, origin)


def unknown_device(device: Device, options: str, origin: str) -> str:
    return Device().sign(options, origin)


def another_ceremony(device: Device, options: str, origin: str) -> str:
    return device.sign(options, origin, kind="create")


FALSE = (
    *(foreign_page, longer_origin, foreign_host, unverified),
    *(copied_device, another_key, unknown_device, another_ceremony),
)


@pytest.mark.security(26, 27)
@pytest.mark.parametrize("answer", FALSE, ids=lambda answer: answer.__name__)
def test_a_false_answer_opens_nothing(
    door: Door, device: Device, reading: Transaction, answer: Callable[[Device, str, str], str]
) -> None:
    assert door.give(answer(device, door.ask(), door.origin)) == 422
    assert not door.is_open()
    assert times_used(reading) == 0


@pytest.mark.security(27)
def test_a_challenge_is_answered_once_and_only_the_newest(door: Door, device: Device) -> None:
    first = door.ask()
    second = door.ask()
    assert door.give(device.sign(first, door.origin)) == 422
    # The wrong answer used the newest challenge up as well.
    assert door.give(device.sign(second, door.origin)) == 422
    assert not door.is_open()
    answer = device.sign(door.ask(), door.origin)
    assert door.give(answer) == 303
    door.client.submit_form(door.client.get(door.behind), "form[action$=logout]")
    assert not door.is_open()


@pytest.mark.security(27)
def test_a_challenge_belongs_to_its_browser(
    door: Door, device: Device, new_client: NewClient, transaction: Transaction, settings: Settings
) -> None:
    make = customers_door if door.behind == "/account" else employees_door
    elsewhere = make(new_client, transaction, settings.base_url)
    elsewhere.ask()
    assert elsewhere.give(device.sign(door.ask(), door.origin)) == 422
    assert not elsewhere.is_open()


@pytest.mark.security(26, 33)
def test_a_passkey_of_another_employee_is_no_second_factor(
    new_client: NewClient, transaction: Transaction, settings: Settings, reading: Transaction
) -> None:
    door = employees_door(new_client, transaction, settings.base_url)
    colleagues = Device()
    with transaction() as context:
        builders.passkey(context, passkeys.of_staff(builders.staff(context).id), device=colleagues)
    assert door.give(colleagues.sign(door.ask(), door.origin)) == 422
    assert not door.is_open()


@pytest.mark.security(22, 27)
def test_a_disabled_account_is_not_entered_with_a_passkey(
    new_client: NewClient, transaction: Transaction, settings: Settings
) -> None:
    door, device = customers_door(new_client, transaction, settings.base_url), Device()
    with transaction() as context:
        builders.passkey(context, door.owner, device=device)
        db.session.execute(update(Account).values(disabled_at=context.now))
    assert door.give(device.sign(door.ask(), door.origin)) == 422
    assert not door.is_open()


def customers_list(new_client: NewClient, transaction: Transaction) -> tuple[InvariantClient, str]:
    with transaction() as context:
        account = builders.account(context)
    client = new_client()
    client.log_in(account)
    return client, "/account/passkeys"


def employees_list(new_client: NewClient, transaction: Transaction) -> tuple[InvariantClient, str]:
    with transaction() as context:
        employee = builders.staff(context)
    client = new_client()
    client.log_in_staff(employee)
    return client, "/admin/account/passkeys"


@pytest.mark.security(27)
@pytest.mark.parametrize("enter", [customers_list, employees_list])
def test_a_new_passkey_is_held_to_the_same(
    new_client: NewClient,
    transaction: Transaction,
    settings: Settings,
    reading: Transaction,
    enter: Callable[[NewClient, Transaction], tuple[InvariantClient, str]],
) -> None:
    client, page = enter(new_client, transaction)
    assert add(client, page, Device(verifies=False), settings.base_url) == 422
    assert add(client, page, Device(host="evil.example"), settings.base_url) == 422
    assert add(client, page, Device(), EVIL) == 422
    with reading():
        assert not any(db.session.execute(select(table.id)).all() for table in (Passkey, StaffPasskey))
    assert add(client, page, Device(), settings.base_url) == 303


def add(client: InvariantClient, path: str, device: Device, origin: str) -> int:
    token = client.csrf_token(path)
    options = client.post(f"{path}/options", data={"csrf_token": token}).body
    data = {"csrf_token": token, "credential": device.register(options, origin), "name": "Puhelin"}
    return client.post(path, data=data).status_code
