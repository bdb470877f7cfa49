"""Sweeps: many policies over many states of the world, run once each, kept for good."""
