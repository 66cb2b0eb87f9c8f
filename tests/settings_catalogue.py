"""Every environment variable that the settings read, taken from their source.

For docs/settings.md and docker-compose.yml, which tests hold against it. Needs no settings and no server.
"""

import ast
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "portal" / "settings.py"


@dataclass(frozen=True)
class Setting:
    """A variable. `kind`: str, int, bool …; `default`: as the settings write it, None where required."""

    name: str
    kind: str
    default: str | None

    @property
    def required(self) -> bool:
        return self.default is None


def read(source: Path = SOURCE) -> dict[str, Setting]:
    """The settings by the names of their variables, in the source's order."""
    found = {}
    calls = [node for node in ast.walk(ast.parse(source.read_text())) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: call.lineno):
        setting = _setting(call)
        if setting:
            found[setting.name] = setting
    return found


def _setting(call: ast.Call) -> Setting | None:
    """`env.kind("NAME", default)` as a Setting."""
    function = call.func
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
        return None
    if function.value.id != "env" or not call.args or not isinstance(call.args[0], ast.Constant):
        return None
    default = ast.unparse(call.args[1]) if len(call.args) > 1 else None
    return Setting(str(call.args[0].value), function.attr, default)
