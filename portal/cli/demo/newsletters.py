"""An announcement of the demo that nobody has let go yet: sending it would mail from the start."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select

from portal.cli.demo.credentials import administrator
from portal.models.base import db
from portal.models.staff import Staff
from portal.rules.announcement_types import AnnouncementType
from portal.rules.context import Actor, Context
from portal.services.messaging import announcements

WORDS = {
    "type": AnnouncementType.MARKETING,
    "subject_fi": "Vene talviteloille hyvissä ajoin",
    "text_fi": "Syksyn tarjouksissa on peitteitä, köysiä ja vahaa.\n\nTervetuloa myymälään!",
    "subject_sv": "Båten i vinterförvaring i god tid",
    "text_sv": "Höstens erbjudanden: presenningar, linor och vax.\n\nVälkommen till butiken!",
    "subject_en": "Lay up the boat in good time",
    "text_en": "This autumn's offers: covers, ropes and wax.\n\nWelcome to the shop!",
}


def draft_one(context: Context) -> None:
    """Keep the draft of two days ago."""
    writer = db.session.execute(select(Staff.id).where(Staff.email == administrator().email)).scalar_one()
    then = replace(context, now=context.now - timedelta(days=2), actor=Actor("staff", writer))
    announcements.begin(then, WORDS, uuid4())
