"""The programs that are compared: each a command that reads the same rows and prints the same records."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from benchmark.account import SEQUENCE_IDS
from benchmark.processes import Server

CATALOG = {
    "streams": [
        {
            "stream": {
                "name": "consolidated_stats",
                "json_schema": {},
                "supported_sync_modes": ["full_refresh", "incremental"],
            },
            "sync_mode": "incremental",
            "destination_sync_mode": "append",
        }
    ]
}
PAGE_SIZE = 500
"""Rows in a response, as each program asks for them."""
SCRIPTS = Path(sys.executable).parent
CONNECTOR_SCRIPT = str(SCRIPTS / "source-consolidated-stats")
LOW_CODE_SCRIPT = str(SCRIPTS / "source-declarative-manifest")
MANIFEST = Path(__file__).with_name("manifest.yaml")


class Programs:
    """Their commands, which read from `server` and keep their files in `folder`."""

    def __init__(self, server: Server, folder: Path) -> None:
        self._server = server
        self._folder = folder

    def connector(self, workers: int = 4, **settings: Any) -> list[str]:
        return [CONNECTOR_SCRIPT, "read", *self._files(f"connector-{workers}", num_workers=workers, **settings)]

    def low_code(self) -> list[str]:
        return [LOW_CODE_SCRIPT, "read", *self._files("low-code"), "--manifest-path", str(MANIFEST)]

    def bare_loop(self) -> list[str]:
        return [sys.executable, "-m", "benchmark.bare_loop", self._config("bare-loop")]

    def _files(self, name: str, **settings: Any) -> list[str]:
        return ["--config", self._config(name, **settings), "--catalog", self._write("catalog", CATALOG)]

    def _config(self, name: str, **settings: Any) -> str:
        config = {
            "api_key": "benchmark-key",
            "api_url": self._server.url,
            "start_date": self._server.first_day,
            "sequence_ids": SEQUENCE_IDS,
            **settings,
        }
        return self._write(f"config-{name}", config)

    def _write(self, name: str, content: object) -> str:
        file = self._folder / f"{name}.json"
        file.write_text(json.dumps(content), encoding="utf-8")
        return str(file)
