# The commands that people and CI call. Each says what it is doing and ends with the remedy when it fails.

SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
APP_SOURCES := $(shell find app -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/dist-native/*' -not -path '*/.expo/*' -not -path '*/android/*' -not -path '*/ios/*' 2>/dev/null)
NODE_ENVIRONMENT := EXPO_NO_TELEMETRY=1 EXPO_OFFLINE=1 CI=1

# Two at a time; what failed then is run once more with the machine to itself, and fails for good.
define tested
$(BIN)/pytest -q -n 2 $(1) || { echo "==> Once more, one at a time: what failed" && \
	  $(BIN)/pytest -q -n 1 $(1) --last-failed --last-failed-no-failures none; }
endef

.DEFAULT_GOAL := help
.PHONY: help run build test test-python test-app check check-python check-app bench packages release docs migrate openapi lock browser clean

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: build ## Install what is missing, build the app once, start TopForm and print its address
	@exec $(BIN)/topform serve

build: ## Install what is missing and build the app, start nothing
	@$(MAKE) --no-print-directory -s -j2 .make/python app/dist/index.html

test: ## Install what the tests need and run all of them: Python, app, browser
	@$(MAKE) --no-print-directory -s -j2 .make/python-dev app/dist/index.html
	@$(MAKE) --no-print-directory browser test-app test-python

test-python: .make/python-dev
	@echo "==> Python tests"
	$(call tested,--dist loadgroup --ignore=tests/e2e --ignore=tests/integration/test_serve.py)
	@echo "==> Whole servers and the app in a browser"
	$(call tested,--dist loadfile tests/e2e tests/integration/test_serve.py)

test-app: .make/app
	@echo "==> App tests"
	cd app && $(NODE_ENVIRONMENT) npm test --silent
	@echo "==> Bundles for Android and iOS"
	cd app && $(NODE_ENVIRONMENT) npm run --silent build:native
	@cd app/dist-native && test -n "$$(find . -path '*ios*' -name '*.hbc' -size +1M)" -a -n "$$(find . -path '*android*' -name '*.hbc' -size +1M)"

check: check-python check-app ## Format, lint, types, import contracts, API drift, docs

check-python: .make/python-dev
	@echo "==> Python: format, lint, types, import contracts, security, drift of OpenAPI and of the app's tables"
	$(BIN)/ruff format --check -q .
	$(BIN)/ruff check -q --no-cache .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/bandit -q -r src/topform -lll
	if [ -x $(BIN)/hadolint ]; then $(BIN)/hadolint deploy/Dockerfile; else echo "    no hadolint for this kind of machine"; fi
	$(BIN)/pytest -q -p no:cacheprovider tests/unit/test_source_rules.py
	$(BIN)/python -m topform.entrypoints.openapi --check
	$(BIN)/python -m topform.entrypoints.live_tables --check

check-app: .make/app
	@echo "==> App: lint, types, generated client"
	cd app && $(NODE_ENVIRONMENT) npm run --silent lint
	cd app && $(NODE_ENVIRONMENT) npm run --silent typecheck
	cd app && $(NODE_ENVIRONMENT) npm run --silent check:api

bench: .make/python-dev ## Full accuracy and speed runs; results go to benchmarks/*/results
	@set -e; for script in benchmarks/accuracy/*.py benchmarks/speed/*.py benchmarks/faults/*.py benchmarks/speed/projection.py; do \
	  echo "==> $$script"; $(BIN)/python -m "$$(basename "$${script%.py}" | sed "s|^|$$(dirname "$$script" | tr / .).|")"; done
	$(BIN)/python docs/update_numbers.py

packages: .make/python-dev app/dist/index.html ## Build source archive and wheel, bill of materials, licences, digests into dist/
	@echo "==> Packages"
	$(BIN)/python -m deploy.release.packages

release: .make/python-dev app/dist/index.html ## The same, refused unless versions, changelog and checkout are ready
	@echo "==> Release"
	$(BIN)/python -m deploy.release.packages --release

docs: .make/python-dev ## Build the documentation site into site/
	@echo "==> Documentation"
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict -q

openapi: .make/python-dev .make/app ## Write openapi.json, the app's typed client and its engine's tables from the running code
	$(BIN)/python -m topform.entrypoints.openapi
	$(BIN)/python -m topform.entrypoints.live_tables
	cd app && $(NODE_ENVIRONMENT) npm run --silent generate:api

migrate: .make/python ## Bring the database to the newest schema (topform serve does it by itself)
	$(BIN)/python -m topform.entrypoints.migrate

lock: ## Resolve the lock files anew (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -o requirements.lock -q
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -o requirements-dev.lock -q
	uv pip compile pyproject.toml --extra ray -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate -o requirements-ray.lock -q
	echo 'hatchling>=1.27' | uv pip compile - --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -o requirements-build.lock -q

clean: ## Remove everything that was installed or built here; data directories stay
	rm -rf $(VENV) .make site app/node_modules app/dist app/dist-native app/.expo

browser: ## Make sure that a Chromium for the browser tests is there
	@if ! PATH="$$PATH:/usr/lib/chromium" command -v chromium chromium-browser google-chrome google-chrome-stable >/dev/null; then \
	  if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	    echo "==> Installing Chromium for the browser tests"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	  else echo "The browser tests need Chromium or Chrome: install one with your package manager and run 'make test' again."; exit 1; fi; fi

$(BIN)/python:
	@for candidate in $${PYTHON:-} python3.13 python3.12 python3.11 python3; do \
	  if "$$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; then \
	    echo "==> Making the virtual environment with $$($$candidate --version)"; \
	    rm -rf $(VENV); "$$candidate" -m venv $(VENV) && exit 0; fi; done; \
	echo "TopForm needs Python 3.11, 3.12 or 3.13 with venv: install one, or name it with PYTHON=/path/to/python3.11 make run"; exit 1

.make/python: requirements.lock pyproject.toml | $(BIN)/python
	@echo "==> Installing the Python packages (a minute or two the first time)"
	@mkdir -p .make
	@if [ ! -e .make/python-dev ]; then $(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock; fi
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

.make/python-dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "==> Installing the Python packages for development (a minute or two the first time)"
	@mkdir -p .make
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@ .make/python

.make/app: app/package.json app/package-lock.json
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null || { echo "TopForm builds its app with Node 20 or newer: install it and run the command again."; exit 1; }
	@echo "==> Installing the app's packages (a minute or two the first time)"
	@mkdir -p .make
	@cd app && $(NODE_ENVIRONMENT) npm ci --silent --no-audit --no-fund
	@touch $@

app/dist/index.html: .make/app $(APP_SOURCES)
	@echo "==> Building the app (about a minute the first time)"
	@cd app && $(NODE_ENVIRONMENT) npm run --silent build:web
	@touch $@
