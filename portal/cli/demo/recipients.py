"""The made-up companies to whom the demo's data go: what an operator would name in `PORTAL_RECIPIENTS`."""

from __future__ import annotations

from portal.rules.recipients import Recipient, Role, Safeguard, Task
from portal.rules.register import Purpose

MADE_UP = (
    # On the servers of the host lies everything.
    Recipient(
        name="Esimerkki Konesali Oy",
        role=Role.PROCESSOR,
        tasks=(Task.HOSTING, Task.MAIL),
        purposes=tuple(Purpose),
        country="FI",
    ),
    Recipient(
        name="Example Software Ltd",
        role=Role.PROCESSOR,
        tasks=(Task.MAINTENANCE,),
        purposes=(Purpose.ACCOUNT_SECURITY,),
        country="GB",
        safeguard=Safeguard.ADEQUACY,
    ),
    Recipient(
        name="Esimerkki Kuljetus Oy",
        role=Role.CONTROLLER,
        tasks=(Task.DELIVERY,),
        purposes=(Purpose.ORDERS,),
        country="FI",
    ),
    Recipient(
        name="Exempel Betalning Ab",
        role=Role.CONTROLLER,
        tasks=(Task.PAYMENT,),
        purposes=(Purpose.INVOICING,),
        country="SE",
    ),
)
