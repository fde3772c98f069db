.DEFAULT_GOAL := help
.PHONY: help build test run demo bench check docs format conformance fuzz fuzz-api sanitize containers

help: ## Show the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  %-12s %s\n", $$1, $$2 }'

build: ## Build everything, debug
	swift build

test: ## Install what is missing and run all tests
	scripts/test

run: ## Install what is missing, build, and start a private PostgreSQL and two nodes
	scripts/run

demo: ## Watch a worker and a node die and the work go on
	scripts/demo

bench: ## Measure full cycles against the raw limit of the same PostgreSQL (scripts/bench has more)
	scripts/bench cycle

check: ## Check the format, that modules import only what they depend on, and sql/schema.sql
	scripts/check

docs: ## Make the documentation of BatonClient, and check its links
	scripts/docs

format: ## Rewrite the sources in the project's format
	swift format --in-place --recursive Sources Tests Benchmarks Examples Fuzz Lab sql Package.swift

conformance: ## Replay recorded behaviour of the REST contract (scripts/conformance says how)
	scripts/conformance

fuzz: ## Fuzz what reads models, expressions, bodies, forms and rows, guided by coverage (scripts/fuzz says how)
	scripts/fuzz

fuzz-api: ## Invent requests from the OpenAPI document and watch the answers (scripts/fuzz-api says how)
	scripts/fuzz-api

sanitize: ## Run all tests under ThreadSanitizer, then under AddressSanitizer
	scripts/sanitize thread
	scripts/sanitize address

containers: ## Test against PostgreSQL in a container, and nodes behind the balancer (scripts/test-containers says how)
	scripts/test-containers
