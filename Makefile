# Candour's tasks. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONUNBUFFERED := 1

.PHONY: help demo demo-reset test test-slow check bench format lock clean

help: ## list the tasks
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

demo: $(VENV)/.ready ## build everything, start PostgreSQL, web and worker, and fill a living demo world
	@exec $(BIN)/candour demo

demo-reset: $(VENV)/.ready ## the same from an empty data folder
	@exec $(BIN)/candour demo --reset

test: $(VENV)/.ready-dev ## the tests; browser journeys are skipped and counted where there is no Chromium
	@sh .ci/chromium
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not slow"

test-slow: $(VENV)/.ready-dev ## the tests that take long: the demo as a whole, the longest journeys, the other half of the rest
	@sh .ci/chromium
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m slow

check: $(VENV)/.ready-dev ## ruff, mypy --strict, import contracts, template lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet

bench: $(VENV)/.ready-dev ## benchmarks, each beside its floor measured in the same run
	@$(BIN)/python -m bench

format: $(VENV)/.ready-dev ## put the code into the house's shape
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

lock: ## pin every dependency by hash (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra build pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra build --extra dev pyproject.toml -o requirements-dev.lock

clean: ## remove the environment and the demo's data
	rm -rf $(VENV) var

$(VENV)/bin/python:
	@sh .ci/environment $(PYTHON) $(VENV)

$(VENV)/.ready: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "candour: installing pinned dependencies (about a minute the first time)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	@echo "candour: installing pinned dependencies and test tools"
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(VENV)/.ready $@
