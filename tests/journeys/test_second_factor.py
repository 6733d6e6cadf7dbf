"""A customer turns the second factor on, logs in with it and with a recovery code, and turns it off."""

from datetime import UTC, datetime, timedelta

import pyotp

from tests.journeys.test_sign_up_and_log_in import log_in
from tests.journeys.walker import Walker
from tests.support import builders
from tests.support.fixtures import Transaction


def later(secret: str) -> str:
    """The code of the next half minute, which the portal takes already: the one of now was used up."""
    return pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30))


def test_from_turning_on_to_turning_off(walker: Walker, transaction: Transaction) -> None:
    with transaction() as context:
        owner = builders.account(context, language=walker.language)
    log_in(walker, owner.email, owner.password)
    walker.turn_to("Security")
    walker.follow_change(walker.words("Second factor"))
    walker.sees_page("Second factor")
    walker.check("journey-second-factor-off")
    walker.press("Set up")
    walker.sees_page("Set up your second factor")
    secret = walker.main.locator("code").inner_text().replace(" ", "")
    walker.fill("Six-digit code", "000000")
    walker.press("Turn on")
    walker.refused("Six-digit code")
    walker.fill("Six-digit code", pyotp.TOTP(secret).now())
    walker.press("Turn on")
    walker.sees_page("Recovery codes")
    walker.is_told("second_factor.on")
    walker.sees(walker.words("Your recovery codes"))
    walker.check("journey-recovery-codes")
    walker.page.reload()
    walker.sees(walker.words("Make recovery codes"))
    walker.press("Show ten new codes")
    code = walker.main.locator(".codes code").first.inner_text()
    walker.follow("I have kept the codes")
    walker.sees_page("Second factor")
    walker.log_out()

    log_in(walker, owner.email, owner.password)
    walker.sees_page("Enter the code from your phone")
    walker.press("Log in")
    walker.refused("Code")
    walker.check("journey-second-step")
    walker.fill("Code", later(secret))
    walker.press("Log in")
    walker.sees_page("Hello, %(name)s", name="Aino")
    walker.log_out()
    log_in(walker, owner.email, owner.password)
    walker.fill("Code", code)
    walker.press("Log in")
    walker.sees_page("Hello, %(name)s", name="Aino")
    walker.open("/account/second-factor")
    walker.press("Turn off the second factor")
    walker.is_told("second_factor.off")
    walker.log_out()
    log_in(walker, owner.email, owner.password)
    walker.sees_page("Hello, %(name)s", name="Aino")
    walker.turn_to("Security")
