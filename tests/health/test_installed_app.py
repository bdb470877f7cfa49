"""Who installs the wheel with its app in an empty environment has the app, far from any checkout."""

import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.health.packaging import ROOT
from tests.viz import browsing

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with `ssr-sim[app]` from the wheel and what it asks for, at the locked versions."""
    folder = tmp_path_factory.mktemp("installed")
    for command in ([sys.executable, "-m", "venv", str(folder)],
                    [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                     "--constraint", str(ROOT / "requirements.lock"), f"ssr-sim[app] @ {wheel.as_uri()}"]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_installed_app_opens_and_plans_without_the_net(
        environment: Path, tmp_path: Path, chromium: Any) -> None:
    command = (str(environment / "bin" / "ssr-sim"), "app", "--no-browser", "--port")
    with browsing.served(command, tmp_path) as app:
        page, trouble = browsing.new_page(chromium, app.address)
        page.goto(app.address + "/plan?country=baseline&years=2&replicates=8")
        browsing.ready(page)
        page.wait_for_selector(".ssr-chart svg")
        assert trouble == []
        assert app.listens_at() == {f"0100007F:{urlsplit(app.address).port:04X}"}
        page.context.close()
        code, said = app.interrupt()
    assert code == 130
    assert "Traceback" not in said
