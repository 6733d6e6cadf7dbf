"""Texts of the employees' side of access requests: the queue, the checklist, correspondence."""

from portal.rules.texts.mark import N_

TEXTS: dict[str, str] = {
    "request_state.received": N_("Received"),
    "request_state.identity_check": N_("Waits for the customer"),
    "request_state.identity_answered": N_("The customer has answered"),
    "request_state.in_progress": N_("In progress"),
    "request_state.extended": N_("Time extended"),
    "request_state.answered": N_("Answered"),
    "request_state.partly_answered": N_("Answered in part"),
    "request_state.refused": N_("Refused"),
    "request_state.withdrawn": N_("Withdrawn"),
    "request_event.received": N_("Request received"),
    "request_event.taken_up": N_("Taken up"),
    "request_event.assigned": N_("Given to an employee"),
    "request_event.identity_asked": N_("Identity question sent"),
    "request_event.identity_answered": N_("The customer answered about identity"),
    "request_event.identity_confirmed": N_("Identity confirmed"),
    "request_event.extended": N_("Time extended"),
    "request_reminder.question": N_(
        "On %(day)s we asked you about your identity, and we have no answer yet. Please answer our question here. "
        "Until then the time for our answer stands still, and without an answer we may have to refuse the request."
    ),
    "request_reminder.question_late": N_(
        "On %(day)s we asked you about your identity, and we have no answer yet. Please answer our question here. "
        "Without an answer we may have to refuse the request."
    ),
    "request_event.reminded": N_("Reminder of the deadline"),
    "request_event.to_employee": N_("%(actor)s, to %(name)s"),
    "request_event.answered": N_("Answered"),
    "request_event.partly_answered": N_("Answered in part"),
    "request_event.refused": N_("Refused"),
    "request_event.withdrawn": N_("Request withdrawn"),
    "request_queue.shown.open": N_("All open"),
    "request_queue.shown.mine": N_("Mine"),
    "request_queue.shown.unassigned": N_("Nobody's yet"),
    "request_queue.shown.closed": N_("Decided"),
    "request_queue.empty.open": N_("No request is open"),
    "request_queue.empty.mine": N_("You have no open request"),
    "request_queue.empty.unassigned": N_("Every open request is somebody's"),
    "request_queue.empty.closed": N_("No request has been decided yet"),
    "request_queue.reference_required": N_("Enter the number of a request."),
    "request_queue.unknown_reference": N_("No request has this number. Check it, for example TP-2026-0042."),
    "deadline.received": N_("Received on %(date)s."),
    "deadline.month": N_("One month from receipt: %(date)s."),
    "deadline.extended": N_("The time was extended, so three months from receipt: %(date)s."),
    "deadline.paused": N_("The identity question of %(since)s paused the deadline for %(days)s days in all: %(date)s."),
    "deadline.pausing": N_(
        "The identity question of %(since)s has paused the deadline for %(days)s days so far: %(date)s if the customer "
        "answered today."
    ),
    "deadline.late_question": N_(
        "The identity question of %(since)s came more than %(days)s days after the receipt, so it moves nothing: "
        "%(date)s."
    ),
    "deadline.moved": N_("That day is a Saturday, Sunday or public holiday, so the next working day counts: %(date)s."),
    "attachment.empty": N_("The file is empty. Choose another."),
    "attachment.too_large": N_("The file is too large: at most %(maximum)s MB."),
    "attachment.format": N_("Choose a PDF, PNG or JPEG file. What you chose is none, or it is damaged."),
    "attachment.too_many": N_("Choose at most %(maximum)s files."),
    "attachment.not_here": N_("Files cannot be added to this."),
    "request_assignment.required": N_("Choose the employee who answers."),
    "request_assignment.stored": N_("The request was given to the employee."),
    "request_check.found": N_("Something was found"),
    "request_check.nothing": N_("Nothing was found"),
    "request_check.stored": N_("What you found was stored."),
    "request_check.note_required": N_("Write what was found."),
    "request_check.outcome_required": N_("Choose whether something was found."),
    "request_check.source.mailbox": N_("Mailboxes"),
    "request_check.source.paper": N_("Paper files"),
    "request_check.source.till": N_("Till of the shop"),
    "request_check.hint.mailbox": N_("The shared mailboxes of customer service, searched by name and address."),
    "request_check.hint.paper": N_("Letters, signed consents and notes in the folders."),
    "request_check.hint.till": N_("Receipts with a name, guarantees and reserved goods."),
    "request_check.note.mailbox": N_("What was found in the mailboxes"),
    "request_check.note.paper": N_("What was found on paper"),
    "request_check.note.till": N_("What was found in the till"),
    "request_note.title.internal": N_("Write a note"),
    "request_note.title.to_customer": N_("Write to the customer"),
    "request_note.title.from_customer": N_("Store what the customer sent"),
    "request_note.hint.internal": N_(
        "For your colleagues. The customer sees it too, as part of their data: write what you can stand by."
    ),
    "request_note.hint.to_customer": N_(
        "The customer reads it in the portal. The mail only says that there is a message."
    ),
    "request_note.hint.from_customer": N_("What the customer wrote or said, or what the attached letter is about."),
    "request_note.required.internal": N_("Write the note."),
    "request_note.required.to_customer": N_("Write the message."),
    "request_note.required.from_customer": N_("Write what the customer sent or said."),
    "request_note.channel_required": N_("Choose how it came."),
    "request_note.day_invalid": N_("Enter the day on which it came, for example 22.11.2026."),
    "request_note.received_in_future": N_("Check the day: it cannot be after today."),
    "request_note.received_before_request": N_("Check the day: the request itself came on %(day)s."),
    "request_note.stored": N_("It was stored."),
    "request_note.mailed": N_("The message is in the portal, and the customer was told by mail."),
    "request_note.to_post": N_(
        "The message was stored. The customer has no account that can be opened: print it and post it."
    ),
    "request_to_do.post": N_("Print and post: the letter and the copy"),
    "request_to_do.pick_up": N_("Print and keep ready for the customer: the letter and the copy"),
    "request_to_do.letter": N_("Print and post: the letter"),
    # What is left to do before an answer.
    "request_remedy.checklist": N_("Search the sources outside the system"),
    "request_remedy.copy": N_("Make a copy of the data"),
    "request_remedy.new_copy": N_("Make a new copy of the data: this one is more than %(days)s days old"),
    "request_remedy.wait": N_("Wait for the copy of the data: it is being made"),
    "request_copy.asked": N_("The copy is being made."),
    "request_copy.reason_required": N_("Choose why the ticked parts are left out."),
    "request_copy.unknown_part": N_("Choose parts from the list."),
    "request_copy.too_old": N_(
        "The copy is more than %(days)s days old. Have a new one made, so that the customer has time to fetch it."
    ),
    "request_entry.scope.everything": N_("All data about the customer"),
    "request_entry.scope.chosen": N_("Only part of the data"),
    # As the categories of the notice, which speak to the customer; these speak of them.
    "request_entry.category.account": N_("User account"),
    "request_entry.category.choices": N_("Consents and prohibitions"),
    "request_entry.category.company": N_("Company details"),
    "request_entry.category.contact": N_("Contact details"),
    "request_entry.category.derived": N_("Information derived from purchase history"),
    "request_entry.category.identity": N_("Identifying details"),
    "request_entry.category.interests": N_("Interests the customer has told about"),
    "request_entry.category.messages": N_("Messages sent to the customer"),
    "request_entry.category.order_address": N_("Billing and delivery addresses of orders"),
    "request_entry.category.proof": N_("Proof of notices, consents and confirmations"),
    "request_entry.category.purchase": N_("Orders and purchases"),
    "request_entry.category.requests": N_("Requests about the customer's personal data"),
    "request_entry.category.security_log": N_("Log-ins and security log"),
    "request_entry.category.usage": N_("Use of the website"),
    # As the parts of the privacy page, which speak to the customer.
    "part_staff.access_request_draft": N_("Access requests begun and not sent"),
    "part_staff.derived_fact": N_("Derived from the customer's purchases"),
    "part_staff.interest": N_("The customer's interests"),
    "part_staff.page_view": N_("Pages the customer has opened"),
    "part_staff.provenance": N_("Changes of the customer's details"),
    "part_staff.remembered_device": N_("Browsers in which the customer stays logged in"),
    "request_entry.delivery.portal": N_("In the portal"),
    "request_entry.delivery.post": N_("By post"),
    "request_entry.delivery.pick_up": N_("The customer collects it from the shop"),
    "request_entry.no_account": N_("The customer has no account that can be opened. Choose post or pick-up."),
    "request_entry.statement_required": N_("Write what the customer asked."),
    "request_entry.day_invalid": N_("Enter the day of receipt, for example 22.11.2026."),
}
