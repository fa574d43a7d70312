# The one interface to the project. Needs make, git and Python 3.11 or newer with pip;
# each target sets up what it needs in $(VENV). `make` alone lists the targets.

VENV ?= .venv

# The Python that $(VENV) is made with: python3.11 if it runs, else the first that is new enough.
ifndef PYTHON
PYTHON := $(shell for python in python3.11 python3 python3.12 python3.13; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo $$python; exit; }; done; echo python3)
endif

# More arguments for pytest: make test ARGS='-k vin -x'
ARGS ?=

# How many processes run tests; a document and a module stay together, as their examples build on
# one another. With JOBS=0 all run in one, as a debugger wants it.
JOBS ?= auto
PARALLEL := -n $(JOBS) --dist loadfile --benchmark-disable

RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip --disable-pip-version-check -q
STAMP := $(VENV)/.stamp
SETTINGS := pyproject.toml src/evcredit/_version.py

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-engines engines lint format types docs wheel coverage bench bench-large campaign check clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: $(STAMP)-demo ## Explain the bundled example claim
	@$(RUN) -m evcredit

test: $(STAMP)-test ## Run the tests, and the examples in README.md, docs and docstrings
	@$(RUN) -m pytest $(PARALLEL) $(ARGS)

# In an environment of its own, of 1.2 gigabytes, so that `make test` stays without them.
test-engines: ## Run the tests of tables on every engine, Spark among them (needs Java 17)
	@$(MAKE) --no-print-directory VENV=$(VENV)-engines engines

# Two at a time: those on Spark, which has a cluster to start, and the others.
engines: $(STAMP)-engines
	@export EVCREDIT_ENGINES=all; \
	$(RUN) -m pytest tests/tables -k spark $(ARGS) >$(VENV)/spark.log 2>&1 & spark=$$!; \
	$(RUN) -m pytest tests/tables -k "not spark" $(ARGS); others=$$?; \
	wait $$spark; code=$$?; cat $(VENV)/spark.log; exit $$((others + code))

# Random claims are no part of it: what only they reach is not tested on purpose. Tables of single
# cases are, with pandas and Dask, whose ways in and out are their own.
RANDOM := tests/property $(shell grep -l hypothesis tests/tables/*.py)

coverage: $(STAMP)-coverage ## Require that tests of single cases cover every line and branch
	@$(RUN) -m pytest $(PARALLEL) --cov --cov-report=term-missing:skip-covered \
		$(addprefix --ignore ,$(RANDOM)) $(ARGS)

campaign: $(STAMP)-test ## Run the property tests with 20,000 examples each (long)
	@$(RUN) -m pytest $(PARALLEL) tests --hypothesis-profile=campaign $(ARGS)

# A million rows on each engine.
campaign-tables: $(STAMP)-test ## Compare a million rows of tables with objects (long)
	@EVCREDIT_TABLE_BATCHES=200 $(RUN) -m pytest tests/tables/test_equivalence.py \
		-k million -s $(ARGS)

bench: $(STAMP)-bench ## Run the benchmarks
	@$(RUN) -m pytest benchmarks --benchmark-only -q -s $(ARGS)
	@$(RUN) benchmarks/bench_tables.py

# Needs 8 gigabytes of memory and 6 of disk.
bench-large: $(STAMP)-bench ## Run the benchmarks of tables in their full sizes (long)
	@EVCREDIT_BENCH=large $(RUN) benchmarks/bench_tables.py $(ARGS)

lint: $(STAMP)-lint ## Check style, format and layers
	@failed=0; \
	echo "==> ruff check"; $(RUN) -m ruff check . || failed=1; \
	echo "==> ruff format --check"; $(RUN) -m ruff format --check . || failed=1; \
	echo "==> import-linter"; $(VENV)/bin/lint-imports --no-logo || failed=1; \
	exit $$failed

format: $(STAMP)-lint ## Rewrite the files as `make lint` wants them, where ruff can
	@$(RUN) -m ruff check --fix-only .
	@$(RUN) -m ruff format .

types: $(STAMP)-lint ## Check the types of src
	@echo "==> mypy --strict"
	@$(RUN) -m mypy

docs: $(STAMP)-docs ## Build the documentation into site/; a warning is an error
	@NO_MKDOCS_2_WARNING=1 $(RUN) -m mkdocs build --strict >$(VENV)/docs.log 2>&1 \
		|| { cat $(VENV)/docs.log; exit 1; }
	@echo "==> built site/index.html"

wheel: $(STAMP)-test ## Build sdist and wheel, and run the wheel in an empty environment
	@rm -rf dist/evcredit-* $(VENV)/wheel
	@echo "==> building dist/"
	@$(RUN) -m build --outdir dist . >$(VENV)/build.log 2>&1 || { cat $(VENV)/build.log; exit 1; }
	@$(RUN) -m venv $(VENV)/wheel
	@$(VENV)/wheel/bin/python -m pip --disable-pip-version-check -q install dist/evcredit-*.whl
	@echo "==> python -m evcredit, from the wheel, without extras"
	@wheel="$$(cd $(VENV)/wheel && pwd)" && cd / && "$$wheel/bin/python" -I -m evcredit

check: test lint types coverage docs wheel ## All of the checks

clean: ## Remove what the targets made, the environment too
	rm -rf $(VENV) $(VENV)-engines build dist site htmlcov .coverage .coverage.* .benchmarks .hypothesis \
		.import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests docs benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# --- Set-up: one stamp for the environment, one for each set of extras --------

$(STAMP)-venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "evcredit needs Python 3.11 or newer, and '$(PYTHON)' is: $$($(PYTHON) --version 2>&1 | head -n 1)"; \
		echo "Name another one: make PYTHON=/path/to/python3.12 ..."; exit 1; } >&2
	@echo "==> making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(STAMP)-demo: extras :=
$(STAMP)-test: extras := [test]
$(STAMP)-coverage: extras := [test,coverage]
$(STAMP)-engines: extras := [test,engines]
$(STAMP)-bench: extras := [bench]
$(STAMP)-lint: extras := [json,tables,lint]
$(STAMP)-docs: extras := [json,tables,docs]

$(STAMP)-demo $(STAMP)-test $(STAMP)-coverage $(STAMP)-engines $(STAMP)-bench $(STAMP)-lint $(STAMP)-docs: $(STAMP)-venv $(SETTINGS)
	@echo "==> pip install -e '.$(extras)'"
	@$(PIP) install -e '.$(extras)'
	@touch $@
