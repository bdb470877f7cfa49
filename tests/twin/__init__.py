"""The twin: the model written a second time, in plain Python, from docs/odd.md; compared with the compiled one.

`country.py` holds the objects, `week.py` the order of the phases, every other file one topic of the description.
"""
