"""The WSGI application: `gunicorn wsgi:app`, `flask --app wsgi …`."""

import click

from config import SettingsError
from portal import check_before_serving, create_app

app = create_app()

# A server imports this file without a command around it, and `flask run` serves as well. Every other command must load
# with any settings and over any schema, the migrations first of all.
command = click.get_current_context(silent=True)
if command is None or command.info_name == "run":
    try:
        check_before_serving(app)
    except SettingsError as error:
        # The list of settings is what the operator needs, not where in the program it was made.
        raise SystemExit(str(error)) from None
