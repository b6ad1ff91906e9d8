#!/usr/bin/env bash
# Runs the tests at five odd moments, one after another: the clock of each Python process starts at the moment.
# Prints a line for each, and what failed; exits with 1 if anything did. Takes five times as long as `make test`.
#
#   tools/test_at_odd_moments.sh [PYTEST ARGUMENT ...]      (default: all tests but those of warehouses and image)
set -euo pipefail
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-.venv/bin/python}
TESTS=(unit_tests integration_tests --ignore integration_tests/warehouses --ignore integration_tests/image --numprocesses 6)
[ $# -eq 0 ] || TESTS=("$@")
export PYTHONPATH="$PWD/integration_tests/clock${PYTHONPATH:+:$PYTHONPATH}"
failed=0

run_at() {
    local output
    if output=$(CLOCK_STARTS_AT=$1 "$PYTHON" -m pytest --quiet "${TESTS[@]}" 2>&1); then
        echo "passed  $1  $2: $(tail -1 <<<"$output")"
    else
        failed=1
        echo "FAILED  $1  $2"
        echo "$output"
    fi
}

run_at 2028-02-29T12:00:00+00:00 "a leap day"
run_at 2026-11-23T23:59:00+00:00 "a minute before midnight"
run_at 2026-11-24T00:01:00+00:00 "a minute after midnight"
run_at 2027-03-14T07:00:00+00:00 "daylight saving begins in New York"
run_at 2026-12-31T23:59:00+00:00 "the year ends"
exit $failed
