# Everything one does with a checkout. `make help` lists it.

PYTHON ?= $(firstword $(foreach p,python3.12 python3.11 python3,$(shell $(p) -c 'print("$(p)")' 2>/dev/null)) python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO_REPLICATES ?= 512
DEMO_OUT ?= demo-report
TESTS ?=
APP ?=
BENCH ?=
PICTURES ?= pictures

.DEFAULT_GOAL := help
.PHONY: help venv compile demo app test lint docs ablate bench pictures clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

venv: $(READY) ## Set up .venv with the locked packages (PYTHON=python3.12 chooses the interpreter)

# Runs again only when the lock or the project file changes.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; choose one with PYTHON=/path/to/python3.12"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

compile: $(READY) ## Compile the model ahead (once after a change of it; about a minute)
	@$(BIN)/python -m ssr_sim.compiling

demo: $(READY) ## Liberia: what if the mission had left after three years? Writes demo-report/
	$(BIN)/ssr-sim compare liberia-2003 liberia-2003 --years 10 --replicates $(DEMO_REPLICATES) \
		--label-a "as deployed" --label-b "withdrawn after three years" \
		--set-b mission.drawdown_start=3 --set-b mission.drawdown_months=12 --out $(DEMO_OUT)

app: $(READY) compile ## Open the app in a browser (APP="--port 8800 --no-browser")
	$(BIN)/ssr-sim app $(APP)

test: $(READY) lint compile ## Check style, types and import directions, then run the tests (TESTS="tests/rules -k trust")
	$(BIN)/python -m pytest -n 2 -q $(TESTS)

lint: $(READY) ## Check style, types and import directions only
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(READY) ## Write the generated pages again: parameters, indicators, schema
	$(BIN)/python -m ssr_sim.documentation --write

ablate: $(READY) ## Switch every mechanism off in turn: its own test must fail. Writes docs/ablation.md (20 minutes)
	$(BIN)/python tests/ablate.py

bench: $(READY) compile ## Measure every speed we want; writes experiments/benchmarks/results.md (10 minutes; BENCH="mesa c")
	$(BIN)/python -m experiments.benchmarks $(BENCH)

pictures: $(READY) compile ## Take pictures of every page of the app, to be looked at (PICTURES=folder; needs Chromium)
	$(BIN)/python -m tests.viz.pictures $(PICTURES)

clean: ## Remove .venv and whatever tools left behind
	rm -rf $(VENV) build dist demo-report pictures .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find ssr_sim tests experiments viz -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
