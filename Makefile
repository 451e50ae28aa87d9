# make run and make test need Go and nothing else; what more they need, they get or name.

export CGO_ENABLED ?= 0
TOOL := go tool -modfile=tools.mod
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
PROGRAM := bin/regiogriffie
# Of the two ways to stamp a version, git's own refuses a clone that belongs to somebody else.
BUILD := go build -trimpath -buildvcs=false -ldflags '-X main.version=$(VERSION)'

.PHONY: run build test check proof mutants bench generate format clean

## run: build and serve on http://127.0.0.1:8080, with a database and a sample region of its own
run: build
	@REGIOGRIFFIE_LOG_LEVEL=$${REGIOGRIFFIE_LOG_LEVEL:-warn} $(PROGRAM)

## build: the program, as bin/regiogriffie
build:
	@$(BUILD) -o $(PROGRAM) ./cmd/regiogriffie

## test: every test, with one database for all of them
test:
	go build -buildvcs=false -o bin/testdatabase ./cmd/testdatabase
	bin/testdatabase go test -p 2 -timeout 60m ./...

## check: formatting, vet, staticcheck, complexity, stale generated files, dependencies
check:
	@echo 'gofumpt'; unformatted=$$($(TOOL) gofumpt -l .) && if [ -n "$$unformatted" ]; then \
		echo "not formatted, make format mends it:"; echo "$$unformatted"; exit 1; fi
	$(TOOL) templ fmt -fail .
	@echo 'templ generate'; sum() { find . -name '*_templ.go' -exec cksum {} + | LC_ALL=C sort; }; \
		before=$$(sum) && $(TOOL) templ generate -log-level warn && after=$$(sum) && if [ "$$before" != "$$after" ]; then \
		echo 'stale generated files; they are renewed now:'; git status --short -- '*_templ.go'; exit 1; fi
	@echo 'lines over 160 columns'; git ls-files --cached --others --exclude-standard '*.go' '*.templ' | grep -v -e _templ.go -e testdata/ | \
		LC_ALL=C xargs awk 'length > 160 && !/ help:"/ { print FILENAME ":" FNR; long = 1 } END { exit long }'
	go vet ./...
	$(TOOL) staticcheck ./...
	$(TOOL) gocognit -over 20 -ignore '_test|_templ' cmd internal migrations web
	go mod tidy -diff

## proof: the slow set: the race detector (needs a C compiler), the checksums of what we build on, and the mutants
proof:
	go mod verify
	go build -buildvcs=false -o bin/testdatabase ./cmd/testdatabase
	CGO_ENABLED=1 REGIOGRIFFIE_PROOF=1 bin/testdatabase go test -race -p 2 -timeout 60m ./...
	$(MAKE) mutants

## mutants: takes each access rule away, one at a time, and demands that tests notice; MUTANTS="-only invitation" tries some
mutants:
	go build -buildvcs=false -o bin/testdatabase ./cmd/testdatabase
	go build -buildvcs=false -o bin/mutants ./cmd/mutants
	bin/testdatabase bin/mutants $(MUTANTS)

## bench: pages against bare handlers in the same run, within ten minutes; BENCH="-json FILE -sizes 1000,100000" sets more
bench: build
	go build -buildvcs=false -o bin/bench ./cmd/bench
	bin/bench -program $(PROGRAM) $(BENCH)

## generate: renew the Go files made from templ pages, and the list of rules in docs
generate:
	$(TOOL) templ generate
	go test -run TestTheListOfRulesIsThatOfTheCode ./docs -update

## format: put Go and templ files in their one form
format:
	$(TOOL) gofumpt -w .
	$(TOOL) templ fmt .

## clean: remove what make made; the data of make run stay
clean:
	rm -rf bin
