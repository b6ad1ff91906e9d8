"""A destination that keeps the promise of Airbyte's: a STATE comes back only once everything before it is committed.

It merges records by primary key (Append + Deduped) into an SQLite file, one transaction for each batch. If it is
killed, what it took in since the last commit is lost. The columns of a key are NOT NULL, as in Snowflake and
ClickHouse: a null ends it.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from integration_tests.sync.messages import SEQUENCES, STREAM, Message, Row

KEYS = {
    STREAM: {"Sequence Id": "TEXT", "Step Number": "INTEGER", "Recipient Email": "TEXT", "Email Sent At": "TEXT"},
    SEQUENCES: {"id": "TEXT"},
}
"""The key of each stream, in which the cursor is, and its columns' types."""
BATCH_SIZE = 200


def load_file(file: Path, echoes: Path, kill_after: int | None) -> None:
    """Takes in the messages from standard input, and writes each STATE that comes back to `echoes`."""
    with closing(sqlite3.connect(file)) as database, echoes.open("w", encoding="utf-8") as echoed:
        messages = until_killed(map(json.loads, sys.stdin), kill_after)
        for state in load(messages, database):
            print(json.dumps(state), file=echoed, flush=True)


def load(messages: Iterable[Message], database: sqlite3.Connection) -> Iterator[Message]:
    """Takes the messages in, and yields each STATE once all records before it are committed."""
    for stream, key in KEYS.items():
        columns = ", ".join(f'"{name}" {kind} NOT NULL' for name, kind in key.items())
        names = ", ".join(f'"{name}"' for name in key)
        database.execute(
            f"CREATE TABLE IF NOT EXISTS {stream} ({columns}, record TEXT NOT NULL, PRIMARY KEY ({names})) STRICT"
        )
    counts: Counter[str] = Counter()
    uncommitted, states = 0, list[Message]()
    for message in messages:
        if message["type"] == "RECORD":
            stream, record = message["record"]["stream"], message["record"]["data"]
            _upsert(database, stream, record)
            counts[stream] += 1
            uncommitted += 1
        elif message["type"] == "STATE":
            stream = message["state"]["stream"]["stream_descriptor"]["name"]
            statistics = {"recordCount": float(counts.pop(stream, 0))}
            states.append({**message, "state": {**message["state"], "destinationStats": statistics}})
        if uncommitted >= BATCH_SIZE:
            database.commit()
            yield from states
            uncommitted, states = 0, []
    database.commit()
    yield from states


def until_killed(messages: Iterable[Message], kill_after: int | None) -> Iterator[Message]:
    """The messages, until a SIGKILL after `kill_after` records: from inside, so that each run ends at the same
    message."""
    records = 0
    for message in messages:
        if records == kill_after:
            os.kill(os.getpid(), signal.SIGKILL)
        records += message["type"] == "RECORD"
        yield message


def stored(file: Path, stream: str) -> list[Row]:
    """The rows of the stream's table."""
    with closing(sqlite3.connect(file)) as database:
        found = database.execute(f"SELECT record FROM {stream}")
        return [json.loads(record) for (record,) in found]


def _upsert(database: sqlite3.Connection, stream: str, record: Row) -> None:
    values = [*(record.get(column) for column in KEYS[stream]), json.dumps(record)]
    database.execute(f"INSERT OR REPLACE INTO {stream} VALUES ({', '.join('?' * len(values))})", values)
