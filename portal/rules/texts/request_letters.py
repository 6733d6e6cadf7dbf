"""Texts of the letters about access requests and of the printable form: what the customer reads on paper."""

from portal.rules.texts.mark import N_

TEXTS: dict[str, str] = {
    "letter.title.identity_question": N_("We need to make sure who asks"),
    "letter.title.extension": N_("We need more time for our answer"),
    "letter.title.answer": N_("Answer to your access request"),
    "letter.title.partial_answer": N_("Answer in part to your access request"),
    "letter.title.refusal": N_("We do not comply with your access request"),
    "letter.draft": N_("Draft, not sent"),
    "letter.opening": N_(
        "You asked to see the data we hold about you in our customer register. Your request %(reference)s reached "
        "us on %(date)s."
    ),
    "letter.identity.why": N_(
        "We must not give your data to anybody else, and we have a reason to make sure that it is you who asks:"
    ),
    "letter.identity.reasons": N_("Why we ask"),
    "identity.doubt.contact_changed": N_("The contact details in the register were changed lately."),
    "identity.doubt.name_differs": N_("The name in the request is not the one in the register."),
    "identity.doubt.unknown_sender": N_("The request came from an address or number that the register does not know."),
    "identity.doubt.several_persons": N_("The register holds several people of the same name."),
    "letter.identity.what": N_("What we ask of you"),
    "letter.identity.check.log_in": N_(
        "Log in to your account in the portal and answer by message on the request's page."
    ),
    "letter.identity.check.call_back": N_(
        "We call you at a number that has been in the register for longer. You need not send us anything."
    ),
    "letter.identity.check.known_facts": N_(
        "Tell us something that only you can know, for example the content and time of an earlier order."
    ),
    "letter.identity.check.document_seen": N_(
        "Show us a document that proves who you are. We look at it and take no copy; please do not send us one."
    ),
    "letter.identity.clock": N_(
        "Until you answer, the time for our answer stands still. Then it runs on from where it stopped."
    ),
    "letter.identity.clock_late": N_(
        "This question does not move the last day for our answer, which is %(date)s. The sooner you answer, the sooner "
        "we can."
    ),
    "identity.confirmed.log_in": N_("You answered us from your account."),
    "identity.confirmed.call_back": N_("We called you back at a number known from before."),
    "identity.confirmed.known_facts": N_("You told us what only you could know."),
    "identity.confirmed.document_seen": N_("You showed us a document. We took no copy of it."),
    "letter.extension": N_(
        "We cannot answer within one month. Where it is necessary, the law gives us two months more (Article 12(3) "
        "of the GDPR). Our answer comes by %(date)s at the latest. The reason is:"
    ),
    "letter.extension.complex": N_("The request is complex."),
    "letter.extension.many": N_("We have received many requests."),
    "letter.extension.stands_still": N_(
        "We are still waiting for your answer about your identity. Until you answer, the time for our answer stands "
        "still: the last day above moves on by as many days as your answer takes."
    ),
    "letter.extension.awaited": N_("We are still waiting for your answer about your identity. Please answer soon."),
    "letter.answer": N_("We process data about you, and you get a copy of all of them."),
    "letter.answer.chosen": N_("We process data about you, and you get a copy of those you asked for."),
    "letter.partial": N_(
        "We process data about you. You get a copy of them, but some of what we hold is left out. Below you see "
        "what it is, and why."
    ),
    "letter.delivery.portal": N_(
        "You find the copy in the portal, at your request. It is there for fourteen days from the day of this letter."
    ),
    "letter.delivery.post": N_("The copy comes with this letter by post."),
    "letter.delivery.pick_up": N_(
        "You can collect the copy from our shop. Take a document along that shows who you are; we only look at it."
    ),
    "letter.answer.content": N_(
        "The copy says what the data are used for, which kinds there are, where they come from, who gets them, how "
        "long they are kept, and when and why our employees have opened them. You may have wrong data corrected, "
        "ask us to erase data or to restrict their use, and object to their use. No decisions about you are made "
        "by automated means alone."
    ),
    "letter.withheld": N_("What is left out"),
    "letter.withheld.why": N_("On what ground"),
    "letter.withheld.others": N_(
        "The data are about other people, whose rights must not suffer (Article 15(4) of the GDPR)."
    ),
    "letter.withheld.law": N_(
        "The law restricts your right of access to them (Finnish Data Protection Act, 1050/2018). If you ask us, we "
        "give them to the Data Protection Ombudsman instead."
    ),
    "letter.withheld.secret": N_(
        "They are secrets that protect your account, such as the stored form of your password."
    ),
    "letter.refusal": N_("We have decided not to comply with your request."),
    "letter.refusal.unfounded": N_("We consider the request manifestly unfounded (Article 12(5) of the GDPR)."),
    "letter.refusal.excessive": N_("We consider the request manifestly excessive (Article 12(5) of the GDPR)."),
    "letter.refusal.identity": N_(
        "We asked you to show who you are, and could not establish it (Article 12(2) of the GDPR)."
    ),
    "letter.reasons": N_("Our reasons"),
    "letter.remedies": N_("If you have questions or disagree"),
    "letter.remedies.ask": N_("Questions about this letter are answered by %(who)s, tel. %(phone)s."),
    "letter.remedies.complaint": N_(
        "You have the right to complain to the Data Protection Ombudsman (Article 77 of the GDPR): Office of the "
        "Data Protection Ombudsman, P.O. Box 800, 00531 Helsinki, Finland; tietosuoja@om.fi; tel. +358 29 566 "
        "6700; tietosuoja.fi."
    ),
    "letter.remedies.court": N_(
        "You also have the right to an effective judicial remedy: you may take the matter to a court (Article 79 "
        "of the GDPR)."
    ),
    "request_form.title": N_("Access request"),
    "request_form.intro": N_(
        "With this form you can ask to see the data about you in the customer register of %(controller)s, and get a "
        "copy of them "
        "(Articles 12 and 15 of the GDPR). You may ask in any other way too. It costs nothing, and you need not "
        "give a reason. We answer within one month."
    ),
    "request_form.who": N_("Who are you?"),
    "request_form.name": N_("Name"),
    "request_form.known": N_("Customer number, or the e-mail address or phone number you gave us"),
    "request_form.known_hint": N_("Anything by which we can find you. We do not need your personal identity code."),
    "request_form.address": N_("Postal address, if you want the answer by post"),
    "request_form.what": N_("What do you want to see?"),
    "request_form.scope": N_("I want to see"),
    "request_form.part": N_("This part of the data, or other wishes"),
    "request_form.delivery": N_("I want the copy"),
    "request_form.delivery.portal": N_("in the portal, in my account"),
    "request_form.delivery.post": N_("by post"),
    "request_form.delivery.pick_up": N_("from the shop, where I collect it"),
    "request_form.date": N_("Date"),
    "request_form.signature": N_("Signature, if you wish"),
    "request_form.signature_hint": N_("The request is just as good without it."),
    "request_form.send": N_("Where to bring or send it"),
}
