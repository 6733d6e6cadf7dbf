"""What each staff page with a customer's data is called in the log: ``staff_page.<code of the view>``."""

from portal.rules.texts.mark import N_

TEXTS: dict[str, str] = {
    "staff_page.consent_letter": N_("Confirming a consent by letter"),
    "staff_page.consent_letter_file": N_("Letter that confirms a consent"),
    "staff_page.consents": N_("Consents and prohibitions"),
    "staff_page.correct": N_("Correcting a contact detail"),
    "staff_page.customer": N_("Customer details"),
    "staff_page.customer_access": N_("Disabling or enabling the account"),
    "staff_page.customer_sessions": N_("Log-in sessions"),
    "staff_page.enter_request": N_("Writing down an access request"),
    "staff_page.entered_receipt": N_("Receipt of an access request"),
    "staff_page.entered_request": N_("An access request that was written down"),
    "staff_page.factor_removal": N_("Removing the second factor"),
    "staff_page.order": N_("Order"),
    "staff_page.password_link": N_("Sending the link to a new password"),
    "staff_page.record_consent": N_("Recording a consent or prohibition"),
    "staff_page.request": N_("Access request"),
    "staff_page.request_assignment": N_("Access request: who answers it"),
    "staff_page.request_attachment": N_("Access request: an attached file"),
    "staff_page.request_checklist": N_("Access request: sources outside the system"),
    "staff_page.request_copy": N_("Access request: making the copy"),
    "staff_page.request_copy_file": N_("Access request: the copy of the data"),
    "staff_page.request_letter": N_("Access request: a letter"),
    "staff_page.request_note": N_("Access request: correspondence"),
    "staff_page.request_step": N_("Access request: a step of the answer"),
}
