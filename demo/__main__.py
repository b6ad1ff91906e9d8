"""The job of `make sync`."""

from __future__ import annotations

import os
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from demo import ROOT
from demo.accounts import Account, open_account
from demo.errors import DemoError
from demo.models import MODELS, create_views
from demo.report import BEST_VARIANTS, answers, count_changes, keep_rows, table

if TYPE_CHECKING:
    from demo.pipeline import Pipeline


def main() -> int:
    try:
        with open_account() as account:
            run(account)
    except DemoError as error:
        print(f"\nFailed: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    return 0


def run(account: Account) -> None:
    say(f"Reading {account.name} into {near(account.file)}.")
    from demo.pipeline import Pipeline  # noqa: PLC0415  # PyAirbyte takes seconds to load: the line above comes first

    with closing(Pipeline(account.config, account.working_file)) as pipeline:
        say("Check: may the key read?")
        pipeline.check()
        say("Discover: what is there to read?")
        for name, columns in pipeline.discover().items():
            say(f"    {name}, {columns} columns")
        syncs = [sync("First sync", pipeline, account)]
        with pipeline.query() as warehouse:
            keep_rows(warehouse)
        say(account.pass_time())
        syncs.append(sync("Second sync", pipeline, account))

        say("\n" + table(("", "Rows", "Calls", "Seconds"), syncs))
        with pipeline.query() as warehouse:
            added, changed = count_changes(warehouse)
            say(f"\nThe second sync added {added:,} rows and brought {changed:,} up to date.\n")
            create_views(warehouse)
            for answer in answers(warehouse):
                say(answer)
    say(f"\nThe rows are in {near(account.file)}, and on top of them, as views, the SQL of {near(ROOT / 'models')}/:")
    say(f"{', '.join(file.stem for file in MODELS)}.")
    say("Ask for more, such as which variants get the most positive replies:\n")
    query = f"import duckdb; db = duckdb.connect('{near(account.file)}'); db.sql('{BEST_VARIANTS}').show()"
    say(f'{near(Path(sys.executable))} -c "{query}"')


def sync(name: str, pipeline: Pipeline, account: Account) -> list[object]:
    """A line of the report: the name of the sync, rows, calls and seconds."""
    say(name)
    begun, calls_before = time.monotonic(), account.calls()
    rows = pipeline.sync()
    seconds = time.monotonic() - begun
    return [name, rows, account.calls() - calls_before if account.sandbox else "not counted", seconds]


def near(path: Path) -> str:
    """The path as one types it here."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
