# Every target works on a fresh clone. What is made lies in the user's cache folder and outlives the clone.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

CACHE := $(HOME)/.cache
export CARGO_TARGET_DIR ?= $(CACHE)/dharmagraph-target
export DHARMAGRAPH_VENV ?= $(CACHE)/dharmagraph-venv
export DHARMAGRAPH_TOOLS ?= $(CACHE)/dharmagraph-tools
export DHARMAGRAPH_TEST_PYTHON ?= $(DHARMAGRAPH_VENV)/bin/python
export DHARMAGRAPH_BIN ?= $(CARGO_TARGET_DIR)/release/dharmagraph

.PHONY: help build run demo test lint docs bench check-10000 packages python tools

help: ## What there is to make.
	@sed -nE 's/^([a-z0-9-]+):[^#]*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

build: packages ## The release build, target/release/dharmagraph in the cache folder.
	cargo build --release --workspace

run: build ## Serve with your own AWS credentials; ARGS="--listen 127.0.0.1:8200 .." for options.
	exec $(DHARMAGRAPH_BIN) serve $(ARGS)

demo: build python ## An emulated AWS account, discovered and served until Ctrl-C; ONCE=1 ends after the check.
	@exec $(DHARMAGRAPH_TEST_PYTHON) tests/demo/demo.py $(if $(ONCE),--once)

test: packages python tools ## Everything that must pass: lint, docs, tests against real servers, examples, demo.
	@exec python3 tests/run

lint: packages python tools ## Format, clippy, dependencies' licences and sources, packages, Python files.
	@exec python3 tests/run lint

docs: packages ## The documentation of the crates; a warning is an error.
	@exec python3 tests/run docs

bench: build python ## CPU time and memory against the figures to meet; FULL=1 also a graph of a million resources.
	@exec $(DHARMAGRAPH_TEST_PYTHON) tests/bench/bench.py $(if $(FULL),--full)

check-10000: build python ## Discover an emulated account of 10,000 resources and compare it with the truth.
	@exec $(DHARMAGRAPH_TEST_PYTHON) tests/bench/check_scale.py --scale 10000

packages:
	@tests/environment/packages

python: packages
	@tests/environment/python

tools: packages
	@tests/environment/tools
