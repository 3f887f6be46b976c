"""The door to experta: what its import lacks and leaves behind, and that only one module goes through it."""

from __future__ import annotations

import ast
import collections
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import tactician
from tactician.inference import forward_experta


def test_stock_does_not_import_on_this_python() -> None:
    run = subprocess.run(
        [sys.executable, "-c", "import frozendict"], capture_output=True, text=True, check=False
    )
    assert "module 'collections' has no attribute 'Mapping'" in run.stderr, "the name need no longer be lent"


def test_the_lent_name_is_taken_back() -> None:
    assert forward_experta.watchers
    assert not hasattr(collections, "Mapping")


def test_only_one_module_imports_experta() -> None:
    def imports(path: Path) -> Iterator[str]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (name.name for name in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield node.module or ""

    package = Path(tactician.__file__).parent
    importing = {
        path.name
        for path in package.rglob("*.py")
        if any(name.partition(".")[0] == "experta" for name in imports(path))
    }
    assert importing == {"forward_experta.py"}


def test_what_does_not_chain_forward_does_not_load_experta() -> None:
    script = "import sys, tactician.inference.direct; print('experta' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_stock_gives_the_root_logger_a_handler_and_ours_takes_it_back() -> None:
    show = "import logging; print(len(logging.getLogger().handlers))"
    lend = (
        "import collections, collections.abc; collections.Mapping = collections.abc.Mapping; import experta; "
    )
    ours = "import tactician.inference.forward; "
    counted = [
        subprocess.run(
            [sys.executable, "-c", start + show], capture_output=True, text=True, check=True
        ).stdout
        for start in (lend, ours)
    ]
    assert [int(count) for count in counted] == [1, 0]
