"""What only the browser can do: copy, download, print, go back, remember, change the theme, hear keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

HERE = Path(__file__).parent


class Browser(anywidget.AnyWidget):
    """Carries out `command`, {do, count, ...}, once for each count.

    `do` is "copy" (text), "download" (name, text or base64, type), "print" (once the selector `of` is there), "back",
    "forward", "replay" (back, and forward after a while), "replace" (href of the page that takes this one's place),
    "remember" (stored), or "theme" (value "light", "dark" or "auto").

    `lost` is what it says while the program does not answer; once it does, the page is opened again at its address.

    `remember` {key: text} is written to the browser's own store, and so is `shelf`, for what is large and seldom
    changes (keys "own:..."). `wanted` names such a key: its text, or None, comes as `own` in an event.

    At the start, and when something worth knowing happens, `event` is {type, count, ...}: "hello" with `stored`,
    `origin` and `theme`; "key" with `key` for the keys in `listened`; "copied"; "failed".
    """

    _esm = HERE / "browser.js"
    command = traitlets.Dict().tag(sync=True)
    lost = traitlets.Unicode("").tag(sync=True)
    remember = traitlets.Dict().tag(sync=True)
    shelf = traitlets.Dict().tag(sync=True)
    wanted = traitlets.Unicode("").tag(sync=True)
    listened: Any = traitlets.List().tag(sync=True)
    event = traitlets.Dict().tag(sync=True)
