"""Running numbers of documents, one series a year and kind."""

from __future__ import annotations

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped

from portal.models.base import Base, no_subject, technical


class NumberSeries(Base):
    """The last number given out in a series such as `TP-2026`. The row's lock keeps the numbers without gaps."""

    __tablename__ = "number_series"
    __subject__ = no_subject("counts documents and names nobody")

    series: Mapped[str] = technical("kind and year, as they stand in front of the number", String(20), primary_key=True)
    last: Mapped[int] = technical("the last number given out", BigInteger)
