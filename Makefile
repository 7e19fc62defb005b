# Every target works on a fresh clone. What is made lies in the user's cache folder and outlives the clone.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

CACHE := $(HOME)/.cache
export CARGO_TARGET_DIR ?= $(CACHE)/dharmagraph-target
DHARMAGRAPH_BIN ?= $(CARGO_TARGET_DIR)/release/dharmagraph
DHARMAGRAPH_VENV ?= $(CACHE)/dharmagraph-venv
DHARMAGRAPH_PEERS ?= $(CACHE)/dharmagraph-peers
DHARMAGRAPH_TOOLS ?= $(CACHE)/dharmagraph-tools
DHARMAGRAPH_NEO4J ?= $(CACHE)/dharmagraph-neo4j
DHARMAGRAPH_FUZZ ?= $(CACHE)/dharmagraph-fuzz
DHARMAGRAPH_TEST_PYTHON ?= $(DHARMAGRAPH_VENV)/bin/python

# Not for `run`: the server refuses variables with its prefix that it does not know.
demo test lint docs bench check-10000 python tools neo4j: export DHARMAGRAPH_BIN := $(DHARMAGRAPH_BIN)
demo test lint docs bench check-10000 python tools neo4j: export DHARMAGRAPH_VENV := $(DHARMAGRAPH_VENV)
demo test lint docs bench check-10000 python tools neo4j: export DHARMAGRAPH_TOOLS := $(DHARMAGRAPH_TOOLS)
demo test lint docs bench check-10000 python tools neo4j: export DHARMAGRAPH_NEO4J := $(DHARMAGRAPH_NEO4J)
demo test lint docs bench check-10000 python tools neo4j: export DHARMAGRAPH_TEST_PYTHON := $(DHARMAGRAPH_TEST_PYTHON)

.PHONY: help build run demo test lint docs evaluate peers bench check-10000 fuzz packages python tools neo4j

help: ## What there is to make.
	@sed -nE 's/^([a-z0-9-]+):[^#]*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

build: packages ## The release build, target/release/dharmagraph in the cache folder.
	cargo build --release --workspace

run: build ## Serve with your own AWS credentials; ARGS="--listen 127.0.0.1:8200 .." for options.
	exec $(DHARMAGRAPH_BIN) serve $(ARGS)

demo: build python $(if $(filter neo4j,$(STORE)),neo4j) ## An emulated AWS account, discovered and served until Ctrl-C; ONCE=1 ends after the check, STORE=neo4j keeps it there.
	@exec $(DHARMAGRAPH_TEST_PYTHON) tests/demo/demo.py $(if $(ONCE),--once) $(if $(STORE),--store $(STORE))

test: packages python tools neo4j ## Everything that must pass: lint, docs, tests against real servers, examples, demo.
	@exec python3 tests/run

lint: packages python tools ## Format, clippy, dependencies' licences and sources, packages, Python files.
	@exec python3 tests/run lint

docs: packages ## The documentation of the crates; a warning is an error.
	@exec python3 tests/run docs

evaluate: build ## The models on the data sets of DATA=dir (../shared/data) beside the floors that they must not fall below.
	@exec $(DHARMAGRAPH_BIN) evaluate --data $(or $(DATA),../shared/data)

peers: export DHARMAGRAPH_VENV := $(DHARMAGRAPH_PEERS)
peers: packages ## The failure and threat models beside LightGBM, XGBoost and scikit-learn on the same folds of DATA=dir (../shared/data).
	@tests/environment/python tests/peers/requirements.txt
	@exec $(DHARMAGRAPH_PEERS)/bin/python tests/peers/compare.py $(or $(DATA),../shared/data)

bench: build python neo4j ## CPU time and memory against the figures to meet; FULL=1 also a graph of a million resources.
	@tests/environment/packages wrk
	@exec $(DHARMAGRAPH_TEST_PYTHON) tests/bench/bench.py $(if $(FULL),--full)

check-10000: build python ## The demo's discovery and comparison on an account of 10,000 resources.
	@exec $(DHARMAGRAPH_TEST_PYTHON) tests/demo/demo.py --once --scale 10000 --seed 3

fuzz: export DHARMAGRAPH_TOOLS := $(DHARMAGRAPH_TOOLS)
fuzz: export DHARMAGRAPH_FUZZ := $(DHARMAGRAPH_FUZZ)
fuzz: packages ## Fuzz what reads strangers' input, a minute each; SECONDS_EACH=600 for longer.
	@exec tests/fuzz/run $(or $(SECONDS_EACH),60)

packages:
	@tests/environment/packages

python: packages
	@tests/environment/python

tools: packages
	@tests/environment/tools

neo4j: packages
	@tests/environment/neo4j
