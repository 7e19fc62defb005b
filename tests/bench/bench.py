#!/usr/bin/env python3
"""Measures CPU time and memory of the main jobs and compares them with the figures to meet: a table, and JSON.

    bench.py [--full] [--only store|neo4j|discovery|rest|auth|aiops]

CPU seconds are those of the measured process alone, memory is its highest resident set.  Nothing here fails because
something is slow; it fails when an answer is wrong.  Started by `make bench`, which builds everything first.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "aws"))
from emulated import Stand, binary, check, free_port, get, post  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent.parent
REGIONS = ["us-east-1", "us-west-2"]
SCALE = 10_000
CONNECTIONS = 64
# As many items to a page as AWS gives at most.
PAGES = [{"name": "ec2 pages", "match": {"service": "ec2"}, "then": {"paginate": 1000}},
         {"name": "other pages", "then": {"paginate": 100}}]
KEPT = {"name": "kept answers", "then": {"cache": True}}


@dataclass
class Figure:
    name: str
    measured: float
    unit: str
    limit: float | None = None
    # Where more is better.
    least: float | None = None

    @property
    def verdict(self) -> str:
        if self.limit is None and self.least is None:
            return ""
        missed = (self.limit is not None and self.measured > self.limit) or (self.least is not None and self.measured < self.least)
        return "MISSED" if missed else "ok"

    @property
    def bound(self) -> str:
        return number(self.limit) if self.limit is not None else f">= {number(self.least)}" if self.least is not None else ""


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 or value == int(value) else f"{value:.3g}"


def table(figures: list[Figure]) -> None:
    width = max(len(figure.name) for figure in figures)
    print(f"\n{'':<{width}}  {'measured':>12}  {'at most':>12}  {'':<24}")
    for figure in figures:
        print(f"{figure.name:<{width}}  {number(figure.measured):>12}  {figure.bound:>12}  {figure.unit:<17} {figure.verdict}")


def store(full: bool) -> list[Figure]:
    """The embedded store, by the Rust program that calls it."""
    command = ["cargo", "bench", "--quiet", "--workspace", "--bench", "store", "--", *(["--full"] if full else [])]
    lines = subprocess.run(command, cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE).stdout.splitlines()
    figures = []
    for row in (json.loads(line) for line in lines if line.startswith("{")):
        small = row["resources"] < 500_000
        title = f"store of {row['resources']:,} / {row['relationships']:,}"

        def add(name: str, key: str, unit: str, limit: float | None = None) -> None:
            figures.append(Figure(f"{title}: {name}", row[key], unit, limit))

        add("load", "load_cpu_seconds", "CPU s", 4 if small else None)
        add("load again", "load_again_cpu_seconds", "CPU s", 2 if small else None)
        add("get by id", "get_microseconds", "CPU us", 5 if small else None)
        add("filtered page of 50 with total", "page_microseconds", "CPU us", 200 if small else None)
        add("statistics", "statistics_microseconds", "CPU us", 5 if small else None)
        add("depth-3 graph of 1,000 members", "graph_microseconds", "CPU us", 1000 if small else None)
        add("Cypher: MATCH (n:Resource {id: $id})", "cypher_get_microseconds", "CPU us", 30 if small else None)
        add("Cypher: machines with their volumes, 100 rows a network", "cypher_pairs_microseconds", "CPU us", 15_000 if small else None)
        add("Cypher: depth 3 of 1,000 members", "cypher_graph_microseconds", "CPU us", 5000 if small else None)
        add("Cypher: counts by type", "cypher_counts_microseconds", "CPU us", 5000 if small else None)
        add("memory", "memory_after_questions_mib", "MiB", 250 if small else 2560)
        add("reopen", "reopen_cpu_seconds", "CPU s", 1 if small else None)
        add("file", "file_mib", "MiB")
    return figures


def neo4j() -> list[Figure]:
    """What the store on Neo4j sends, by the Rust program that calls it, to a Neo4j of its own."""
    with subprocess.Popen([sys.executable, "tests/neo4j/serve.py"], cwd=ROOT, text=True, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        server = json.loads(process.stdout.readline())
        named = {f"NEO4J_{name.upper()}": server[name] for name in ("uri", "user", "password")}
        command = ["cargo", "bench", "--quiet", "--workspace", "--bench", "neo4j"]
        output = subprocess.run(command, cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE, env={**os.environ, **named}).stdout
        process.stdin.close()
    rows = {row["sync"]: row for row in (json.loads(line) for line in output.splitlines() if line.startswith("{"))}
    first, again, changed = rows["first"], rows["again"], rows["one_percent_changed"]
    title = f"Neo4j, {first['resources']:,} resources"
    if (again["created"], again["updated"], changed["updated"]) != (0, 0, (first["resources"] + 99) // 100):
        raise SystemExit(f"the syncs found something else: {rows}")
    return [
        Figure(f"{title}: first sync, statements", first["statements"], "statements", 40),
        Figure(f"{title}: first sync, rows", first["rows"], "rows"),
        Figure(f"{title}: first sync", first["cpu_seconds"], "CPU s of ours"),
        Figure(f"{title}: again, statements that write", again["writes"], "statements", 1),
        Figure(f"{title}: again, rows beside the scopes' times", again["rows"] - 30, "rows", 0),
        Figure(f"{title}: 1 % changed, statements", changed["statements"], "statements"),
        Figure(f"{title}: 1 % changed, rows", changed["rows"], "rows"),
    ]


def auth() -> list[Figure]:
    """Tokens beside the crate that others use, and whether the time of a sign-in tells who has an account."""
    def rows(bench: str) -> list[dict[str, Any]]:
        command = ["cargo", "bench", "--quiet", "--workspace", "--bench", bench]
        output = subprocess.run(command, cwd=ROOT, text=True, stdout=subprocess.PIPE).stdout
        return [json.loads(line) for line in output.splitlines() if line.startswith("{")]

    figures = []
    for row in rows("verify"):
        ours, theirs = row["ours_per_cpu_second"], row["jsonwebtoken_per_cpu_second"]
        name = f"token, {row['algorithm']}: verifications a CPU second, {ours:,.0f} to jsonwebtoken's {theirs:,.0f}"
        figures.append(Figure(name, row["ratio"], "times", least=row["least"]))
    for row in rows("sign_in"):
        figures.append(Figure(f"sign-in, wrong password, median of {row['tries']:,}", row["known_ms"], "ms"))
        figures.append(Figure("sign-in, known against unknown user", row["difference_percent"], "% apart", 2))
        for hash_, key in (("argon2id of 4 GiB", "argon2id_4_gib_refused_ms"), ("bcrypt of cost 31", "bcrypt_31_refused_ms")):
            figures.append(Figure(f"stored hash refused, {hash_}", row[key], "ms", 10))
    return figures


def aiops() -> list[Figure]:
    """The models, by the Rust program that asks them; it counts its own CPU time."""
    command = ["cargo", "bench", "--quiet", "--workspace", "--bench", "models"]
    output = subprocess.run(command, cwd=ROOT, text=True, stdout=subprocess.PIPE).stdout
    rows = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    if not rows:
        raise SystemExit("the models were not measured")
    return [Figure(row["name"], row["measured"], row["unit"], row["limit"]) for row in rows]


# A process counts the memory of the one that it was forked from as its own: a small one starts the measured program.
LAUNCHER = """
import json, os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
output = process.stdout.read()
_, status, usage = os.wait4(process.pid, 0)
print(json.dumps({"status": os.waitstatus_to_exitcode(status), "output": output, "cpu": usage.ru_utime + usage.ru_stime,
                  "memory": usage.ru_maxrss / 1024}))
"""


def used(command: list[str], environment: dict[str, str]) -> tuple[dict[str, Any], float, float]:
    """The JSON that a program answers, its CPU seconds and its highest memory in MiB."""
    launched = subprocess.run([sys.executable, "-S", "-c", LAUNCHER, *command], env=environment, check=True, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    report = json.loads(launched.stdout)
    if report["status"] != 0:
        raise SystemExit(f"{' '.join(command)}: exit status {report['status']}\n{report['output']}")
    return json.loads(report["output"]), report["cpu"], report["memory"]


def discover(stand: Stand, data: Path) -> tuple[dict[str, Any], float, float]:
    regions = [word for region in REGIONS for word in ("--region", region)]
    return used([str(binary()), "discover", "aws", *regions, "--json", "--data-dir", str(data)], stand.environment())


def record(kept: Path) -> None:
    """Keep every answer that a discovery gets, so that it can be answered again without the emulator."""
    print(f"recording an account of {SCALE:,} resources; this takes some minutes, once", flush=True)
    with Stand() as stand:
        emulator = stand.emulator()
        truth = stand.account(emulator, SCALE, 1, REGIONS)
        proxy = stand.proxy(emulator, [*PAGES, KEPT], kept)
        task, _, _ = discover(stand, stand.folder / "data")
        if task["status"] != "completed":
            raise SystemExit(f"the discovery did not complete: {task}")
        _, url = stand.server([free_port()], stand.folder / "data")
        checked = check(truth, url)
        print(checked.stdout.strip().splitlines()[-1])
        if checked.returncode != 0:
            raise SystemExit(checked.stdout)
        post(f"{proxy}/__faults/save")


def replayed(stand: Stand, kept: Path) -> tuple[dict[str, Any], float, float]:
    stand.proxy("none", [*PAGES, KEPT], kept)
    return discover(stand, stand.folder / "data")


def graph(stand: Stand) -> list[str]:
    """Every resource, relationship and change that the store holds; not the scopes, whose times each discovery moves on."""
    command = [str(binary()), "export", "--data-dir", str(stand.folder / "data")]
    lines = subprocess.run(command, env=stand.environment(), check=True, text=True, stdout=subprocess.PIPE).stdout.splitlines()
    kept = []
    for line in lines:
        if (item := json.loads(line))["record"] not in ("header", "scope", "task", "end"):
            item.get("resource", {}).pop("last_discovered", None)
            kept.append(json.dumps(item, sort_keys=True))
    return sorted(kept)


def discovery(stand: Stand, kept: Path) -> list[Figure]:
    """A whole account, first and again."""
    if not kept.exists():
        record(kept)
    try:
        task, first_cpu, first_memory = replayed(stand, kept)
    except SystemExit:
        print("the kept answers are those of another version's requests", flush=True)
        kept.unlink()
        record(kept)
        task, first_cpu, first_memory = replayed(stand, kept)
    before = graph(stand)
    again, repeat_cpu, repeat_memory = discover(stand, stand.folder / "data")
    after = graph(stand)
    written = len(set(before) ^ set(after)) + sum(again[key] for key in ("created", "updated", "removed"))
    found, title = task["created"], f"discovery of {SCALE:,}"
    if again["unchanged"] != found:
        raise SystemExit(f"the repeat found something else: {again}")
    return [
        Figure(f"{title}: resources of the discovered types", found, "resources"),
        Figure(f"{title}: calls", task["progress"]["api_calls"], "calls"),
        Figure(f"{title}: first", first_cpu, "CPU s", 2),
        Figure(f"{title}: first, memory", first_memory, "MiB", 150),
        Figure(f"{title}: repeat", repeat_cpu, "CPU s"),
        Figure(f"{title}: repeat, memory", repeat_memory, "MiB"),
        Figure(f"{title}: repeat, rows written", written, "rows", 0),
    ]


def cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rest(stand: Stand) -> list[Figure]:
    """One resource by its id, over HTTP."""
    process, url = stand.server([free_port()], stand.folder / "data")
    ids = [x["id"] for x in get(f"{url}/api/v3/cmdb/resources?native_type=AWS::EC2::Instance&limit=1000")["resources"]]
    script = stand.folder / "ids.lua"
    script.write_text("local ids = {" + ",".join(f"'{id_}'" for id_ in ids) + "}\nlocal at = 0\nfunction request()\n"
                      "  at = at % #ids + 1\n  return wrk.format('GET', '/api/v3/cmdb/resources/' .. ids[at])\nend\n", encoding="utf-8")

    def load(seconds: int) -> str:
        command = ["wrk", "--threads", "2", "--connections", str(CONNECTIONS), "--duration", f"{seconds}s", "--latency",
                   "--script", str(script), url]
        return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout

    load(2)
    begin = cpu_of(process.pid)
    report = load(10)
    spent = cpu_of(process.pid) - begin
    if "Non-2xx" in report or "Socket errors" in report:
        raise SystemExit(report)
    requests = int(re.search(r"(\d+) requests in", report)[1])
    rate = float(re.search(r"Requests/sec:\s*([\d.]+)", report)[1])
    p99, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", report).groups()
    title = f"REST get by id, {CONNECTIONS} connections"
    return [
        Figure(f"{title}: server's CPU", spent / requests * 1e6, "CPU us a request", 80),
        Figure(f"{title}: rate", rate, "requests a s"),
        Figure(f"{title}: 99th percentile", float(p99) * {"us": 0.001, "ms": 1, "s": 1000}[unit], "ms"),
    ]


def readable(kept: Path) -> None:
    """Forget kept answers that were not written to their end."""
    try:
        with gzip.open(kept, "rb") as file:
            while file.read(1 << 20):
                pass
    except (OSError, EOFError):
        kept.unlink(missing_ok=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="also a store of a million resources")
    parser.add_argument("--only", choices=["store", "neo4j", "discovery", "rest", "auth", "aiops"])
    args = parser.parse_args()
    target = Path(os.environ.get("CARGO_TARGET_DIR") or Path.home() / ".cache" / "dharmagraph-target")
    (target / "bench").mkdir(parents=True, exist_ok=True)
    kept = target / "bench" / f"account-{SCALE}.answers.gz"
    figures: list[Figure] = []
    if args.only in (None, "store"):
        figures += store(args.full)
    if args.only in (None, "neo4j"):
        figures += neo4j()
    if args.only in (None, "auth"):
        figures += auth()
    if args.only in (None, "aiops"):
        figures += aiops()
    if args.only in (None, "discovery", "rest"):
        readable(kept)
        with Stand() as stand:
            found = discovery(stand, kept)
            figures += found if args.only != "rest" else []
            if args.only in (None, "rest"):
                figures += rest(stand)
    table(figures)
    result = target / "bench" / "inventory.json"
    result.write_text(json.dumps([{**asdict(figure), "verdict": figure.verdict} for figure in figures], indent=1) + "\n", encoding="utf-8")
    print(f"\nas JSON: {result}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
