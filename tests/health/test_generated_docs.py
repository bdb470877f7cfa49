"""The generated pages say what the declarations say."""

from ssr_sim.documentation import difference, main
from ssr_sim.locations import PACKAGE


def test_pages_are_what_the_declarations_give(require):
    root = PACKAGE.parent
    require((root / "pyproject.toml").exists(), "no checkout around the package")
    changes = difference(root)
    assert not changes, f"run python -m ssr_sim.documentation --write\n{changes}"


def test_a_stale_page_shows_as_a_difference(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "parameters.md").write_text("# Parameters\n\nold\n", encoding="utf-8")
    changes = difference(tmp_path)
    assert "-old" in changes
    assert "+++ scenarios/schema.json (generated)" in changes


def test_check_fails_when_a_page_is_stale(tmp_path, monkeypatch, capsys):
    (tmp_path / "scenarios").mkdir()
    monkeypatch.setattr("ssr_sim.documentation.PACKAGE", tmp_path / "ssr_sim")
    assert main(["--check"]) == 1
    assert "docs/parameters.md" in capsys.readouterr().out
    assert main(["--write"]) == 0
    assert main(["--check"]) == 0
