# Two commands do everything on a machine with Python 3.11 and make: `make demo` and `make test`.
PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test pytest lint types docs measured bench clean

demo: $(VENV)/.installed
	store=$$($(BIN)/quiver-sim sweep demo) && $(BIN)/quiver-sim publish "$$store"

test: lint types pytest

pytest: $(VENV)/.tested
	$(BIN)/python -m pytest -n auto --dist loadfile $(TESTS)

lint: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.tested
	$(BIN)/mypy

docs: $(VENV)/.installed
	$(BIN)/python -m docs.generate declared

measured: $(VENV)/.installed
	$(BIN)/python -m docs.generate measured

bench: $(VENV)/.installed
	$(BIN)/quiver-sim bench

$(VENV)/.installed: setup.cfg pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.tested: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	touch $@

clean:
	rm -rf $(VENV) results build dist *.egg-info
