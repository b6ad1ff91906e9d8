PYTHON ?= python3
BIN := .venv/bin
# PyAirbyte brings libraries that the CDK loads where it finds them, so it has an environment of its own.
SYNC_BIN := .venv-sync/bin
PIP := -m pip install --quiet --disable-pip-version-check
# PyAirbyte declares Python below 3.13, and works on 3.13.
PYAIRBYTE = $(shell $(SYNC_BIN)/python -c 'import sys; print("--ignore-requires-python" * (sys.version_info >= (3, 13)))')

.DEFAULT_GOAL := help

.PHONY: help
help: ## Say what the targets do
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

%/bin/python:
	@echo "Setting up $*; this takes a minute or two the first time."
	@$(PYTHON) -m venv $*

.venv/tests: setup.py $(BIN)/python
	@$(BIN)/python $(PIP) --editable ".[tests]"
	@touch $@

.venv-sync/sync: setup.py $(SYNC_BIN)/python
	@$(SYNC_BIN)/python $(PIP) $(PYAIRBYTE) --editable ".[sync]"
	@touch $@

.venv-sync/warehouses: setup.py $(SYNC_BIN)/python
	@$(SYNC_BIN)/python $(PIP) $(PYAIRBYTE) --editable ".[tests,warehouses]"
	@touch $@

.PHONY: sync
sync: .venv-sync/sync ## The whole job: check, discover and two syncs into a DuckDB file
	@$(SYNC_BIN)/python -m demo

.PHONY: test
test: .venv/tests ## Style, types, imports and the tests, but for image and warehouses
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports --no-cache --no-logo
	$(BIN)/python -m pytest unit_tests integration_tests --ignore integration_tests/warehouses --numprocesses 6

.PHONY: warehouses
warehouses: .venv-sync/warehouses ## Two syncs into DuckDB and PostgreSQL, compared with the truth
	$(SYNC_BIN)/mypy -p demo -p integration_tests.warehouses
	$(SYNC_BIN)/python -m pytest integration_tests/warehouses

.PHONY: container
container: .venv/tests ## Build the image with Docker, and run its commands against the sandbox
	$(BIN)/python -m pytest integration_tests/image -m image_tests

.PHONY: bench
bench: .venv/tests ## Speed, memory and calls, against a bare loop and a low-code manifest
	$(BIN)/python -m benchmark

.PHONY: lock
lock: $(BIN)/python ## Refresh requirements.lock, which the image installs
	@$(BIN)/python $(PIP) 'uv>=0.13'
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.10 --no-emit-index-url \
		--no-emit-find-links --custom-compile-command "make lock" --excludes requirements-excluded.txt setup.py \
		--output-file requirements.lock

.PHONY: clean
clean: ## Remove what the targets made
	rm -rf .venv .venv-sync .sync .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
