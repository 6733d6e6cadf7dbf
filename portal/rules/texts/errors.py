"""Texts of broken rules: what is wrong with a value and what to write instead."""

from portal.rules.texts.mark import N_

TEXTS: dict[str, str] = {
    "business_id.invalid": N_("Enter the business ID in the form 1234567-8. Check the digits."),
    "country.invalid": N_("Choose the country from the list."),
    "error.400": N_("The page cannot be opened"),
    "error.400.body": N_("Something in the address or in the form could not be read. Go back and try again."),
    "error.403": N_("You are not allowed to do this"),
    "error.403.body": N_("Your rights do not cover this page. Nothing was changed."),
    "error.404": N_("Page not found"),
    "error.404.body": N_("Check the address. The page may have moved, or it may not be yours to see."),
    "error.405": N_("This cannot be done here"),
    "error.405.body": N_("The page does not answer this kind of request. Go back and try again."),
    "error.409": N_("Somebody changed this at the same time"),
    "error.409.body": N_("Nothing was saved. Open the page again to see how things stand now."),
    "error.413": N_("What you sent is too large"),
    "error.413.body": N_("Nothing was saved. Shorten the text or choose a smaller file."),
    "error.422": N_("This cannot be saved as it is"),
    "error.422.body": N_("Nothing was saved. Go back, check what you filled in, and try again."),
    "error.429": N_("Too many attempts"),
    "error.429.body": N_("To protect accounts, attempts are limited for a while. Nothing is locked for good."),
    "error.500": N_("Something went wrong on our side"),
    "error.500.body": N_("Nothing was saved. We have been told about the fault. Try again in a moment."),
    "error.503": N_("The service is busy"),
    "error.503.body": N_("Nothing was saved. Try again in a moment."),
    "error.csrf": N_(
        "You logged in or out in another tab, or the page was open for very long, so the form could not be "
        "accepted. Nothing was saved. Go back, open the page again and send the form once more."
    ),
    "form.stale": N_(
        "Somebody changed these details while you were filling in the form. Check what you typed and save it again."
    ),
    "form.stale.state": N_("Somebody changed this meanwhile. You see below how things stand now."),
    "email.invalid": N_("Enter an e-mail address in the form name@example.com."),
    "email.mixed_script": N_("Enter an e-mail address written in a single alphabet."),
    "email.too_long": N_("The e-mail address is too long: it may have at most %(maximum)s characters."),
    "name.invalid": N_("Enter a name with letters only. A hyphen, an apostrophe and a full stop may be used."),
    "name.mixed_script": N_("Enter each name in a single alphabet."),
    "password.characters": N_("The password contains a character that cannot be used. Retype the password."),
    "password.common": N_(
        "This password is built of words that are tried first. Choose several unrelated words, for example four."
    ),
    "password.company": N_("Choose a password that is not built on our company's name."),
    "password.pattern": N_(
        "This password follows a pattern that is easy to guess. Add words that have nothing to do with each other."
    ),
    "password.personal": N_("Choose a password that is not built on your own name, e-mail address or phone number."),
    "password.too_long": N_("The password may have at most %(maximum)s characters."),
    "password.too_short": N_(
        "The password must have at least %(minimum)s characters. Several words that have nothing to do with each other "
        "are easy to remember."
    ),
    "phone.invalid": N_("Enter a phone number, for example 040 123 4567 or +46 70 123 45 67."),
    "postal.city_mismatch": N_("Postal code %(code)s belongs to %(city)s. Check the postal code and the city."),
    "postal.city_required": N_("Enter the city, for example Helsinki."),
    "postal.code_invalid": N_("Enter the postal code of the country, for example %(example)s."),
    "postal.code_malformed": N_(
        "Enter the postal code with letters, digits, spaces and hyphens only, or leave it empty if "
        "the country has none."
    ),
    "postal.code_required": N_("Enter the postal code, for example %(example)s."),
    "text.control": N_("The text contains an invisible character that cannot be used. Retype the text."),
    "text.required": N_("Fill in this field."),
    "text.too_long": N_("Shorten the text: it may have at most %(maximum)s characters."),
    "text.too_short": N_("Write more: the text must have at least %(minimum)s characters."),
    "user_name.invalid": N_("Enter a name of letters, digits, full stops, hyphens and underscores, a letter first."),
    "user_name.mixed_script": N_("Enter a user name written in a single alphabet."),
    "user_name.reserved": N_("This name could be taken for ours. Choose another one."),
    "user_name.taken": N_("Somebody else has this user name. Choose another one."),
}
