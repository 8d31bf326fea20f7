# make            build the binary
# make test       format, vet, lint, known vulnerabilities, all tests with the race detector; needs Go only
# make test-real  the tests against real Kafka, PostgreSQL, Redis and Chromium, which deploy/real/ installs and starts
# make bench      the benchmarks beside the code
# make demo       the whole system in one process

GO            ?= go
GOLANGCI      := v2.15.0
GOVULNCHECK   := v1.9.0
TOOLS         := $(CURDIR)/.tools/bin
# The race detector needs a C compiler.
RACE          := $(if $(shell command -v gcc 2>/dev/null),-race)
REAL_PACKAGES  = $(sort $(dir $(shell grep -rl --include='*_test.go' '^//go:build real' dashboards services)))
# These need a broker without topics to themselves.
ALONE         := services/scorer/

.PHONY: build test check format vet lint vulnerabilities unit test-real bench demo clean

build:
	$(GO) build -o bin/skimwatch ./services/skimwatch

test: check unit

check: format vet lint vulnerabilities

format:
	@files=$$(gofmt -l dashboards engine models services simulator); \
	if [ -n "$$files" ]; then echo "not formatted as gofmt does:"; echo "$$files"; exit 1; fi

vet:
	$(GO) vet ./...
	$(GO) vet -tags real $(addprefix ./,$(REAL_PACKAGES))

lint:
	@if deploy/tools.sh golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint $(GOLANGCI); then \
		$(TOOLS)/golangci-lint run ./...; \
	else \
		echo "golangci-lint could not be installed: its checks were left out"; \
	fi

# govulncheck ends with 3 when it found something, and with another code when it could not look.
vulnerabilities:
	@if deploy/tools.sh govulncheck golang.org/x/vuln/cmd/govulncheck $(GOVULNCHECK); then \
		$(TOOLS)/govulncheck ./services/skimwatch || { code=$$?; [ $$code -ne 3 ] || exit 3; echo "govulncheck could not reach its database: known vulnerabilities were not looked for"; }; \
	else \
		echo "govulncheck could not be installed: known vulnerabilities were not looked for"; \
	fi

unit:
	@[ -n "$(RACE)" ] || echo "no C compiler: the tests run without the race detector"
	$(GO) test $(RACE) ./...

test-real:
	deploy/real/with.sh kafka -- $(GO) test $(RACE) -tags real -count 1 -timeout 10m -run Real $(addprefix ./,$(ALONE))
	deploy/real/with.sh kafka postgres redis chromium -- $(GO) test $(RACE) -tags real -count 1 -p 1 -timeout 10m $(addprefix ./,$(filter-out $(ALONE),$(REAL_PACKAGES)))

bench:
	$(GO) test -run '^$$' -bench . -benchtime 1s ./...

demo:
	$(GO) run ./services/skimwatch demo

clean:
	rm -rf bin .tools
