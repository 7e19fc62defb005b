#!/usr/bin/env python3
"""The main job on one machine: an emulated AWS account, discovered into a graph that can be asked.

    demo.py                     serves until Ctrl-C
    demo.py --once              ends after the comparison with the truth; exit status 0 only if nothing differs
    demo.py --once --scale 10000 --seed 3 --region eu-west-1      another account
    demo.py --store neo4j       the graph lies in a Neo4j of its own

Started by `make demo`, which builds the server and the Python environment first, and fetches Neo4j where it is wanted.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
import textwrap
import urllib.error
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "aws"))
from emulated import Stand, binary, check, free_port, get, post  # noqa: E402

PORTS = {4000: "GraphQL", 8100: "AIOps", 8200: "CMDB"}
SHOWN_LINES = 22
CYPHER = {
    "Which machine has which disks": (
        "MATCH (c:Resource:COMPUTE)-[:ATTACHED_TO]->(v:Resource:STORAGE) WHERE c.region = $region "
        "RETURN c.name, v.name, v.size_gb ORDER BY v.size_gb DESC, c.id, v.id LIMIT 3", {"region": "us-east-1"}),
    "What runs in each network": (
        "MATCH (r:Resource)-[:BELONGS_TO_VPC]->(n:NETWORK) RETURN n.name, r.resource_type, count(*) AS resources "
        "ORDER BY resources DESC, n.name, r.resource_type LIMIT 4", {}),
    "What stands two steps from a load balancer": (
        "MATCH (b:LOAD_BALANCER)-[:ROUTES_TO*1..2]->(target) RETURN b.name, target.id ORDER BY b.name, target.id LIMIT 3", {}),
}


def say(title: str) -> None:
    print(f"\n\033[1m== {title}\033[0m" if sys.stdout.isatty() else f"\n== {title}", flush=True)


def curl(what: str, url: str, *, data: str | None = None) -> None:
    """Show a question as a curl line, ask it, and show the beginning of its answer."""
    words = [url] if data is None else [url, "--json", data]
    print(f"\n# {what}\n$ curl -s {shlex.join(words)}", flush=True)
    answer = subprocess.run(["curl", "-sS", "--fail-with-body", *words], text=True, capture_output=True)
    text = answer.stdout
    if text.startswith("{"):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    lines = text.splitlines()
    print(textwrap.indent("\n".join(lines[:SHOWN_LINES]), "  "))
    if len(lines) > SHOWN_LINES:
        print(f"  ... {len(lines) - SHOWN_LINES} more lines")
    if answer.returncode != 0:
        raise SystemExit(f"{answer.stderr.strip()}: {url}")


def examples(api: str) -> None:
    vpc = next(x for x in get(f"{api}/resources?native_type=AWS::EC2::VPC&limit=1000")["resources"] if x["name"] == "production-vpc")
    balancer = get(f"{api}/resources?native_type=AWS::ElasticLoadBalancingV2::LoadBalancer&limit=1")["resources"][0]
    curl("The first of the machines that run in one region", f"{api}/resources?resource_type=COMPUTE&status=RUNNING&region={vpc['region']}&limit=1")
    curl(f"What the load balancer {balancer['name']} is tied to", f"{api}/resources/{urllib.parse.quote(balancer['id'], safe='')}/relationships")
    curl(f"Who would feel it if the network {vpc['name']} failed", f"{api}/impact/{vpc['id']}?depth=2")


def cypher(api: str) -> None:
    """Questions in Cypher, which are the same for each store that answers it."""
    try:
        post(f"{api}/graph/query", {"query": "RETURN 1 AS one"})
    except urllib.error.HTTPError as refused:
        if refused.code != 501:
            raise
        print(json.loads(refused.read())["detail"])
        return
    for what, (query, parameters) in CYPHER.items():
        curl(what, f"{api}/graph/query", data=json.dumps({"query": query, "parameters": parameters}))


def ports() -> list[int]:
    chosen = []
    for wanted, name in PORTS.items():
        port = free_port(wanted)
        if port != wanted:
            print(f"port {wanted} ({name}) is taken by another program, so port {port} stands in for it")
        chosen.append(port)
    return chosen


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--once", action="store_true", help="end after the comparison")
    parser.add_argument("--scale", type=int, default=847, help="resources in the account")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", choices=["embedded", "neo4j"], default="embedded", help="what keeps the graph")
    parser.add_argument("--region", action="append", help="default: us-east-1 and us-west-2")
    args = parser.parse_args()
    regions = args.region or ["us-east-1", "us-west-2"]
    program = str(binary())

    with Stand() as stand:
        say(f"An emulated AWS account with {args.scale} resources in {' and '.join(regions)}")
        emulator = stand.emulator()
        truth = stand.account(emulator, args.scale, args.seed, regions)
        scopes = json.loads(truth.read_text(encoding="utf-8"))["meta"]["by_scope"]
        print(f"{sum(scopes.values())} resources, {scopes['core'] + scopes['detail']} of them of the types that are discovered; "
              "lists come in pages of 100, as from AWS")
        stand.proxy(emulator, [{"name": "real pages", "then": {"paginate": 100}}])

        if args.store == "neo4j":
            say("Neo4j, empty")
            print(f"{stand.neo4j()['uri']}, Community edition")
        say(f"The server, on an empty data directory{' and Neo4j' if args.store == 'neo4j' else ''}")
        _, url = stand.server(ports(), stand.folder / "data")
        print(f"{url}, logs in {stand.folder / 'server.log'}")

        say("The discovery")
        command = ["discover", "aws", "--server", url, *(word for region in regions for word in ("--region", region))]
        print(f"$ dharmagraph {shlex.join(command)}", flush=True)
        discovery = subprocess.run([program, *command], env=stand.environment(), stdin=subprocess.DEVNULL)
        if discovery.returncode != 0:
            print((stand.folder / "server.log").read_text(encoding="utf-8", errors="replace")[-4000:], file=sys.stderr)
            return discovery.returncode

        say("What was found")
        print("$ dharmagraph stats", flush=True)
        subprocess.run([program, "stats", "--server", url], env=stand.environment(), check=True)

        say("Questions")
        examples(f"{url}/api/v3/cmdb")

        say("Questions in Cypher")
        cypher(f"{url}/api/v3/cmdb")

        say("Compared with what the account holds: every resource, relationship and field")
        checked = check(truth, url)
        print(checked.stdout.strip().splitlines()[-1] if checked.returncode == 0 else checked.stdout + checked.stderr, flush=True)
        if args.once:
            return checked.returncode

        say("Serving until Ctrl-C")
        print(f"try the API:  {url}/docs/\nlist:         {url}/api/v3/cmdb/resources\nmetrics:      {url}/metrics", flush=True)
        try:
            return stand.processes[-1][1].wait()
        except KeyboardInterrupt:
            print("\nending")
            return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
