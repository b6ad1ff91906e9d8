PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# PyAirbyte declares Python below 3.13, and works on 3.13.
PYAIRBYTE = $(shell $(BIN)/python -c 'import sys; print("--ignore-requires-python" * (sys.version_info >= (3, 13)))')

.DEFAULT_GOAL := help

.PHONY: help
help: ## Say what the targets do
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(BIN)/python:
	@echo "Setting up $(VENV); this takes a minute or two the first time."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/tests: setup.py $(BIN)/python
	@$(PIP) --editable ".[tests]"
	@touch $@

$(VENV)/sync: setup.py $(BIN)/python
	@$(PIP) $(PYAIRBYTE) --editable ".[sync]"
	@touch $@

$(VENV)/warehouses: setup.py $(BIN)/python
	@$(PIP) $(PYAIRBYTE) --editable ".[warehouses]"
	@touch $@

.PHONY: sync
sync: $(VENV)/sync ## The whole job: check, discover and two syncs into a DuckDB file
	@$(BIN)/python -m demo

.PHONY: test
test: $(VENV)/tests ## Style, types and the tests, but for image and warehouses
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/python -m pytest unit_tests integration_tests --ignore integration_tests/warehouses --numprocesses 6

.PHONY: warehouses
warehouses: $(VENV)/tests $(VENV)/warehouses ## Two syncs into DuckDB and PostgreSQL, compared with the truth
	$(BIN)/mypy -p demo -p integration_tests.warehouses
	$(BIN)/python -m pytest integration_tests/warehouses

.PHONY: container
container: $(VENV)/tests ## Build the image and read the sandbox with it
	$(BIN)/python -m integration_tests.container

.PHONY: bench
bench: $(VENV)/tests ## Speed, memory and calls, against a bare loop and a low-code manifest
	$(BIN)/python -m benchmark

.PHONY: lock
lock: $(BIN)/python ## Refresh requirements.lock, which the image installs
	@$(PIP) 'uv>=0.13'
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.10 --no-emit-index-url \
		--no-emit-find-links --custom-compile-command "make lock" --excludes requirements-excluded.txt setup.py \
		--output-file requirements.lock

.PHONY: clean
clean: ## Remove what the targets made
	rm -rf $(VENV) .sync .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
