"""The SQL of `models/` on tables as each destination makes them, compared with the same computed in Python."""
