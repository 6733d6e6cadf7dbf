"""Texts of broken rules: what is wrong with a value and what to write instead."""

from portal.rules.texts.mark import N_

TEXTS: dict[str, str] = {
    "email.invalid": N_("Enter an e-mail address in the form name@example.com."),
    "email.mixed_script": N_("Enter an e-mail address written in a single alphabet."),
    "email.too_long": N_("The e-mail address is too long: it may have at most %(maximum)s characters."),
    "password.characters": N_("The password contains a character that cannot be used. Retype the password."),
    "password.common": N_(
        "This password is built of words that are tried first. Choose several unrelated words, for "
        "example four."
    ),
    "password.company": N_("Choose a password that is not built on our company's name."),
    "password.pattern": N_(
        "This password follows a pattern that is easy to guess. Add words that have nothing to do with "
        "each other."
    ),
    "password.personal": N_(
        "Choose a password that is not built on your own name, e-mail address or phone number."
    ),
    "password.too_long": N_("The password may have at most %(maximum)s characters."),
    "password.too_short": N_(
        "The password must have at least %(minimum)s characters. A sentence is easy to remember."
    ),
}
