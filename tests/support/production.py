"""A production host on loopback: the shipped nginx before the shipped gunicorn, with the settings of production."""

import datetime
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from config import GENERATED_SECRETS, ROOT, Settings
from tests.support.requirement import nginx_binary

HOST = "portal.example"
START_SECONDS = 60
SHIPPED = ROOT / "deploy" / "nginx" / "portal.conf"
SNIPPET = SHIPPED.with_name("portal-headers.conf")
# nginx reads this around the shipped file, as Debian's own nginx.conf would be; all it writes stays below one folder.
AROUND = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/main-error.log notice;
events {{ worker_connections 512; }}
http {{
    access_log {folder}/main-access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/portal.conf;
}}
"""
# systemd hands a socket over as file 3 and says so to the process it starts.
ACTIVATED = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


@dataclass(frozen=True)
class Production:
    """A served portal: where it is reached, with what settings, and the folder of everything it writes."""

    folder: Path
    environment: dict[str, str]
    http: int
    https: int
    held: socket.socket

    @property
    def settings(self) -> Settings:
        """The settings the workers read."""
        return Settings.from_environment(self.environment)

    @property
    def certificate(self) -> Path:
        """What clients must trust."""
        return self.folder / "fullchain.pem"

    def logs(self) -> str:
        """Every line that nginx and gunicorn have written; that of an answer follows a moment after it."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def trust(self) -> ssl.SSLContext:
        """A client's side of TLS."""
        return ssl.create_default_context(cafile=str(self.certificate))


def render(shipped: str, folder: Path, http: int, https: int) -> str:
    """The shipped configuration with the paths and ports of this machine; every exchange must find its place."""
    exchanges = (
        (r"\n *listen \[::\]:\d+[^;]*;", ""),
        (r"listen 80\b", f"listen 127.0.0.1:{http}"),
        (r"listen 443\b", f"listen 127.0.0.1:{https}"),
        (r"unix:/run/portal/web\.sock", f"unix:{folder}/web.sock"),
        (r"/etc/letsencrypt/live/portal\.example/", f"{folder}/"),
        (r"/var/www/letsencrypt", f"{folder}/letsencrypt"),
        (r"/var/log/nginx/", f"{folder}/"),
        (r"/etc/nginx/snippets/portal-headers\.conf", str(SNIPPET)),
        (r"/var/lib/nginx/", f"{folder}/"),
    )
    for pattern, replacement in exchanges:
        shipped, count = re.subn(pattern, replacement, shipped)
        if not count:
            raise AssertionError(f"{SHIPPED.name} has no {pattern}")
    return shipped


@contextmanager
def production() -> Iterator[Production]:
    """A served portal."""
    with prepared() as host, gunicorn(host), nginx(host):
        yield host


@contextmanager
def prepared() -> Iterator[Production]:
    """A migrated portal whose socket is held as systemd would hold it; nobody serves yet."""
    folder = Path(tempfile.mkdtemp(prefix="portal-host-"))
    try:
        with socket.socket(socket.AF_UNIX) as held:
            held.bind(str(folder / "web.sock"))
            held.listen(128)
            host = Production(folder, _environment(folder), _free_port(), _free_port(), held)
            _certificate(folder)
            command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
            subprocess.run(command, cwd=ROOT, env=host.environment, check=True, capture_output=True)
            yield host
    finally:
        shutil.rmtree(folder)


@contextmanager
def gunicorn(host: Production) -> Iterator[subprocess.Popen[bytes]]:
    """The shipped gunicorn on the socket that is held for it, once it serves; it ends as systemd ends it."""
    held = str(host.held.fileno())
    command = ["-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "wsgi:app"]
    with (host.folder / "gunicorn.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", ACTIVATED, held, *command],
            cwd=ROOT,
            env=host.environment,
            pass_fds=[host.held.fileno()],
            stdin=subprocess.DEVNULL,
            stderr=log,
        )
    try:
        wait_until(lambda: _answers(host), process, host)
        yield process
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def nginx(host: Production) -> Iterator[None]:
    """The shipped nginx; its own check of the configuration comes first."""
    rendered = render(SHIPPED.read_text(encoding="utf-8"), host.folder, host.http, host.https)
    (host.folder / "portal.conf").write_text(rendered, encoding="utf-8")
    # The workers of a root's nginx would be somebody who may not read the folder.
    around = AROUND.format(folder=host.folder, user="user root;" if os.geteuid() == 0 else "")
    (host.folder / "nginx.conf").write_text(around, encoding="utf-8")
    command = [nginx_binary() or "nginx", "-p", str(host.folder), "-e", "stderr", "-c", str(host.folder / "nginx.conf")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    with (host.folder / "nginx-output.log").open("ab") as log:
        process = subprocess.Popen(command, stderr=log)
    try:
        wait_until(lambda: _listens(host.https), process, host)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], host: Production) -> None:
    """Waits for a process to serve; what it logged is the message when it does not."""
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if time.monotonic() > deadline or process.poll() is not None:
            raise RuntimeError(f"did not start:\n{host.logs()}")
        time.sleep(0.05)


def _environment(folder: Path) -> dict[str, str]:
    """What an operator writes into portal.env."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "FLASK_"))}
    secrets = {f"PORTAL_{name.upper()}": f"{name}-0123456789-abcdefghijklmnopqrstuvwxyz" for name in GENERATED_SECRETS}
    return {
        **kept,
        **secrets,
        "PORTAL_ENV": "production",
        "PORTAL_DATA_DIR": str(folder / "data"),
        "PORTAL_DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite'}",
        "PORTAL_BASE_URL": f"https://{HOST}",
        "PORTAL_SMTP_URL": "smtp://127.0.0.1:1",
        "PORTAL_PROXY_HOPS": "1",
    }


def _certificate(folder: Path) -> None:
    """A key and a certificate for the portal's name, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "privkey.pem").write_bytes(pem)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def _answers(host: Production) -> bool:
    """Whether a worker answers behind the held socket, which accepts before anybody serves."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(START_SECONDS)
        client.connect(str(host.folder / "web.sock"))
        client.sendall(f"GET /healthz HTTP/1.0\r\nHost: {HOST}\r\n\r\n".encode())
        return b" 200 " in client.recv(64)
