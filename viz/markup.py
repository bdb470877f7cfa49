"""HTML for the pages, with every text made safe."""

from __future__ import annotations

from html import escape


class Markup(str):
    """Text that is HTML already."""


def tag(name: str, *inside: str, **attributes: str | int) -> Markup:
    """An element; plain texts inside are escaped, `Markup` is taken as it is; `class_` stands for class."""
    names = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    listed = "".join(f' {key}="{escape(str(value))}"' for key, value in names.items())
    content = "".join(part if isinstance(part, Markup) else escape(part) for part in inside)
    return Markup(f"<{name}{listed}>{content}</{name}>")
