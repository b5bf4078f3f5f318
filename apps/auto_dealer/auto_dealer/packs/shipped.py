"""The packs that come with the app: a file a pipeline in `setup/seed_data/packs`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "setup" / "seed_data" / "packs"


def list_shipped() -> dict[str, str]:
	"""Name of the pipeline → text of the file, in the order of the boards."""
	texts = [path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.json"))]
	files: list[tuple[dict[str, Any], str]] = [(json.loads(text), text) for text in texts]
	files.sort(key=lambda file: file[0]["pipeline"].get("sort_order", 0))
	return {file["pipeline"]["pipeline_name"]: text for file, text in files}
