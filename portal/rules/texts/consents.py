"""Texts of consents and prohibitions.

A switch's own texts (``consent.<kind>.<rule>.label`` and ``.text``) are proof, and so are those of the links
(``consent.unsubscribe.…``): whoever changes one, in any language, raises its version in ``rules/consents.py``.
"""

from portal.rules.texts.mark import N_

TEXTS: dict[str, str] = {
    "consent.action.allowed": N_("The customer withdraws the prohibition"),
    "consent.action.forbidden": N_("The customer forbids it"),
    "consent.action.given": N_("The customer gives consent"),
    "consent.action.withdrawn": N_("The customer withdraws the consent"),
    "consent.action_required": N_("Choose what the customer wants."),
    "consent.event.allowed": N_("Prohibition withdrawn"),
    "consent.event.forbidden": N_("Forbidden"),
    "consent.event.given": N_("Consent given"),
    "consent.event.withdrawn": N_("Consent withdrawn"),
    "consent.how.account": N_("In the account"),
    "consent.how.controller": N_("Carried over when earlier orders were connected"),
    "consent.how.email": N_("By e-mail"),
    "consent.how.in_store": N_("In the shop"),
    "consent.how.letter": N_("By letter"),
    "consent.how.phone": N_("By phone"),
    "consent.how.unsubscribe": N_("With the link of an e-mail"),
    # Nobody is logged in who follows it.
    "consent.who.anonymous": N_("With the link of a mail sent to you"),
    "consent.who.command": N_("Our system"),
    "consent.who.customer": N_("You"),
    "consent.who.job": N_("Our system"),
    "consent.who.staff": N_("Our employee"),
    "consent.kind.marketing_email": N_("Direct marketing by e-mail"),
    "consent.kind.marketing_phone": N_("Direct marketing by phone"),
    "consent.kind.marketing_post": N_("Direct marketing by post"),
    "consent.kind.marketing_sms": N_("Direct marketing by text message"),
    "consent.kind.personalisation": N_("Suggestions based on purchases"),
    "consent.kind.survey": N_("Opinion and market surveys"),
    "consent.kind.usage": N_("Usage statistics of this service"),
    "consent.language_required": N_("Choose the language in which you read the text to the customer."),
    "consent.marketing_email.opt_in.label": N_("I want offers and news by e-mail"),
    "consent.marketing_email.opt_in.text": N_(
        "%(controller)s may send me marketing about its products by e-mail. I am 13 or over. I can withdraw this "
        "consent at any time."
    ),
    "consent.marketing_email.opt_out.label": N_("I forbid direct marketing by e-mail"),
    "consent.marketing_email.opt_out.text": N_("%(controller)s may not send our company marketing by e-mail."),
    "consent.marketing_phone.opt_out.label": N_("I forbid direct marketing by phone"),
    "consent.marketing_phone.opt_out.text": N_("%(controller)s may not call me to sell or advertise."),
    "consent.marketing_post.opt_out.label": N_("I forbid direct marketing by post"),
    "consent.marketing_post.opt_out.text": N_("%(controller)s may not send me advertising by post."),
    "consent.marketing_sms.opt_in.label": N_("I want offers and news by text message"),
    "consent.marketing_sms.opt_in.text": N_(
        "%(controller)s may send me marketing about its products by text message. I am 13 or over. I can withdraw this "
        "consent at any time."
    ),
    "consent.marketing_sms.opt_out.label": N_("I forbid direct marketing by text message"),
    "consent.marketing_sms.opt_out.text": N_("%(controller)s may not send our company marketing by text message."),
    "consent.out_of_date": N_(
        "The page had been open for so long that it no longer showed how things stand. Nothing was saved. Check the "
        "choices and save again."
    ),
    "consent.personalisation.opt_in.label": N_("I want suggestions based on my purchases"),
    "consent.personalisation.opt_in.text": N_(
        "%(controller)s may work out from my orders what I buy often and when, and use it together with the interests "
        "I have told to show me suggestions in this service. I see what was worked out and why. Nothing is given to "
        "others. I am 13 or over. I can withdraw this consent at any time; what was worked out is then deleted at once."
    ),
    "consent.saved": N_("Your choices are saved and in force."),
    "consent.source_required": N_("Choose how the customer told you about the choice."),
    "consent.state.allowed": N_("Prohibition withdrawn %(date)s"),
    "consent.state.forbidden": N_("Forbidden %(date)s"),
    "consent.state.given": N_("Consent given %(date)s"),
    "consent.state.untold.opt_in": N_("No consent given"),
    "consent.state.untold.opt_out": N_("Not forbidden"),
    "consent.state.withdrawn": N_("Consent withdrawn %(date)s"),
    "consent.stored": N_("The customer's choice was saved. It is in force."),
    "consent.stored_by_letter": N_(
        "The consent was saved. The customer has no e-mail address, so send the confirmation by letter."
    ),
    "consent.stored_confirmed": N_("The consent was saved, and a confirmation is on its way to the customer."),
    "consent.survey.opt_out.label": N_("I forbid opinion and market surveys"),
    "consent.survey.opt_out.text": N_("%(controller)s may not ask me to take part in opinion or market surveys."),
    "consent.usage.opt_in.label": N_("I allow usage statistics"),
    "consent.usage.opt_in.text": N_(
        "%(controller)s may store which pages of this service I open and when, while I am logged in, to improve the "
        "service. No search words, addresses of devices or other details are stored, and nothing is given to others. "
        "I am 13 or over. I can withdraw this consent at any time; everything collected is then deleted at once."
    ),
    "consent.letter_posted": N_("Confirmed by letter, posted on %(date)s"),
    "consent.unconfirmed": N_(
        "No mail confirmed it, for the customer had no e-mail address: it is confirmed by letter, with the text below."
    ),
    "consent.unchanged": N_("Nothing changed: the choices were the same already."),
    "consent.unsubscribe.marketing_email.label": N_("No more marketing by e-mail"),
    "consent.unsubscribe.marketing_email.text": N_("%(controller)s may no longer send me marketing by e-mail."),
    "consent.unsubscribe.marketing_sms.label": N_("No more marketing by text message"),
    "consent.unsubscribe.marketing_sms.text": N_("%(controller)s may no longer send me marketing by text message."),
    "consent.unsubscribe.personalisation.label": N_("No more suggestions based on my purchases"),
    "consent.unsubscribe.personalisation.text": N_(
        "%(controller)s may no longer work out suggestions from my orders. What was worked out is deleted at once."
    ),
    "consent.unsubscribe.usage.label": N_("No more usage statistics"),
    "consent.unsubscribe.usage.text": N_(
        "%(controller)s may no longer store which pages of this service I open. Everything collected is deleted at "
        "once."
    ),
    "consent.unsubscribed.marketing_email": N_("You get no more marketing by e-mail from us"),
    "consent.unsubscribed.marketing_sms": N_("You get no more marketing by text message from us"),
    "consent.unsubscribed.personalisation": N_("We work out no more suggestions from your purchases"),
    "consent.unsubscribed.usage": N_("We collect no more usage statistics about you"),
    "consent_letter.before_consent": N_("The day cannot be before the consent was given."),
    "consent_letter.day_invalid": N_("Enter the day on which you posted the letter."),
    "consent_letter.given": N_("On %(moment)s you gave us this consent by phone:"),
    "consent_letter.in_future": N_("The day cannot be in the future."),
    "consent_letter.noted": N_("The day of posting was saved."),
    "consent_letter.noted_already": N_("Another day of posting is stored already. Nothing was changed."),
    "consent_letter.title": N_("Confirmation of your consent"),
    "consent_letter.why": N_(
        "This letter confirms what you told us by phone. It comes by post because we had no e-mail address of yours. "
        "It is not advertising."
    ),
    "consent_letter.withdraw": N_(
        "You may withdraw the consent at any time. If you did not give it, or have changed your mind, tell us by "
        "phone, letter or e-mail or in the shop. You need not give a reason."
    ),
}
