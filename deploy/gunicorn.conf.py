"""How gunicorn serves the portal: ``gunicorn --config deploy/gunicorn.conf.py wsgi:app``, in the program's folder.

The settings that every installation shares; addresses and secrets are in the environment (docs/operations.md).
"""

import os

# systemd hands over the socket of portal-web.socket; without systemd gunicorn makes this one.
bind = os.environ.get("PORTAL_BIND", "unix:/run/portal/web.sock")
umask = 0o007

# The portal refuses several workers over SQLite by the same variable.
workers = int(os.environ.get("PORTAL_WORKERS") or 1)
worker_class = "gthread"
threads = 4
# Heartbeats do not touch the disk.
worker_tmp_dir = "/dev/shm"  # noqa: S108 - a folder in memory; gunicorn makes a nameless file there

# A worker that gives no sign of life this long is replaced; one that is told to stop may finish what it has begun.
timeout = 60
graceful_timeout = 30
# SIGHUP starts workers that load the program anew before the old ones stop.
preload_app = False

# No door beside the socket.
control_socket_disable = True

# The portal alone reads what the proxy says about the visitor (PORTAL_PROXY_HOPS); to gunicorn no header is special.
secure_scheme_headers = {}
forwarder_headers = ""

# Addresses belong to no log: the portal writes a line for each request, and lines of gunicorn keep what varies to
# themselves, like all others. Its warnings quote what a visitor sent.
accesslog = None
logconfig_dict = {
    "loggers": {"gunicorn.error": {"level": "ERROR", "handlers": ["error_console"], "propagate": False}},
    "root": {},
    "formatters": {"generic": {"()": "portal.rules.log_lines.JsonLines"}},
}
