"""What the pages under docs/ name exists."""

import re
from pathlib import Path

import pytest

from ssr_sim import tables
from ssr_sim.country import Country
from ssr_sim.measures import INDEX
from ssr_sim.scenario import BLOCKS, Scenario, preset_names
from ssr_sim.world import PHASES

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(path.name for path in DOCS.glob("*.md"))
WRITTEN = [page for page in PAGES if "do not edit" not in (DOCS / page).read_text(encoding="utf-8")[:400]]


@pytest.mark.parametrize("page", WRITTEN)
def test_every_parameter_and_field_that_a_page_names_exists(page: str, baseline: Scenario) -> None:
    """`policing.abuse_rate` and `police.skill`, alone in backticks or in a block of equations."""
    text = (DOCS / page).read_text(encoding="utf-8")
    spans = re.findall(r"`([^`\n]+)`", text) + re.findall(r"```text\n(.*?)```", text, re.DOTALL)
    unknown = set()
    for owner, name in re.findall(r"(?<![\w./])([a-z_]+)\.([a-z_]+[a-z0-9_]*)(?![\w(])", "\n".join(spans)):
        known = f"{owner}.{name}" in baseline.parameters or name in tables.TABLES.get(owner, {})
        known = known or (owner == "country" and name in Country.model_fields) or name in ("md", "py", "toml", "csv")
        if (owner in BLOCKS or owner in tables.TABLES) and not known:
            unknown.add(f"{owner}.{name}")
    assert not unknown


@pytest.mark.parametrize("page", PAGES)
def test_links_between_pages_lead_somewhere(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    assert not [target for target in targets if not (DOCS / target).exists()]


def test_the_description_has_every_phase_of_the_week() -> None:
    text = (DOCS / "odd.md").read_text(encoding="utf-8")
    assert not [name for name in PHASES if f"#### {name} (" not in text]


def test_the_error_of_a_source_document_is_recorded_and_nothing_stands_for_it(baseline: Scenario) -> None:
    text = (DOCS / "frameworks.md").read_text(encoding="utf-8")
    assert "An error that is not modelled" in text
    fields = [field for table in tables.TABLES.values() for field in table]
    names = [*baseline.parameters, *INDEX, *preset_names(), *fields]
    assert not [name for name in names if re.search(r"(^|[._])itu([._]|$)|telecom", name)]
