"""One page to print for each participant of a story: the questions, room for a guess, and what to take along.

It holds no result: those are for the room to find out.
"""

from __future__ import annotations

from .markup import Markup, tag
from .messages import section, text
from .stories import Scene, Story

STYLE = Markup("""
@page { size: A4; margin: 10mm 14mm; }
* { box-sizing: border-box; }
body { font: 9.3pt/1.27 system-ui, "Segoe UI", "Noto Sans", sans-serif; color: #111; max-width: 182mm; margin: 0 auto; }
h1 { font-size: 18pt; line-height: 1.1; margin: 0 0 1.5mm; }
h2 { font-size: 10pt; margin: 2.6mm 0 .6mm; border-bottom: .4mm solid #111; padding-bottom: .6mm; }
p { margin: 0 0 1.5mm; }
ul { margin: 0; padding-left: 5mm; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .7mm 1.5mm; border-bottom: .2mm solid #999; }
th { font-size: 8pt; font-weight: 600; }
td:first-child { width: 6mm; font-weight: 700; }
td b { display: block; }
td:nth-child(3), td:nth-child(4) { width: 26mm; border-left: .2mm solid #999; }
.answers span { white-space: nowrap; margin-right: 3.5mm; }
.line { border-bottom: .2mm solid #999; height: 6.5mm; }
footer { margin-top: 2mm; font-size: 8pt; color: #444; }
""")


def page(story: Story) -> str:
    """The handout as one HTML file without anything from elsewhere."""
    words = section("demo.handout")
    asked = [(k, scene) for k, scene in enumerate(story.scenes, start=1) if scene.question]
    heads = tag("tr", *(tag("th", name) for name in ("", words["question"], words["guess"], words["model"])))
    body = [
        tag("h1", story.head.title), tag("p", story.head.about),
        tag("h2", words["questions"]), tag("table", heads, *(_row(k, scene) for k, scene in asked)),
        tag("h2", words["surprise"]), *[tag("div", class_="line")] * 2,
        tag("h2", words["at_home"]), *[tag("div", class_="line")] * 2,
        tag("h2", words["learns"]), tag("ul", *(tag("li", sentence) for sentence in story.head.learns)),
        tag("footer", text("demo.handout.limits")),
    ]
    head = tag("head", Markup('<meta charset="utf-8">'), tag("title", story.head.title), tag("style", STYLE))
    lines = Markup("\n".join(body))
    return f'<!doctype html>\n<html lang="en">{head}\n{tag("body", lines)}\n</html>\n'


def _row(k: int, scene: Scene) -> Markup:
    choices = [tag("span", f"☐ {answer.text}") for answer in scene.answers]
    spaced = [Markup(choice + " ") for choice in choices]
    return tag("tr", tag("td", str(k)), tag("td", tag("b", scene.question), *spaced, class_="answers"), tag("td"),
               tag("td"))
