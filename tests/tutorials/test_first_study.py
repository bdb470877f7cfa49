"""The tutorial runs from its first cell to its last, on this interpreter and this checkout, without a network."""

import json
import os
import re
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "docs" / "tutorials" / "first-study.ipynb"
BEFORE = """
import socket

def _refuse(*_, **__):
    raise OSError("this test has no network")

socket.getaddrinfo = socket.create_connection = _refuse
"""
AFTER = "import sys, ssr_sim; print(sys.executable, ssr_sim.__file__, sep='\\n')"


@pytest.fixture(scope="module")
def book() -> NotebookNode:
    return nbformat.read(NOTEBOOK, as_version=4)


@pytest.fixture
def kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the kernel "python3": this interpreter and this checkout, whatever the user has set up."""
    folder = tmp_path / "kernels" / "python3"
    folder.mkdir(parents=True)
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    (folder / "kernel.json").write_text(json.dumps({
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"], "display_name": "Python 3",
        "language": "python", "env": {"PYTHONPATH": path, "TMPDIR": str(tmp_path)}}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR", "MPLCONFIGDIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    return tmp_path


def text_of(cell: NotebookNode) -> str:
    """What a cell printed and showed, as plain text."""
    shown = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs]
    return "".join(shown)


def test_it_is_stored_without_outputs_and_with_ids_that_stay(book: NotebookNode) -> None:
    nbformat.validate(book)
    assert [cell.id for cell in book.cells] == [f"first-study-{n:02d}" for n in range(1, len(book.cells) + 1)]
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert len(code) > 5
    assert not [cell.id for cell in code if cell.outputs or cell.execution_count is not None]
    assert book.metadata.kernelspec.name == "python3"


def test_pages_that_it_links_to_exist(book: NotebookNode) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", "\n".join(cell.source for cell in book.cells))
    assert links
    assert not [link for link in links if not (NOTEBOOK.parent / link).exists()]


@pytest.mark.slow
def test_it_runs_to_the_end(book: NotebookNode, kernels: Path) -> None:
    copy = nbformat.from_dict(book)
    copy.cells = [nbformat.v4.new_code_cell(BEFORE), *book.cells, nbformat.v4.new_code_cell(AFTER)]
    client = NotebookClient(copy, timeout=300, kernel_name="python3",
                            resources={"metadata": {"path": str(kernels)}})
    done = client.execute()
    interpreter, package = text_of(done.cells[-1]).split()
    assert interpreter == sys.executable
    assert Path(package).is_relative_to(ROOT / "ssr_sim")
    cells = {cell.id: cell for cell in done.cells if cell.cell_type == "code"}
    images = [key for key, cell in cells.items() for output in cell.outputs if "image/png" in output.get("data", {})]
    assert len(images) == 1, "one figure, shown once"
    shown = "\n".join(map(text_of, cells.values()))
    assert "relapsed into conflict:" in shown
    assert "96 of 96 runs" in shown
    assert "weeks at peace; by state of the world" in shown
    warned = [output for cell in cells.values() for output in cell.outputs if output.get("name") == "stderr"]
    assert not warned
