"""What the fictional shop sells, and the VAT that a day demands (FORMATS, "VAT rates")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class VatClass(StrEnum):
    """How a product is taxed."""

    GENERAL = "general"
    BOOK = "book"
    FOOD = "food"
    MAGAZINE = "magazine"


@dataclass(frozen=True)
class Product:
    """One product. `price` is in cents, gross, for one piece or metre; `share` is how often it is bought."""

    sku: str
    name: str
    price: int
    share: int = 3
    vat: VatClass = VatClass.GENERAL
    most: int = 1
    by_metre: bool = False


# The day from which a rate, in basis points, holds; newest first.
RATES: dict[VatClass, tuple[tuple[date, int], ...]] = {
    VatClass.GENERAL: ((date(2024, 9, 1), 2550), (date.min, 2400)),
    VatClass.BOOK: ((date(2026, 1, 1), 1350), (date(2025, 1, 1), 1400), (date.min, 1000)),
    VatClass.FOOD: ((date(2026, 1, 1), 1350), (date.min, 1400)),
    VatClass.MAGAZINE: ((date.min, 1000),),
}


def vat_rate(vat: VatClass, day: date) -> int:
    """The rate of a day, in basis points."""
    return next(rate for first, rate in RATES[vat] if day >= first)


PRODUCTS = (
    Product("PEL-70-L", "Kelluntaliivi Meri 70N, koko L", 8990, 6, most=2),
    Product("PEL-70-M", "Kelluntaliivi Meri 70N, koko M", 8990, 5, most=2),
    Product("PEL-100-J", "Pelastusliivi Junior 100N, 20–30 kg", 5490, 5, most=3),
    Product("PEL-150-A", "Paukkuliivi Ulappa 150N, automaatti", 16900, 3, most=2),
    Product("PEL-PAT", "Kaasupatruuna 33 g ja laukaisin", 3450, 4, most=4),
    Product("KOY-12", "Ankkuriköysi 12 mm, punottu", 320, 6, most=40, by_metre=True),
    Product("KOY-16", "Kiinnitysköysi 16 mm, musta", 450, 5, most=30, by_metre=True),
    Product("ANK-75", "Kela-ankkuri 7,5 kg, kuumasinkitty", 6490, 3),
    Product("ANK-KET", "Ankkuriketju 8 mm", 890, 3, most=12, by_metre=True),
    Product("LEP-F2", "Lepuuttaja F2, valkoinen", 2960, 7, most=6),
    Product("LEP-F4", "Lepuuttaja F4, sininen", 5890, 4, most=4),
    Product("KOM-85", "Kompassi Delfi 85", 27900, 2),
    Product("PLO-7", 'Karttaplotteri Luotsi 7" ja kaikuanturi', 64900, 1),
    Product("VHF-25", "VHF-radiopuhelin Majakka 25 W", 28900, 1),
    Product("VAL-LED", "Kulkuvalot LED, pari", 7990, 3),
    Product("AKK-100", "Vapaa-ajan akku 100 Ah AGM", 23900, 3),
    Product("LAT-1215", "Akkulaturi 12 V / 15 A", 15900, 3),
    Product("AUR-100", "Aurinkopaneeli 100 W, taipuisa", 18900, 2, most=2),
    Product("PUM-800", "Pilssipumppu 800 gph, automaatti", 5490, 4),
    Product("MAA-POH-S", "Pohjamaali, sininen, 2,5 l", 7990, 5, most=3),
    Product("MAA-POH-M", "Pohjamaali, musta, 2,5 l", 7990, 4, most=3),
    Product("MAA-LAK", "Venelakka Kiilto-Helmi, 1 l", 3290, 4, most=3),
    Product("VAH-05", "Kovavaha veneelle, 0,5 l", 1990, 5, most=2),
    Product("PES-1", "Venepesuaine, 1 l, biohajoava", 1290, 6, most=3),
    Product("OLJ-4T", "Moottoriöljy 4T 10W-30, 4 l", 3690, 6, most=3),
    Product("ROO-02", "Roottori perämoottoriin 9,9–20 hv", 2490, 4),
    Product("TUL-06", "Sytytystulppa, 4 kpl", 2150, 4, most=2),
    Product("TAL-72", "Talviverho 7,2 × 3,4 m", 26800, 2),
    Product("TAL-50", "Talviverho 5,0 × 3,0 m", 17900, 2),
    Product("AIR-210", "Airopari, mänty, 210 cm", 8450, 2),
    Product("MEL-220", "Kajakkimela Saaristo, 220 cm, kaksiosainen", 11900, 2),
    Product("KAJ-430", "Retkikajakki Tyrsky 430", 99900, 1),
    Product("SUP-106", "SUP-lauta Lokki 10'6\", paketti", 34900, 1),
    Product("KUI-20", "Kuivasäkki 20 l, oranssi", 2790, 6, most=3),
    Product("TEL-3", "Retkiteltta Kuukkeli 3", 28900, 1),
    Product("MAK-5", "Makuupussi Hanki −5 °C", 12900, 2, most=2),
    Product("KEI-1", "Retkikeitin Roihu ja kaasu", 7450, 3),
    Product("PUU-SUO", "Puukko Inari, visakoivu", 8900, 3),
    Product("TAK-XL", "Purjehdustakki Myrsky, koko XL", 21900, 2),
    Product("TAK-S", "Purjehdustakki Myrsky, koko S", 21900, 2),
    Product("HOU-M", "Sadehousut Räntä, koko M", 9900, 3),
    Product("SAA-42", "Kumisaappaat Laituri, koko 42", 5990, 3),
    Product("SUK-VIL", "Villasukat, harmaa", 2490, 5, most=4),
    Product("KAL-VIR", "Virveli Hauki, 2,1 m, ja kela", 7990, 3),
    Product("KAL-UIS", "Vaappusarja Ahven, 6 kpl", 3490, 5, most=2),
    Product("KIR-SAT", "Satamaopas: Saaristomeri (kirja)", 3490, 4, VatClass.BOOK, most=2),
    Product("KIR-SOL", "Solmukirja veneilijälle (kirja)", 2690, 3, VatClass.BOOK),
    Product("KAR-D", "Merikarttasarja D, painettu", 6900, 4, VatClass.BOOK),
    Product("LEH-VUO", "Venelehti Ulappa, vuositilaus", 8400, 2, VatClass.MAGAZINE),
    Product("RUO-KUI", "Retkiruoka, poronkäristys, 2 annosta", 1390, 5, VatClass.FOOD, most=8),
    Product("RUO-KAH", "Nokipannukahvi, 450 g", 890, 5, VatClass.FOOD, most=4),
)
