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

# Tests are rewritten before they are compiled, and some start programs: where nothing may be kept
# of that, each process does it all again, which was a sixth of the time of `make test`.
unexport PYTHONDONTWRITEBYTECODE

RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip --disable-pip-version-check -q
STAMP := $(VENV)/.stamp
SETTINGS := pyproject.toml src/evcredit/_version.py

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-long test-engines engines lint format types docs docs-successor browse diagrams wheel stranger release coverage bench bench-large growth campaign campaign-tables campaign-doors check clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: $(STAMP)-demo ## Explain the bundled example claim
	@$(RUN) -m evcredit

# What a developer waits for: 50 random examples of each property, and no test that is marked long.
# With CI=true, as in the gate, it is 200.
test: $(STAMP)-test ## Run the tests, and the examples in README.md, docs and docstrings
	@$(RUN) -m pytest $(PARALLEL) -m "not long" $(ARGS)

test-long: $(STAMP)-test ## Run the tests that take long: many cases of what others try in a few
	@$(RUN) -m pytest $(PARALLEL) -m long tests $(ARGS)

# In an environment of its own, of 1.2 gigabytes, so that `make test` stays without them.
test-engines: ## Run the tests of tables on every engine, Spark among them (needs Java 17)
	@$(MAKE) --no-print-directory VENV=$(VENV)-engines engines

# Two at a time: those on Spark, which has a cluster to start, and the others.
engines: $(STAMP)-engines
	@export EVCREDIT_ENGINES=all; \
	$(RUN) -m pytest tests/tables -k spark $(ARGS) >$(VENV)/spark.log 2>&1 & spark=$$!; \
	$(RUN) -m pytest tests/tables -k "not spark" $(ARGS); others=$$?; \
	wait $$spark; code=$$?; cat $(VENV)/spark.log; exit $$((others + code))

# Random claims are no part of it: what only they reach is not tested on purpose.
coverage: $(STAMP)-test ## Require that tests of single cases cover every line and branch
	@$(RUN) -m pytest $(PARALLEL) --cov --cov-report=term-missing:skip-covered \
		-m "not hypothesis" $(ARGS)

campaign: $(STAMP)-test ## Run the property tests with 20,000 examples each (long)
	@$(RUN) -m pytest $(PARALLEL) tests --hypothesis-profile=campaign $(ARGS)

# A million rows on each engine.
campaign-tables: $(STAMP)-test ## Compare a million rows of tables with objects (long)
	@EVCREDIT_TABLE_BATCHES=200 $(RUN) -m pytest tests/tables/test_equivalence.py \
		-k million -s $(ARGS)

# Ten thousand claims as objects, JSON, rows and assumptions.
campaign-doors: $(STAMP)-test ## Compare what every way of stating a claim gives (long)
	@EVCREDIT_DOOR_CLAIMS=10000 $(RUN) -m pytest tests/property/test_every_door.py \
		-k many -s $(ARGS)

bench: $(STAMP)-bench ## Run the benchmarks
	@$(RUN) -m pytest benchmarks --benchmark-only -q -s $(ARGS)
	@$(RUN) benchmarks/baseline.py
	@$(RUN) benchmarks/bench_tables.py
	@$(RUN) benchmarks/growth.py
	@$(RUN) benchmarks/exponents.py

growth: $(STAMP)-bench ## Measure how time and memory grow with size; fail above bounds
	@$(RUN) benchmarks/growth.py $(ARGS)
	@$(RUN) benchmarks/exponents.py $(ARGS)

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

types: $(STAMP)-lint ## Check the types of src, and of a program that uses it
	@echo "==> mypy --strict"
	@$(RUN) -m mypy
	@echo "==> pyright: every public name has a type"
	@PYTHONPATH=$(CURDIR)/src $(VENV)/bin/basedpyright --verifytypes evcredit --ignoreexternal >$(VENV)/types.log \
		|| { cat $(VENV)/types.log; exit 1; }
	@$(RUN) tests/typing/check.py

docs: $(STAMP)-docs ## Build the documentation into site/; a warning is an error
	@NO_MKDOCS_2_WARNING=1 $(RUN) -m mkdocs build --strict >$(VENV)/docs.log 2>&1 \
		|| { cat $(VENV)/docs.log; exit 1; }
	@$(RUN) tools/links.py site
	@echo "==> built site/index.html"

# The successor of the theme has no strict mode: what it complains of is looked for.
docs-successor: docs $(STAMP)-successor ## Build the same pages with Zensical, into build/successor
	@$(RUN) tools/successor.py build/successor
	@cd build/successor && PYTHONPATH=src $(abspath $(RUN)) -m zensical build >zensical.log 2>&1; \
		grep -q "No issues found" zensical.log || { cat zensical.log; exit 1; }
	@for page in $$(cd site && find . -name '*.html'); do test -f "build/successor/site/$$page" \
		|| { echo "not built by the successor: $$page"; exit 1; }; done
	@echo "==> built build/successor/site/index.html"

browse: docs $(STAMP)-browser ## Read the documentation in Chromium, from disk and from a server
	@$(RUN) tools/browse.py site $(ARGS)

# The pictures are kept with the sources, so that neither the build nor a reader needs Mermaid.
diagrams: $(STAMP)-browser ## Draw the diagrams of the documentation (needs npm and Chromium)
	@mkdir -p $(VENV)/mermaid
	@cd $(VENV)/mermaid && npm install --no-save --no-package-lock --ignore-scripts --silent mermaid@12.3.0
	@$(RUN) tools/draw_diagrams.py $(VENV)/mermaid/node_modules/mermaid/dist/mermaid.min.js

wheel: $(STAMP)-test ## Build sdist and wheel, the wheel twice: the bytes must be the same
	@rm -rf dist/evcredit-* $(VENV)/again
	@echo "==> building dist/"
	@$(RUN) -m build --outdir dist . >$(VENV)/build.log 2>&1 || { cat $(VENV)/build.log; exit 1; }
	@$(RUN) -m build --wheel --outdir $(VENV)/again . >$(VENV)/build.log 2>&1 || { cat $(VENV)/build.log; exit 1; }
	@cmp dist/evcredit-*.whl $(VENV)/again/evcredit-*.whl && echo "==> built twice, the same bytes"

stranger: wheel ## Try the wheel as a stranger would, from an empty environment
	@$(RUN) tools/try_wheel.py dist/evcredit-*.whl

# All but the upload, which .github/workflows/release.yml does when the tag is pushed.
release: check stranger ## Check everything, build dist/, and say what to tag
	@$(RUN) tools/release.py

check: export CI := true
check: test test-long lint types coverage docs wheel ## All of the checks

clean: ## Remove what the targets made, the environment too
	rm -rf $(VENV) $(VENV)-engines build dist site htmlcov .coverage .coverage.* .benchmarks .hypothesis \
		.import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests docs benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# --- Set-up: one stamp for the environment, one for each set of packages ------

$(STAMP)-venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "evcredit needs Python 3.11 or newer, and '$(PYTHON)' is: $$($(PYTHON) --version 2>&1 | head -n 1)"; \
		echo "Name another one: make PYTHON=/path/to/python3.12 ..."; exit 1; } >&2
	@echo "==> making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --upgrade 'pip>=25.1' # the first that knows dependency groups
	@touch $@

$(STAMP)-demo: needs := -e .
$(STAMP)-test: needs := -e '.[tables,xlsx]' --group test
$(STAMP)-engines: needs := -e '.[tables,xlsx]' --group test --group engines
$(STAMP)-bench: needs := -e '.[tables,xlsx]' --group bench
$(STAMP)-lint: needs := -e '.[tables,testing,xlsx]' --group lint
$(STAMP)-docs: needs := -e '.[tables,xlsx]' --group docs
$(STAMP)-browser: needs := -e '.[tables]' --group browser
$(STAMP)-successor: needs := -e '.[tables]' --group successor

$(STAMP)-demo $(STAMP)-test $(STAMP)-engines $(STAMP)-bench $(STAMP)-lint $(STAMP)-docs $(STAMP)-browser $(STAMP)-successor: $(STAMP)-venv $(SETTINGS)
	@echo "==> pip install $(needs)"
	@$(PIP) install $(needs)
	@touch $@
