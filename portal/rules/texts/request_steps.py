"""Texts of the steps by which employees answer access requests."""

from portal.rules.texts.mark import N_

TEXTS: dict[str, str] = {
    "request_step.copy_in_part": N_(
        "The copy leaves something out. Answer in part, or have a copy made that leaves nothing out."
    ),
    "request_step.nothing_left_out": N_(
        "Nothing is left out. Have a copy made that leaves something out, write what else is left out, or answer with "
        "the whole copy."
    ),
    "request_step.too_many_items": N_("Write at most %(maximum)s lines."),
    "request_step.item_too_long": N_("Shorten the lines: each may have at most %(maximum)s characters."),
    "request_step.no_account.answer": N_("The customer has no account that can be opened. Choose post or pick-up."),
    "request_step.no_account.partial-answer": N_(
        "The customer has no account that can be opened. Choose post or pick-up."
    ),
    "request_step.no_account.identity-question": N_(
        "The customer has no account that can be opened. Choose another way."
    ),
    "request_step.changed_lately.portal": N_(
        "The e-mail address was changed within thirty days. Make sure first who asks, or let the copy be collected "
        "from the shop."
    ),
    "request_step.changed_lately.post": N_(
        "The postal address was changed within thirty days. Make sure first who asks, or let the copy be collected "
        "from the shop."
    ),
    "request_step.taken": N_("The step was stored."),
    "request_step.mailed": N_("The letter was sent, and the customer was told by mail."),
    "request_step.to_post": N_(
        "The letter was stored. The customer has no account that can be opened: print it and post it."
    ),
    "request_step.take-up": N_("Take the request up"),
    "request_step.take-up.lead": N_("You become the one who answers, and the customer sees that the work has begun."),
    "request_step.take-up.button": N_("Take the request up"),
    "request_step.identity-question": N_("Ask about identity"),
    "request_step.identity-question.lead": N_(
        "Only with a reason, and soon after the request came. The deadline is paused until the customer answers."
    ),
    "request_step.identity-question.lead_late": N_("Only with a reason. The customer answers, and the deadline stays."),
    "request_step.late_reason_required": N_("Write why the question comes so late."),
    "request_step.identity-question.grounds": N_("Why is the identity in doubt?"),
    "request_step.identity-question.grounds_hint": N_("Tick everything that holds. It stands in the letter."),
    "request_step.identity-question.way": N_("How is it to be made sure?"),
    "request_step.identity-question.way_hint": N_("The least intrusive way first. Never ask for a copy of a document."),
    "request_step.identity-question.text": N_("What exactly do you ask?"),
    "request_step.identity-question.text_hint": N_("It stands in the letter word for word."),
    "request_step.text_required.identity-question": N_("Write what you ask."),
    "request_step.identity-question.button": N_("Send the question"),
    "request_step.grounds_required.identity-question": N_("Tick why the identity is in doubt."),
    "request_step.way_required.identity-question": N_("Choose how the identity is to be made sure."),
    "request_step.identity-question.ground.contact_changed": N_("Contact details were changed lately"),
    "request_step.identity-question.ground.name_differs": N_("The name is not the one in the register"),
    "request_step.identity-question.ground.unknown_sender": N_("It came from an unknown address or number"),
    "request_step.identity-question.ground.several_persons": N_("There are several people of that name"),
    "request_step.identity-question.way.log_in": N_("The customer confirms in the account"),
    "request_step.identity-question.way.call_back": N_("A call back to an older number"),
    "request_step.identity-question.way.known_facts": N_("A fact that only the customer knows"),
    "request_step.identity-question.way.document_seen": N_("A document that is seen and not copied"),
    "request_step.identity-confirmed": N_("Identity is confirmed"),
    "request_step.identity-confirmed.lead": N_("The time runs again from the day of the customer's answer."),
    "request_step.identity-confirmed.lead_late": N_("The deadline stays as it is, because the question came late."),
    "request_step.identity-confirmed.way": N_("How was it confirmed?"),
    "request_step.identity-confirmed.way_hint": N_("Your name and the time are stored with it."),
    "request_step.identity-confirmed.text": N_("More about it"),
    "request_step.identity-confirmed.text_hint": N_("Without numbers of documents. The customer sees it."),
    "request_step.identity-confirmed.button": N_("Confirm the identity"),
    "request_step.answered_on_invalid": N_("Enter the day on which the customer answered."),
    "request_step.answered_before_question": N_("The answer cannot be older than the question of %(day)s."),
    "request_step.answered_in_future": N_("The day of the answer cannot be after today."),
    "request_step.answered_after_message": N_(
        "The customer wrote on %(day)s: the day of the answer cannot be later than that."
    ),
    "request_step.answered_before_message": N_(
        "The customer's first message since the question came on %(day)s: name that day, or the other way in which the "
        "customer answered before."
    ),
    "request_step.way_required.identity-confirmed": N_("Choose how the identity was confirmed."),
    "request_step.identity-confirmed.way.log_in": N_("A message from the customer's account"),
    "request_step.identity-confirmed.way.call_back": N_("A call back to an older number"),
    "request_step.identity-confirmed.way.known_facts": N_("A fact that only the customer knows"),
    "request_step.identity-confirmed.way.document_seen": N_("A document that is seen and not copied"),
    "request_step.extension": N_("Extend the time"),
    "request_step.extension.lead": N_(
        "By two months more, and only within the first month: so it may be answered until three months after its "
        "receipt. The customer gets the reasons by letter."
    ),
    "request_step.extension.grounds": N_("Why is one month not enough?"),
    "request_step.extension.grounds_hint": N_("The law knows these two reasons."),
    "request_step.extension.text": N_("Reasons"),
    "request_step.extension.text_hint": N_(
        "What makes the answer take longer this time? It stands in the letter word for word."
    ),
    "request_step.text_required.extension": N_("Write why the answer takes longer."),
    "request_step.extension.button": N_("Extend the time and send the letter"),
    "request_step.grounds_required.extension": N_("Tick why one month is not enough."),
    "request_step.extension.ground.complex": N_("The request is complex"),
    "request_step.extension.ground.many": N_("There are many requests"),
    "request_step.answer": N_("Answer with the copy"),
    "request_step.answer.lead": N_("Everything is given. The request is decided with it, for good."),
    "request_step.answer.text": N_("A word of your own"),
    "request_step.answer.text_hint": N_("What was found outside the system and comes with the letter, for example."),
    "request_step.answer.button": N_("Send the answer"),
    "request_step.answer.way": N_("How does the copy reach the customer?"),
    "request_step.answer.way_hint": N_(
        "What the customer asked for is chosen. For the post and the shop, download the copy first."
    ),
    "request_step.way_required.answer": N_("Choose how the copy reaches the customer."),
    "request_step.answer.way.portal": N_("In the portal"),
    "request_step.answer.way.post": N_("By post, with the letter"),
    "request_step.answer.way.pick_up": N_("Collected from the shop"),
    "request_step.partial-answer": N_("Answer the request in part"),
    "request_step.partial-answer.lead": N_(
        "What the copy leaves out stands in the letter with the reasons, and the remedies with it. Choose it when you "
        "have the copy made."
    ),
    "request_step.partial-answer.grounds": N_("On what ground is it left out?"),
    "request_step.partial-answer.grounds_hint": N_("Tick everything that holds."),
    "request_step.grounds_required.partial-answer": N_("Tick on what ground something is left out."),
    "request_step.partial-answer.ground.others": N_("It is about other people"),
    # No section: which one holds, the reasons say; a number that nobody read at its source is not printed.
    "request_step.partial-answer.ground.law": N_("The law restricts access to it (Data Protection Act)"),
    "request_step.partial-answer.ground.secret": N_("It is a secret that protects the account"),
    "request_step.partial-answer.text": N_("Reasons"),
    "request_step.partial-answer.text_hint": N_("Why the ground holds here. It stands in the letter word for word."),
    "request_step.text_required.partial-answer": N_("Write why something is left out."),
    "request_step.partial-answer.button": N_("Send the answer in part"),
    "request_step.partial-answer.way": N_("How does the copy reach the customer?"),
    "request_step.partial-answer.way_hint": N_(
        "What the customer asked for is chosen. For the post and the shop, download the copy first."
    ),
    "request_step.way_required.partial-answer": N_("Choose how the copy reaches the customer."),
    "request_step.partial-answer.way.portal": N_("In the portal"),
    "request_step.partial-answer.way.post": N_("By post, with the letter"),
    "request_step.partial-answer.way.pick_up": N_("Collected from the shop"),
    "request_step.refusal": N_("Refuse the request"),
    "request_step.refusal.lead": N_(
        "Only a manifestly unfounded or excessive request may be refused. That the last request was less than twelve "
        "months ago is no reason."
    ),
    "request_step.refusal.lead_identity": N_(
        "Only a manifestly unfounded or excessive request may be refused, or one of somebody whose identity could "
        "not be established. That the last request was less than twelve months ago is no reason."
    ),
    "request_step.refusal.grounds": N_("On what ground?"),
    "request_step.refusal.grounds_hint": N_("One of them."),
    "request_step.grounds_required.refusal": N_("Choose one ground for the refusal."),
    "request_step.refusal.ground.unfounded": N_("Manifestly unfounded"),
    "request_step.refusal.ground.excessive": N_("Manifestly excessive"),
    "request_step.refusal.ground.identity": N_("The identity could not be established"),
    "request_step.refusal.text": N_("Reasons"),
    "request_step.refusal.text_hint": N_(
        "Show why, in several sentences: the burden of proof is ours. It stands in the letter word for word."
    ),
    "request_step.text_required.refusal": N_("Write why the request is refused."),
    "request_step.refusal.button": N_("Refuse the request and send the letter"),
    "request_step.withdrawal": N_("The customer withdraws the request"),
    "request_step.withdrawal.lead": N_(
        "On the customer's word. The request is closed without an answer; the customer may ask again at any time."
    ),
    "request_step.withdrawal.way": N_("How did the customer tell you?"),
    "request_step.withdrawal.way_hint": N_("It is stored with the step."),
    "request_step.way_required.withdrawal": N_("Choose how the customer told you."),
    "request_step.withdrawal.text": N_("More about it"),
    "request_step.withdrawal.text_hint": N_("The customer sees it."),
    "request_step.withdrawal.button": N_("Close the request as withdrawn"),
    "request_step.withdrawal.way.phone": N_("By phone"),
    "request_step.withdrawal.way.email": N_("By e-mail"),
    "request_step.withdrawal.way.in_store": N_("In the shop"),
    "request_step.withdrawal.way.letter": N_("By letter"),
}
