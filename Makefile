# Everything a person or a robot runs here. `make` alone explains itself.
.DEFAULT_GOAL := help
.PHONY: help setup setup-run need-python run demo test check bench soak mutations pictures clean

# The first Python that is new enough; a name alone proves nothing (version managers leave shims behind).
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PY     := .venv/bin/python
# Three workers keep two cores busy: most tests wait for clocks, sockets and browsers. A file of tests stays with one
# worker, because its programs share folders; the longest files begin first.
PYTEST := $(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder
DATA   ?= var
ARGS   ?=
SEED   ?=
SEEDS  ?= $(if $(SEED),1,2000)
KILLS  ?= 0
CONSOLES ?= 0

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  DATA=DIR keeps the data of 'run' and 'demo' elsewhere than in ./var; ARGS='…' is handed to the program."

need-python:
	@test -n "$(PYTHON)" || { echo "Antrean needs Python 3.11 or newer, and none was found."; exit 1; }

setup: need-python ## install everything the programs and their tests need (repeatable)
	@$(PYTHON) scripts/setup.py test

setup-run: need-python
	@$(PYTHON) scripts/setup.py run

run: setup-run ## start server, booking site, kiosk, hall board and a virtual printer with a sample mall
	@exec $(PY) -m scripts.run --data $(DATA) $(ARGS)

demo: setup-run ## the same, with simulated visitors and officers on a busy morning
	@exec $(PY) -m scripts.demo --data $(DATA) $(ARGS)

test: setup ## run every test
	$(PYTEST) $(ARGS)

check: setup ## format, lint, types, walls, then every test
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy antrean kiosk queue_server display printers loudspeaker scripts bench tests
	.venv/bin/lint-imports
	$(PYTEST) $(ARGS)

bench: setup ## measure speed as ratios against the floor; prints, never judges
	$(PY) -m bench $(ARGS)

# Each part runs even when the one before it found a broken promise; any of them fails the whole.
soak: setup ## endurance: SEEDS=2000 simulated malls, KILLS=0 real kills -9, a morning of CONSOLES=0; SEED=n replays one
	@failed=0; \
	if [ "$(SEEDS)" != 0 ]; then \
		$(PY) -m tests.simulation --seeds $(SEEDS) $(if $(SEED),--seed $(SEED)) --workers 2 || failed=1; fi; \
	if [ "$(KILLS)" != 0 ]; then \
		$(PY) -m tests.faults.kill_loop --kills $(KILLS) $(if $(SEED),--seed $(SEED)) || failed=1; fi; \
	if [ "$(CONSOLES)" != 0 ]; then \
		$(PY) -m tests.server.hundred_consoles --consoles $(CONSOLES) $(if $(SEED),--seed $(SEED)) || failed=1; fi; \
	exit $$failed

mutations: setup ## break each promise in the source and expect the tests to notice
	$(PY) -m scripts.mutations $(ARGS)

pictures: setup ## draw the pictures of the README anew
	$(PY) -m scripts.pictures $(ARGS)

clean: ## remove what tools made (keeps .venv and the data)
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache htmlcov .coverage .coverage.*
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
