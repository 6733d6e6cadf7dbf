"""Texts of the register notice: every declared code, as it is shown to the people it is about."""

from portal.rules.texts.mark import N_

TEXTS: dict[str, str] = {
    # §5: what is stored
    "category.account": N_("User account"),
    "category.choices": N_("Consents and prohibitions"),
    "category.company": N_("Company details"),
    "category.contact": N_("Contact details"),
    "category.contact_history": N_("Contacts with customer service"),
    "category.derived": N_("Information derived from purchase history"),
    "category.identity": N_("Identifying details"),
    "category.interests": N_("Interests you have told us about"),
    "category.messages": N_("Messages sent to you"),
    "category.order_address": N_("Billing and delivery addresses of orders"),
    "category.proof": N_("Proof of notices, consents and confirmations"),
    "category.purchase": N_("Orders and purchases"),
    "category.requests": N_("Requests about your personal data"),
    "category.security_log": N_("Log-ins and security log"),
    "category.staff": N_("Employees who use the register"),
    "category.usage": N_("Use of the website"),
    # §4: what it is used for, and on which legal basis
    "purpose.account_security": N_("Keeping accounts and data safe"),
    "purpose.account_security.basis": N_(
        "A legal obligation to keep personal data secure (GDPR, Article 32), and our legitimate interest in "
        "preventing misuse of accounts."
    ),
    "purpose.accountability": N_("Showing that the law is followed"),
    "purpose.accountability.basis": N_(
        "A legal obligation to be able to show that personal data are handled lawfully (GDPR, Article "
        "5(2)), and our "
        "legitimate interest in answering legal claims."
    ),
    "purpose.customer_care": N_("Customer care"),
    "purpose.customer_care.basis": N_(
        "A contract when your matter concerns an order, otherwise our legitimate interest in serving our customers."
    ),
    "purpose.customer_information": N_("Informing customers"),
    "purpose.customer_information.basis": N_(
        "A contract when the message concerns your order or account, otherwise our legitimate interest in"
        " telling "
        "customers about our service."
    ),
    "purpose.invoicing": N_("Invoicing"),
    "purpose.invoicing.basis": N_("A contract, and a legal obligation to keep accounting records (Accounting Act)."),
    "purpose.marketing": N_("Direct marketing"),
    "purpose.marketing.basis": N_(
        "Your consent for e-mail and text messages; our legitimate interest in marketing our products by "
        "post and "
        "phone. You may forbid direct marketing at any time."
    ),
    "purpose.orders": N_("Processing and delivering orders"),
    "purpose.orders.basis": N_("A contract: the data are needed to process and deliver what you have ordered."),
    "purpose.personalisation": N_("Suggestions for the customer"),
    "purpose.personalisation.basis": N_(
        "Your consent to suggestions. Nothing is derived before you give it, and when you withdraw it, everything "
        "derived is deleted at once. Interests you tell are stored because you told them; you may delete them at any "
        "time."
    ),
    "purpose.service_improvement": N_("Improving the service"),
    "purpose.service_improvement.basis": N_(
        "Your consent to usage statistics. Nothing is collected before you give it, and when you withdraw it, "
        "everything collected is deleted at once."
    ),
    "article.legal_basis": N_("GDPR, Article 6(1)%(points)s"),
    "article.point": N_("(%(point)s)"),
    "legal_basis.consent": N_("consent"),
    "legal_basis.contract": N_("contract"),
    "legal_basis.legal_obligation": N_("legal obligation"),
    "legal_basis.legitimate_interest": N_("legitimate interest"),
    # §6: where it comes from
    "source.account": N_("You, in your account"),
    "source.address_register": N_("A public address source"),
    "source.automatic": N_("Collected automatically on the website"),
    "source.controller": N_("Arose in our own work"),
    "source.email": N_("You, by e-mail"),
    "source.in_store": N_("You, in the shop"),
    "source.letter": N_("You, by letter"),
    "source.order": N_("You, when ordering"),
    "source.phone": N_("You, by phone"),
    "source.registration": N_("You, when registering"),
    "origin.derived": N_("made or derived by us"),
    "origin.observed": N_("observed when you use our service"),
    "origin.provided": N_("provided by you"),
    # How long it is kept
    "retention.account": N_("As long as you have an account"),
    "retention.audit_log": N_("For about a year: we delete them a month at a time"),
    "retention.bookkeeping": N_("6 years from the end of the calendar year in which the financial year ended"),
    "retention.books_10": N_("10 years from the end of the financial year"),
    "retention.consent": N_("As long as your consent is in force"),
    "retention.customer_relation": N_("3 years from your latest order, log-in or contact"),
    "retention.employment": N_("1 year from the end of the employment"),
    "retention.legal_claims": N_("3 years from the closing of the matter"),
    "retention.messages": N_("2 years from the sending of the message"),
    "retention.prohibition": N_("As long as the consent or prohibition is in force"),
    "retention.security_log": N_("1 year from the event"),
    "retention.session": N_("30 days after a log-in was last used"),
    "retention.short": N_("7 days for what is left unfinished"),
    "retention.usage": N_("3 months from the page view, or until you delete it or withdraw your consent"),
    "start.account_closed": N_("closing of the account"),
    "start.calendar_year_of_financial_year_end": N_("end of the calendar year in which the financial year ended"),
    "start.created": N_("time of storing"),
    "start.employment_ended": N_("end of the employment"),
    "start.financial_year_end": N_("end of the financial year"),
    "start.last_activity": N_("latest order, log-in or contact"),
    "start.last_use": N_("latest use"),
    "start.matter_closed": N_("closing of the matter"),
    "start.prohibition_withdrawn": N_("withdrawal of the consent or prohibition"),
    # What erasure does to it, and what is never shown
    "erasure.anonymise": N_("Replaced so that it no longer tells who you are"),
    "erasure.clear": N_("Removed"),
    "erasure.delete_row": N_("Removed with the whole entry"),
    "erasure.keep_bookkeeping": N_("Kept for the time the Accounting Act demands, used for nothing else"),
    "erasure.keep_legal_claims": N_("Kept for possible legal claims, used for nothing else"),
    "erasure.keep_log": N_("Kept in the security log until the log is removed"),
    "withheld.other_persons": N_("Not shown because it would reveal information about another person"),
    "withheld.restricted_by_law": N_("Not shown because the law restricts it"),
    "withheld.secret": N_("Not shown because it is a secret that protects your account"),
    "withheld.unreviewed": N_(
        "Not shown here, because nobody has checked yet that it holds nothing about others."
        " Ask for your data in writing: then it is checked and given to you"
    ),
    "withheld.unlinked": N_("Not shown because we cannot tell whose data they are"),
    # The same reasons at the end of a line that names what a copy leaves out.
    "left_out.other_persons": N_("left out because it would reveal information about another person"),
    "left_out.restricted_by_law": N_("left out because the law restricts it"),
    "left_out.secret": N_("left out because it is a secret that protects the account"),
    "withheld.security": N_("Not shown because it would weaken the security of the service"),
}
