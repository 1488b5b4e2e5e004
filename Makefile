# Everything lies in this folder: .venv (packages), .data (the demo's database), .cache. `make clean` removes it.
# PYTHON chooses the interpreter of a new .venv:  make demo PYTHON=python3.12

PYTHON ?= python3
SCALE ?= small
RUNS ?= 200
WORLDS ?= 20000
PAIRS ?= 100000
# Of the command line alone: many an environment has a PORT that is meant for something else.
PORT = 8000
ONLY ?=
ARGS ?=

BIN := .venv/bin
# A virtual environment is made anew for a new lock; the project alone is installed again for a new pyproject.toml.
LOCKED := .venv/.locked
INSTALLED := .venv/.installed
PROVIDER := tests/openid_provider/node_modules/.package-lock.json
ASSETS := app/api/vendor/graphiql/graphiql.min.js
GROUPED := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
LOCK_OPTIONS := pyproject.toml --no-config --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate
CHECKS := check-format check-lint check-types check-imports check-lock check-generated check-migrations check-files \
	check-advisories

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install assets pages provider demo test crash attack check $(CHECKS) fix openapi bench serve lock clean

help: ## Show what there is to make
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

demo: install pages ## A register with synthetic data on http://127.0.0.1:8000 (SCALE=small or national, PORT=8001)
	@$(BIN)/risk-register demo --scale $(SCALE) --port $(PORT)

test: install pages provider ## Run the tests (ARGS="tests/domain -k plans" for some)
	@$(BIN)/python -m pytest $(ARGS)

crash: install ## Kill PostgreSQL and the service under concurrent batches, and look what is there (RUNS=200, a run takes some 6 s)
	@$(BIN)/python -m tests.crash --runs $(RUNS) $(ARGS)

attack: install ## Attack sealed releases, and show what they are worth (WORLDS=20000 PAIRS=100000: half an hour; SCALE=small for a look)
	@$(BIN)/python -m tests.attack --worlds $(WORLDS) --pairs $(PAIRS) --scale $(if $(filter command line,$(origin SCALE)),$(SCALE),national) $(ARGS)

check: install ## Everything CI checks besides the tests; changes nothing, tells every failure
	@mkdir -p .cache
	@$(MAKE) --no-print-directory --keep-going --jobs=2 $(GROUPED) $(CHECKS) \
		&& echo "Everything checks." || { echo "Some checks failed: see above. 'make fix' repairs what a machine can."; exit 1; }

fix: install ## Format, and repair what ruff can
	@$(BIN)/ruff check --fix-only --quiet . ; $(BIN)/ruff format .

openapi: install ## Write openapi/openapi.json and openapi/schema.graphql anew
	@$(BIN)/risk-register openapi

bench: install ## Measure against the raw limits, into bench/results.json (ONLY=name for one)
	@$(BIN)/python -m bench $(if $(ONLY),--only $(ONLY))

serve: install pages ## Serve the database named by REGISTER_DATABASE_URL
	@$(BIN)/risk-register serve $(ARGS)

lock: install ## Resolve the dependencies of pyproject.toml anew into the two locks (ARGS=--upgrade for newer ones)
	@$(BIN)/uv pip compile $(LOCK_OPTIONS) $(ARGS) --extra embedded --extra excel --group dev --output-file requirements.lock > /dev/null
	@$(BIN)/uv pip compile $(LOCK_OPTIONS) --constraint requirements.lock --output-file requirements.production.lock > /dev/null

install: $(INSTALLED) ## Install what requirements.lock and pyproject.toml name into .venv
assets: $(ASSETS) ## Fetch the files behind /docs and GraphiQL into app/api/vendor

# Without them everything else works, and the two pages say what is missing.
pages:
	@$(MAKE) --no-print-directory $(ASSETS) || echo "Going on without /docs and GraphiQL; 'make assets' tries again." >&2

# Its tests say what is missing where it cannot be fetched.
provider: install ## Fetch the OpenID Connect provider that tests sign in with
	@$(MAKE) --no-print-directory $(PROVIDER) || echo "Going on without it; 'make provider' tries again." >&2

clean: ## Remove everything that was built, installed or loaded here
	rm -rf .venv .cache .data .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf app/api/vendor tests/openid_provider/node_modules bench/results.json dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(LOCKED): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed, and '$(PYTHON)' is not: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@echo "Installing the packages of requirements.lock into .venv: about a minute, once."
	@$(PYTHON) -m venv --clear .venv || { \
		echo "'$(PYTHON) -m venv' failed. On Debian and Ubuntu it is in the package python3-venv." >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --no-compile --require-hashes --requirement requirements.lock
	@touch $@

$(INSTALLED): $(LOCKED) pyproject.toml
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(ASSETS): package-lock.json tools/web_assets.py | $(INSTALLED)
	@$(BIN)/python tools/web_assets.py $(BIN)/npm

$(PROVIDER): tests/openid_provider/package-lock.json | $(INSTALLED)
	@cd tests/openid_provider && PATH="$(CURDIR)/$(BIN):$$PATH" NODE_USE_SYSTEM_CA=1 npm ci --ignore-scripts --no-audit --no-fund \
		--no-update-notifier --loglevel=error --cache "$(CURDIR)/.cache/npm" < /dev/null > /dev/null
	@touch $@

# The parts of `make check`.

check-format:
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --check .; exit 1; }

check-lint:
	@$(BIN)/ruff check --quiet .

check-types:
	@$(BIN)/mypy --no-error-summary

check-imports:
	@$(BIN)/lint-imports --no-logo --no-cache > .cache/imports.txt 2>&1 || { cat .cache/imports.txt; exit 1; }

# Without asking a registry: the locked packages satisfy the project and each other, and production gets the same ones.
check-lock:
	@$(BIN)/python -m pip check --quiet
	@! grep -vxFf requirements.lock requirements.production.lock \
		|| { echo "requirements.production.lock is not a part of requirements.lock: make lock"; exit 1; }

check-generated:
	@$(BIN)/risk-register openapi --check

check-migrations:
	@$(BIN)/alembic upgrade head --sql > .cache/migrations.sql 2> .cache/migrations.log || { cat .cache/migrations.log; exit 1; }
	@$(BIN)/squawk .cache/migrations.sql

check-files:
	@$(BIN)/hadolint Dockerfile
	@$(BIN)/yamllint --strict compose.yaml .pre-commit-config.yaml .yamllint.yaml
	@$(BIN)/shellcheck .ci/run
	@find app bench tests tools -name '*.py' -exec awk 'FNR == 301 { print FILENAME " has more than 300 lines"; long = 1 } END { exit long }' {} +

# Asks whoever publishes advisories about the locked packages; where nobody can be reached, it says so and passes.
check-advisories:
	@$(BIN)/python tools/advisories.py $(BIN)/pip-audit requirements.lock
