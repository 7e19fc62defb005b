#!/usr/bin/env python3
"""A PostgreSQL of its own for tests, from the system's programs: empty, on a free loopback port, with a random password.

    serve.py          (needs PostgreSQL's initdb and postgres, 13 or newer)

Prints one JSON line as soon as PostgreSQL answers:

    {"state": "up", "url": "postgres://tests:..@127.0.0.1:40001/postgres"}

and then takes commands on standard input, each answered by such a line when it is done.  The data stays over them, and
so do the port and the password:

    stop       ends PostgreSQL as an administrator does
    kill       ends it at once
    start      starts it again

When standard input closes, or at SIGTERM, PostgreSQL ends and its data is deleted.  Standard library only.
"""

from __future__ import annotations

import ctypes
import json
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PATIENCE = 60.0  # seconds; PostgreSQL starts in less than one
POLL = 0.05
PR_SET_PDEATHSIG = 1  # linux/prctl.h
USER = "tests"

# Small, and as durable as any: what was answered is there after a kill.
CONFIGURATION = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_buffers = 32MB
max_connections = 1000
fsync = on
synchronous_commit = on
logging_collector = off
"""


class Failure(Exception):
    """PostgreSQL does not do what it was asked to."""


def programs() -> Path:
    """The folder of the newest installed PostgreSQL's programs."""
    def version(folder: Path) -> int:
        return int(re.match(r"\d+", folder.parent.name)[0])  # type: ignore[index]

    installed = [path.parent for path in Path("/usr/lib/postgresql").glob("[0-9]*/bin/initdb")]
    if installed:
        return max(installed, key=version)
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    raise Failure("PostgreSQL's programs are missing: run `tests/environment/packages postgres`, which installs them")


def unprivileged() -> pwd.struct_passwd | None:
    """Whom PostgreSQL runs as where it would be root, which it refuses."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Failure("PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it as")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def end_with_parent() -> None:
    """Nobody is left to end PostgreSQL once this process is gone, however it went.  SIGINT: fast shutdown."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


class Postgres:
    """One cluster in a folder, and its process while it runs."""

    def __init__(self, folder: Path) -> None:
        self.programs = programs()
        self.owner = unprivileged()
        self.password = secrets.token_hex(18)
        self.port = free_port()
        self.folder = folder
        self.data = folder / "data"
        self.process: subprocess.Popen[bytes] | None = None
        password_file = folder / "password"
        password_file.write_text(self.password, encoding="utf-8")
        password_file.chmod(0o600)
        if self.owner is not None:
            for path in (folder, password_file):
                os.chown(path, self.owner.pw_uid, self.owner.pw_gid)
        # A locale whose lower case is more than that of ASCII, as most installations have.
        self.run("initdb", "--pgdata", str(self.data), "--username", USER, "--pwfile", str(password_file), "--auth", "scram-sha-256",
                 "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-instructions")
        password_file.unlink()
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as configuration:
            configuration.write(CONFIGURATION)

    def identity(self) -> dict[str, object]:
        if self.owner is None:
            return {}
        return {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []}

    def run(self, program: str, *words: str) -> None:
        ran = subprocess.run([str(self.programs / program), *words], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True,
                             text=True, **self.identity())  # type: ignore[call-overload]
        if ran.returncode != 0:
            raise Failure(f"{program} failed: {ran.stdout}{ran.stderr}")

    def description(self, state: str) -> dict[str, str]:
        return {"state": state, "url": f"postgres://{USER}:{self.password}@127.0.0.1:{self.port}/postgres"}

    def first_start(self) -> None:
        """Start it on a port that was free a moment ago, and on another where it was taken meanwhile."""
        while True:
            try:
                return self.start()
            except Failure as failure:
                if "Address already in use" not in str(failure):
                    raise
                self.port = free_port()

    def start(self) -> None:
        if self.process is not None and self.process.poll() is None:
            return
        begin = self.log.stat().st_size if self.log.exists() else 0
        with open(self.log, "ab") as log:
            command = [str(self.programs / "postgres"), "-D", str(self.data), "-p", str(self.port)]
            self.process = subprocess.Popen(command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                                            start_new_session=True, preexec_fn=end_with_parent,
                                            **self.identity())  # type: ignore[call-overload]
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            if self.process.poll() is not None:
                raise Failure(f"PostgreSQL ended with status {self.process.returncode}:\n{self.written()[begin:]}")
            if time.monotonic() > deadline:
                raise Failure(f"PostgreSQL does not answer:\n{self.written()[begin:]}")
            time.sleep(POLL)

    def answers(self) -> bool:
        """Whether it accepts connections; what it says of itself is in the eighth line of its lock file."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        assert self.process is not None
        return len(lines) >= 8 and lines[0] == str(self.process.pid) and lines[7].strip() == "ready"

    def end(self, how: signal.Signals) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        if how == signal.SIGKILL:
            # All of them at once, as when the machine stops; the postmaster alone would leave the others behind.
            os.killpg(self.process.pid, signal.SIGKILL)
        else:
            self.process.send_signal(how)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise Failure(f"PostgreSQL did not end:\n{self.written()}") from None

    @property
    def log(self) -> Path:
        return self.folder / "console.log"

    def written(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-8000:]


def say(description: dict[str, str]) -> None:
    print(json.dumps(description), flush=True)


def serve(postgres: Postgres) -> None:
    postgres.first_start()
    say(postgres.description("up"))
    for line in sys.stdin:
        match line.strip():
            case "stop":
                postgres.end(signal.SIGINT)
                say(postgres.description("down"))
            case "kill":
                postgres.end(signal.SIGKILL)
                say(postgres.description("down"))
            case "start":
                postgres.start()
                say(postgres.description("up"))
            case unknown:
                raise Failure(f"expected stop, kill or start, found {unknown!r}")


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="dharmagraph-postgres-", ignore_cleanup_errors=True) as folder:
        postgres = None
        try:
            postgres = Postgres(Path(folder))
            serve(postgres)
        except Failure as failure:
            print(failure, file=sys.stderr)
            return 1
        finally:
            if postgres is not None:
                postgres.end(signal.SIGINT)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
