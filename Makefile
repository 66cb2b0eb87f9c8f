# `make demo` and `make test` are all that a newcomer needs; `make setup` is called by every other target.
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: setup demo test test-spark check fix bench lock messages schema secrets

# Settings for commands that read the code and reach no server.
NO_SERVERS := SECRET_KEY=none UPLOAD_RECIPIENT=none DELIVERY_RECIPIENT=none \
	DATABASE_URL=postgresql://127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1/0
MANAGE := $(NO_SERVERS) $(BIN)/python -W ignore::RuntimeWarning manage.py
SCHEMA := docs/openapi.yaml

CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))

setup: .venv/ready $(CATALOGUES)

.venv/ready: requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed."; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is needed (on Debian: python3-venv)."; exit 1; }
	@$(INSTALL) -r requirements/dev.txt
	@touch $@

# A group that one target alone needs: `bench` or `spark`.
.venv/ready-%: requirements/%.txt .venv/ready
	@$(INSTALL) -r $<
	@touch $@

locale/%.mo: locale/%.po .venv/ready
	@$(BIN)/python -m portal.translations --compile

# Everything on this machine, one order delivered. DEMO_PERSONS=N, ARGS=--once.
demo: setup
	@$(BIN)/python manage.py demo $(ARGS)

# ARGS go to pytest. REQUIRE_BROWSER=1 makes a missing Chromium a failure, REQUIRE_CLAMD=1 a missing clamd.
test: setup
	@$(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadfile $(ARGS)

# Spark 4 runs on Java 17 or newer.
JAVA := $(if $(JAVA_HOME),$(JAVA_HOME)/bin/java,java)

test-spark: setup
	@version=$$($(JAVA) -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1); \
	test "$${version:-0}" -ge 17 || { echo "Spark's tests need Java 17 or newer, and none is found."; exit 3; }
	@$(MAKE) --no-print-directory .venv/ready-spark
	@$(BIN)/python -m pytest tests/spark $(ARGS)

# The last line checks docker-compose.yml, with docker where it has the plugin, and runs the deploy checks
# with the environment of each of its services.
check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(NO_SERVERS) $(BIN)/mypy
	$(BIN)/python -m portal.translations --check
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) spectacular --lang en --validate --fail-on-warn --file .schema.new
	diff $(SCHEMA) .schema.new && rm .schema.new
	$(BIN)/python -m pytest --quiet tests/test_compose.py tests/test_architecture.py

fix: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

schema: setup
	$(MANAGE) spectacular --lang en --validate --fail-on-warn --file $(SCHEMA)

# ARGS name the part and its sizes, `all` for every part; see docs/benchmarks.md.
bench: setup .venv/ready-bench
	@$(BIN)/python -m bench $(ARGS)

secrets: setup
	@$(BIN)/python deploy/make_secrets.py

messages: .venv/ready
	$(BIN)/python -m portal.translations

COMPILE := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header

# The groups are held to the versions of dev.txt, so that they go into the same environment.
lock:
	$(COMPILE) pyproject.toml -o requirements/base.txt
	$(COMPILE) pyproject.toml --group dev -o requirements/dev.txt
	$(COMPILE) --group bench -c requirements/dev.txt -o requirements/bench.txt
	$(COMPILE) --group spark -c requirements/dev.txt -o requirements/spark.txt
