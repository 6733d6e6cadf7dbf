"""Texts of interests, and of what is derived from purchases with its reason."""

from portal.rules.texts.mark import N_

TEXTS: dict[str, str] = {
    "interest.topic.boating": N_("Boats and the sea"),
    "interest.topic.books": N_("Books, charts and magazines"),
    "interest.topic.clothing": N_("Clothes and shoes"),
    "interest.topic.electronics": N_("Electronics and computers"),
    "interest.topic.fishing": N_("Fishing"),
    "interest.topic.food": N_("Food and drink"),
    "interest.topic.home": N_("Home and garden"),
    "interest.topic.outdoors": N_("Hiking and camping"),
    "interest.topic.paddling": N_("Paddling"),
    "interest.saved": N_("Your interests are saved."),
    "interest.too_many": N_("Write at most %(maximum)s interests of your own."),
    "interest.unchanged": N_("Nothing changed: your interests were the same already."),
    "interest.unknown": N_("Choose interests from the list."),
    "fact.kind.interest": N_("Bought product that fits your interest"),
    "fact.kind.interval": N_("Usual time between orders"),
    "fact.kind.often": N_("Product you buy often"),
    "fact.kind.season": N_("Usual season of ordering"),
    "fact.interest.reason": N_(
        "You told us about your interest “%(interest)s” and have bought this, latest on %(day)s."
    ),
    "fact.interval": N_("You usually order about every %(days)s days"),
    "fact.interval.reason": N_(
        "Half of the gaps between your latest %(out_of)s orders are shorter than this and half are longer. The latest "
        "order is from %(day)s."
    ),
    "fact.often.reason": N_("You have bought this in %(times)s orders, latest on %(day)s."),
    "fact.often.interest.reason": N_(
        "You have bought this in %(times)s orders, latest on %(day)s, and told us about your interest “%(interest)s”."
    ),
    "fact.season": N_("You order most %(season)s"),
    "fact.season.reason": N_("%(times)s of your latest %(out_of)s orders were placed then."),
    "season.1": N_("in January–March"),
    "season.2": N_("in February–April"),
    "season.3": N_("in March–May"),
    "season.4": N_("in April–June"),
    "season.5": N_("in May–July"),
    "season.6": N_("in June–August"),
    "season.7": N_("in July–September"),
    "season.8": N_("in August–October"),
    "season.9": N_("in September–November"),
    "season.10": N_("in October–December"),
    "season.11": N_("in November–January"),
    "season.12": N_("in December–February"),
}
