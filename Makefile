# Everything from nothing. Only Python (3.11 or newer), make and git are assumed; see the README.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
WEB    := clients/web
OOXML  := tests/tools/ooxml
YJS    := tests/tools/yjs
PEERS  := bench/peers
# The machine's Node if it is new enough, else one from a wheel in a folder of its own.
NODE_OK := $(shell node -e 'process.exit(+(process.versions.node.split(".")[0] < 20))' 2>/dev/null && echo yes)
NODE_VENV := $(VENV)/node
ifeq ($(NODE_OK),yes)
NODE_READY :=
else
NODE_READY := $(NODE_VENV)/ready
export PATH := $(abspath $(NODE_VENV))/bin:$(PATH)
endif
# A home of its own, so that trying it out leaves the user's folders alone.
export DRAFTING_HOME ?= $(CURDIR)/.home

.PHONY: run test check format bench docs page tools clean

run: $(VENV)/ready page
	$(BIN)/drafting migrate
	$(BIN)/drafting demo
	$(BIN)/python -m drafting.demo.welcome
	exec $(BIN)/drafting serve

test: $(VENV)/ready page tools
	$(BIN)/pytest -n 2 --dist loadfile -q
	cd $(WEB) && npm test

check: $(VENV)/ready page
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd $(WEB) && npm run check

format: $(VENV)/ready
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: $(VENV)/ready tools $(PEERS)/node_modules/.package-lock.json
	$(BIN)/python -m bench

docs: $(VENV)/ready
	$(BIN)/python docs/generate.py

page: drafting/http/page/index.html

# -- set-up -------------------------------------------------------------------------------------------------------

$(VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(NODE_VENV)/ready: requirements-node.lock | $(VENV)/ready
	$(PYTHON) -m venv $(NODE_VENV)
	$(NODE_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.lock
	touch $@

$(WEB)/node_modules/.package-lock.json: $(WEB)/package-lock.json $(NODE_READY)
	cd $(WEB) && npm ci --no-audit --no-fund
	touch $@

drafting/http/page/index.html: $(WEB)/node_modules/.package-lock.json $(VENV)/ready \
		$(shell find $(WEB)/src $(WEB)/public $(WEB)/scripts $(WEB)/*.* drafting/protocol -type f -not -name '*.pyc' 2>/dev/null)
	cd $(WEB) && PATH="$(abspath $(BIN)):$$PATH" npm run build
	touch $@

$(OOXML)/node_modules/.package-lock.json: $(OOXML)/package-lock.json $(NODE_READY)
	cd $(OOXML) && npm ci --no-audit --no-fund
	touch $@

$(YJS)/node_modules/.package-lock.json: $(YJS)/package-lock.json $(NODE_READY)
	cd $(YJS) && npm ci --no-audit --no-fund
	touch $@

# Servers that live drafts are measured against. Two of their packages are compiled where no binary is to be had.
$(PEERS)/node_modules/.package-lock.json: $(PEERS)/package-lock.json $(NODE_READY)
	cd $(PEERS) && npm ci --no-audit --no-fund
	touch $@

# What the tests use besides Python's own: a browser, a tracer of system calls, the validator of Word files, Yjs clients.
tools: $(OOXML)/node_modules/.package-lock.json $(YJS)/node_modules/.package-lock.json
	@for pair in chromium:chromium strace:strace; do \
		command -v $${pair%%:*} >/dev/null || missing="$$missing $${pair##*:}"; \
	done; \
	if [ -n "$$missing" ]; then \
		[ "$$(id -u)" = 0 ] || { echo "The tests need$$missing: apt-get install$$missing"; exit 1; }; \
		apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $$missing; \
	fi

clean:
	rm -rf $(VENV) $(WEB)/node_modules $(OOXML)/node_modules $(YJS)/node_modules $(PEERS)/node_modules drafting/http/page .home .cache
