# Two commands for everybody: `make demo` and `make test`. The environment is made once and again only when pyproject.toml changes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test faults lint real bench clean

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

demo: $(VENV)/.ready
	$(BIN)/kg build --out demo/kg
	@echo; echo "== Who approved isatuximab, and which sentence says so?"
	$(BIN)/kg ask approvals agent=isatuximab --evidence --kg demo/kg
	@echo; echo "== Which labels ask for fewer prior lines of therapy than their trial did?"
	$(BIN)/kg ask label-wider-than-trial --kg demo/kg
	@echo; echo "== What did ICARIA-MM show on progression-free survival?"
	$(BIN)/kg ask results study=ICARIA-MM endpoint=PFS --kg demo/kg
	$(BIN)/kg view isatuximab -o demo/isatuximab.html --kg demo/kg
	@echo; echo "Graph: demo/kg    Explorer page: demo/isatuximab.html (open it in a browser)"

test: $(VENV)/.ready
	$(BIN)/pytest -n 2

faults: $(VENV)/.ready
	KG_SCHEDULES=500 $(BIN)/pytest -n 2 tests/fetching

lint: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

real: $(VENV)/.ready
	$(BIN)/python benchmarks/real.py

bench: $(VENV)/.ready
	$(BIN)/python benchmarks/reading.py --part all
	$(BIN)/python benchmarks/limits.py

clean:
	rm -rf demo dist build .mypy_cache .ruff_cache .pytest_cache
