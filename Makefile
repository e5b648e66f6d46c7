# Needs make, a POSIX shell, Python 3.11 or newer, and a package registry that pip can reach.
# Another interpreter: make test PYTHON=/path/to/python

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint format messages bench peers lock clean FORCE

PYTHON ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq

# The locks hold for every system and for Python 3.11 and later, whichever Python resolves them. A release enters them
# when it is a week old: by then mirrors have it, and a bad one has been withdrawn.
UV := uv==0.13.9
COMPILE := $(BIN)/uv pip compile pyproject.toml -q --universal --python-version 3.11 --upgrade --exclude-newer '7 days' \
  --generate-hashes --no-emit-index-url --custom-compile-command 'make lock'

ZH := calc/present/locale/zh/LC_MESSAGES/subsidy.po

# Text is UTF-8 whatever the locale is; nothing from outside .venv is imported.
export PYTHONUTF8 := 1
unexport PYTHONHOME PYTHONPATH

# A .venv holds absolute paths: one that was moved, or whose interpreter is gone, is made anew.
ifneq ($(shell cat .venv/where 2>/dev/null),$(shell pwd -P))
STALE := FORCE
else ifneq ($(shell $(BIN)/python -c 'print("ok")' 2>/dev/null),ok)
STALE := FORCE
endif

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'

demo: .venv/run ## estimate one example
	@$(BIN)/subsidy estimate examples/manufacturer.toml

test: lint ## lint, then run the tests
	$(BIN)/python -m pytest -q -n auto --dist worksteal

lint: .venv/dev ## check style, types and the direction of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: .venv/dev ## put the code in the house style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

messages: .venv/dev ## gather the words of the program, and compile their translations
	@mkdir -p build
	$(BIN)/pybabel -q extract --no-location --sort-output --omit-header -k say -k words -o build/subsidy.pot calc
	$(BIN)/pybabel -q update -N --ignore-obsolete --ignore-pot-creation-date -w 120 -l zh -i build/subsidy.pot -o $(ZH)
	$(BIN)/pybabel -q compile -l zh -i $(ZH) -o $(ZH:.po=.mo)

bench: .venv/run ## run the benchmarks
	$(BIN)/python -m bench

peers: .venv/dev ## measure this program beside others, and write bench/peers/results.md
	$(BIN)/python -m bench.peers

lock: .venv/made ## resolve the requirements anew
	@$(PIP) install '$(UV)'
	$(COMPILE) --group build -o requirements/run.txt
	$(COMPILE) --all-extras --group build --group dev -c requirements/run.txt -o requirements/dev.txt

clean: ## remove what the other targets made
	rm -rf .venv build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find calc tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The first interpreter that is new enough and has venv; one for which the locked packages have wheels comes first.
.venv/made: $(STALE)
	@for below in 15 99; do \
	  for python in $(if $(PYTHON),'$(PYTHON)',python3 python3.13 python3.12 python3.11 python3.14 python); do \
	    if "$$python" -c "import sys, venv, ensurepip; v = sys.version_info; \
	        sys.exit(not (3, 11) <= v[:2] < (3, $$below))" >/dev/null 2>&1; then \
	      echo "Making .venv with $$("$$python" --version)"; \
	      rm -rf .venv && "$$python" -m venv .venv && pwd -P >.venv/where && touch $@; \
	      exit; \
	    fi; \
	  done; \
	done; \
	echo "No usable Python found: this needs Python 3.11 or newer with venv and pip" >&2; \
	echo "(on Debian and Ubuntu the package python3-venv). Name one: make PYTHON=/path/to/python" >&2; \
	exit 1

.venv/run: .venv/made requirements/run.txt pyproject.toml
	@echo "Installing what the calculator needs"
	@$(PIP) install --require-hashes -r requirements/run.txt
	@$(PIP) install --no-build-isolation --no-deps -e .
	@$(BIN)/python -m compileall -q calc # as pip does for all else: the first start is as quick as the next
	@touch $@

.venv/dev: .venv/run requirements/dev.txt
	@echo "Installing what the tests need"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@
