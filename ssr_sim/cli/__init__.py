"""The command `ssr-sim`: reads arguments, calls the library, prints what it finds."""

from ssr_sim.cli import running, sweeping, explaining, informing  # isort: skip  (the order of the commands in the help)
from ssr_sim.cli.common import app

__all__ = ["app", "explaining", "informing", "main", "running", "sweeping"]


def main() -> None:
    """Entry point of the command."""
    app()
