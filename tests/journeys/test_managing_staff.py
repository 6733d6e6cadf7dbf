"""An administrator invites an employee, gives them another role and closes the account."""

from datetime import UTC, datetime

from portal.rules.staff_roles import Role
from portal.rules.texts import text
from tests.journeys.conftest import NewWalker
from tests.journeys.test_staff import EMPLOYEE, accept_invitation, enter_first_factor
from tests.journeys.walker import Walker
from tests.support import builders
from tests.support.fixtures import Transaction


def test_from_the_invitation_to_the_closed_account(
    walker: Walker, new_walker: NewWalker, transaction: Transaction
) -> None:
    with transaction() as context:
        boss = builders.staff(context, Role.ADMINISTRATOR, name="Riikka Salmela")
    walker.open("/admin/login")
    enter_first_factor(walker, boss, boss.password)
    walker.fill("Code", boss.code(datetime.now(UTC)))
    walker.press("Log in")
    walker.turn_to("Employees")
    walker.follow("What each role may do")
    walker.sees_page("What each role may do")
    walker.turn_to("Employees")
    walker.follow("Invite an employee")
    walker.fill("E-mail address", EMPLOYEE)
    walker.press("Make the link")
    walker.refused_group(text("staff.choose_role", walker.language))
    walker.choose(text("role.auditor", walker.language))
    walker.press("Make the link")
    walker.sees_page("A link for the employee")
    link = walker.main.locator("code").inner_text()
    walker.check("journey-staff-link")
    colleague = new_walker(walker.language)
    accept_invitation(colleague, link.rpartition("/")[2])
    colleague.sees_page("Start")

    walker.turn_to("Employees")
    walker.follow("Onni Aalto")
    walker.follow_change(walker.words("Role"))
    walker.choose(text("role.customer_care", walker.language))
    walker.press("Save")
    walker.is_told("staff.role_changed")
    colleague.open("/admin/customers")
    colleague.sees_page("Customers")
    walker.follow_change(walker.words("Last day of the employment"))
    walker.page.locator("input[name=ends_on]").fill("2099-12-31")
    walker.press("Save")
    walker.is_told("staff.end_changed")
    walker.check("journey-employee")
    walker.main.get_by_role("link", name=walker.words("Close")).first.click()
    walker.press("Close the account")
    walker.is_told("staff.closed")
    colleague.open("/admin/customers")
    assert colleague.status == 404
