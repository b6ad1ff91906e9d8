PYTHON ?= python3
BIN := .venv/bin
# PyAirbyte brings libraries that the CDK loads where it finds them, so it has an environment of its own.
SYNC_BIN := .venv-sync/bin
# fakesnow needs another DuckDB than PyAirbyte.
MODELS_BIN := .venv-models/bin
TESTS := unit_tests integration_tests --ignore integration_tests/warehouses --ignore integration_tests/models \
	--numprocesses 4 --dist worksteal
# Says so before anything is made, and in one line: an older Python cannot even read the script.
NEEDED = import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed, and $(PYTHON) is " \
	+ sys.version.split()[0] + ". Name another: make $@ PYTHON=python3.12")
ENVIRONMENT = @$(PYTHON) -c '$(NEEDED)' && $(PYTHON) tools/environment.py

.DEFAULT_GOAL := help

.PHONY: help
help: ## Say what the targets do
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.PHONY: sync
sync: ## The whole job: check, discover and two syncs into a DuckDB file
	$(ENVIRONMENT) .venv-sync sync
	@$(SYNC_BIN)/python -m demo

.PHONY: test
test: ## Style, types, imports and the tests, but for image and warehouses
	$(ENVIRONMENT) .venv tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports --no-cache --no-logo
	$(BIN)/python -m pytest $(TESTS)

.PHONY: next
next: ## The tests with the newest pre-release of the CDK
	$(ENVIRONMENT) .venv-next tests
	.venv-next/bin/python -m pip install --quiet --disable-pip-version-check --upgrade --pre airbyte-cdk
	.venv-next/bin/python -m pytest $(TESTS)

.PHONY: warehouses
warehouses: ## Syncs into DuckDB and PostgreSQL, and the SQL of models/ in seven warehouses
	$(ENVIRONMENT) .venv-sync tests,warehouses
	$(SYNC_BIN)/mypy demo/*.py integration_tests/warehouses/*.py
	$(SYNC_BIN)/python -m pytest integration_tests/warehouses --numprocesses 2
	$(ENVIRONMENT) .venv-models tests,models
	$(MODELS_BIN)/mypy integration_tests/models/*.py
	$(MODELS_BIN)/python -m pytest integration_tests/models --numprocesses 2

.PHONY: container
container: ## Build the image with Docker, and run its commands against the sandbox
	$(ENVIRONMENT) .venv tests
	$(BIN)/python -m pytest integration_tests/image -m image_tests

.PHONY: bench
bench: ## Speed, memory and calls, against a bare loop and a low-code manifest
	$(ENVIRONMENT) .venv tests
	$(BIN)/python -m benchmark

.PHONY: lock
lock: ## Refresh requirements.lock, which the image installs
	$(ENVIRONMENT) .venv tests
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.13'
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.10 --no-emit-index-url \
		--no-emit-find-links --custom-compile-command "make lock" --excludes requirements-excluded.txt setup.py \
		--output-file requirements.lock

.PHONY: clean
clean: ## Remove what the targets made
	rm -rf .venv .venv-sync .venv-models .venv-next .sync .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
