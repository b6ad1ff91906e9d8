"""The part of `make bench` that times the models."""

from benchmark.models import MAX_SECONDS, model_targets, model_times
from integration_tests.models.tables import model_files


def test_every_model_is_made_on_the_emails_of_the_benchmark() -> None:
    times = model_times(1_000)

    rows = {model.model: model.rows for model in times}
    assert list(rows) == [file.stem for file in model_files("pyairbyte")]
    assert rows["emails"] == 1_000
    assert min(rows.values()) > 0
    assert [target.maximum for target in model_targets(times, 1_000)] == [MAX_SECONDS]
