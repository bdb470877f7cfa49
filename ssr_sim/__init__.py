"""Security sector reform after war: an agent-based laboratory for planners, trainers and researchers."""

__version__ = "0.1.0"
