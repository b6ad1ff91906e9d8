"""What the connector costs, measured against a bare loop and a low-code manifest: `python -m benchmark`."""
