# Everything that a developer or CI runs. `make help` lists it.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help

.PHONY: help
help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "stash-typed needs Python 3.10 or newer: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[all]" --group dev
	@touch $@

.PHONY: install
install: $(READY)  ## make the environment in .venv

.PHONY: demo
demo: $(READY)  ## the main job from end to end, against the sandbox or your server (STASH_URL)
	@$(BIN)/stash-typed demo

.PHONY: test
test: $(READY) lint types drift  ## everything that CI checks
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

.PHONY: lint
lint: $(READY)  ## ruff: style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: types
types: $(READY)  ## mypy and pyright, strict, generated code and tests included
	$(BIN)/mypy stash_typed generated tests tools examples
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/pyright
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/pyright --verifytypes stash_typed --ignoreexternal

.PHONY: generate
generate: $(READY)  ## write generated/ from schema.graphql and queries/, and stash_typed/sync/ from the async client
	$(BIN)/python -m stash_typed.codegen
	$(BIN)/python -m tools.write_sync

.PHONY: drift
drift: $(READY)  ## fail when what is generated is not what its sources give
	$(BIN)/python -m stash_typed.codegen --check
	$(BIN)/python -m tools.write_sync --check

.PHONY: live
live: $(READY)  ## the tests that talk to the server in STASH_URL
	$(BIN)/python -m pytest -m live

.PHONY: build
build: $(READY)  ## sdist and wheel into dist/
	$(BIN)/python -m build

.PHONY: clean
clean:  ## remove the environment and what tools left
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
