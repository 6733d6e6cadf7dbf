"""The bare Flask application as a WSGI module; `BENCH_DATABASE` names its SQLite file."""

import os
from pathlib import Path

from tests.benchmarks.portals import bare_flask

app = bare_flask(Path(os.environ["BENCH_DATABASE"]))
