"""Texts of access requests that customers and employees share: states, steps, letters, channels."""

from portal.rules.texts.mark import N_

TEXTS: dict[str, str] = {
    "access_request.state.received": N_("Received"),
    "access_request.state.identity_check": N_("Waiting for proof of identity"),
    "access_request.state.in_progress": N_("In progress"),
    "access_request.state.extended": N_("Time extended"),
    "access_request.state.answered": N_("Answered"),
    "access_request.state.partly_answered": N_("Answered in part"),
    "access_request.state.refused": N_("Refused"),
    "access_request.state.withdrawn": N_("Withdrawn"),
    "access_request.event.received": N_("The request was received"),
    "access_request.event.taken_up": N_("We began to gather the data"),
    "access_request.event.assigned": N_("An employee was named to answer it"),
    "access_request.event.identity_asked": N_("We asked about your identity"),
    "access_request.event.identity_confirmed": N_("Your identity was confirmed"),
    "access_request.event.extended": N_("The time for the answer was extended"),
    "access_request.event.reminded": N_("The employee was reminded of the deadline"),
    "access_request.event.answered": N_("We answered"),
    "access_request.event.partly_answered": N_("We answered in part"),
    "access_request.event.refused": N_("We refused the request"),
    "access_request.event.withdrawn": N_("The request was withdrawn"),
    "access_request.letter.identity_question": N_("Question about identity"),
    "access_request.letter.extension": N_("Extension of the time"),
    "access_request.letter.answer": N_("Answer"),
    "access_request.letter.partial_answer": N_("Answer in part"),
    "access_request.letter.refusal": N_("Refusal"),
    "access_request.note.internal": N_("Internal note"),
    "access_request.note.from_customer": N_("From the customer"),
    "access_request.note.to_customer": N_("To the customer"),
    "access_request.scope.everything": N_("All data about me"),
    "access_request.scope.chosen": N_("Only part of the data"),
    "access_request.delivery.portal": N_("In this service"),
    "access_request.delivery.post": N_("By post"),
    "access_request.delivery.pick_up": N_("I collect it from the shop"),
    "access_request.channel.account": N_("In the account"),
    "access_request.channel.letter": N_("By letter"),
    "access_request.channel.email": N_("By e-mail"),
    "access_request.channel.phone": N_("By phone"),
    "access_request.channel.in_store": N_("In the shop"),
    # What is wrong with an answer, and why a step cannot be taken.
    "access_request.scope_required": N_("Choose whether you ask for all data or only part of it."),
    "access_request.categories_required": N_("Choose at least one kind of data."),
    "access_request.on_paper.post": N_("By post, with the copy"),
    "access_request.on_paper.pick_up": N_("From the shop, with the copy"),
    "access_request.on_paper.letter": N_("By post"),
    "access_request.delivery_required": N_("Choose how the copy is delivered."),
    "access_request.channel_required": N_("Choose how the request came."),
    "access_request.received_in_future": N_("Check the day of receipt: it cannot be after today."),
    "access_request.received_too_long_ago": N_("Check the day of receipt: it is more than a year ago."),
    "access_request.signature_required": N_("Type your name. It is your signature."),
    "access_request.signature_differs": N_(
        "In our register the name is %(name)s. Write it so, or tick that you sign with another name."
    ),
    "access_request.decided": N_("This request has been closed already, so nothing was changed."),
    "access_request.no_such_move": N_("This step is not possible in the present state of the request."),
    "access_request.demand.reason": N_("Give the reasons."),
    "access_request.demand.letter": N_("Write the letter first: this step goes to the customer with one."),
    "access_request.demand.checklist": N_("Attest first that every source outside the system was searched."),
    "access_request.demand.copy": N_("Let the copy of the data be made first."),
    "access_request.demand.late_reason": N_("Write why the question comes so late."),
    "access_request.demand.first_month": N_(
        "The time can be extended only within the first month, and that has passed."
    ),
    "access_request.demand.extended": N_("The time for the answer has not been extended."),
    "access_request.demand.not_extended": N_("The time for the answer has been extended already."),
    # The request as it is signed.
    "access_request.statement.title": N_("Access request (General Data Protection Regulation, Articles 12 and 15)"),
    "access_request.statement.demand": N_(
        "I ask %(controller)s to tell me whether data about me are processed, and to give me access to them and a copy "
        "of them. The request concerns this register: %(register)s."
    ),
    "access_request.statement.asker": N_("Asked by: %(value)s"),
    "access_request.statement.scope": N_("What I ask for: %(value)s"),
    "access_request.statement.wishes": N_("My wishes: %(value)s"),
    "access_request.statement.contact": N_("How I can be reached: %(value)s"),
    "access_request.statement.delivery": N_("How I want the copy: %(value)s"),
    "access_request.statement.signature": N_("Signature: %(value)s"),
    "access_request.statement.signed_at": N_(
        "Signed, with identity proven by what the account logs in with: %(value)s"
    ),
    "access_request.statement.reference": N_("Number of the request: %(value)s"),
}
