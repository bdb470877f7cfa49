"""What is wrong or could not be taken as it was, in a box of its own that screen readers say."""

from __future__ import annotations

from collections.abc import Iterable

import solara

from .markup import Markup, tag


def alert(*content: Markup, **attributes: str) -> None:
    """Put the box on the page; `attributes` are those of the element besides its role."""
    solara.HTML(tag="div", classes=["ssr-faults"], unsafe_innerHTML="".join(content),
                attributes={"role": "alert", **{name.replace("_", "-"): value for name, value in attributes.items()}})


def notices(sentences: Iterable[str]) -> None:
    """Say all that could not be taken as it was in one box, so that many sentences do not push the page away."""
    items = [tag("li", sentence) for sentence in sentences]
    if items:
        solara.HTML(tag="div", classes=["ssr-faults", "notices"], attributes={"role": "status", "tabindex": "0"},
                    unsafe_innerHTML=tag("ul", *items))
