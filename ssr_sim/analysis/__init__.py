"""Analysis of finished sweeps: what a `RunTable` says about policies, luck and ignorance, and how sure one can be."""
