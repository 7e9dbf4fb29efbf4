# The front door. `make` alone lists the targets.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup bulletin lab test lint format lock bench clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed; say which: make PYTHON=/path/to/python3 $(MAKECMDGOALS)"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q src
	@touch $@

setup: $(STAMP) ## make the environment (.venv) from the lock file

bulletin: setup ## the main job: the import trends bulletin on the embedded sample, HTML and PDF
	@$(BIN)/aim run import_trends --sample

lab: setup ## open the notebooks in JupyterLab
	@$(BIN)/aim sample --if-empty
	$(BIN)/jupyter lab --notebook-dir=notebooks

test: setup ## run all tests (those that need Chromium or the real files skip without them)
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n auto -rs

lint: setup ## style and layers only
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/lint-imports

format: setup ## format the code
	$(BIN)/ruff check --fix-only src tests benchmarks
	$(BIN)/ruff format src tests benchmarks

lock: ## resolve requirements.lock anew for all Pythons from 3.11 (needs uv)
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --python-version 3.11 --group dev --upgrade pyproject.toml -o requirements.lock

bench: setup ## measure what the README says about speed
	$(BIN)/python benchmarks/one_report.py
	$(BIN)/python benchmarks/duty.py

clean: ## remove the environment and everything built; the store stays
	rm -rf $(VENV) reports/build .pytest_cache .ruff_cache .hypothesis
