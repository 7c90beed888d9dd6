# Two commands matter: `make run` and `make test`. `make help` lists the rest.
# Variables: PORT, DATABASE_URL, DEMO, and every other name in docs/deployment.md.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
SHELL := /bin/bash
# An installed program starts empty; a checkout starts with the demo.
export DEMO ?= 1
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

ASSETS := $(shell find scheduler/assets -type f 2>/dev/null) $(wildcard scripts/build-front-end.mjs)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard scheduler/translations/*/LC_MESSAGES/messages.po))
BUNDLE := scheduler/static/dist/.stamp

.PHONY: help
help:  ## list the commands
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

.PHONY: run
run: setup  ## start everything; PORT=5000, DATABASE_URL=…, DEMO=0 for an empty start
	@exec $(BIN)/python -m scheduler.serve

.PHONY: setup
setup: $(VENV)/.run assets translations  ## install what running needs, bundle, compile translations

.PHONY: assets
assets: $(BUNDLE)  ## bundle the front end into scheduler/static/dist

.PHONY: translations
translations: $(CATALOGUES)  ## compile the translation catalogues

.PHONY: test
test: $(VENV)/.dev assets translations  ## everything, on SQLite and PostgreSQL; PYTEST=… adds options
	@$(BIN)/python -m pytest -n 2 --dist worksteal --database shared $(PYTEST)

.PHONY: test-both
test-both: $(VENV)/.dev assets translations  ## the same with every page on both databases: before a release
	@$(BIN)/python -m pytest -n 2 --dist worksteal --database both $(PYTEST)

.PHONY: coverage
coverage: $(VENV)/.dev assets translations  ## the tests with branch coverage, on SQLite
	@$(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report=term --cov-report=html $(PYTEST)

# Two at a time, the longest first.
LINTS := lint-types lint-templates lint-ruff lint-format lint-imports lint-spelling lint-translations
.PHONY: lint $(LINTS)
lint: $(VENV)/.dev  ## style, types, templates, import contracts, spelling, translations
	@$(MAKE) --no-print-directory --keep-going --jobs=2 --output-sync $(LINTS)

lint-ruff:
	$(BIN)/ruff check .
lint-format:
	$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --check .; exit 1; }
lint-types:
	$(BIN)/mypy
lint-templates:
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/djlint templates --check --quiet
lint-imports:
	$(BIN)/lint-imports --no-logo 2>&1
lint-spelling:
	$(BIN)/codespell
lint-translations:
	$(BIN)/python scripts/check_translations.py

.PHONY: format
format: $(VENV)/.dev  ## rewrite code and templates in the house style
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet . ; $(BIN)/djlint templates --reformat --quiet ; true

.PHONY: extract
extract: $(VENV)/.dev  ## bring new texts into the translation catalogues
	@$(BIN)/python scripts/check_translations.py --update

.PHONY: bench
bench: $(VENV)/.dev assets translations  ## measure the published figures, one table
	@$(BIN)/python scripts/bench.py $(ONLY)

.PHONY: wheel
wheel: $(VENV)/.dev assets translations  ## build the wheel into dist/
	@$(BIN)/python -m build --no-isolation --outdir dist >/dev/null && ls dist

.PHONY: lock
lock:  ## write constraints.txt anew from a clean environment with the newest releases
	@$(PYTHON) scripts/lock.py

.PHONY: clean
clean:  ## remove what setup made; keeps instance/ with its data
	@rm -rf $(VENV) node_modules scheduler/static/dist dist build
	@find scheduler/translations -name '*.mo' -delete 2>/dev/null; true

# ------------------------------------------------------------- what they need

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed, and there is no $(PYTHON) here." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another one: make PYTHON=python3.12 …" >&2; exit 1; }
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv module is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.run: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing the program and what it needs …"
	@$(PIP) --editable . || { echo "Some packages could not be installed (see above); is there a connection to the package index?" >&2; exit 1; }
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing the program and what its tests need …"
	@$(PIP) --editable '.[dev]' || { echo "Some packages could not be installed (see above); is there a connection to the package index?" >&2; exit 1; }
	@touch $(VENV)/.run $@

node_modules/.stamp: package.json package-lock.json | $(BIN)/python
	@echo "Installing the front-end packages …"
	@bash scripts/with-node.sh npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(BUNDLE): node_modules/.stamp $(ASSETS)
	@echo "Bundling the front end …"
	@bash scripts/with-node.sh npm run --silent build
	@touch $@

%.mo: %.po | $(VENV)/.run
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
