"""Texts of the area ``mail``: how a message stands, what stopped it, and what is said in the place of a link."""

from portal.rules.texts.mark import N_

TEXTS: dict[str, str] = {
    # What stopped a message: the code in its row, or the family of codes that end in a number.
    "mail_error.abandoned": N_("The process that sent it ended in the middle, each time."),
    "mail_error.connection": N_("The mail server could not be reached."),
    "mail_error.folder": N_("The folder for mail could not be written (error %(number)s)."),
    "mail_error.no_transport": N_("No mail server is set."),
    "mail_error.not_written": N_("The message could not be put together: a fault in the program. The log tells more."),
    "mail_error.recipient": N_("The mail server refused the address (%(number)s). It may be mistyped or closed."),
    "mail_error.recipient_later": N_("The mail server does not take mail to the address at the moment (%(number)s)."),
    "mail_error.smtp": N_("The mail server refused the message or our log-in (%(number)s)."),
    "mail_error.smtp_disconnected": N_("The mail server ended the connection in the middle."),
    "mail_error.smtp_not_supported": N_("The mail server does not offer what is needed, for example encryption."),
    "mail_error.timeout": N_("The mail server did not answer in time."),
    "mail_error.tls": N_("No safe connection: the certificate of the mail server was not accepted."),
    "mail_error.unsafe_header": N_("The address cannot stand in an e-mail."),
    "mail.link_not_kept": N_("[This link was meant for you alone and is not stored.]"),
    # What a letter about an access request is: the subject, and a sentence without anything about the customer.
    "mail.letter_subject.identity_question": N_("Answer our question about your access request"),
    "mail.letter_subject.extension": N_("We need more time for your access request"),
    "mail.letter_subject.answer": N_("Our answer to your access request is ready"),
    "mail.letter_subject.refusal": N_("Our decision on your access request is in the service"),
    "mail.letter.identity_question": N_(
        "We need an answer from you before we can go on with your access request %(reference)s."
    ),
    "mail.letter.extension": N_(
        "We answer your access request %(reference)s by %(day)s at the latest. Our letter in the service says why we "
        "need more time."
    ),
    # While a question about identity waits that came in time, the day is not the last word.
    "mail.letter.extension.moving": N_(
        "We need more time for your access request %(reference)s. For now the last day for our answer is %(day)s: it "
        "moves on by as many days as your answer to our question about your identity takes. Our letter in the service "
        "says why we need more time."
    ),
    "mail.letter.answer": N_("Our answer to your access request %(reference)s is in the service."),
    "mail.letter.answer.portal": N_(
        "Our answer to your access request %(reference)s and the copy of your data are in the service. You can "
        "download the copy until %(day)s."
    ),
    "mail.letter.answer.post": N_(
        "Our answer to your access request %(reference)s is in the service. The copy of your data comes by post."
    ),
    "mail.letter.answer.pick_up": N_(
        "Our answer to your access request %(reference)s is in the service. You can collect the copy of your data from "
        "our shop."
    ),
    "mail.letter.refusal": N_(
        "We have made a decision on your access request %(reference)s. The decision and its reasons are in the service."
    ),
    "message.resent": N_("The message is in line again. It is sent within a minute."),
    "message.resent_all": N_("The messages are in line again. They are sent within a few minutes."),
    "message.settled": N_("The message was settled meanwhile: it was sent, is being sent or is no longer needed."),
    "message.state.failed": N_("Could not be sent"),
    "message.state.obsolete": N_("No longer needed"),
    "message.state.sending": N_("Being sent"),
    "message.state.sent": N_("Sent"),
    "message.state.waiting": N_("Waiting to be sent"),
}
