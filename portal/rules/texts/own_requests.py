"""Texts of access requests on the customer's own pages: questions, the deadline in words, the receipt."""

from portal.rules.texts.mark import N_

TEXTS: dict[str, str] = {
    "access_request.answer.scope": N_("What you ask for"),
    "access_request.answer.categories": N_("Which data"),
    "access_request.answer.wishes": N_("Your wishes"),
    "access_request.answer.contact": N_("How we can reach you"),
    "access_request.answer.delivery": N_("How you want the copy"),
    "access_request.no_wishes": N_("No wishes"),
    "access_request.contact_by.email": N_("By e-mail"),
    "access_request.contact_by.phone": N_("By phone"),
    "access_request.contact_by.post": N_("By post"),
    "access_request.contact_by.other": N_("In another way"),
    "access_request.contact_by_required": N_("Choose how we can reach you."),
    "access_request.contact_required": N_("Tell us the other way to reach you, or choose one of the ways listed."),
    "access_request.post_not_possible": N_("We cannot post the copy to your address. Choose another way."),
    "access_request.out_of_date": N_(
        "Your answers or your details have changed since this page was opened, so nothing was sent. Read the request "
        "again and sign it once more."
    ),
    "access_request.message_required": N_("Write your message."),
    "access_request.message_sent": N_("Your message was sent to us."),
    "access_request.closed_to_messages": N_("This request has been closed meanwhile, so the message was not sent."),
    "access_request.too_many_messages": N_(
        "You have sent us %(count)s messages about this request within a day. We read them all. Write again tomorrow, "
        "or call us."
    ),
    "access_request.withdrawn": N_("Your request was withdrawn."),
    "access_request.remedies": N_("If you are not content"),
    "access_request.remedies.ombudsman": N_(
        "If you think that we handle your data unlawfully, you may complain to the Data Protection Ombudsman "
        "(General Data Protection Regulation, Article 77)."
    ),
    "access_request.remedies.court": N_("You may also bring the matter before a court (Article 79)."),
    # The deadline in words.
    "own_request.due": N_("We answer by %(day)s at the latest."),
    "own_request.late": N_(
        "We should have answered by %(day)s. We are sorry. We still owe you the answer, and you may complain about the "
        "delay."
    ),
    "own_request.extended": N_("On %(day)s we extended the time and told you why."),
    "own_request.paused": N_(
        "The deadline has been paused since %(since)s, because we are waiting for your answer about your identity."
    ),
    "own_request.identity_answered": N_("You answered"),
    "own_request.runs_on": N_(
        "Your answer about your identity came on %(day)s, and the time runs again from that day."
    ),
    "own_request.asked_late": N_(
        "On %(day)s we asked you about your identity. Please answer soon. The last day for our answer stays as it was."
    ),
    "own_request.answered_late": N_("Your answer about your identity came on %(day)s."),
    "own_request.paused_due": N_("If you answered today, our last day would be %(day)s."),
    "own_request.closed.answered": N_("We answered on %(day)s."),
    "own_request.closed.partly_answered": N_(
        "We answered in part on %(day)s. Our letter says what is missing and why."
    ),
    "own_request.closed.refused": N_("We refused the request on %(day)s. Our letter says why."),
    "own_request.closed.withdrawn": N_("The request was withdrawn on %(day)s."),
    # Whose a message is; what an employee wrote down is called after the way in which it came.
    "own_request.message.from_customer": N_("You wrote"),
    "own_request.message.to_customer": N_("We wrote"),
    "own_request.message.letter": N_("Your letter"),
    "own_request.message.email": N_("Your e-mail"),
    "own_request.message.phone": N_("Your call"),
    "own_request.message.in_store": N_("Your visit to the shop"),
    "own_request.message.other": N_("Your message"),
    "own_request.answer": N_("Answer"),
    "own_request.answer_by": N_("Answer at the latest"),
    "own_request.stands": N_("The deadline is paused"),
    "own_request.now.in_progress": N_("We gather your data"),
    "own_request.now.identity_check": N_("We wait for your answer"),
    "own_request.now.identity_answered": N_("We are looking at your answer"),
    "own_request.now.extended": N_("We gather your data"),
    "own_request.line.due": N_("answer by %(day)s at the latest"),
    "own_request.line.late": N_("the answer should have come by %(day)s"),
    "own_request.line.paused": N_("the deadline is paused"),
    "own_request.line.closed": N_("closed on %(day)s"),
    # The receipt.
    "access_request.receipt.title": N_("Receipt of an access request"),
    "access_request.receipt.lead": N_(
        "We have received your access request. Its number is %(reference)s. We answer by %(day)s at the latest."
    ),
    "access_request.receipt.lead_late": N_(
        "We have received your access request. Its number is %(reference)s. It reached us on %(received)s, and the "
        "time that the law gives us for the answer ended on %(day)s. We are sorry. We answer without delay."
    ),
    "access_request.receipt.number": N_("Number of the request"),
    "access_request.receipt.received": N_("Received"),
    "access_request.receipt.channel": N_("How it came"),
    "access_request.receipt.deadline": N_("Last day for our answer"),
    "access_request.receipt.statement": N_("The request word for word"),
    "access_request.receipt.sha256": N_(
        "The check sum above is computed from the words of the request. If a single character were changed, the sum "
        "would be another."
    ),
    "access_request.receipt.masked": N_(
        "A personal identity code in the text is shown as ******-****. The check sum is that of the words as they were "
        "written, with the code; they are in the copy of your data."
    ),
    "access_request.receipt.next": N_("What happens next"),
    "access_request.receipt.next.gather": N_(
        "We gather your data from our register, and search our mailbox, paper files and the till."
    ),
    "access_request.receipt.next.identity": N_(
        "If we have to make sure who you are, we ask you. If we ask soon, the time stands still until you answer."
    ),
    "access_request.receipt.next.extension": N_(
        "If your request is exceptionally wide, we may take two months more. We tell you so and why by %(day)s."
    ),
    "access_request.receipt.next.answer": N_("We answer with a numbered letter and the copy of your data."),
    "access_request.receipt.next.free": N_(
        "The first copy is free of charge. You may withdraw the request at any time."
    ),
    "access_request.receipt.contact": N_("Controller and contact"),
    "access_request.receipt.controller": N_("Controller"),
    "access_request.receipt.register": N_("Register"),
    "access_request.receipt.address": N_("Address"),
    "access_request.receipt.email": N_("E-mail"),
    "access_request.receipt.phone": N_("Phone"),
    "access_request.receipt.person": N_("Contact person"),
}
