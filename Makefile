# One verb each; CI runs the same.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.installed-run
DEV_STAMP := $(VENV)/.installed-dev
# pip works from outside the environment: Debian's Python has no ensurepip to put one in.
# The locks name all that is needed, so nothing is resolved anew.
INSTALL := $(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --require-hashes --no-deps
COVERAGE := $(BIN)/coverage report --skip-covered --show-missing
JAVASCRIPT := $(shell find layouts/assets tests/browser benchmarks -name '*.js' 2>/dev/null)
# Compiled once, and not by every one of the many processes that tests start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test thorough fuzz lint bench soak campaign lock sbom audit image chart pictures looks clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

$(BIN)/python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11 demo" >&2; exit 2; }
	$(PYTHON) -m venv --without-pip $(VENV)

$(RUN_STAMP): requirements.lock | $(BIN)/python
	$(INSTALL) -r requirements.lock
	@touch $@

$(DEV_STAMP): requirements-dev.lock | $(BIN)/python
	$(INSTALL) -r requirements-dev.lock
	@touch $@ $(RUN_STAMP)

demo: $(RUN_STAMP) ## a simulated deployment and the dashboard watching it
	$(BIN)/python -m app demo $(ARGS)

test: $(DEV_STAMP) ## every test, with the coverage gates
	bash tests/system_packages.sh chromium prometheus prometheus-alertmanager redis-server postgresql victoria-metrics \
		haproxy nginx-light prometheus-nginx-exporter prometheus-redis-exporter prometheus-postgres-exporter \
		prometheus-elasticsearch-exporter prometheus-blackbox-exporter
	sh tests/real/fetch_consul.sh >/dev/null
	rm -f .coverage .coverage.*
	$(BIN)/pytest -n 3 --dist worksteal -m "not browser and not thorough" --cov --cov-report= $(ARGS)
	$(BIN)/pytest -n 2 --dist loadfile -m "browser and not thorough" $(ARGS)
	$(COVERAGE) --include='app/domain/*' --fail-under=100
	$(COVERAGE) --fail-under=92

thorough: $(DEV_STAMP) ## the tests that CI has no time for
	bash tests/system_packages.sh chromium haproxy nginx-light postgresql redis-server
	$(BIN)/pytest -n 2 --hypothesis-profile=thorough tests/domain tests/fuzz $(ARGS)
	$(BIN)/pytest -n 2 --dist loadfile -m "thorough and not browser" $(ARGS)
	$(BIN)/pytest -n 2 --dist loadfile -m "thorough and browser" $(ARGS)

FUZZ_SECONDS ?= 20
fuzz: $(DEV_STAMP) ## every reader of what comes over a wire, FUZZ_SECONDS each, led by coverage
	$(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS) $(ARGS)

lint: $(DEV_STAMP) ## format, style, imports, types, sizes, Dockerfile, JavaScript syntax
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python tests/file_sizes.py
	$(BIN)/hadolint --failure-threshold warning Dockerfile
	@if command -v node >/dev/null; then for f in $(JAVASCRIPT); do node --check "$$f" || exit 1; done; \
		else echo "node is not installed: JavaScript syntax not checked"; fi

image: ## builds and starts the container image without a Docker engine (root on Debian)
	bash tests/system_packages.sh buildah crun curl debootstrap procps
	bash tests/image/build_and_start.sh

chart: $(DEV_STAMP) ## writes anew what of the Helm chart follows from other files
	$(BIN)/python deploy/helm/make.py

bench: $(DEV_STAMP) ## measures fault-to-pixel, load and upstream requests (BENCH_EVENTS=200)
	bash tests/system_packages.sh chromium prometheus redis-server
	$(BIN)/python -m benchmarks $(ARGS)

soak: $(DEV_STAMP) ## an hour of troubles: do memory, threads, sockets and files stay flat? (SOAK_MINUTES=60)
	$(BIN)/python -m benchmarks.soak

campaign: $(DEV_STAMP) ## breaks everything in virtual time and holds the verdicts against the truth
	bash tests/system_packages.sh chromium
	$(BIN)/python -m benchmarks.campaign $(ARGS)

pictures: $(DEV_STAMP) ## takes docs/images anew from a running demo
	bash tests/system_packages.sh chromium
	$(BIN)/python docs/images/make.py

looks: $(DEV_STAMP) ## writes anew how the map looks, as text, for tests/layouts/test_look.py
	bash tests/system_packages.sh chromium
	$(BIN)/pytest -q tests/layouts/test_look.py --renew-looks

lock: $(DEV_STAMP) ## pins every dependency with its hashes
	$(BIN)/uv pip compile -q --generate-hashes --no-strip-extras --no-emit-index-url --custom-compile-command "make lock" --python-version 3.11 pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --generate-hashes --no-strip-extras --no-emit-index-url --custom-compile-command "make lock" --python-version 3.11 pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

SBOM ?= dist/sbom.cdx.json
sbom: $(DEV_STAMP) ## the list of what is shipped, as CycloneDX: the same each time
	@mkdir -p "$(dir $(SBOM))"
	$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --mc-type application --short-PURLs --sv 1.6 --output-reproducible -o "$(SBOM)" requirements.lock

audit: $(DEV_STAMP) ## known vulnerabilities of what is shipped; ends with 3 where the data can't be had
	$(BIN)/python -m tests.supply_chain.audit $(ARGS)

clean: ## removes what the other verbs made
	rm -rf $(VENV) .cache .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
