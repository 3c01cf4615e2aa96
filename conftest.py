"""How the tests run; it stands here because notebooks/ and solutions/ are tested too, not only tests/."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "tests"))

pytest_plugins = ["machinery.isolation", "machinery.notebooks", "machinery.figures", "machinery.playgrounds"]
