# make demo: a whole morning on this machine.  make test: the tests.  make help: all targets.
PYTHON ?= python3
OUT ?= out/demo
SEED ?= 1
RUNS ?= 300
GROUPS ?= 100
SECONDS ?= 120
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
DEMO_STAMP := $(VENV)/demo-installed
CHECK_PYTHON = $(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; name one with PYTHON=")'
# without setuptools' warning, ten lines long, that an editable installation depends on the folder
INSTALL_CHECKOUT = PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e . -e ./sandbox

# without compiled files each of the programs that tests and benches start compiles all modules again
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test test-system check docs chaos bench quiet-days fuzz gallery audit sbom lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# what all targets but `make demo` need: the demo's packages, and developers' tools on top of them
$(STAMP): requirements-dev.lock setup.cfg pyproject.toml sandbox/pyproject.toml
	test -e $(DEMO_STAMP) || { $(CHECK_PYTHON) && $(PYTHON) -m venv --clear $(VENV); }
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	$(INSTALL_CHECKOUT)
	rm -f $(DEMO_STAMP)
	touch $@

# a quarter of that; setuptools builds the checkout, in the version that the lock of developers pins
$(DEMO_STAMP): requirements-sandbox.lock setup.cfg pyproject.toml sandbox/pyproject.toml
	$(CHECK_PYTHON) && $(PYTHON) -m venv --clear $(VENV)
	sed -n '/^setuptools==/,/^ *# via/p' requirements-dev.lock > $(VENV)/build.lock
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-sandbox.lock -r $(VENV)/build.lock
	$(INSTALL_CHECKOUT)
	touch $@

demo: $(or $(wildcard $(STAMP)),$(DEMO_STAMP)) ## play a whole morning on embedded services, into $(OUT); KEEP=1 keeps them running
	$(BIN)/standup demo --out "$(OUT)" $(if $(KEEP),--keep)

test: $(STAMP) ## run all tests that need only this checkout
	$(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder -m "not system"

test-system: $(STAMP) ## run the tests that need root and Debian packages: chromium, curl, openssl, postfix, prometheus, systemd, qpdf, poppler-utils, libreoffice-calc-nogui, redis-server, redis-sentinel
	$(BIN)/pytest -n 3 --dist loadfile -m system

check: $(STAMP) ## check format, lint, types, import contracts, names, prose and tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.style

docs: $(STAMP) ## build the site of the documents, into out/site; a link that leads nowhere is an error
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build

gallery: $(STAMP) ## draw the pictures of docs/gallery.md; needs chromium, libreoffice and fonts-noto-cjk
	$(BIN)/python -m tests.gallery docs/gallery

bench: $(STAMP) ## measure the promised figures and their alternatives, into out/bench.json; takes a quarter of an hour and names missing Debian packages
	$(BIN)/python -m tests.bench --out out/bench.json

chaos: $(STAMP) ## play mornings with faults, into out/chaos.json; SEED=1 RUNS=300 GROUPS=100 take about ten minutes
	$(BIN)/python -m tests.chaos --seed $(SEED) --runs $(RUNS) --groups $(GROUPS) --out out/chaos.json

quiet-days: $(STAMP) ## simulate 2,000 quiet days of four sizes, falls and planted causes, into out/quiet-days.json; takes about twenty minutes
	$(BIN)/python -m tests.quiet_days --out out/quiet-days.json

fuzz: $(STAMP) ## feed every reader with damaged input, guided by coverage, for SECONDS=120; needs Linux on x86-64 and Python up to 3.13
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-fuzz.txt
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS)

audit: $(STAMP) ## ask for known vulnerabilities of all locked packages; ALLOW_OFFLINE=1 passes without an answer
	$(BIN)/python -m tests.audit $(if $(ALLOW_OFFLINE),--allow-offline)

sbom: $(STAMP) ## write a bill of materials of the locked packages (CycloneDX), into out/sbom.json
	$(BIN)/python -m tests.audit sbom --out out/sbom.json

lock: $(STAMP) ## resolve all versions again, with hashes, for Python 3.11 and later
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --extra protect --extra s3 --extra aws-secrets setup.cfg -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --extra protect --extra s3 --extra aws-secrets --extra sandbox setup.cfg -o requirements-sandbox.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --extra sandbox --extra bench --extra dev setup.cfg -o requirements-dev.lock

clean: ## delete everything that was made
	rm -rf $(VENV) out build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
