"""Assumptions: every number of the model with its range and source, to read, to doubt and to change."""

from __future__ import annotations

from typing import Any

import solara

from ..address import use_address
from ..alert import notices
from ..described import shown
from ..goals import GOALS
from ..markup import tag
from ..messages import section, text
from ..plan import Plan, parameters, read, scenario_of
from ..widgets.grid import Grid
from .opening import Ready


@solara.component
def Assumptions() -> None:
    """One row for every parameter; an edit goes into the address, as on the planner's page."""
    router = solara.use_router()
    plan, said = solara.use_memo(lambda: read(router.search or "", GOALS), [router.search])
    Ready(plan.country, lambda: _List(plan, said))


@solara.component
def _List(plan: Plan, said: list[str]) -> None:
    address = use_address("assumptions", plan.query())
    listed = solara.use_memo(lambda: rows(plan), [plan])

    def edit(event: dict[str, Any]) -> None:
        address.go(plan.with_lever(event["key"], event["value"]).query())

    with solara.Div(classes=["ssr-text", "wide"]):
        solara.HTML(tag="h1", unsafe_innerHTML=text("assumptions.title"))
        solara.HTML(tag="p", unsafe_innerHTML=tag("span", text("assumptions.about", n=len(listed),
                                                               country=scenario_of(Plan(country=plan.country)).title)))
        notices((*said, *address.said))
        Grid.element(columns=section("assumptions.columns")["list"], rows=listed, words=section("grid"), on_event=edit)


def rows(plan: Plan) -> list[dict[str, Any]]:
    """Every parameter: key, what it is, role, unit, range, source; the country's value and the visitor's."""
    country = scenario_of(Plan(country=plan.country))
    changed = plan.in_force(0)
    found = []
    for key, row in parameters().items():
        usual = country.value(key)
        span = ", ".join(row.options) if row.options else f"{shown(row.lo)} – {shown(row.hi)}"
        found.append({"key": key, "cells": [key, row.help, row.role, row.unit, span, row.source], "usual": usual,
                      "value": changed.get(key, usual), "lo": row.lo, "hi": row.hi, "options": list(row.options)})
    return found
