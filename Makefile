# One command each; every target builds what it needs. Python 3.11 or later is all that must be there.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin

FRONT := src/lianxin/desk/frontend
FRONT_STAMP := src/lianxin/desk/static/vendor/.stamp

.PHONY: setup setup-dev demo test check fmt lock docs clean

setup: $(VENV)/.run-stamp $(FRONT_STAMP) ## the environment to run the product: .venv/bin/lianxin
setup-dev: $(VENV)/.dev-stamp $(FRONT_STAMP) ## with what tests and checks need

$(VENV)/.uv-stamp: requirements/uv.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Lianxin needs Python 3.11 or later; set PYTHON=…")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/uv.txt
	@touch $@

$(VENV)/.run-stamp: requirements/run.txt pyproject.toml $(VENV)/.uv-stamp
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/run.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

# the workbench's front-end packages, served by the workbench itself; node and npm come with the environment
$(FRONT_STAMP): $(FRONT)/package-lock.json $(FRONT)/collect.py $(VENV)/.run-stamp
	cd $(FRONT) && PATH="$(abspath $(BIN)):$$PATH" $(abspath $(BIN))/npm ci --silent
	$(BIN)/python -m lianxin.desk.frontend.collect
	rm -rf $(FRONT)/node_modules
	@touch $@

$(VENV)/.dev-stamp: requirements/dev.txt $(VENV)/.run-stamp
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

demo: setup ## a demo supplier, imported, analysed and shown
	$(BIN)/lianxin demo

test: setup-dev ## the whole suite
	$(BIN)/python -m pytest -n 2 --dist loadgroup

check: setup-dev ## what CI runs, step for step
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/deptry src
	$(MAKE) test

fmt: setup-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: setup-dev ## writes the generated reference pages
	$(BIN)/python docs/generate.py

lock: $(VENV)/.uv-stamp ## pins by hash, without addresses
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate requirements/uv.in -o requirements/uv.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra desk pyproject.toml requirements/run.in -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -c requirements/run.txt --extra spark --extra desk pyproject.toml requirements/dev.in -o requirements/dev.txt

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
