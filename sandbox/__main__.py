"""`python -m sandbox --port 8571 --emails 10000`: the sandbox as a program, until Ctrl-C."""

import argparse
import json
import signal
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timezone
from threading import Event

from sandbox import AccountSettings, RateLimit, Sandbox
from sandbox.faults.rate_limit import SHAPES, WINDOWS


def main(arguments: Sequence[str] | None = None) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may make its background jobs ignore it
    options = _parser().parse_args(arguments)
    settings = AccountSettings(
        seed=options.seed,
        emails=options.emails,
        sequences=options.sequences,
        first_day=options.first_day,
        time_zone=options.time_zone,
        dirty=options.dirty,
    )
    sandbox = Sandbox(
        settings,
        now=options.now,
        port=options.port,
        api_key=options.api_key,
        limit=options.limit,
        latency=options.latency,
    )
    with sandbox, suppress(KeyboardInterrupt):
        _introduce(sandbox)
        Event().wait()


def _introduce(sandbox: Sandbox) -> None:
    start = sandbox.account.first_day.isoformat()
    config = {"api_key": sandbox.api_key, "api_url": sandbox.url, "start_date": start}
    print(f"Serving {sandbox.url} with the API key {sandbox.api_key}")
    print(f"What a sync has to deliver: {sandbox.url}/_sandbox/truth")
    print("A config.json for the connector:")
    print(json.dumps(config, indent=2), flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--port", type=int, default=8571, help="0 for a free one")
    parser.add_argument(
        "--now", type=moment, help="where the clock stands, such as 2026-11-23T09:00:00Z; None: the machine's time"
    )
    parser.add_argument("--emails", type=int, default=10_000, help="rows in total")
    parser.add_argument("--sequences", type=int, default=10, help="sequences in the account")
    parser.add_argument("--time-zone", default="Asia/Kolkata", help="the account's IANA time zone")
    parser.add_argument(
        "--first-day", type=date.fromisoformat, help="day of the first emails; None: 180 days before today"
    )
    parser.add_argument("--seed", type=int, default=1, help="another seed makes another account")
    parser.add_argument("--dirty", action="store_true", help="spoil a small share of the rows")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each response")
    parser.add_argument("--api-key", default="sandbox-key-1234567890", help="the key to accept")
    parser.add_argument(
        "--limit",
        type=RateLimit.parse,
        action="append",
        default=[],
        metavar="CALLS/SECONDS/SHAPE[/WINDOW]",
        help="rate limit in real seconds, such as 20/60/headers; may be given more than once; "
        f"shapes: {', '.join(SHAPES)}; windows: {', '.join(WINDOWS)}",
    )
    return parser


def moment(text: str) -> datetime:
    """Reads `2026-11-23T09:00:00Z`; a moment without a time zone is in UTC."""
    read = datetime.fromisoformat(text.replace("Z", "+00:00"))  # Python 3.10 does not read a Z
    return read if read.tzinfo else read.replace(tzinfo=timezone.utc)


if __name__ == "__main__":
    main()
