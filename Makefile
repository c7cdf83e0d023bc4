# `make help` explains every target. `make demo` and `make test` do all the set-up they need.

PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test test-intel bench chaos check format schema constraints broker venv clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  PYTHON=python3.12 chooses the interpreter of a new .venv; ARGS='…' is passed on to demo, test, test-intel, bench and chaos."

demo: .venv/.stamp-all ## Set up, run the whole path on a simulated screening, open the dashboard
	$(BIN)/houselights demo $(ARGS)

test: .venv/.stamp-dev ## Set up (system packages too, where it may), run every test, a process a core
	@PYTHON=$(BIN)/python .ci/system-packages test
	$(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadfile $(ARGS)

test-intel: .venv-intel/.stamp ## Set up .venv-intel (PyTorch 2.8 with Intel's extension), run the tests of --engine ipex
	.venv-intel/bin/python -m pytest tests/intel $(ARGS)

bench: .venv/.stamp-dev ## Measure what the project promises (most of an hour; shorter with ARGS='--film-minutes 10')
	@PYTHON=$(BIN)/python .ci/system-packages test
	$(BIN)/python -m tests.bench $(ARGS)

chaos: .venv/.stamp-dev ## Kill, cut, fill and flood what the project promises to survive (an hour; ARGS='--only kill_ingest')
	@PYTHON=$(BIN)/python .ci/system-packages test
	$(BIN)/python -m tests.chaos $(ARGS)

check: .venv/.stamp-dev ## Lint, formatting, types and import walls; changes nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/.stamp-dev ## Format the code and mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

schema: .venv/.stamp-all ## Write contract/schema/ again from contract/messages.py
	$(BIN)/python -m contract.schema

constraints: .venv/.stamp-dev ## Write constraints.txt again from what .venv holds
	{ grep '^#' constraints.txt; $(BIN)/pip freeze --exclude-editable | sed -n 's/^\([A-Za-z0-9._-]*==[0-9a-z.]*\).*/\1/p' \
		| LC_ALL=C sort -f; } > constraints.new
	mv constraints.new constraints.txt

broker: .venv/.stamp-dev ## Run the tests' Kafka broker by hand, on a free port, until Ctrl-C
	@PYTHON=$(BIN)/python .ci/system-packages test
	$(BIN)/python -m tests.support.broker

venv: .venv/.stamp-dev ## Set up .venv with everything, for working on the project

clean: ## Remove caches and what tests left; keeps .venv and .venv-intel
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache tests/artefacts
	find . \( -path ./.venv -o -path ./.venv-intel \) -prune -o -name __pycache__ -type d -print0 | xargs -0 rm -rf

.venv/bin/python:
	@PYTHON=$(PYTHON) .ci/system-packages setup
	$(PYTHON) -m venv .venv

# A stamp is younger than the files that decide what is installed, or the installation runs again.
.venv/.stamp-all: pyproject.toml constraints.txt | .venv/bin/python
	@echo "installing into .venv (the first time takes minutes: PyTorch is large)"
	@$(BIN)/python -m pip install -q -c constraints.txt -e '.[all]'
	@touch $@

.venv/.stamp-dev: pyproject.toml constraints.txt | .venv/bin/python
	@echo "installing into .venv (the first time takes minutes: PyTorch is large)"
	@$(BIN)/python -m pip install -q -c constraints.txt -e '.[all,dev]'
	@touch .venv/.stamp-all $@

.venv-intel/bin/python:
	@PYTHON=$(PYTHON) .ci/system-packages setup
	$(PYTHON) -m venv .venv-intel

.venv-intel/.stamp: pyproject.toml constraints-intel.txt | .venv-intel/bin/python
	@echo "installing into .venv-intel (the first time takes minutes: PyTorch is large)"
	@.venv-intel/bin/python -m pip install -q -c constraints-intel.txt -e '.[intel]' pytest pytest-timeout
	@touch $@
