#!/usr/bin/env python3
"""moto server under waitress: keep-alive connections, one process, a fixed thread pool.

    moto_serve.py --port 5000 --threads 8      (needs moto[server], waitress)

Faster than `moto_server`: no new connection and thread for each request, and
EC2 tags are looked up by resource id (moto 5.2 matches every tag of the region
against a regular expression for each item that it describes; --slow-tags keeps
that).  One process only: the account lives in its memory.
"""
import argparse
import os
import sys
import threading

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--host", default="127.0.0.1")
parser.add_argument("--port", type=int, default=5000)
parser.add_argument("--threads", type=int, default=8)
parser.add_argument("--with-parent", action="store_true", help="end when standard input closes")
parser.add_argument("--slow-tags", action="store_true", help="leave moto's tag lookup as it is")
args = parser.parse_args()
os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")  # else 1,300 AMI snapshots per region are "owned by self"
os.environ.setdefault("MOTO_PORT", str(args.port))

import waitress  # noqa: E402
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app  # noqa: E402
from moto.ec2.models.core import TaggedEC2Resource  # noqa: E402
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, get_prefix  # noqa: E402


def get_tags(self: TaggedEC2Resource) -> list[dict[str, str]]:
    """The same answer as moto's describe_tags(filters={"resource-id": [self.id]})."""
    if not self.id:
        return []
    kind = EC2_PREFIX_TO_RESOURCE.get(get_prefix(self.id), "")
    found = self.ec2_backend.tags.get(self.id, {}).copy()
    return [{"resource_id": self.id, "key": k, "value": v, "resource_type": kind} for k, v in found.items()]


if not args.slow_tags:
    TaggedEC2Resource.get_tags = get_tags

def end_with_parent() -> None:
    """Nobody is left to end this process once its standard input is closed."""
    sys.stdin.buffer.read()
    os._exit(0)


if args.with_parent:
    threading.Thread(target=end_with_parent, daemon=True).start()

waitress.serve(DomainDispatcherApplication(create_backend_app), host=args.host, port=args.port, threads=args.threads,
               channel_timeout=600, ident=None, max_request_body_size=1 << 30, _quiet=True)
