"""The documents stay true to the repository: links lead somewhere, rows are complete, nothing names one machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "apps" / "auto_dealer" / "auto_dealer"
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
ROW = re.compile(r"^\| R(\d+) \| (.+) \| (proven|planned) \|$", re.MULTILINE)
ROWS = 260
# Places of the machine the product was built on; written in parts, so that this file does not contain them.
MACHINE_PATHS = re.compile(
	"|".join(("/home/" + "dealer/", "/srv/" + "mirror", r"(?<![\w.$}])/" + "work/", "/tmp/" + "brief"))
)
# Packages of the app that are no domains: the desk wing, single functions by ERPNext doctype, pages.
NO_DOMAINS = {"auto_dealer", "overrides", "templates", "www"}
DOMAINS = sorted(
	package.relative_to(APP).as_posix()
	for package in (*APP.iterdir(), *(APP / "integrations").iterdir())
	if package.name not in NO_DOMAINS and len(list(package.glob("*.py"))) > 1
)


def tracked_files() -> list[Path]:
	"""Files of the repository; without git (a copied tree) every file below the root."""
	try:
		listed = subprocess.run(
			["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=True
		).stdout
	except (OSError, subprocess.CalledProcessError):
		return [path for path in ROOT.rglob("*") if path.is_file() and ".git" not in path.parts]
	paths = (ROOT / name for name in listed.split("\0") if name)
	return [path for path in paths if path.is_file() and not path.is_symlink()]


def documents() -> list[Path]:
	found = [path for path in tracked_files() if path.suffix == ".md"]
	return sorted({*found, *ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")})


def anchors(text: str) -> set[str]:
	"""The anchors that GitHub makes of the headings."""
	headings = HEADING.findall(FENCE.sub("", text))
	return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_relative_links_resolve(document: Path):
	text = document.read_text(encoding="utf-8")
	broken = []
	for target in LINK.findall(FENCE.sub("", text)):
		if re.match(r"[a-z]+:", target):
			continue
		path, _, anchor = target.partition("#")
		place = (document.parent / path).resolve() if path else document
		if not place.exists():
			broken.append(target)
		elif anchor and place.suffix == ".md" and anchor not in anchors(place.read_text(encoding="utf-8")):
			broken.append(target)
	assert not broken


def test_requirements_hold_every_row_once():
	rows = ROW.findall((ROOT / "docs" / "requirements.md").read_text(encoding="utf-8"))
	assert [int(number) for number, _, _ in rows] == list(range(1, ROWS + 1))
	assert len({text for _, text, _ in rows}) > ROWS * 0.95


def test_no_file_names_a_place_of_one_machine():
	wrong = []
	for path in tracked_files():
		try:
			text = path.read_text(encoding="utf-8")
		except UnicodeDecodeError:
			continue
		wrong += [f"{path.relative_to(ROOT)}: {match.group()}" for match in MACHINE_PATHS.finditer(text)]
	assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("domain", DOMAINS)
def test_module_map_names_every_file(domain: str):
	"""The README of a package says the duty of each of its modules, and of no module that is gone."""
	package = APP / domain
	readme = (package / "README.md").read_text(encoding="utf-8")
	modules = {
		path.relative_to(package).as_posix() for path in package.rglob("*.py") if path.name != "__init__.py"
	}
	named = set(re.findall(r"^\| `([\w/]+\.py)` \|", readme, re.MULTILINE))
	assert modules - named == set(), "not in the module map"
	assert named - modules == set(), "in the module map, but gone"
