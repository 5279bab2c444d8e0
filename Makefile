# What one does with this project. `make help` lists it.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALLED := $(VENV)/.installed
DEV_INSTALLED := $(VENV)/.installed-dev
LOCKS := requirements.lock requirements-build.lock pyproject.toml
# One more than the cores of a small machine: browsers and servers are waited for now and then. A fourth gained nothing.
PROCESSES ?= 3

# Many processes start here, and each would compile all of Comptoir anew where Python is told to keep nothing.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev up test test-peers lint types format bench train messages tables shots browser

help: ## list what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: $(INSTALLED) ## make .venv and install what Comptoir needs, at the pinned versions
	@$(BIN)/comptoir messages --compile-if-older

up: setup ## start everything, and print the address and a sign-in link (Ctrl-C ends it)
	@exec $(BIN)/comptoir up

test: setup-dev browser ## run the suite: all that needs no outside server and no minutes at a stretch
	@$(BIN)/python -m pytest -m "not peers" -n $(PROCESSES) --dist loadfile --no-loadscope-reorder $(ARGS)

test-peers: setup-dev browser ## install real servers and test against them, kill, besiege, look at every screen
	@$(BIN)/python -m pytest -m peers $(ARGS)

lint: $(DEV_INSTALLED) ## check style, layers of imports and templates
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/djlint comptoir --lint --quiet

types: $(DEV_INSTALLED) ## check types
	@$(BIN)/mypy --strict comptoir

format: $(DEV_INSTALLED) ## lay the code out
	@$(BIN)/ruff format .

bench: setup-dev ## measure, in ratios
	@$(BIN)/python -m benchmarks $(ARGS)

train: setup ## learn again what reads messages: embedding/tuned.npz and heads (COMPTOIR_DATASETS; an hour)
	@$(PIP) install --quiet --require-hashes -r requirements-train.lock
	@$(BIN)/python -m training.heads

messages: setup ## merge and compile the translations; fails when a text has no French
	@$(BIN)/comptoir messages

tables: setup ## draw the tables of a new database anew, after a change of migrations
	@$(BIN)/python -m comptoir.config.tables

shots: setup-dev browser ## take the screenshots, into var/shots
	@COMPTOIR_SHOTS="$${COMPTOIR_SHOTS:-var/shots}" $(BIN)/python -m pytest tests/shots $(ARGS)

setup-dev: setup $(DEV_INSTALLED)

browser:
	@scripts/install-browser
	@scripts/install-axe

$(INSTALLED): $(LOCKS)
	@scripts/make-venv "$(PYTHON)" $(VENV)
	@echo "Installing what Comptoir needs (a minute or two, the first time)…"
	@$(PIP) install --quiet --require-hashes -r requirements-build.lock
	@$(PIP) install --quiet --require-hashes -r requirements.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV_INSTALLED): $(INSTALLED) requirements-dev.lock
	@echo "Installing what its tests need…"
	@$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch $@
