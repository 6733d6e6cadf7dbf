"""Every message there is, rendered."""

import pytest

from portal.mail.kinds import KINDS
from portal.mail.render import Rendered, render
from tests.mail.message_rows import LANGUAGES, MOMENT, NAME, Row, make_params
from tests.support import builders
from tests.support.fixtures import Transaction


@pytest.fixture
def rendered(transaction: Transaction) -> dict[tuple[str, str], Rendered]:
    """Every message in every language."""
    with transaction(now=MOMENT) as context:
        account = builders.account(context, first_name=NAME)
        params = make_params(context, account)
        return {
            (kind, language): render(
                Row(  # type: ignore[arg-type]
                    kind,
                    language,
                    account.customer_id,
                    {name: params[name] for name in KINDS[kind].params},
                    recipient=account.email if kind == "email_change_asked" else "uusi@example.com",
                )
            )
            for kind in KINDS
            for language in LANGUAGES
        }
