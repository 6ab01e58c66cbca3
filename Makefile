# Everything here works on a machine that has Python 3.11 or newer, make, and a package index.

PYTHON ?= $(shell for each in python3.13 python3.12 python3.11 python3 python; do \
	command -v $$each >/dev/null 2>&1 && $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$each && break; done)
VENV_PYTHON := $(if $(filter Windows_NT,$(OS)),.venv/Scripts/python,.venv/bin/python)

.PHONY: demo test bench bench-library bench-facts bench-sdk bench-scorer bench-optimizing lint schemas vsix pictures install install-dev clean help python

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: install  ## install, start the real server, and show what an author sees
	@$(VENV_PYTHON) -m promptbits demo

test: install-dev  ## install what tests need and run all of them
	@$(VENV_PYTHON) scripts/run_tests.py

bench: install  ## measure this server beside its peers (BENCH=--quick for less)
	@$(VENV_PYTHON) -m benchmarks.run $(BENCH)

bench-library: install  ## measure the workspace-wide features among 10,000 prompts
	@$(VENV_PYTHON) -m benchmarks.large_library $(BENCH)

bench-facts: install  ## measure the fact store: appends, reads, writers, kill -9
	@$(VENV_PYTHON) -m benchmarks.facts $(BENCH)

bench-sdk: install  ## measure what applications pay: imports, loading, recording
	@$(VENV_PYTHON) -m benchmarks.sdk $(BENCH)

bench-optimizing: install  ## measure what optimizing costs whoever goes on editing, and cancelling
	@$(VENV_PYTHON) -m benchmarks.optimizing $(BENCH)

bench-scorer: install  ## measure how well the scorer ranks (DATA=folder of measured prompts), and what it costs
	@$(VENV_PYTHON) -m benchmarks.scorer $(DATA)

lint: install-dev  ## the static checks alone
	@$(VENV_PYTHON) scripts/run_tests.py --static

schemas: install-dev  ## write schemas/ from the models, and the settings of editors from theirs
	@$(VENV_PYTHON) -m promptbits.prompts.model > schemas/promptbit.schema.json
	@$(VENV_PYTHON) -m promptbits.facts.model schemas
	@$(VENV_PYTHON) scripts/settings_schema.py
	@PYTHONPATH=scripts $(VENV_PYTHON) -c "import sys, node_tools; sys.exit(node_tools.install())"
	@cd vscode-extension && npm run --silent settings

vsix: install-dev  ## package the VS Code extension, with the server in it
	@PYTHONPATH=scripts $(VENV_PYTHON) -c "import sys, node_tools; sys.exit(node_tools.install())"
	@cd vscode-extension && npm run --silent package

pictures: install-dev  ## draw the pictures of the documentation anew
	@$(VENV_PYTHON) scripts/picture.py
	@PYTHONPATH=scripts $(VENV_PYTHON) -c "import sys, node_tools; sys.exit(node_tools.install())"
	@cd vscode-extension && PYTHON="$(CURDIR)/$(VENV_PYTHON)" npm run --silent pictures

install: python  ## create .venv with the package
	@$(PYTHON) scripts/install.py

install-dev: python  ## create .venv with the package and the tools for development
	@$(PYTHON) scripts/install.py --dev

python:
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { echo "PromptBits needs Python 3.11 or newer: install it, or run make PYTHON=/path/to/python3" >&2; exit 2; }

clean:  ## remove what was built
	@rm -rf .venv build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@rm -rf $(addprefix vscode-extension/,node_modules dist bundled .test .screenshots *.vsix)
