"""A failure that the job reports in one line."""


class DemoError(Exception):
    """Its message is the whole story."""
