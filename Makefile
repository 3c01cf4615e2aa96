# The work is done in udl_teach/bootstrap.py (installation), the command line and the modules that are called below.
BARE := $(shell command -v python3 || command -v python)
PYTHON := .venv/bin/python
BOOTSTRAP = $(if $(BARE),"$(BARE)" udl_teach/bootstrap.py,$(error Python 3.10 or newer is needed and none was found: install it from python.org or with your system's packages))

.PHONY: lab test lint notebooks times weights comparison bench test-lowest test-colab

lab: ## open the course; make lab ARGS="--refresh" hands options on
	@$(BOOTSTRAP) lab
	@$(PYTHON) -m udl_teach.cli lab $(ARGS)

# The browser's tests have the machine for themselves: they print how smoothly a playground moves.
test: lint ## the whole test suite
	@$(PYTHON) -m pytest -n 2 --ignore=tests/browser
	@$(PYTHON) -m pytest tests/browser
	@$(MAKE) --no-print-directory test-lowest

lint:
	@$(BOOTSTRAP) lab test
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .

# What leans on the versions of other libraries; the lessons bring the rest along.
LEANING = tests/test_versions.py $(wildcard tests/test_data*.py tests/test_metrics*.py tests/test_plots*.py tests/test_play*.py) \
	$(wildcard notebooks/00_*.ipynb notebooks/02_*.ipynb notebooks/05_*.ipynb)

test-lowest: ## the library and three lessons with the oldest versions allowed, ipywidgets 7.7.1 among them
	@$(BOOTSTRAP) lab test
	@$(BOOTSTRAP) --lowest
	@UDL_TEACH_LOWEST=1 PYTHONPATH="$(CURDIR)/.lowest" $(PYTHON) -m pytest -n 2 -W default --disable-warnings $(LEANING)

test-colab: ## the playgrounds in a browser under JupyterLab 3.6 and ipywidgets 7.7.1
	@$(BOOTSTRAP) --colab
	@.venv-colab/bin/python -m pytest tests/browser

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
	@$(PYTHON) tests/bench/quality.py
	@$(PYTHON) tests/bench/maps.py
	@$(PYTHON) tests/bench/denoising.py
	@$(PYTHON) tests/bench/compression.py
	@$(PYTHON) tests/bench/likelihood.py
	@$(PYTHON) tests/bench/adversarial.py
	@$(PYTHON) tests/bench/adversarial_images.py
	@$(PYTHON) tests/bench/stacked.py
