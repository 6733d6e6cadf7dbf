"""Texts of signing up, logging in, passwords and the log-in address."""

from portal.rules.texts.mark import N_

TEXTS: dict[str, str] = {
    "account.closing": N_(
        "Your account will be closed on %(end)s, and you are logged out. If you change your mind, log in before that."
    ),
    "confirmed": N_("Confirmed. You can go on."),
    "account.kept": N_("Your account was being closed. You logged in, so it stays as it was."),
    # Why an account is disabled: chosen by an employee, read by the customer.
    "disabling.customer_wish": N_("The customer's own wish"),
    "disabling.misuse": N_("Misuse of the account"),
    "disabling.takeover": N_("Suspicion that somebody else uses the account"),
    "disabling.mail.customer_wish": N_("We did so because you asked us to."),
    "disabling.mail.misuse": N_("The reason: the account was misused."),
    "disabling.mail.takeover": N_("The reason: somebody else may have been using your account."),
    "disabling.done": N_(
        "The account is disabled. The customer was logged out everywhere and gets a message about it."
    ),
    "disabling.reason_required": N_("Choose why the account is disabled."),
    "disabling.undone": N_("The account is enabled again. The customer gets a message about it."),
    "email.unchanged": N_("This is the address you log in with already. Enter another one."),
    "email_change.cancelled": N_("The change was cancelled. You log in with the same e-mail address as before."),
    "email_change.confirmed": N_("Your new e-mail address is in use. Log in with it from now on."),
    # Why a second factor is removed at customer service.
    "factor_removal.broken": N_("The phone is broken, and the recovery codes are lost"),
    "factor_removal.lost": N_("The phone and the recovery codes are lost"),
    "factor_removal.stolen": N_("The phone was stolen, and the recovery codes are lost"),
    "factor_removal.asked": N_("The removal is asked for. The customer gets a message about it."),
    "factor_removal.check_required": N_("Choose how you made sure who the customer is."),
    "factor_removal.disabled": N_("The account is disabled. Enable it first."),
    "factor_removal.off": N_("The second factor is not on, so there is nothing to remove."),
    "factor_removal.reason_required": N_("Choose what has happened."),
    "factor_removal.stopped": N_("The removal was stopped. The customer gets a message about it."),
    "language.fi": N_("Finnish"),
    "language.sv": N_("Swedish"),
    "language.en": N_("English"),
    "language.invalid": N_("Choose the language from the list."),
    "login.failed": N_("The e-mail address, user name or password is wrong. Check them and try again."),
    "login.identifier_required": N_("Enter your e-mail address or user name."),
    "login.logged_out": N_("You have logged out."),
    "login.password_required": N_("Enter your password."),
    "login.session_ended": N_("Your session has ended. Log in again."),
    "name.first_required": N_("Enter your first name."),
    "name.last_required": N_("Enter your last name."),
    "name.required": N_("Enter your name."),
    "password.changed_already": N_("This is your password already. Nothing more was changed."),
    "password.changed": N_("Your password was changed. You were logged out on all other devices."),
    "password.reset": N_("Your password was changed. Log in with the new one."),
    "password.wrong": N_("The password is wrong. Check it and try again."),
    "password_link.disabled": N_("The account is disabled, so no link to a new password was sent."),
    "password_link.latest.password_link": N_("Latest link sent by an employee"),
    "password_link.latest.reset_password": N_("Latest link asked for on the log-in page"),
    "password_link.no_account": N_("The customer has no account, so there is no password to choose."),
    "password_link.sent": N_("The link to a new password is on its way to the address below."),
    "postal.street_required": N_("Enter the street address, for example Kuubankatu 2 A 5."),
    "sessions.all_ended": N_("The customer was logged out everywhere."),
    "sessions.one_ended": N_("The browser was logged out."),
    "sessions.others_ended": N_("All other browsers were logged out."),
    "user_name.chosen": N_("You can log in with the user name from now on."),
    "user_name.removed": N_("The user name was removed. Log in with your e-mail address."),
    "registration.confirmed": N_("Your account is ready. Welcome!"),
}
