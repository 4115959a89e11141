"""What the plugin costs a suite that does not ask for it."""

import json
import os
import subprocess
import sys

import pytest

from tests.plugged import CANDIDATE, PLUGIN, Suite
from tests.project import CHECKOUT

_IMPORTED = """
import json
import sys

import pytest

HEAVY = {"flask", "quart", "werkzeug", "msgspec", "click", "h2", "rich", "asyncio"}

def imported():
    names = {name for name in sys.modules if name.partition(".")[0] == "quart_parity"}
    return sorted(names | (HEAVY & sys.modules.keys()))

runs = json.loads(sys.argv[1])
before = imported()
statuses = [pytest.main(["-q", "-s", *args]) for args in runs[:-1]]
found = imported()
statuses.append(pytest.main(["-q", "-s", *runs[-1]]))
print(json.dumps([before, statuses, found, "quart_parity.mirror.plugin" in sys.modules]))
"""


def test_a_suite_that_does_not_ask_imports_nothing(pytester: pytest.Pytester) -> None:
    """With the plugin loaded, no module of ours is imported but the plugin's own, and nothing that
    it would need; with the mirror asked for, they are."""
    Suite(pytester)
    pytester.makeini("[pytest]")
    pytester.makepyfile(conftest="", test_shop="def test_it(): pass")
    loaded = ["-p", PLUGIN]
    runs = [loaded, [*loaded, "--parity=off", CANDIDATE], [*loaded, CANDIDATE]]
    # Plugins of others import what they like.
    environment = os.environ | {
        "PYTHONPATH": str(CHECKOUT),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", _IMPORTED, json.dumps(runs)],
        cwd=pytester.path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    before, statuses, found, is_mirrored = json.loads(done.stdout.splitlines()[-1])

    assert statuses == [0, 0, 0], done.stdout
    assert found == sorted({*before, "quart_parity", "quart_parity.pytest_plugin"})
    assert is_mirrored
