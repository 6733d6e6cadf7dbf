"""What is said about the companies that get data: their roles, tasks, countries and safeguards."""

from portal.rules.texts.mark import N_

TEXTS: dict[str, str] = {
    "recipient.employees_only": N_("Only our own employees whose work needs it"),
    "recipient.employees_and": N_("Our own employees whose work needs it, and also %(names)s"),
    "recipient.roles": N_(
        "A processor handles data for us, under our instructions only. An independent controller answers itself for "
        "how it uses them."
    ),
    "recipient.role.processor": N_("Processor"),
    "recipient.role.controller": N_("Independent controller"),
    "recipient.task.hosting": N_("Servers and backups"),
    "recipient.task.maintenance": N_("Maintaining and developing this service"),
    "recipient.task.mail": N_("Carrying our e-mail"),
    "recipient.task.printing": N_("Printing and posting letters and invoices"),
    "recipient.task.customer_service": N_("Customer service"),
    "recipient.task.delivery": N_("Delivering orders"),
    "recipient.task.payment": N_("Carrying out payments"),
    "recipient.task.debt_collection": N_("Debt collection"),
    "recipient.task.accounting": N_("Bookkeeping and auditing"),
    "recipient.task.marketing": N_("Sending marketing messages"),
    "recipient.task.surveys": N_("Opinion and market surveys"),
    "recipient.outside_eea": N_("%(country)s (outside the EU and the EEA)"),
    "recipient.safeguard.adequacy": N_("The European Commission's decision that data protection there is adequate"),
    "recipient.safeguard.standard_clauses": N_("Standard contractual clauses of the European Commission"),
    "recipient.safeguard.binding_rules": N_("Binding corporate rules"),
}
