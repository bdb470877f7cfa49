"""Every draw goes through `ssr_sim.draws`: nothing in the package touches `random` or `numpy.random`."""

import ast
from pathlib import Path

import pytest

import ssr_sim

PACKAGE = Path(ssr_sim.__file__).parent
OUTSIDE = {
    "mesa_model.py",  # a mesa.Model owns generators of its own, which no rule of ours uses
    "intervals.py",  # resamples finished runs, with a fixed seed
}
FILES = sorted(file for file in PACKAGE.rglob("*.py") if file.name not in OUTSIDE)


def hidden_randomness(text: str) -> list[str]:
    """Return a line for each import or use of a generator that is not ours."""
    found = []
    for node in ast.walk(ast.parse(text)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Attribute):
            names = [ast.unparse(node).replace("np.", "numpy.")]
        for name in names:
            if name.split(".")[0] in {"random", "secrets"} or f"{name}.".startswith("numpy.random."):
                found.append(f"line {node.lineno}: {name}")
    return found


@pytest.mark.parametrize("file", FILES, ids=[str(file.relative_to(PACKAGE)) for file in FILES])
def test_module_draws_only_through_draws(file):
    assert hidden_randomness(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "import random",
        "from random import choice",
        "from numpy.random import default_rng",
        "import numpy as np\nnp.random.rand()",
    ],
)
def test_check_catches_a_hidden_draw(text):
    assert hidden_randomness(text)


def test_check_leaves_other_names_alone():
    assert hidden_randomness("from ssr_sim.draws import u01\nimport numpy as np\nnp.asarray(1)") == []
