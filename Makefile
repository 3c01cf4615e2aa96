# The work is done in udl_teach/bootstrap.py (installation), the command line and the modules that are called below.
BARE := $(shell command -v python3 || command -v python)
PYTHON := .venv/bin/python
BOOTSTRAP = $(if $(BARE),"$(BARE)" udl_teach/bootstrap.py,$(error Python 3.10 or newer is needed and none was found: install it from python.org or with your system's packages))

.PHONY: lab test lint test-library test-browser browser test-lowest fuzz sturdy test-colab notebooks times weights comparison bench

lab: ## open the course; make lab ARGS="--refresh" hands options on
	@$(BOOTSTRAP) lab
	@$(PYTHON) -m udl_teach.cli lab $(ARGS)

test: ## the whole check: all of its parts whatever fails, and a line on each at the end
	@$(BOOTSTRAP) lab test
	@$(PYTHON) tests/whole.py "$(MAKE)"

lint:
	@$(BOOTSTRAP) lab test
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .

test-library: ## the library and every lesson, student's and solution's
	@$(BOOTSTRAP) lab test
	@$(PYTHON) -m pytest -n auto --ignore=tests/browser

# These have the machine for themselves: they print how smoothly a playground moves.
test-browser: ## a real browser: two lessons, every gesture on three playgrounds, a short visit to the others
	@$(BOOTSTRAP) lab test
	@$(PYTHON) -m pytest tests/browser

browser: ## every gesture on every playground
	@$(BOOTSTRAP) lab test
	@UDL_TEACH_BROWSER=all $(PYTHON) -m pytest tests/browser

# What leans on the versions of other libraries.
LEANING = tests/test_versions.py tests/data tests/metrics tests/plots tests/play/test_playgrounds.py \
	$(wildcard notebooks/00_*.ipynb notebooks/05_*.ipynb)

test-lowest: ## the library and two lessons with the oldest versions allowed, ipywidgets 7.7.1 among them
	@$(BOOTSTRAP) lab test
	@$(BOOTSTRAP) --lowest
	@UDL_TEACH_LOWEST=1 PYTHONPATH="$(CURDIR)/.lowest" $(PYTHON) -m pytest -n auto -W default --disable-warnings $(LEANING)

fuzz: ## property tests with examples of their own, exercises with fresh arguments, second sittings alone
	@$(BOOTSTRAP) lab test
	@UDL_TEACH_FUZZ=1 $(PYTHON) -m pytest -n auto tests -m hypothesis --ignore=tests/browser
	@UDL_TEACH_FUZZ=1 $(PYTHON) -m pytest -n auto tests/lesson/exercises/test_exercises.py tests/test_sittings.py

sturdy: ## every claim of the lessons under other seeds and other rounding (an hour); make sturdy ARGS="04 --jobs 1"
	@$(BOOTSTRAP) lab test
	@$(PYTHON) -m udl_teach.sturdy $(ARGS)

test-colab: ## the playgrounds in a browser under JupyterLab 3.6 and ipywidgets 7.7.1
	@$(BOOTSTRAP) --colab
	@UDL_TEACH_BROWSER=all .venv-colab/bin/python -m pytest tests/browser

notebooks: ## write notebooks/ and solutions/*.ipynb from solutions/*.py
	@$(BOOTSTRAP) lab test
	@$(PYTHON) -m udl_teach.build

times: ## measure every lesson, for the line at its top
	@$(BOOTSTRAP) lab test
	@$(PYTHON) -m udl_teach.running times

weights: ## train the denoiser and the codec of lesson 03 and the generator of lesson 07 anew (a quarter of an hour)
	@$(BOOTSTRAP) lab test
	@$(PYTHON) -m udl_teach.weights.make_denoiser
	@$(PYTHON) -m udl_teach.weights.make_codec
	@$(PYTHON) -m udl_teach.weights.make_generators

comparison: ## compute the rows of the comparison table
	@$(BOOTSTRAP) lab test
	@$(PYTHON) -m udl_teach.running comparison

bench: ## speed beside a hand-written loop and Lightning; quality beside PCA, torchsom, MiniSom, JPEG, patch PCA, PacGAN's figures (three hours)
	@$(BOOTSTRAP) lab test bench
	@$(PYTHON) tests/bench/speed.py
	@$(PYTHON) tests/bench/busy.py
	@$(PYTHON) tests/bench/quality.py
	@$(PYTHON) tests/bench/maps.py
	@$(PYTHON) tests/bench/denoising.py
	@$(PYTHON) tests/bench/compression.py
	@$(PYTHON) tests/bench/likelihood.py
	@$(PYTHON) tests/bench/clustering.py
	@$(PYTHON) tests/bench/self_supervision.py
	@$(PYTHON) tests/bench/anomalies.py
	@$(PYTHON) tests/bench/adversarial.py
	@$(PYTHON) tests/bench/adversarial_images.py
	@$(PYTHON) tests/bench/stacked.py
