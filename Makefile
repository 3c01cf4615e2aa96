# The work is done in udl_teach/bootstrap.py (installation), the command line and the modules that are called below.
BARE := $(shell command -v python3 || command -v python)
PYTHON := .venv/bin/python
BOOTSTRAP = $(if $(BARE),"$(BARE)" udl_teach/bootstrap.py,$(error Python 3.10 or newer is needed and none was found: install it from python.org or with your system's packages))

.PHONY: lab test lint notebooks times comparison bench test-lowest test-colab

lab: ## open the course; make lab ARGS="--refresh" hands options on
	@$(BOOTSTRAP) lab
	@$(PYTHON) -m udl_teach.cli lab $(ARGS)

test: lint ## the whole test suite
	@$(PYTHON) -m pytest -n 2
	@$(MAKE) --no-print-directory test-lowest

lint:
	@$(BOOTSTRAP) lab test
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .

# What has nothing to do with the versions of other libraries is left out, and what runs a browser.
ELSEWHERE = browser test_bootstrap.py test_build.py test_cli.py test_doctor.py test_isolation.py test_lab.py \
	test_notebook_runs.py test_notebooks_fresh.py test_readme.py test_running.py

test-lowest: ## the library and two lessons with the oldest versions allowed, ipywidgets 7.7.1 among them
	@$(BOOTSTRAP) lab test
	@$(BOOTSTRAP) --lowest
	@PYTHONPATH="$(CURDIR)/.lowest" $(PYTHON) -m pytest -q -n 2 -W default $(ELSEWHERE:%=--ignore=tests/%) \
		tests $(wildcard notebooks/00_*.ipynb notebooks/02_*.ipynb)

test-colab: ## the playgrounds in a browser under JupyterLab 3.6 and ipywidgets 7.7.1
	@$(BOOTSTRAP) --colab
	@.venv-colab/bin/python -m pytest tests/browser

notebooks: ## write notebooks/ and solutions/*.ipynb from solutions/*.py
	@$(BOOTSTRAP) lab test
	@$(PYTHON) -m udl_teach.build

times: ## measure every lesson, for the line at its top
	@$(BOOTSTRAP) lab test
	@$(PYTHON) -m udl_teach.running times

comparison: ## compute the rows of the comparison table
	@$(BOOTSTRAP) lab test
	@$(PYTHON) -m udl_teach.running comparison

bench: ## training speed against a hand-written loop and Lightning, quality over five seeds against PCA
	@$(BOOTSTRAP) lab test bench
	@$(PYTHON) tests/bench/speed.py
	@$(PYTHON) tests/bench/quality.py
