"""Parameters: declared once, checked everywhere, packed for compiled code."""

from typing import ClassVar

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ssr_sim.parameters import Block, catalogue, choice, constant, lever, pack, record_dtype, uncertain, views


class Review(Block):
    """Two levers and a named form."""

    group: ClassVar[str] = "Integrity"

    coverage: float = lever(0.1, unit="share / year", lo=0, hi=2, help="How fast files are read.",
                            source="Bosnia", cost="USD 600 per file", side_effect="thins the force",
                            headline=True)
    outreach: float = lever(0.0, unit="share", lo=0, hi=1, help="Meetings.", source="assumption", cost="none",
                            side_effect="raises expectations", group="Community")
    form: str = choice("geometric", ["geometric", "arithmetic"], help="How pillars combine.",
                       source="debated")


class Memory(Block):
    """One uncertain number and one constant."""

    tau: float = uncertain(2, unit="years", lo=0.5, hi=5, help="Memory.", source="assumption")
    kappa: float = constant(1.5, unit="ratio", lo=1, hi=4, help="Weight of bad news.", source="Slovic 1993")


BLOCKS = {"review": Review, "memory": Memory}


def defaults():
    return {name: kind() for name, kind in BLOCKS.items()}


def test_catalogue_lists_every_parameter_in_the_order_of_declaration():
    rows = catalogue(BLOCKS)
    assert list(rows) == ["review.coverage", "review.outreach", "review.form", "memory.tau", "memory.kappa"]
    assert [row.role for row in rows.values()] == ["lever", "lever", "uncertain", "uncertain", "constant"]


def test_a_row_carries_the_whole_declaration():
    row = catalogue(BLOCKS)["review.coverage"]
    assert (row.default, row.unit, row.lo, row.hi, row.headline) == (0.1, "share / year", 0.0, 2.0, True)
    assert (row.cost, row.side_effect, row.source) == ("USD 600 per file", "thins the force", "Bosnia")
    assert (row.help, row.group) == ("How fast files are read.", "Integrity")


def test_a_lever_may_belong_to_another_group_than_its_block():
    assert catalogue(BLOCKS)["review.outreach"].group == "Community"
    assert catalogue(BLOCKS)["memory.tau"].group == "Model"


@pytest.mark.parametrize("value", [-0.01, 2.01, float("nan"), float("inf"), True, "0.5", None])
def test_a_block_refuses_values_out_of_range_and_of_other_types(value):
    with pytest.raises(ValidationError):
        Review(coverage=value)


def test_a_block_refuses_unknown_names_and_options():
    with pytest.raises(ValidationError):
        Review(covrage=0.5)
    with pytest.raises(ValidationError, match="must be one of geometric, arithmetic"):
        Review(form="harmonic")


def test_a_block_is_frozen_and_replace_validates():
    block = Review()
    with pytest.raises(ValidationError):
        block.coverage = 0.5
    assert block.replace(coverage=1).coverage == 1.0
    assert block.coverage == 0.1
    with pytest.raises(ValidationError):
        block.replace(coverage=3)


@pytest.mark.parametrize(("default", "lo", "hi"), [
    (3, 0, 2), (0, 1, 2), (0, -float("inf"), 2), (float("nan"), 0, 1)])
def test_a_declaration_needs_a_default_within_finite_limits(default, lo, hi):
    with pytest.raises(ValueError, match="not within"):
        constant(default, unit="-", lo=lo, hi=hi, help="h", source="s")


def test_a_value_outside_the_range_is_allowed_only_where_it_switches_off():
    class Memory(Block):
        bias: float = uncertain(2.0, unit="ratio", lo=1.5, hi=3.0, help="h", source="s", off=1.0)

    assert catalogue({"memory": Memory})["memory.bias"].off == 1.0
    assert Memory().replace(bias=1.0).bias == 1.0
    for value in (1.2, 3.1, 0.0):
        with pytest.raises(ValidationError):
            Memory().replace(bias=value)
    assert Memory.model_json_schema()["properties"]["bias"]["anyOf"][1] == {"const": 1.0}


@pytest.mark.parametrize("missing", ["unit", "help", "source", "cost", "side_effect"])
def test_a_lever_needs_all_its_texts(missing):
    texts = dict.fromkeys(("unit", "help", "source", "cost", "side_effect"), "text")
    with pytest.raises(ValueError, match="need a text"):
        lever(0, lo=0, hi=1, **{**texts, missing: ""})


def test_a_choice_needs_distinct_options_and_a_default_among_them():
    for default, options in (("c", ("a", "b")), ("a", ("a", "a"))):
        with pytest.raises(ValueError, match="distinct"):
            choice(default, options, help="h", source="s")


def test_a_plain_field_on_a_block_is_no_parameter():
    class Careless(Block):
        speed: float = 3.0

    with pytest.raises(TypeError, match=r"careless\.speed"):
        catalogue({"careless": Careless})


def test_an_unknown_group_is_refused():
    class Stray(Block):
        group: ClassVar[str] = "Weather"
        rain: float = constant(0, unit="mm", lo=0, hi=1, help="h", source="s")

    with pytest.raises(TypeError, match="Weather"):
        catalogue({"stray": Stray})


def test_pack_holds_all_values_in_catalogue_order_and_a_choice_as_its_index():
    blocks = {**defaults(), "review": Review(form="arithmetic")}
    assert pack(blocks).tolist() == [0.1, 0.0, 1.0, 2.0, 1.5]


@given(st.floats(0, 2), st.sampled_from(["geometric", "arithmetic"]), st.floats(0.5, 5))
def test_every_value_survives_packing(coverage, form, tau):
    flat = pack({"review": Review(coverage=coverage, form=form), "memory": Memory(tau=tau)})
    rows = catalogue(BLOCKS)
    values = {key: row.value(number) for (key, row), number in zip(rows.items(), flat, strict=True)}
    assert (values["review.coverage"], values["review.form"], values["memory.tau"]) == (coverage, form, tau)


def test_views_share_memory_with_the_vector():
    flat = pack(defaults())
    both = views(flat, BLOCKS)
    assert both.memory.shape == (1,)
    flat[3] = 4.5
    assert both.memory[0].tau == 4.5
    both.review[0].coverage = 0.7
    assert flat[0] == 0.7


def test_views_refuse_a_vector_of_another_length():
    with pytest.raises(ValueError, match="4 numbers"):
        views(np.zeros(4), BLOCKS)


def test_compiled_code_reads_a_parameter_by_name():
    @numba.njit
    def weight(parameters):
        return parameters.memory[0].kappa * parameters.review[0].coverage

    assert weight(views(pack(defaults()), BLOCKS)) == pytest.approx(0.15)


def test_a_record_has_one_float_per_parameter_and_no_padding():
    dtype = record_dtype(Review)
    assert dtype.names == ("coverage", "outreach", "form")
    assert dtype.itemsize == 3 * 8
