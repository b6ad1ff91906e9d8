"""`python -m benchmark`: the connector, a bare loop and a low-code manifest on the same rows; `--quick` for a minute.

Fails where the programs do not emit the same rows; no time makes it fail.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmark import limits, scenarios
from benchmark.report import results_table, targets_table
from benchmark.settings import FULL, QUICK, Settings


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmark", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller sizes, one run of each")
    options = parser.parse_args()
    try:
        with TemporaryDirectory() as folder:
            print(_report(QUICK if options.quick else FULL, Path(folder)))
            if options.quick:
                print("\nThe targets are for the full sizes: here, starting up weighs too much.")
    except scenarios.UnequalRowsError as error:
        sys.exit(f"Not the same rows: {error}")


def _report(settings: Settings, folder: Path) -> str:
    results, targets = [], []
    for scenario in (scenarios.without_latency, scenarios.with_latency, scenarios.memory, scenarios.small_account):
        print(f"{scenario.__name__} ...", file=sys.stderr)
        more_results, more_targets = scenario(settings, folder)
        results += more_results
        targets += more_targets
    targets += scenarios.start_up(settings)
    outcomes = limits.under_limits(settings, folder)
    targets.append(limits.worst(outcomes))
    return "\n\n".join([results_table(results), targets_table(targets), limits.limits_table(outcomes)])


if __name__ == "__main__":
    main()
