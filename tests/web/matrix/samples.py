"""One registry of values for the arguments of addresses. A new argument without a line here fails every matrix."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from portal.mail.links import LinkPurpose
from portal.rules.consents import KINDS
from portal.rules.request_steps import STEPS
from portal.services.register.contact_correction import PARTS
from tests.support.builders import PASSWORD
from tests.support.order_uploads import STATES
from tests.web.matrix.links import INVITATION
from tests.web.matrix.people import CUSTOMER
from tests.web.matrix.places import PLACES, Place
from tests.web.matrix.world import COPIES, FOREIGN_COPY, SENT_ANNOUNCEMENT, QuickClient, World


@dataclass(frozen=True)
class Argument:
    """How an argument is filled: with something that is there, something of somebody else's, something missing.

    `foreign` is None where the thing belongs to nobody. `missing` has the length of the others, so that two answers
    can be compared byte for byte.
    """

    present: Callable[[World], str]
    missing: Callable[[World], str]
    foreign: Callable[[World], str] | None = None
    # Further values that are there and show forms of their own.
    others: tuple[str, ...] = ()


ARGUMENT = re.compile(r"<(?:[^:<>]+:)?(?P<name>[^<>]+)>")


def _token(purpose: str) -> Argument:
    return Argument(
        lambda world: world.links[purpose],
        lambda world: world.links[purpose][:-1] + ("A" if world.links[purpose][-1] != "A" else "B"),
    )


LINKS: dict[str, str] = {
    "auth.verify_email_link": LinkPurpose.VERIFY_EMAIL,
    "auth.reset_password_link": LinkPurpose.RESET_PASSWORD,
    "auth.confirm_email_link": LinkPurpose.CONFIRM_EMAIL,
    "auth.cancel_email_link": LinkPurpose.CANCEL_EMAIL,
    "admin.follow_invite": INVITATION,
}
# Pages that show their form only to a browser which has followed a link before, and that link's endpoint.
AFTER_LINK = {
    "auth.verify_email": "auth.verify_email_link",
    "auth.reset_password": "auth.reset_password_link",
    "auth.confirm_email": "auth.confirm_email_link",
    "auth.cancel_email": "auth.cancel_email_link",
    "admin.invite": "admin.follow_invite",
    "admin.invite_second_factor": "admin.follow_invite",
}
# Of these, those that want the choice of a password in the same browser.
AFTER_CHOICE = {"admin.invite_second_factor"}
# Pages that show their form only to a browser in which the customer has just given the password.
AFTER_PASSWORD = {"auth.second_step"}

# Pages that ask for an answer to an access request, show the answers or ask for the signature.
QUESTIONS = {
    f"access_requests.{name}" for name in ("scope", "categories", "wishes", "contact", "delivery", "check", "sign")
}

# (endpoint, argument); the endpoint "*" means every one that has no line of its own.
ARGUMENTS: dict[tuple[str, str], Argument] = {
    ("static", "filename"): Argument(lambda _world: "css/tokens.css", lambda _world: "css/nothing.css"),
    ("orders.detail", "number"): Argument(
        lambda world: world.own_order.number,
        lambda world: world.own_order.number[:-1] + "9",
        lambda world: world.foreign_order.number,
    ),
    ("*", "reference"): Argument(
        lambda world: world.own_request.reference,
        lambda world: world.own_request.reference[:-4] + "9999",
        lambda world: world.foreign_request.reference,
    ),
    ("access_requests.letter", "number"): Argument(
        lambda world: world.own_letter, lambda world: world.own_letter[:-4] + "9999", lambda world: world.foreign_letter
    ),
    ("access_requests.file", "reference"): Argument(
        lambda world: world.request.reference,
        lambda world: world.request.reference[:-4] + "9999",
        lambda world: world.foreign_request.reference,
    ),
    ("access_requests.file", "file"): Argument(
        lambda world: str(world.request_file),
        # As long as the address of what is there.
        lambda world: str(world.foreign_file + 50),
        lambda world: str(world.foreign_file),
    ),
    # What only employees have is as unknown to a customer as what does not exist.
    ("privacy.entries", "category"): Argument(
        lambda _world: "purchase", lambda _world: "stuff", lambda _world: "staff", others=("order_address",)
    ),
    ("privacy.entries", "part"): Argument(
        lambda _world: "orders", lambda _world: "stuff-session", lambda _world: "staff-session"
    ),
    ("*", "copy"): Argument(
        lambda _world: str(COPIES["ready"]), lambda _world: str(UUID(int=7)), lambda _world: str(FOREIGN_COPY)
    ),
    ("privacy.data_copy", "copy"): Argument(
        lambda _world: str(COPIES["ready"]),
        lambda _world: str(UUID(int=7)),
        lambda _world: str(FOREIGN_COPY),
        others=tuple(str(name) for state, name in COPIES.items() if state != "ready"),
    ),
    ("privacy.request_copy", "reference"): Argument(
        lambda world: world.own_answer, lambda world: world.own_answer[:-4] + "9999", lambda world: world.foreign_answer
    ),
    ("admin.order", "number"): Argument(
        lambda world: world.own_order.number, lambda world: world.own_order.number[:-1] + "9"
    ),
    ("*", "employee"): Argument(
        lambda world: str(world.employees["staff whose employment is over"].id), lambda _world: "99"
    ),
    ("*", "customer"): Argument(lambda world: world.customer_uuid, lambda _world: str(UUID(int=7))),
    ("admin.correct", "part"): Argument(
        lambda _world: "phone", lambda _world: "phane", others=tuple(sorted(set(PARTS) - {"phone"}))
    ),
    ("admin.record_consent", "kind"): Argument(
        lambda _world: "marketing_email",
        lambda _world: "marketing_emall",
        others=tuple(sorted(set(KINDS) - {"marketing_email"})),
    ),
    ("*", "event"): Argument(lambda world: str(world.unmailed_consent), lambda _world: "9"),
    ("messages.detail", "message"): Argument(
        lambda world: world.messages["own"], lambda _world: str(UUID(int=7)), lambda world: world.messages["foreign"]
    ),
    ("admin.resend_message", "message"): Argument(
        lambda world: world.messages["failed"], lambda _world: str(UUID(int=7))
    ),
    ("usage.delete_one", "view"): Argument(
        lambda world: str(world.own_view), lambda _world: "900009", lambda world: str(world.foreign_view)
    ),
    ("usage.delete_day", "day"): Argument(
        lambda world: world.own_day, lambda _world: "2020-02-02", lambda world: world.foreign_day
    ),
    ("*", "announcement"): Argument(
        lambda world: world.announcements["draft"],
        lambda _world: str(UUID(int=7)),
    ),
    ("admin.announcement", "announcement"): Argument(
        lambda world: world.announcements["draft"], lambda _world: str(UUID(int=7)), others=(str(SENT_ANNOUNCEMENT),)
    ),
    ("*", "upload"): Argument(lambda world: world.uploads["ready"], lambda _world: str(UUID(int=7))),
    ("admin.import_file", "upload"): Argument(
        lambda world: world.uploads["ready"],
        lambda _world: str(UUID(int=7)),
        others=tuple(str(UUID(int=0x900 + number)) for number in range(len(STATES))),
    ),
    ("admin.import_errors", "upload"): Argument(
        lambda world: world.uploads["refused"], lambda _world: str(UUID(int=7))
    ),
    ("consents.unsubscribe", "token"): _token(LinkPurpose.UNSUBSCRIBE),
    ("admin.request_step", "step"): Argument(
        lambda _world: "refusal", lambda _world: "refisal", others=tuple(sorted(set(STEPS) - {"refusal"}))
    ),
    ("admin.request_note", "kind"): Argument(
        lambda _world: "internal", lambda _world: "intern", others=("from-customer", "to-customer")
    ),
    ("admin.request_letter", "number"): Argument(
        lambda world: world.request_letter, lambda world: world.request_letter[:-1] + "x"
    ),
    ("admin.request_attachment", "file"): Argument(
        lambda world: str(world.request_file), lambda world: str(world.request_file + 1000)
    ),
    ("public.request_form", "language"): Argument(lambda _world: "fi", lambda _world: "xx", others=("sv", "en")),
}
# Pages of employees about a request: a request is nobody's own there.
REQUEST_PAGES = (
    "entered_receipt",
    "entered_request",
    "open_request",
    "request",
    "request_assignment",
    "request_attachment",
    "request_checklist",
    "request_copy",
    "request_copy_file",
    "request_letter",
    "request_note",
    "request_step",
)
ARGUMENTS.update(
    {
        (f"admin.{endpoint}", "reference"): Argument(
            lambda world: world.request.reference, lambda world: world.request.reference[:-1] + "9"
        )
        for endpoint in REQUEST_PAGES
    }
)
ARGUMENTS.update({(endpoint, "token"): _token(purpose) for endpoint, purpose in LINKS.items()})


def argument_of(place: Place, name: str) -> Argument:
    """The line of the registry; an AssertionError says what to write when there is none."""
    found = ARGUMENTS.get((place.endpoint, name)) or ARGUMENTS.get(("*", name))
    assert found is not None, (
        f"{place.endpoint} ({place.rule}) takes {name!r}, which tests/web/matrix/samples.py does not know: add "
        f'ARGUMENTS[("{place.endpoint}", "{name}")] with a present and a missing value'
        + (" and somebody else's" if place.access.kind.startswith("customer") else "")
    )
    return found


def path_of(place: Place, world: World) -> str:
    """The address with something that is there."""
    return filled(place, {name: argument_of(place, name).present(world) for name in place.arguments})


def filled(place: Place, values: dict[str, str]) -> str:
    """The rule's address with these arguments, as a browser would send them."""
    return ARGUMENT.sub(lambda match: values[match["name"]], place.rule)


def prepare(client: QuickClient, place: Place, world: World) -> None:
    """Do what comes before the page in its journey, so that its form is there."""
    if place.endpoint in AFTER_PASSWORD:
        owner = world.accounts[CUSTOMER.name]
        data = {"csrf_token": client.csrf_token(), "email": owner.email, "password": owner.password}
        client.post("/login", data=data)
    if place.endpoint in AFTER_LINK:
        link = next(found for found in PLACES if found.endpoint == AFTER_LINK[place.endpoint])
        assert client.get(path_of(link, world)).status_code == 303
    if place.endpoint in AFTER_CHOICE:
        choice = {"csrf_token": client.csrf_token("/admin/invite"), "name": "Onni Aalto", "password": PASSWORD}
        assert client.post("/admin/invite", data=choice).status_code == 303
    if place.endpoint in QUESTIONS:
        world.answer_questions()
