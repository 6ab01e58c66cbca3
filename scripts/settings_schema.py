"""Write the names of the checks into schemas/settings.schema.json, which is otherwise written by hand.

`--check` only says whether the file is up to date.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from promptbits.checks.catalogue import CHECKS

SCHEMA = Path(__file__).parent.parent / "schemas" / "settings.schema.json"


def with_checks(text: str) -> str:
    """The schema with every check as a member of `$defs.levels`."""
    schema = json.loads(text)
    schema["$defs"]["levels"]["properties"] = {
        name: {"description": f"{check.summary} (default: {check.severity})", "$ref": "#/$defs/level"}
        for name, check in sorted(CHECKS.items())
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the file, or compare."""
    old = SCHEMA.read_text("utf-8")
    new = with_checks(old)
    if "--check" in sys.argv[1:]:
        if old != new:
            print("schemas/settings.schema.json is out of date: run make schemas", file=sys.stderr)
        return int(old != new)
    SCHEMA.write_text(new, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
