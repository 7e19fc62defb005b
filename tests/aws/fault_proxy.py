#!/usr/bin/env python3
"""Reverse proxy that injects faults between an AWS client and an emulator.

    fault_proxy.py --listen 127.0.0.1:5001 --upstream http://127.0.0.1:5000 --rules rules.json

Rule file: {"seed": 1, "rules": [{"name", "match", "when", "then"}, ...]}
  match  service, region, action, method, path: shell patterns; a missing key
         matches everything.  The service is the SigV4 signing name (ec2, rds,
         elasticloadbalancing, ecs, ...); the action is the API operation, or
         "GET /path" for REST services (S3, Lambda, EKS, Route 53).
  when   all that are given must hold, counted per rule over matching requests:
         {"every": 3} each third, {"first": 5} only the first five, {"after": 10}
         none of the first ten, {"times": 4} at most four hits, {"probability": 0.2}
  then   one or more of
         {"delay": 1.5} or {"delay": [0.1, 2.0]}      seconds, before forwarding
         {"error": {"status": 503, "code": "RequestLimitExceeded", "message": "..."}}
         {"throttle": {"rate": 20, "burst": 40, "code": "...", "status": 503}}
                        token bucket per (service, region, action), errors when empty
         {"drop": "reset" | "after" | "hang"}         TCP reset before or after the
                        request reached the emulator; never answer
         {"truncate": 0.5}                            that share of the body, with the
                        full Content-Length, then close
         {"cut": 0.5}                                 that share of the body, with a
                        matching Content-Length (complete HTTP, broken XML or JSON)
         {"replace": {"status": 200, "body": "...", "content_type": "text/html"}}
         {"paginate": 100}                            pages of at most that many items
                        for EC2 Describe*, RDS Describe* and ECS List* (moto returns
                        all of them at once); tokens expire never, data is a snapshot
         {"cache": true}                              answer repeated equal requests (Get,
                        List, Describe, BatchGet only) from memory: the emulator needs
                        5 to 8 ms of CPU time per item, this proxy microseconds
Rules are tried in order; "delay", "paginate" and "cache" go on to the next
rule, the others end the search.  --cache-file keeps the cache: it is read at
the start and written by POST /__faults/save, so a filled account can be served
again without the emulator (--upstream none); the key is the exact request, so
record with the same client and the same page size.  Control: GET /__faults/stats,
POST /__faults/rules (a new rule file), /__faults/reset (zero the counters),
/__faults/save, /__faults/forget (empty the cache).  Needs aiohttp.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import fnmatch
import gzip
import hashlib
import json
import os
import random
import re
import socket
import struct
import sys
import threading
import time
import urllib.parse
import xml.etree.ElementTree as ET
from collections import Counter, OrderedDict
from typing import Any
from xml.sax.saxutils import escape

from aiohttp import ClientSession, ClientTimeout, TCPConnector, web

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "proxy-authorization"}
DEFAULT_STATUS = {"RequestLimitExceeded": 503, "ThrottlingException": 400, "Throttling": 400, "AccessDenied": 403,
                  "UnauthorizedOperation": 403, "AccessDeniedException": 400, "InternalError": 500,
                  "ServiceUnavailable": 503, "InternalFailure": 500, "ExpiredToken": 400, "AuthFailure": 401}


class Call:
    """What one request asks for."""

    def __init__(self, request: web.Request, body: bytes) -> None:
        self.method, self.path, self.body = request.method, request.path, body
        self.service = self.region = ""
        credential = request.headers.get("Authorization", "").partition("Credential=")[2].split(",")[0].split("/")
        if len(credential) >= 5:
            self.region, self.service = credential[2], credential[3]
        self.form: dict[str, str] = {}
        target = request.headers.get("X-Amz-Target")
        if request.headers.get("smithy-protocol") == "rpc-v2-cbor":
            self.protocol, self.action = "cbor", request.path.rsplit("/", 1)[-1]
        elif target:
            self.protocol, self.action = "json", target.rsplit(".", 1)[-1]
            self.target_version = request.headers.get("Content-Type", "application/x-amz-json-1.1")
        elif request.content_type == "application/x-www-form-urlencoded" and b"Action=" in body:
            self.form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
            self.protocol, self.action = ("ec2" if self.service == "ec2" else "query"), self.form["Action"]
        else:
            self.protocol = {"s3": "s3", "route53": "query"}.get(self.service, "rest-json")
            self.action = f"{request.method} {request.path}"

    def matches(self, pattern: dict[str, str]) -> bool:
        return all(fnmatch.fnmatchcase(str(getattr(self, key)), value) for key, value in pattern.items())


def cbor_text_map(items: dict[str, str]) -> bytes:
    def text(value: str) -> bytes:
        raw = value.encode()
        return (bytes([0x60 + len(raw)]) if len(raw) < 24 else b"\x79" + struct.pack(">H", len(raw))) + raw
    return bytes([0xA0 + len(items)]) + b"".join(text(k) + text(v) for k, v in items.items())


def aws_error(call: Call, code: str, message: str, status: int | None = None) -> web.Response:
    """An error as the service's own protocol words it."""
    status = status or DEFAULT_STATUS.get(code, 400)
    request_id = "00000000-0000-0000-0000-00000000fa17"
    code_x, message_x = escape(code), escape(message)
    headers = {"x-amzn-RequestId": request_id}
    if call.protocol == "cbor":
        return web.Response(status=status, body=cbor_text_map({"__type": code, "message": message}), headers={
            **headers, "smithy-protocol": "rpc-v2-cbor"}, content_type="application/cbor")
    if call.protocol in ("json", "rest-json"):
        body = json.dumps({"__type": code, "message": message})
        kind = "application/x-amz-json-1.1" if call.protocol == "json" else "application/json"
        return web.Response(status=status, body=body.encode(), headers={**headers, "x-amzn-ErrorType": code,
                                                                        "Content-Type": kind})
    if call.protocol == "ec2":
        body = (f"<Response><Errors><Error><Code>{code_x}</Code><Message>{message_x}</Message></Error></Errors>"
                f"<RequestID>{request_id}</RequestID></Response>")
    elif call.protocol == "s3":
        body = f"<Error><Code>{code_x}</Code><Message>{message_x}</Message><RequestId>{request_id}</RequestId></Error>"
    else:
        body = (f"<ErrorResponse><Error><Type>Sender</Type><Code>{code_x}</Code><Message>{message_x}</Message></Error>"
                f"<RequestId>{request_id}</RequestId></ErrorResponse>")
    return web.Response(status=status, body=f'<?xml version="1.0" encoding="UTF-8"?>{body}'.encode(),
                        headers={**headers, "Content-Type": "text/xml"})


class Rule:
    def __init__(self, data: dict[str, Any], seed: str) -> None:
        unknown = set(data) - {"name", "match", "when", "then"}
        unknown |= set(data.get("match", {})) - {"service", "region", "action", "method", "path"}
        unknown |= set(data.get("when", {})) - {"every", "first", "after", "times", "probability"}
        unknown |= set(data["then"]) - {"delay", "error", "throttle", "drop", "truncate", "cut", "replace", "paginate",
                                      "cache"}
        if unknown:
            raise ValueError(f"rule {data.get('name')}: unknown keys {sorted(unknown)}")
        self.name, self.match, self.when = data.get("name", ""), data.get("match", {}), data.get("when", {})
        self.then = data["then"]
        self.rng = random.Random(seed)
        self.seen = self.hits = 0
        self.buckets: dict[tuple[str, str, str], tuple[float, float]] = {}

    def fires(self, call: Call) -> bool:
        if not call.matches(self.match):
            return False
        self.seen += 1
        when = self.when
        ok = (self.seen % when.get("every", 1) == 0 and self.seen <= when.get("first", self.seen)
              and self.seen > when.get("after", 0) and self.hits < when.get("times", self.hits + 1)
              and ("probability" not in when or self.rng.random() < when["probability"]))
        if ok and "throttle" in self.then:
            ok = self._bucket_empty(call)
        self.hits += ok
        return ok

    def _bucket_empty(self, call: Call) -> bool:
        limit, key, now = self.then["throttle"], (call.service, call.region, call.action), time.monotonic()
        tokens, last = self.buckets.get(key, (float(limit["burst"]), now))
        tokens = min(float(limit["burst"]), tokens + (now - last) * limit["rate"])
        empty = tokens < 1
        self.buckets[key] = (tokens if empty else tokens - 1, now)
        return empty


class Pager:
    """Cuts complete answers into pages; remembers the rest under a token."""

    def __init__(self) -> None:
        self.rest: OrderedDict[str, tuple[Any, list[Any], int]] = OrderedDict()
        self.serial = 0

    @staticmethod
    def applies(call: Call) -> bool:
        return ((call.protocol == "ec2" and call.action.startswith("Describe"))
                or (call.service == "rds" and call.action.startswith("Describe"))
                or (call.service == "ecs" and call.action.startswith("List") and call.action != "ListTagsForResource"))

    def request(self, call: Call) -> tuple[str | None, int | None, bytes]:
        """(token, wanted size, body to send upstream to get everything)."""
        if call.protocol == "json":
            data = json.loads(call.body or b"{}")
            token, size = data.pop("nextToken", None), data.pop("maxResults", None)
            return token, size, json.dumps(data).encode()
        form = dict(call.form)
        names = ("NextToken", "MaxResults") if call.protocol == "ec2" else ("Marker", "MaxRecords")
        token, size = form.pop(names[0], None), form.pop(names[1], None)
        if call.action == "DescribeInstances" or call.service == "rds":  # the two that moto pages itself
            form[names[1]] = "10000000"
        return token, int(size) if size else None, urllib.parse.urlencode(form).encode()

    def _remember(self, shell: Any, items: list[Any], offset: int) -> str:
        self.serial += 1
        token = base64.urlsafe_b64encode(f"page/{self.serial}/{offset}".encode()).decode()
        self.rest[token] = (shell, items, offset)
        while len(self.rest) > 256:
            self.rest.popitem(last=False)
        return token

    def first(self, call: Call, body: bytes, size: int) -> bytes:
        if call.protocol == "json":
            data = json.loads(body)
            key = next((k for k, v in data.items() if isinstance(v, list)), None)
            return body if key is None else self.page(call, (data, key), data[key], 0, size)
        root = ET.fromstring(body)
        namespace = root.tag.partition("}")[0] + "}" if root.tag.startswith("{") else ""
        holder = root
        if call.protocol == "query":
            holder = next((e for e in root if e.tag.endswith("Result")), root)
        listing = next((e for e in holder if len(e) > 0 and (call.protocol == "query" or e.tag.endswith("Set")
                                                              or e[0].tag.endswith("item"))), None)
        if listing is None:
            return body
        items = list(listing)
        return self.page(call, (root, holder, listing, namespace), items, 0, size)

    def page(self, call: Call, shell: Any, items: list[Any], offset: int, size: int) -> bytes:
        part, end = items[offset:offset + size], offset + size
        token = self._remember(shell, items, end) if end < len(items) else None
        if call.protocol == "json":
            data, key = shell
            return json.dumps({**data, key: part, **({"nextToken": token} if token else {})}).encode()
        root, holder, listing, namespace = shell
        name = f"{namespace}{'nextToken' if call.protocol == 'ec2' else 'Marker'}"
        for child in list(listing):
            listing.remove(child)
        listing.extend(part)
        for old in holder.findall(name):
            holder.remove(old)
        if token:
            ET.SubElement(holder, name).text = token
        if namespace:
            ET.register_namespace("", namespace[1:-1])
        return ET.tostring(root, encoding="utf-8", xml_declaration=True)


class Proxy:
    def __init__(self, upstream: str, rules: dict[str, Any], cache_file: str | None = None) -> None:
        self.upstream = upstream.rstrip("/")
        self.cache_file = cache_file
        self.cache: dict[str, tuple[int, list[tuple[str, str]], bytes]] = {}
        if cache_file and os.path.exists(cache_file):
            with gzip.open(cache_file, "rt", encoding="ascii") as file:
                for line in file:
                    key, status, headers, body = json.loads(line)
                    self.cache[key] = (status, [(k, v) for k, v in headers], base64.b64decode(body))
        self.session: ClientSession | None = None
        self.calls = Counter[str]()
        self.pager = Pager()
        self.load(rules)

    def load(self, document: dict[str, Any]) -> None:
        self.document = document
        seed = document.get("seed", 0)
        self.rules = [Rule(r, f"{seed}/{n}") for n, r in enumerate(document.get("rules", []))]

    async def start(self, _: web.Application) -> None:
        self.session = ClientSession(timeout=ClientTimeout(total=None), auto_decompress=False,
                                     connector=TCPConnector(limit=0))

    async def stop(self, _: web.Application) -> None:
        if self.session:
            await self.session.close()

    async def control(self, request: web.Request) -> web.Response:
        what = request.match_info["what"]
        if what == "rules" and request.method == "POST":
            try:
                self.load(await request.json())
            except (KeyError, ValueError) as error:
                return web.json_response({"error": str(error)}, status=400)
        elif what == "reset" and request.method == "POST":
            self.calls.clear()
            self.load(self.document)
        elif what == "forget" and request.method == "POST":
            self.cache.clear()
        elif what == "save" and request.method == "POST" and self.cache_file:
            with gzip.open(self.cache_file, "wt", encoding="ascii", compresslevel=3) as file:
                for key, (status, headers, body) in self.cache.items():
                    file.write(json.dumps([key, status, headers, base64.b64encode(body).decode()]) + "\n")
        elif what != "stats":
            raise web.HTTPNotFound
        return web.json_response({"rules": [{"name": r.name, "seen": r.seen, "hits": r.hits} for r in self.rules],
                                  "cached": len(self.cache), "calls": dict(self.calls.most_common())})

    @staticmethod
    def reset(request: web.Request) -> web.Response:
        """Close the client's connection with a TCP reset."""
        transport = request.transport
        if transport is not None:
            raw = transport.get_extra_info("socket")
            if raw is not None:
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
        return web.Response()

    async def forward(self, request: web.Request, call: Call, body: bytes,
                      cached: bool) -> tuple[int, list[tuple[str, str]], bytes]:
        """The upstream's answer, or the cached one to an equal read request."""
        key = ""
        if cached and re.match(r"(BatchGet|Describe|Get|List|GET |HEAD )", call.action):
            parts = [call.service, call.region, request.method, request.raw_path,
                     request.headers.get("X-Amz-Target", ""), base64.b64encode(body).decode()]
            key = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
            if key in self.cache:
                return self.cache[key]
        if self.upstream == "none":
            error = aws_error(call, "ServiceUnavailable", f"not in the cache: {call.service} {call.action}", 503)
            return 503, [("Content-Type", error.content_type)], error.body  # type: ignore[return-value]
        assert self.session is not None
        headers = [(k, v) for k, v in request.headers.items()
                   if k.lower() not in HOP_BY_HOP and k.lower() != "content-length"]
        async with self.session.request(request.method, f"{self.upstream}{request.raw_path}", headers=headers,
                                        data=body or None, allow_redirects=False) as answer:
            content = await answer.read()
            back = [(k, v) for k, v in answer.headers.items()
                    if k.lower() not in HOP_BY_HOP and k.lower() not in ("content-length", "date", "server")]
            if request.method == "HEAD" and "Content-Length" in answer.headers:
                back.append(("Content-Length", answer.headers["Content-Length"]))
        if key and answer.status < 500:
            self.cache[key] = (answer.status, back, content)
        return answer.status, back, content

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if request.headers.get("Content-Encoding") == "gzip" and body[:2] == b"\x1f\x8b":
            call = Call(request, gzip.decompress(body))
        else:
            call = Call(request, body)
        self.calls[f"{call.service} {call.region} {call.action if call.protocol != 's3' else call.method}"] += 1
        page_cap: int | None = None
        cached = False
        ending: dict[str, Any] = {}
        for rule in self.rules:
            if not rule.fires(call):
                continue
            then = rule.then
            if "delay" in then:
                delay = then["delay"]
                await asyncio.sleep(rule.rng.uniform(*delay) if isinstance(delay, list) else delay)
            if "paginate" in then and self.pager.applies(call):
                page_cap = then["paginate"]
            cached = cached or bool(then.get("cache"))
            ending = {k: v for k, v in then.items() if k not in ("delay", "paginate", "cache")}
            if ending:
                break
        if "error" in ending or "throttle" in ending:
            error = ending.get("error") or ending["throttle"]
            code = error.get("code", "RequestLimitExceeded" if call.service == "ec2" else "ThrottlingException")
            return aws_error(call, code, error.get("message", f"injected {code}"), error.get("status"))
        if "replace" in ending:
            new = ending["replace"]
            return web.Response(status=new.get("status", 200), body=new.get("body", "").encode(),
                                headers={"Content-Type": new.get("content_type", "text/html")})
        if ending.get("drop") == "hang":
            await asyncio.sleep(3600)
        if ending.get("drop") in ("reset", "hang"):
            return self.reset(request)
        status, headers, content = await self._answer(request, call, body, page_cap, cached)
        if ending.get("drop") == "after":
            return self.reset(request)
        if "cut" in ending:
            content = content[:int(len(content) * ending["cut"])]
        if "truncate" in ending:
            response = web.StreamResponse(status=status, headers=headers)
            response.content_length = len(content)
            response.force_close()
            await response.prepare(request)
            await response.write(content[:int(len(content) * ending["truncate"])])
            if request.transport is not None:
                request.transport.close()
            return response
        return web.Response(status=status, headers=headers, body=content)

    async def _answer(self, request: web.Request, call: Call, body: bytes,
                      page_cap: int | None, cached: bool) -> tuple[int, list[tuple[str, str]], bytes]:
        if page_cap is None:
            return await self.forward(request, call, body, cached)
        token, wanted, full = self.pager.request(call)
        size = min(wanted or page_cap, page_cap)
        kind = [("Content-Type", "application/x-amz-json-1.1" if call.protocol == "json" else "text/xml")]
        if token is not None:
            if token not in self.pager.rest:
                error = aws_error(call, "InvalidNextToken" if call.protocol == "ec2" else "InvalidParameterException",
                                  "unknown token")
                return 400, kind, error.body  # type: ignore[return-value]
            shell, items, offset = self.pager.rest[token]
            return 200, kind, self.pager.page(call, shell, items, offset, size)
        status, headers, content = await self.forward(request, call, full, cached)
        if status == 200:
            content = self.pager.first(call, content, size)
        return status, headers, content


def end_with_parent() -> None:
    """Nobody is left to end this process once its standard input is closed."""
    sys.stdin.buffer.read()
    os._exit(0)


def main() -> None:
    parser = argparse.ArgumentParser(description="Fault-injecting reverse proxy for AWS emulators.")
    parser.add_argument("--listen", default="127.0.0.1:5001")
    parser.add_argument("--upstream", default="http://127.0.0.1:5000")
    parser.add_argument("--rules", help="JSON rule file; without it everything passes through")
    parser.add_argument("--cache-file", help="file for the answers that a \"cache\" rule keeps")
    parser.add_argument("--with-parent", action="store_true", help="end when standard input closes")
    args = parser.parse_args()
    if args.with_parent:
        threading.Thread(target=end_with_parent, daemon=True).start()
    rules: dict[str, Any] = {}
    if args.rules:
        with open(args.rules, encoding="utf-8") as file:
            rules = json.load(file)
    proxy = Proxy(args.upstream, rules, args.cache_file)
    app = web.Application(client_max_size=1 << 30, handler_args={"auto_decompress": False})
    app.on_startup.append(proxy.start)
    app.on_cleanup.append(proxy.stop)
    app.router.add_route("*", "/__faults/{what}", proxy.control)
    app.router.add_route("*", "/{path:.*}", proxy.handle)
    host, _, port = args.listen.rpartition(":")
    web.run_app(app, host=host, port=int(port), print=None, access_log=None)


if __name__ == "__main__":
    main()
