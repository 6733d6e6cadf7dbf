"""From the privacy page to the opened copy: asked for, waited for, told by mail, downloaded, unpacked, read offline."""

import zipfile
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.rules.texts import text
from tests.journeys.test_sign_up_and_log_in import log_in
from tests.journeys.walker import Walker
from tests.support import builders, copies
from tests.support.browser import DESKTOP, PHONE, check_page
from tests.support.builders import MadeAccount
from tests.support.fixtures import Transaction

ORDERS = 23


@pytest.fixture
def owner(walker: Walker, transaction: Transaction) -> MadeAccount:
    """A customer whose orders do not fit on the first page of a copy."""
    with transaction() as context:
        made = builders.account(context, email="aino.virtanen@example.com", language=walker.language)
        for _ in range(ORDERS):
            builders.order(context, made.customer_id, shipping=590)
    return made


def test_a_copy_at_once(walker: Walker, owner: MadeAccount, app: Flask, tmp_path: Path) -> None:
    log_in(walker, owner.email, owner.password)
    walker.turn_to("Privacy")
    walker.follow("Download a copy of your data")
    walker.sees_page("A copy of your data")
    walker.check("journey-data")
    walker.press("Have a copy made")
    walker.sees_page("Your copy is being made")
    walker.check("journey-data-waiting")
    copies.run(app)
    if not walker.script:
        walker.follow("Look again")
    # With scripts the page looks by itself.
    walker.sees_page("Your copy is ready")
    walker.check("journey-data-ready")
    assert walker.postbox.link(owner.email, walker.language) == "/privacy/data"
    with walker.page.expect_download() as download:
        walker.follow("Download the copy (ZIP)")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    read_offline(walker, path, tmp_path)
    walker.open("/privacy/activity")
    walker.sees(text("audit.copy.downloaded", walker.language))


def read_offline(walker: Walker, path: Path, folder: Path) -> None:
    """Unpack the archive and walk through it without the portal."""
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    page = walker.page.context.new_page()
    page.goto((folder / "index.html").as_uri())
    expect(page.locator("html")).to_have_attribute("lang", walker.language)
    expect(page.get_by_role("heading", level=1)).to_have_text(walker.words("A copy of your data"))
    look(walker, page, "copy-index")
    page.locator("a[href='pages/purchase-orders-1.html']").click()
    expect(page.locator(".entry")).to_have_count(ORDERS)
    look(walker, page, "copy-orders")
    page.get_by_role("link", name=walker.words("To the first page of the copy")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(walker.words("A copy of your data"))
    page.close()


def look(walker: Walker, page: Page, name: str) -> None:
    """What is checked of the portal's pages, where scripts can run, at both widths."""
    if walker.script:
        for width in (DESKTOP, PHONE):
            page.set_viewport_size({"width": width, "height": 900})
            check_page(page, name)
