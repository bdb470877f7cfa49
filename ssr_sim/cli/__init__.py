"""The command `ssr-sim`: reads arguments, calls the library, prints what it finds."""

# isort: off  (the order of the commands in the help)
from ssr_sim.cli import explaining, informing, running, serving, sweeping, telling

# isort: on
from ssr_sim.cli.common import app

__all__ = ["app", "explaining", "informing", "main", "running", "serving", "sweeping", "telling"]


def main() -> None:
    """Entry point of the command."""
    app()
