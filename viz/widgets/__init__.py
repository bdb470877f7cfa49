"""Small anywidgets of our own: each a Python class that holds the data and an ES module that draws it."""

from pathlib import Path

HERE = Path(__file__).parent


def module(*names: str) -> str:
    """The ES module of a widget. A browser gets each by itself, so what they share (`dom.js`) stands before it."""
    return joined("dom.js", *names)


def joined(*names: str) -> str:
    """Files of this folder, one after the other."""
    return "".join((HERE / name).read_text(encoding="utf-8") for name in names)
