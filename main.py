"""Runs the connector from its own folder, as its image does: `python main.py spec`."""

from source_consolidated_stats.run import run

if __name__ == "__main__":
    run()
