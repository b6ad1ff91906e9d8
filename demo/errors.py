"""The failure that the job tells in one line."""


class DemoError(Exception):
    """Its message is the whole story."""
