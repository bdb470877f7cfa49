"""The report as one HTML file: figures as SVG inside, no script, nothing fetched; light, dark and on
paper.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

from matplotlib.figure import Figure

from ssr_sim import drawing, figures, summary
from ssr_sim.comparison import Comparison
from ssr_sim.document import as_document
from ssr_sim.ensemble import Ensemble
from ssr_sim.formats import counted
from ssr_sim.summary import CAVEATS, HEADLINE

Pictures = Mapping[str, tuple[str, str]]  # SVG text and caption, by name

STYLE = """
:root { color-scheme: light dark; --ink: #1b1d21; --muted: #5b616b; --rule: #d4d8de; --paper: #ffffff;
  --panel: #f4f6f8; --accent: #0072b2; --first: #0072b2; --second: #d55e00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9ebee; --muted: #a3aab5; --rule: #3a3f47;
  --paper: #16181c; --panel: #1f2228; --accent: #56b4e9; --first: #3d9be0;
  --second: #f0803c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 17px/1.55 system-ui, "Segoe UI", Roboto,
  "Noto Sans", "DejaVu Sans", sans-serif; }
main { max-width: 1040px; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
.kind { color: var(--accent); font-weight: 600; letter-spacing: .02em; margin: 0; }
h1 { font-size: 2.1rem; line-height: 1.15; margin: .2rem 0 .6rem; text-wrap: balance; }
h2 { font-size: 1.4rem; margin: 3rem 0 .6rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
.facts { color: var(--muted); margin: 0 0 1.6rem; }
.lead { font-size: 1.28rem; line-height: 1.45; background: var(--panel); border-left: 5px solid var(--accent);
  padding: 1.1rem 1.4rem; margin: 0 0 1rem; border-radius: 0 6px 6px 0; text-wrap: pretty; }
.arms { margin: 0 0 1rem; padding: 0; list-style: none; }
.arms b { display: inline-block; min-width: 1.4em; }
.arms small { color: var(--muted); margin-left: .5em; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; margin: 1.2rem 0 .4rem; }
caption { text-align: left; font-weight: 650; font-size: 1.08rem; padding-bottom: .4rem; }
th, td { padding: .42rem .8rem .42rem 0; text-align: right; vertical-align: top;
  border-bottom: 1px solid var(--rule); }
th:first-child, td:first-child { text-align: left; font-weight: 500; }
td:first-child { min-width: 11em; }
thead th { color: var(--muted); font-weight: 600; font-size: .88rem; border-bottom: 2px solid var(--rule); }
td + td { white-space: nowrap; }
td small { display: block; color: var(--muted); font-size: .82rem; font-weight: 400; }
.note, figcaption { color: var(--muted); font-size: .9rem; margin: .2rem 0 1.4rem; max-width: 75ch; }
figure { margin: 1.4rem 0 0; }
figure svg { display: block; width: 100%; height: auto; }
figure svg text { font-family: inherit !important; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.4rem; font-size: .9rem; }
dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
.caveats { background: var(--panel); border-left: 5px solid var(--second); border-radius: 0 6px 6px 0;
  padding: .8rem 1.4rem .8rem 2.4rem; }
@media (max-width: 600px) { body { font-size: 16px; } dl { grid-template-columns: 1fr; }
  dd { margin-bottom: .5rem; } }
@media print { :root { --ink: #000; --muted: #444; --rule: #bbb; --paper: #fff; --panel: #f2f2f2;
  --accent: #0072b2; --first: #0072b2; --second: #d55e00; }
  body { font-size: 10.5pt; } main { max-width: none; padding: 0; } figure, table, .lead, .caveats {
  break-inside: avoid; } h2 { break-after: avoid; } }
@page { margin: 16mm; }
"""
THEMED = {
    drawing.INK: "var(--ink)",
    drawing.MUTED: "var(--muted)",
    drawing.RULE: "var(--rule)",
    drawing.PAPER: "var(--paper)",
    drawing.BLUE: "var(--first)",
    drawing.VERMILLION: "var(--second)",
}


def illustrate(result: Ensemble | Comparison) -> dict[str, tuple[Figure, str]]:
    """Every figure of a result with its caption, by file name."""
    arms = [(result.scenario.title, result)] if isinstance(result, Ensemble) else result.arms
    label, shown = arms[-1]
    runs = f"{counted(shown.replicates, 'run')}{' each' if len(arms) > 1 else ''}, {shown.uncertainty}."
    drawn = {
        "survival": (
            figures.survival(arms),
            "Kaplan-Meier estimate with 95 % interval; runs still at peace at the horizon are censored. "
            f"Relapse means 25 battle deaths in 52 weeks. {runs}",
        ),
        "indicators": (
            figures.fans(arms, HEADLINE),
            f"Median of the runs; bands hold {'50 %' if len(arms) > 1 else '50 % and 90 %'} of them. {runs}",
        ),
        "cost": (figures.cost(arms), f"Mean of the runs, prices of {shown.scenario.price_year}."),
        "network": (
            figures.network_map(shown),
            f"{label}: communities (area: population) and the roads between them; mean of the runs. "
            "Places inside a region are generated; positions are for drawing.",
        ),
    }
    if isinstance(result, Ensemble):
        return drawn
    return drawn | {
        "peace": (
            figures.peace_bar(result),
            "First peace, from 52 quiet weeks to relapse into conflict or the horizon; never reached counts "
            f"as zero. {counted(result.pairs, 'pair')}, {shown.uncertainty}.",
        ),
        "differences": (
            figures.difference_fans(result, HEADLINE),
            f"“{result.label_b}” minus “{result.label_a}”, pair by pair on the same luck; the bands hold "
            f"50 % and 90 % of the {counted(result.pairs, 'pair')}. Uncertainty: {shown.uncertainty}.",
        ),
        "channels": (
            figures.channels(result),
            "Paired mean difference in each year, written where its 95 % interval excludes zero; blue "
            "higher, orange lower, deeper where larger in standard deviations between runs (full at two).",
        ),
    }


def render(result: Ensemble | Comparison, pictures: Pictures, provenance: Mapping[str, str]) -> str:
    """The page; `provenance` is what `provenance.record` gives."""
    if isinstance(result, Ensemble):
        scenario, (title, body) = result.scenario, _ensemble(result, pictures)
    else:
        scenario, (title, body) = result.a.scenario, _comparison(result, pictures)
    return page(title, body, scenario.approximate, provenance)


def page(title: str, body: str, approximate: bool, provenance: Mapping[str, str]) -> str:
    """A whole page around `body`, with what it must not be used for and how to make it again."""
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n"
        f"{_caveats(approximate)}\n{_provenance(provenance)}\n</main>\n</body>\n</html>\n"
    )


def _ensemble(result: Ensemble, pictures: Pictures) -> tuple[str, str]:
    scenario = result.scenario
    return scenario.title, "\n".join(
        [
            _head(
                "Simulated futures of one policy",
                scenario.title,
                _facts(result, "run"),
                summary.headline(result),
            ),
            _paragraph(scenario.description),
            "<h2>Does peace hold?</h2>",
            _table(summary.shares(result)),
            _figure("survival", pictures),
            "<h2>What happens to the country</h2>",
            _figure("indicators", pictures),
            _table(summary.levels(result)),
            "<h2>What it costs</h2>",
            _table(summary.amounts(result)),
            _figure("cost", pictures),
            _table(summary.cost_by_year(result)),
            _table(summary.cost_table([("mean", result)])),
            "<h2>Where</h2>",
            _figure("network", pictures),
        ]
    )


def _comparison(result: Comparison, pictures: Pictures) -> tuple[str, str]:
    scenario = result.a.scenario
    title = f"“{result.label_b}” against “{result.label_a}”"
    arms = "".join(
        f"<li><b>{letter}</b> {escape(label)} <small>{escape(arm.scenario.title)}</small></li>"
        for letter, (label, arm) in zip("AB", result.arms, strict=True)
    )
    return f"{scenario.title}: {title}", "\n".join(
        [
            _head(scenario.title, title, _facts(result.a, "pair"), summary.compared_headline(result)),
            f'<ul class="arms">{arms}</ul>',
            _paragraph(scenario.description),
            _table(summary.compared_settings(result)),
            "<h2>Does peace hold?</h2>",
            _figure("peace", pictures),
            _table(summary.compared_shares(result)),
            _figure("survival", pictures),
            _table(summary.compared_peace(result)),
            "<h2>What happens to the country</h2>",
            _figure("indicators", pictures),
            _figure("differences", pictures),
            "<h2>Through which channels the policies differ</h2>",
            _figure("channels", pictures),
            _table(summary.compared_channels(result)),
            "<h2>What it costs</h2>",
            _table(summary.compared_amounts(result)),
            _figure("cost", pictures),
            _table(summary.cost_by_year(result)),
            _table(summary.cost_table(result.arms)),
            _table(summary.compared_lines(result)),
            "<h2>What the common luck saves</h2>",
            _paragraph(
                "Both runs of a pair meet the same luck, so most of it cancels in their difference, until "
                "feedback has carried them apart."
            ),
            _table(summary.saved(result)),
            f"<h2>Where ({escape(result.label_b)})</h2>",
            _figure("network", pictures),
        ]
    )


def _facts(ensemble: Ensemble, what: str) -> str:
    scenario = ensemble.scenario
    return (
        f"{counted(ensemble.years, 'year')} from {scenario.start.day} {scenario.start:%B %Y} · "
        f"{counted(ensemble.replicates, what)} · "
        f"seed {ensemble.seed} · uncertainty shown: {ensemble.uncertainty}"
    )


def _head(kind: str, title: str, facts: str, lead: str) -> str:
    return (
        f'<p class="kind">{escape(kind)}</p>\n<h1>{escape(title)}</h1>\n'
        f'<p class="facts">{escape(facts)}</p>\n'
        f'<p class="lead">{escape(lead)}</p>'
    )


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>" if text else ""


def _table(table: summary.Table) -> str:
    if not table.rows:
        return f'<p class="note">{escape(table.title)}: nothing.</p>'
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    rows = "\n".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in table.rows)
    return (
        f'<div class="scroll"><table><caption>{escape(table.title)}</caption><thead><tr>{head}</tr></thead>\n'
        f'<tbody>{rows}</tbody></table></div>\n<p class="note">{escape(table.note)}</p>'
    )


def _cell(text: str) -> str:
    first, *rest = text.split("\n")
    return f"<td>{escape(first)}{''.join(f'<small>{escape(line)}</small>' for line in rest)}</td>"


def _figure(name: str, pictures: Pictures) -> str:
    text, caption = pictures[name]
    return f"<figure>{_inline(text, name, caption)}<figcaption>{escape(caption)}</figcaption></figure>"


def _inline(text: str, name: str, caption: str) -> str:
    """SVG ready for the page: identities of its own, the page's colours, a description for screen readers."""
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r'(url\(#|href="#)', rf"\g<1>{name}-", text)
    for colour, themed in THEMED.items():
        text = text.replace(colour, themed)
    return text.replace("<svg", f'<svg role="img" aria-label="{escape(caption)}"', 1)


def _caveats(approximate: bool) -> str:
    kind = "<h2>What this must not be used for</h2>"
    first = "The scenario is stylised and approximate. " if approximate else ""
    items = "".join(f"<li>{escape(text)}</li>" for text in CAVEATS)
    return f'{kind}<ul class="caveats"><li>{first}This is not a prediction.</li>{items}</ul>'


def _provenance(facts: Mapping[str, str]) -> str:
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    return f"<h2>How to make this again</h2><dl>{rows}</dl>"


# The parts of a page, for other pages of the same look.
heading, paragraph, table, figure = _head, _paragraph, _table, _figure


def write(result: Ensemble | Comparison, folder: Path, provenance: Mapping[str, str]) -> Path:
    """Write report, figures, tables and scenarios of a result into `folder`; returns the report's path."""
    arms = {"": result} if isinstance(result, Ensemble) else {"-a": result.a, "-b": result.b}
    folder.mkdir(parents=True, exist_ok=True)
    for suffix, arm in arms.items():
        arm.outcomes.to_csv(folder / f"outcomes{suffix}.csv")
        (folder / f"scenario{suffix}.toml").write_text(arm.scenario.to_toml(), encoding="utf-8")
    document = json.dumps(as_document(result, provenance), indent=1)
    (folder / "summary.json").write_text(document, encoding="utf-8")
    drawn = illustrate(result)
    texts = drawing.save({name: picture for name, (picture, _) in drawn.items()}, folder / "figures")
    pictures = {name: (texts[name], caption) for name, (_, caption) in drawn.items()}
    file = folder / "report.html"
    file.write_text(render(result, pictures, provenance), encoding="utf-8")
    return file
