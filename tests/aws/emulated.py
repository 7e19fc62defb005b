"""A running emulated AWS account and a server that discovers it, into Neo4j if wanted: what the demo and the benchmarks set
up and take down.

Every process is in a session of its own, so that Ctrl-C reaches the program that started them alone, and that one ends
them in order.  Standard library only.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PATIENCE = 120.0  # seconds; far more than any of them needs


def binary() -> Path:
    """The release build."""
    default = Path.home() / ".cache" / "dharmagraph-target"
    path = Path(os.environ.get("DHARMAGRAPH_BIN") or Path(os.environ.get("CARGO_TARGET_DIR") or default) / "release" / "dharmagraph")
    if not path.exists():
        raise SystemExit(f"{path} is missing: run `make build`, which makes it")
    return path


def free_port(wanted: int = 0) -> int:
    """The wanted port if it is free, else any free one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return free_port()
        return int(probe.getsockname()[1])


def get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
        return json.loads(answer.read())


def post(url: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, method="POST", data=data, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.loads(answer.read())


class Stand:
    """Processes and files that end together.  Use it in a `with` statement."""

    def __init__(self, endpoint: str | None = None) -> None:
        self.endpoint = endpoint
        self.processes: list[tuple[str, subprocess.Popen[bytes]]] = []
        self.variables: dict[str, str] = {}

    def __enter__(self) -> Stand:
        self._folder = tempfile.TemporaryDirectory(prefix="dharmagraph-")
        self.folder = Path(self._folder.name)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        return self

    def __exit__(self, *_: object) -> None:
        for _, process in reversed(self.processes):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        self._folder.cleanup()

    def environment(self) -> dict[str, str]:
        """That of a process which speaks to the emulated account and knows nothing of the machine's own."""
        kept = {name: os.environ[name] for name in ("PATH", "TERM", "LANG", "LC_ALL", "COLORTERM", "NO_COLOR", "COLUMNS") if name in os.environ}
        return {**kept, **self.variables, "HOME": str(self.folder), "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing",
                "AWS_EC2_METADATA_DISABLED": "true", **({"AWS_ENDPOINT_URL": self.endpoint} if self.endpoint else {})}

    def start(self, name: str, command: list[str], ready: str) -> subprocess.Popen[bytes]:
        """Start a process and wait until `ready` is answered."""
        log = self.folder / f"{name}.log"
        with open(log, "wb") as file:
            process = subprocess.Popen(command, env=self.environment(), stdin=subprocess.PIPE, stdout=file,
                                       stderr=subprocess.STDOUT, start_new_session=True)
        self.processes.append((name, process))
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and process.poll() is None:
            try:
                with urllib.request.urlopen(ready, timeout=5):
                    return process
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.03)
        written = log.read_text(encoding="utf-8", errors="replace")[-4000:]
        raise SystemExit(f"{name} does not answer at {ready}\n{written}")

    def emulator(self) -> str:
        """The emulated AWS API; gives its URL."""
        url = f"http://127.0.0.1:{(port := free_port())}"
        self.start("emulator", [sys.executable, str(HERE / "moto_serve.py"), "--with-parent", "--port", str(port)], f"{url}/moto-api/")
        return url

    def account(self, emulator: str, scale: int, seed: int, regions: list[str]) -> Path:
        """Fill the emulator; gives the file with what is true of the account."""
        truth = self.folder / "truth.json"
        subprocess.run([sys.executable, str(HERE / "aws_account.py"), "create", "--endpoint", emulator, "--scale", str(scale),
                        "--seed", str(seed), "--regions", ",".join(regions), "--truth", str(truth)],
                       check=True, stdout=subprocess.DEVNULL)
        return truth

    def proxy(self, upstream: str, rules: list[dict[str, Any]], cache_file: Path | None = None) -> str:
        """The proxy in front of an emulator, or of `none`; gives its URL, which is the endpoint from then on."""
        file = self.folder / "rules.json"
        file.write_text(json.dumps({"seed": 1, "rules": rules}), encoding="utf-8")
        address = f"127.0.0.1:{free_port()}"
        cache = ["--cache-file", str(cache_file)] if cache_file else []
        self.start("proxy", [sys.executable, str(HERE / "fault_proxy.py"), "--with-parent", "--listen", address, "--upstream", upstream,
                             "--rules", str(file), *cache], f"http://{address}/__faults/stats")
        self.endpoint = f"http://{address}"
        return self.endpoint

    def neo4j(self) -> dict[str, str]:
        """A Neo4j of its own, which keeps the graph of servers that are started from then on; gives where it is."""
        environment = {name: os.environ[name] for name in ("DHARMAGRAPH_NEO4J", "HOME", "JAVA_HOME", "PATH") if name in os.environ}
        process = subprocess.Popen([sys.executable, str(HERE.parent / "neo4j" / "serve.py")], env=environment, stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, start_new_session=True)
        self.processes.append(("neo4j", process))
        assert process.stdout is not None
        if not (line := process.stdout.readline()):
            raise SystemExit("Neo4j does not start")
        neo4j = json.loads(line)
        self.variables = {"DHARMAGRAPH_STORE": "neo4j", **{f"NEO4J_{name.upper()}": neo4j[name] for name in ("uri", "user", "password")}}
        return neo4j

    def server(self, ports: list[int], data: Path) -> tuple[subprocess.Popen[bytes], str]:
        """The server on these ports; gives its process and the URL of the last one."""
        url = f"http://127.0.0.1:{ports[-1]}"
        listen = [word for port in ports for word in ("--listen", f"127.0.0.1:{port}")]
        process = self.start("server", [str(binary()), "serve", "--data-dir", str(data), *listen], f"{url}/api/v3/cmdb/health")
        return process, url


def check(truth: Path, url: str) -> subprocess.CompletedProcess[str]:
    """Compare a server's inventory with the truth: every resource, relationship and field of the discovered types."""
    return subprocess.run([sys.executable, str(HERE / "check_inventory.py"), str(truth), "--url", url, "--scope", "core,detail"],
                          text=True, capture_output=True)
