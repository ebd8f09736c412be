# Catbox: thin wrappers around dotnet and the scripts in eng/ and bench/. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
CONFIGURATION ?= Debug
RID ?= linux-x64
PREFIX ?= /usr/local
# A binary to bench or to demonstrate, in place of the one built here.
CATBOX ?=
PUBLISHED := artifacts/publish/catbox

export DOTNET_NOLOGO := 1
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_CLI_USE_MSBUILD_SERVER := 0
export MSBUILDDISABLENODEREUSE := 1

# dotnet and NuGet keep state in the home directory. Without one that can be written they get one below artifacts/.
ifneq ($(shell test -n "$$HOME" && test -d "$$HOME" && test -w "$$HOME" && echo usable),usable)
export HOME := $(CURDIR)/artifacts/home
export DOTNET_CLI_HOME := $(HOME)
export NUGET_PACKAGES ?= $(HOME)/.nuget/packages
$(shell mkdir -p "$(HOME)")
endif

UNIT_TESTS := Catbox.Policy.Tests Catbox.Runtime.Specs
PTRACE_TESTS := Catbox.Runtime.LinuxTests Catbox.Host.Tests
ABI_TESTS := Catbox.Native.AbiTests
configuration_directory = $(shell echo $(CONFIGURATION) | tr A-Z a-z)
run_tests = CONFIGURATION=$(configuration_directory) eng/run-tests

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: build
build: ## Build everything (CONFIGURATION=Debug|Release)
	dotnet build Catbox.Actors.sln -c $(CONFIGURATION) --nologo -v minimal

.PHONY: run
run: compiler ## Build catbox, and confine a real small C build with it: one write outside, refused and told
	@CATBOX="$(CATBOX)" CONFIGURATION=$(CONFIGURATION) eng/demo

.PHONY: test
test: compiler build ## Run all tests; the last line is `N passed, N failed`
	@$(run_tests)

.PHONY: test-unit
test-unit: ## Only the tests that need no kernel and no root: policy and actors
	@for p in $(UNIT_TESTS); do dotnet build tests/$$p -c $(CONFIGURATION) --nologo -v quiet || exit 1; done
	@$(run_tests) $(UNIT_TESTS)

.PHONY: test-ptrace
test-ptrace: compiler ## Only the tests with real guests
	@for p in $(PTRACE_TESTS); do dotnet build tests/$$p -c $(CONFIGURATION) --nologo -v quiet || exit 1; done
	@$(run_tests) $(PTRACE_TESTS)

.PHONY: test-layers
test-layers: compiler ## The tests with real guests, with each layer taken away in turn: a kernel without Landlock, one without mseal
	dotnet build tests/Catbox.Runtime.LinuxTests -c $(CONFIGURATION) --nologo -v quiet
	@failed=0; \
	CATBOX_TEST_LANDLOCK_ABI=0 $(run_tests) --label "without Landlock" --results artifacts/layer-results Catbox.Runtime.LinuxTests || failed=1; \
	CATBOX_TEST_MSEAL=no $(run_tests) --label "without mseal" --results artifacts/layer-results Catbox.Runtime.LinuxTests || failed=1; \
	exit $$failed

.PHONY: test-later
test-later: compiler ## The tests with real guests, races too, with each judged call answered a millisecond later by another thread
	dotnet build tests/Catbox.Runtime.LinuxTests -c $(CONFIGURATION) --nologo -v quiet
	@failed=0; \
	CATBOX_TEST_ADVICE=later $(run_tests) --label "answered later" --results artifacts/later-results Catbox.Runtime.LinuxTests || failed=1; \
	CATBOX_TEST_ADVICE=waiting $(run_tests) --label "answered later, waiting in another call" --results artifacts/later-results Catbox.Runtime.LinuxTests || failed=1; \
	exit $$failed

.PHONY: test-abi
test-abi: compiler ## Only the comparison of layouts, constants and call numbers with the C compiler's
	@for p in $(ABI_TESTS); do dotnet build tests/$$p -c $(CONFIGURATION) --nologo -v quiet || exit 1; done
	@$(run_tests) $(ABI_TESTS)

.PHONY: lint
lint: build format-check docs-check ## Warnings are errors in the build; then format and documents

.PHONY: format
format: ## Put the code into its format
	dotnet format Catbox.Actors.sln

.PHONY: format-check
format-check: ## Fail when the code is not in its format
	dotnet format Catbox.Actors.sln --verify-no-changes

.PHONY: docs-check
docs-check: ## Fail when a document points at a file or a target that is not there
	@eng/check-docs

.PHONY: docs
docs: ## Write docs/cli.md anew from the help texts
	dotnet build tests/Catbox.Host.Tests -c $(CONFIGURATION) --nologo -v quiet
	CATBOX_REGENERATE=1 $(run_tests) --results artifacts/docs-results --filter FullyQualifiedName~CliDocument Catbox.Host.Tests

.PHONY: bench
bench: bench-tools ## Measure start-up, whole programs and denied calls against firejail, native runs and C (ROUNDS=5)
	@CATBOX="$(or $(CATBOX),$(PUBLISHED))" bench/run $(if $(ROUNDS),--rounds $(ROUNDS))

.PHONY: bench-smoke
bench-smoke: bench-tools ## The same, one short round: that it works, no numbers to keep
	@CATBOX="$(or $(CATBOX),$(PUBLISHED))" bench/run --smoke

.PHONY: bench-tools
bench-tools: compiler $(if $(CATBOX),,publish)
	@$(MAKE) --no-print-directory -s -C bench/c OUT="$(CURDIR)/artifacts/bench"

.PHONY: soak
soak: compiler $(if $(CATBOX),,publish) ## Confine the same builds again and again for MINUTES=10; nothing may leak, hang or differ; the races too
	@CATBOX="$(or $(CATBOX),$(PUBLISHED))" eng/soak "$(or $(MINUTES),10)"
	@$(MAKE) --no-print-directory soak-races

.PHONY: soak-races
soak-races: compiler ## The races, and the calls that are compared with the kernel's, in their long form (TRIES=200000 of each; hours)
	dotnet build tests/Catbox.Runtime.LinuxTests -c $(CONFIGURATION) --nologo -v quiet
	@CATBOX_RACE_TRIES=$(or $(TRIES),200000) CATBOX_SEEDS=2000 CATBOX_TEST_CALLS=10000000 CATBOX_TEST_MINUTES=90 CATBOX_TEST_TIMEOUT=$(or $(CATBOX_TEST_TIMEOUT),28800) \
	    $(run_tests) --results artifacts/soak-results --filter 'FullyQualifiedName~.Races.' Catbox.Runtime.LinuxTests

.PHONY: publish
publish: ## One file that starts by itself, in artifacts/publish (NativeAOT; ReadyToRun where it cannot be linked)
	@RID=$(RID) eng/publish $(dir $(PUBLISHED))

.PHONY: install
install: publish ## Install to PREFIX/bin/catbox
	@install -D -m 755 $(PUBLISHED) "$(DESTDIR)$(PREFIX)/bin/catbox"
	@echo "installed $(DESTDIR)$(PREFIX)/bin/catbox"

.PHONY: audit
audit: ## Ask the package source for known vulnerabilities
	dotnet list Catbox.Actors.sln package --vulnerable --include-transitive

.PHONY: ci
ci: ## What decides about a change
	@.ci/run

.PHONY: clean
clean: ## Remove what was built
	rm -rf artifacts

.PHONY: compiler
compiler:
	@command -v $(or $(CC),cc) >/dev/null 2>&1 || command -v gcc >/dev/null 2>&1 || \
	    { echo "no C compiler: the guests of the tests and of the bench are C programs; get one with: apt-get install gcc libc6-dev" >&2; exit 1; }
