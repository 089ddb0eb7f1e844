# Aliases of dev.py, which needs nothing but Python 3.11+ and pip. Settings: make run PORT=8001 EMPTY=1.
PYTHON ?= python3
ARGS ?=
.PHONY: run test check axe

run:
	@$(PYTHON) dev.py run

test:
	@$(PYTHON) dev.py test $(ARGS)

check:
	@$(PYTHON) dev.py check $(ARGS)

axe:
	@$(PYTHON) dev.py test tests/browser -k axe $(ARGS)
