"""`python -m benchmark`: the connector, a bare loop and a low-code manifest on the same rows.

Writes `docs/performance.md`; with `--quick`, prints smaller sizes in a minute or two. Fails if the programs do not emit
the same rows, whatever the times are.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmark import limits, scenarios
from benchmark.calls import calls_targets, first_reads
from benchmark.conditions import conditions
from benchmark.live_limit import live_limit_targets, simulated_syncs
from benchmark.models import model_targets, model_times
from benchmark.processes import UnequalRowsError
from benchmark.report import Report
from benchmark.settings import FULL, QUICK, Settings

PERFORMANCE_PAGE = Path(__file__).parents[1] / "docs" / "performance.md"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmark", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="smaller sizes, one run of each, printed")
    options = parser.parse_args()
    try:
        with TemporaryDirectory() as folder:
            report = _measure(QUICK if options.quick else FULL, Path(folder))
    except UnequalRowsError as error:
        sys.exit(f"Not the same rows: {error}")
    if options.quick:
        print(report.to_markdown())
        print("The targets are meant for the full sizes: here, most of the time is the start.")
    else:
        PERFORMANCE_PAGE.write_text(report.to_markdown(), encoding="utf-8")
        print(f"Written: docs/{PERFORMANCE_PAGE.name}")


def _measure(settings: Settings, folder: Path) -> Report:
    report = Report(conditions())
    for scenario in (scenarios.without_latency, scenarios.with_latency, scenarios.memory, scenarios.small_account):
        print(f"{scenario.__name__} ...", file=sys.stderr)
        results, targets = scenario(settings, folder)
        report.results += results
        report.targets += targets
    report.targets += scenarios.start_up(settings)
    print("calls ...", file=sys.stderr)
    report.first_reads += first_reads(settings, folder)
    report.targets += calls_targets(report.first_reads, settings.few_rows)
    print("limits ...", file=sys.stderr)
    report.outcomes += limits.under_limits(settings, folder)
    report.targets.append(limits.worst(report.outcomes))
    report.simulated_syncs += simulated_syncs()
    report.targets += live_limit_targets(report.simulated_syncs)
    print("models ...", file=sys.stderr)
    report.model_times += model_times(settings.model_rows)
    report.targets += model_targets(report.model_times, settings.model_rows)
    return report


if __name__ == "__main__":
    main()
