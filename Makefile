# A thin front to CMake: installs, builds, runs and tests. See README.md.
PRESET ?= release
JOBS ?= $(shell getconf _NPROCESSORS_ONLN)
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
PACKAGES := $(shell grep -hv '^\#' packages.txt packages-tests.txt)
program run install: PACKAGES := $(shell grep -v '^\#' packages.txt)
bench: PACKAGES += parallel ocrmypdf  # the product is compared with these
hostile: PACKAGES += mupdf-tools      # draws the pages that the product calls blank
fuzz: PACKAGES += clang
test-web screenshots: PACKAGES += chromium $(if $(shell command -v npm),,nodejs npm)
bench-web: PACKAGES += wrk
SOURCES = $(shell git ls-files '*.cpp' '*.h')
export OMP_THREAD_LIMIT = 1

.PHONY: build program run install measures test test-web screenshots bench bench-web bench-workers accuracy completions countersign \
    hostile crashes letters mail-server workers full-disk package test-package \
    test-container test-alerts scale \
    fuzz samples format lint analyze packages clean

# TARGET: one target alone, such as test_programs.
build: packages
	cmake --preset $(PRESET) -DBUILD_TESTING=ON
	cmake --build --preset $(PRESET) -j $(JOBS) $(if $(TARGET),--target $(TARGET))

# The program alone, without its tests.
program: packages
	cmake --preset $(PRESET) -DBUILD_TESTING=OFF
	cmake --build --preset $(PRESET) -j $(JOBS) --target avtalskoll

run: program
	@build/$(PRESET)/avtalskoll check data/samples --out avtalskoll-out || [ $$? = 1 ]
	@echo "Open these in a browser:"; ls $(CURDIR)/avtalskoll-out/*/report.html

# Installs to PREFIX (default /usr/local), below DESTDIR if that is set.
install: PACKAGES += help2man
install: program
	cmake --build --preset $(PRESET) --target pages
	DESTDIR=$(DESTDIR) cmake --install build/$(PRESET) $(if $(PREFIX),--prefix $(PREFIX))

# Makes the Debian package in the build folder.
package: PACKAGES += help2man dpkg-dev file
package: program
	cmake --build --preset $(PRESET) --target package_files
	cd build/$(PRESET) && cpack

# Installs, upgrades, runs, removes and purges the package in a clean root; checks the units and the
# examples. Needs root.
test-package: PACKAGES += debootstrap help2man dpkg-dev file lintian nginx-light openssl \
    python3-kubernetes python3-yaml systemd systemd-container zstd
test-package: package
	tests/package/service_units.py
	tests/package/nginx_example.py build/$(PRESET)
	tests/package/manifests.py build/$(PRESET)
	tests/package/life.py build/$(PRESET)
	tests/package/booted.py build/$(PRESET)

# Builds the container and looks at what is in it. Needs root. BASE: an image of Debian 12.
test-container: PACKAGES += buildah debootstrap iproute2
test-container: packages
	tests/package/container.py build/$(PRESET) $(BASE)

# Tries the alerts of app/packaging/prometheus, and looks at the dashboard beside them.
test-alerts: PACKAGES := prometheus python3-yaml
test-alerts: packages
	tests/package/alerts.py

test: build
	ctest --preset $(PRESET) -j $(JOBS)

# Tests the officers' pages in a real browser, requests of hostile clients, and the scripts' types.
test-web screenshots: export AVTALSKOLL_PROGRAM = $(CURDIR)/build/$(PRESET)/avtalskoll
test-web: build
	cd tests/web && npm ci --silent && npm run --silent types && npm test --silent

screenshots: build
	cd tests/web && npm ci --silent && node screenshots.mjs $(CURDIR)/build/screenshots

# Measures what two workers bring over one, and what a poison document costs (BENCH: options of
# benchmarks/workers.py).
bench-workers: build
	python3 benchmarks/workers.py build/$(PRESET) $(BENCH)

# Measures the review server with 100,000 submissions and many readers.
bench-web: build
	python3 benchmarks/web.py build/$(PRESET)

# Measures the stages alone, the product beside scripts that one could write instead, and the
# product with more registered forms. BENCH: options of benchmarks/compare.py.
bench: build
	build/$(PRESET)/avtalskoll-bench --benchmark_min_time=1
	python3 benchmarks/compare.py build/$(PRESET) $(BENCH)
	python3 benchmarks/growth.py build/$(PRESET)

# Prints what a model says of many workers: docs/scaling.md. SCALE: options of benchmarks/scale.py.
scale: PACKAGES := python3
scale: packages
	python3 benchmarks/scale.py $(SCALE)

# Scores fresh simulated corpora, and the shared development corpus if it exists
# (AVTALSKOLL_SHARED).
accuracy: build
	tests/accuracy/run.sh build/$(PRESET)

# Completes simulated submissions with one page (COUNT, SEED).
completions: build
	python3 tests/accuracy/completions.py build/$(PRESET) --count $(or $(COUNT),110) \
	    --seed $(or $(SEED),1)

# Compares counter-signed copies, clean ones and tampered ones (COUNT, SEED).
countersign: build
	build/$(PRESET)/avtalskoll-countersign-sweep --copies $(or $(COUNT),200) \
	    --seed $(or $(SEED),2001) --forms data/forms --forms tests/forms

# These show the claims of docs/robustness.md. HOSTILE: a folder of documents (default: bombs made
# for the purpose). KILLS, POINTS, SECONDS: how much of each.
hostile: build
ifdef HOSTILE
	python3 tests/robustness/hostile.py build/$(PRESET) $(HOSTILE)
else
	python3 tests/robustness/bombs.py build/$(PRESET)/bombs
	python3 tests/robustness/hostile.py build/$(PRESET) build/$(PRESET)/bombs -- --max-page-seconds 5
endif

crashes: build
	python3 tests/robustness/kill.py build/$(PRESET) --kills $(or $(KILLS),1000)

full-disk: build
	python3 tests/robustness/full_disk.py build/$(PRESET) --points $(or $(POINTS),20)

# Kills what sends mail and moves cases (KILLS, SEED).
letters: build
	python3 tests/robustness/letters.py build/$(PRESET) --kills $(or $(KILLS),300) \
	    --seed $(or $(SEED),1)

# Sends mail through a real mail server; needs root.
mail-server: PACKAGES += exim4-daemon-light
mail-server: build
	python3 tests/robustness/mail_server.py build/$(PRESET)

# Kills workers, broker and database of an office with several workers (SUBMISSIONS, KILLS, SEED).
workers: build
	python3 tests/robustness/workers.py build/$(PRESET) --submissions $(or $(SUBMISSIONS),1000) \
	    --kills $(or $(KILLS),40) --seed $(or $(SEED),1)

fuzz: build
	tests/fuzz/run.sh build/$(PRESET) $(or $(SECONDS),720)

samples: build
	rm -rf data/samples/*/
	build/$(PRESET)/avtalskoll-simulate --samples --out data/samples

format:
	clang-format -i $(SOURCES)

# Checks the formatting and the measures, then runs the linter over every source.
LINT = cmake --preset lint -DBUILD_TESTING=ON > build/lint.log && \
    cmake --build build/lint --target web_assets > build/lint.log && \
    python3 tests/house/lint.py build/lint --jobs $(JOBS)
lint: packages
	clang-format --dry-run -Werror $(SOURCES)
	python3 tests/house/measures.py --check
	@mkdir -p build
	$(LINT)

# Runs clang's analyzer over the same sources: four times as long as the linter.
analyze: packages
	@mkdir -p build
	$(LINT) --checks='-*,clang-analyzer-*,-clang-analyzer-deadcode.DeadStores,-clang-analyzer-optin.cplusplus.VirtualCall'

# Prints the shape of the source: columns, functions, decisions, comments.
measures:
	@python3 tests/house/measures.py --list

# Installs the packages that are missing. Does nothing when all are installed.
packages:
	@missing=$$(for p in $(PACKAGES); do \
	    dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	    $(SUDO) apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	        $(SUDO) apt-get install -y -qq --no-install-recommends $$missing; fi

clean:
	rm -rf build avtalskoll-out accuracy-out
