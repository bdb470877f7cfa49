"""What is wrong, in a box of its own that screen readers say at once."""

from __future__ import annotations

import solara

from .markup import Markup


def alert(*content: Markup, **attributes: str) -> None:
    """Put the box on the page; `attributes` are those of the element besides its role."""
    solara.HTML(tag="div", classes=["ssr-faults"], unsafe_innerHTML="".join(content),
                attributes={"role": "alert", **{name.replace("_", "-"): value for name, value in attributes.items()}})
