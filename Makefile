.DEFAULT_GOAL := help
PY := .venv/bin/python
SRC := paper2code graphs tests

.PHONY: help setup test lint types layers check bench torture reading faults drawings constraints snapshots clean

help: ## Show this help
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-10s %s\n", $$1, $$2}'

setup: .venv/.ready ## Make .venv with the exact versions of constraints.txt

.venv/.ready: pyproject.toml constraints.txt
	python3 -m venv .venv
	.venv/bin/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

test: setup ## Run the tests
	.venv/bin/pytest

lint: setup ## Look for faults of style
	.venv/bin/ruff check $(SRC)
	.venv/bin/ruff format --check $(SRC)

types: setup ## Check the types
	.venv/bin/mypy

layers: setup ## Check that imports point down only
	.venv/bin/lint-imports

check: lint types layers test ## All of the above

bench: setup ## Measure schedule, tokens, dollars, memory and our own time
	$(PY) -m tests.benchmarks.schedule
	$(PY) -m tests.benchmarks.dollars

torture: setup ## Kill runs at 200 random moments and look for traces
	$(PY) -m tests.torture

reading: setup ## Measure how well papers are read
	$(PY) -m tests.benchmarks.reading

faults: setup ## Try every fault of models, endpoints and the machine at every stage
	$(PY) -m tests.faults

drawings: setup ## Draw the graphs anew
	$(PY) -m graphs.draw

constraints: ## Pin the newest versions that pyproject.toml allows
	uv pip compile --quiet --universal --python-version 3.11 --extra dev --no-header --no-annotate \
	  --no-emit-index-url --upgrade --output-file constraints.txt pyproject.toml

snapshots: setup ## Accept the prompts and drawings as they are now
	$(PY) -m pytest --snapshot-update

clean: ## Remove what was built
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
