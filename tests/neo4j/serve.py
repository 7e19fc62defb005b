#!/usr/bin/env python3
"""A Neo4j of its own for tests: Community edition, empty, on free loopback ports, with a random password.

    serve.py          (needs java and the programs that `make neo4j` fetches)

Prints one JSON line as soon as Neo4j answers:

    {"state": "up", "uri": "bolt://127.0.0.1:40001", "user": "neo4j", "password": "..", "http": "http://127.0.0.1:40002"}

and then takes commands on standard input, each answered by such a line when it is done.  The data stays over them, and
so do the ports and the password:

    stop       ends Neo4j as an administrator does
    kill       ends it at once
    start      starts it again

When standard input closes, or at SIGTERM, Neo4j ends and its data is deleted.  Standard library only.
"""

from __future__ import annotations

import base64
import ctypes
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

PROGRAMS = Path(os.environ.get("DHARMAGRAPH_NEO4J") or Path.home() / ".cache" / "dharmagraph-neo4j") / "lib"
PATIENCE = 120.0  # seconds; Neo4j starts in 4 and ends in 10 on two cores
POLL = 0.05
PR_SET_PDEATHSIG = 1  # linux/prctl.h
USER = "neo4j"

# Small and quiet: a test's graph is small, nothing outlives the folder, and nobody is called.
CONFIGURATION = """
server.bolt.listen_address=127.0.0.1:{bolt}
server.http.listen_address=127.0.0.1:{http}
server.https.enabled=false
server.memory.pagecache.size=64m
db.tx_log.rotation.size=16m
db.tx_log.preallocate=false
db.tx_log.rotation.retention_policy=keep_none
internal.dbms.bolt.netty_server_shutdown_quiet_period=0
dbms.usage_report.enabled=false
"""

OPENED = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch", "java.base/java.util.concurrent")
JAVA = ["-Xms256m", "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true", "-Dlog4j2.disable.jmx=true",
        *(f"--add-opens={package}=ALL-UNNAMED" for package in OPENED)]


class Failure(Exception):
    """Neo4j does not do what it was asked to."""


def java() -> str:
    home = os.environ.get("JAVA_HOME")
    return str(Path(home) / "bin" / "java") if home else "java"


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def end_with_parent() -> None:
    """Nobody is left to end Neo4j once this process is gone, however it went."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Neo4j:
    """One installation in a folder, and its process while it runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.password = secrets.token_urlsafe(18)
        self.process: subprocess.Popen[bytes] | None = None
        (folder / "conf").mkdir()
        self.take_ports()
        self.run("org.neo4j.cli.AdminTool", "dbms", "set-initial-password", self.password)

    def take_ports(self) -> None:
        self.bolt, self.http = free_ports(2)
        configuration = CONFIGURATION.format(bolt=self.bolt, http=self.http)
        (self.folder / "conf" / "neo4j.conf").write_text(configuration, encoding="utf-8")

    def command(self, main: str, *words: str) -> list[str]:
        return [java(), *JAVA, "-cp", f"{PROGRAMS}/*", main, *words]

    def environment(self) -> dict[str, str]:
        return {**os.environ, "NEO4J_HOME": str(self.folder), "NEO4J_CONF": str(self.folder / "conf")}

    def run(self, main: str, *words: str) -> None:
        ran = subprocess.run(self.command(main, *words), env=self.environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if ran.returncode != 0:
            raise Failure(f"{main} failed: {ran.stdout}{ran.stderr}")

    def description(self, state: str) -> dict[str, str]:
        return {"state": state, "uri": f"bolt://127.0.0.1:{self.bolt}", "user": USER, "password": self.password,
                "http": f"http://127.0.0.1:{self.http}"}

    def first_start(self) -> None:
        """Start it on ports that were free a moment ago, and on others where one of them was taken meanwhile."""
        while True:
            try:
                return self.start()
            except Failure as failure:
                if "Address already in use" not in str(failure):
                    raise
                self.take_ports()

    def start(self) -> None:
        with open(self.log, "wb") as log:
            words = (f"--home-dir={self.folder}", f"--config-dir={self.folder / 'conf'}", "--console-mode")
            self.process = subprocess.Popen(self.command("org.neo4j.server.CommunityEntryPoint", *words), stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=end_with_parent)
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            if self.process.poll() is not None:
                raise Failure(f"Neo4j ended with status {self.process.returncode}:\n{self.written()}")
            if time.monotonic() > deadline:
                raise Failure(f"Neo4j does not answer:\n{self.written()}")
            time.sleep(POLL)

    def answers(self) -> bool:
        """Whether it takes the password and answers a query; its Bolt port is open before that."""
        login = base64.b64encode(f"{USER}:{self.password}".encode()).decode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.http}/db/neo4j/query/v2", data=b'{"statement": "RETURN 1"}',
                                         headers={"Content-Type": "application/json", "Authorization": f"Basic {login}"})
        try:
            with urllib.request.urlopen(request, timeout=5):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def end(self, how: signal.Signals) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise Failure(f"Neo4j did not end:\n{self.written()}") from None

    @property
    def log(self) -> Path:
        return self.folder / "console.log"

    def written(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-8000:]


def say(description: dict[str, str]) -> None:
    print(json.dumps(description), flush=True)


def serve(neo4j: Neo4j) -> None:
    neo4j.first_start()
    say(neo4j.description("up"))
    for line in sys.stdin:
        match line.strip():
            case "stop":
                neo4j.end(signal.SIGTERM)
                say(neo4j.description("down"))
            case "kill":
                neo4j.end(signal.SIGKILL)
                say(neo4j.description("down"))
            case "start":
                neo4j.start()
                say(neo4j.description("up"))
            case unknown:
                raise Failure(f"expected stop, kill or start, found {unknown!r}")


def main() -> int:
    if not PROGRAMS.is_dir():
        print(f"{PROGRAMS} is missing: run `make neo4j`, which fetches Neo4j", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="dharmagraph-neo4j-") as folder:
        neo4j = None
        try:
            neo4j = Neo4j(Path(folder))
            serve(neo4j)
        except Failure as failure:
            print(failure, file=sys.stderr)
            return 1
        finally:
            # Nobody will read its data again.
            if neo4j is not None:
                neo4j.end(signal.SIGKILL)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
