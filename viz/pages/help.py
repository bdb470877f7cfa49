"""Help: how to read the pages, the keys, the words, and what the model is not for."""

from __future__ import annotations

import solara

from ssr_sim.summary import CAVEATS, PEACE

from ..markup import Markup, tag
from ..messages import section, text


@solara.component
def Help() -> None:
    """One page of text."""
    parts = [tag("h1", text("help.title"))]
    parts += [tag("p", sentence) for sentence in section("help.reading")["list"]]
    parts += [tag("h2", text("help.words_title")), _terms({text("help.peace"): f"{PEACE}."} | section("help.words"))]
    parts += [tag("h2", text("help.keys_title")), _terms(section("help.keys"))]
    parts += [tag("h2", text("help.limits_title")), tag("ul", *(tag("li", caveat) for caveat in CAVEATS))]
    solara.HTML(tag="div", classes=["ssr-text"], unsafe_innerHTML="".join(parts))


def _terms(terms: dict[str, str]) -> Markup:
    return tag("dl", *(part for word, meaning in terms.items() for part in (tag("dt", word), tag("dd", meaning))))
