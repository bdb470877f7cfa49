"""The page on sweeps says what works: its specification, its commands, its Python."""

import os
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from ssr_sim.sweep.results import Results

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "run-a-sweep.md").read_text()
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", PAGE, re.DOTALL)
SMALLER = {"years = 10": 'years = 1\nset = { "country.communities" = 6 }', "n = 50": "n = 2", "n = 20\n": "n = 2\n",
           "min = 20": "min = 2", "max = 800": "max = 3"}


def block(language: str, number: int = 0) -> str:
    text = [text for kind, text in BLOCKS if kind == language][number]
    for large, small in SMALLER.items():
        text = text.replace(large, small)
    return text


@pytest.mark.parametrize("adaptive", [False, True])
def test_the_page_works_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, adaptive: bool,
                                     ssr: Callable[..., Result]) -> None:
    monkeypatch.chdir(tmp_path)
    text = block("toml")
    if adaptive:
        text = text[: text.index("[replicates]")] + block("toml", 1)
    Path("study.toml").write_text(text)
    for line in block("").splitlines():
        command = shlex.split(line, comments=True)[1:]
        done = ssr(*command)
        assert done.exit_code == 0, (line, done.output)
    if not adaptive:
        names: dict[str, object] = {}
        exec(block("python"), names)
        assert isinstance(names["results"], Results)
        assert len(names["results"].frame()) == 2 * 2 * 2
        assert os.listdir("study/export")
