"""`Тойота Камри 2.5`, `VW Polo`, `камри` → make and model, by names and aliases."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

SEPARATORS = re.compile(r"[^\w]+|_")
PARTS = re.compile(r"\d+|[^\W\d_]+")


class Model(NamedTuple):
	"""`key` is what the caller knows the model by (its document's name)."""

	key: str
	make: str
	names: tuple[str, ...]


def fold(text: str | None) -> str:
	"""Lower case, ё as е, single spaces for anything that is no letter or digit."""
	return SEPARATORS.sub(" ", str(text or "").lower().replace("ё", "е")).strip()


class MakeNames:
	"""An index over all makes and models; asking it costs no database."""

	def __init__(self, makes: Mapping[str, Iterable[str]], models: Iterable[Model]):
		"""`makes`: make → its aliases (its own name counts by itself)."""
		self.makes = _index((name, make) for make, aliases in makes.items() for name in (make, *aliases))
		self.models: dict[str, dict[str, str]] = {}
		owners: dict[str, set[tuple[str, str]]] = {}
		for model in models:
			index = self.models.setdefault(model.make, {})
			for name in model.names:
				if folded := fold(name):
					index.setdefault(folded, model.key)
					owners.setdefault(folded, set()).add((model.make, model.key))
		# A model named without its make is understood when only one make has such a name with a letter in it.
		self.unique = {
			name: next(iter(found))
			for name, found in owners.items()
			if len(found) == 1 and re.search(r"[^\W\d]{3}", name)
		}

	def resolve(self, text: str | None) -> tuple[str | None, str | None]:
		"""(make, model key), either may be None. The longest name wins; what stands behind the model is left alone."""
		words = fold(text).split()
		for start in range(len(words)):
			make, length = _longest(self.makes, words[start:])
			if make:
				rest = words[start + length :]
				return make, self._model_of(make, rest) or self._model_of(make, words[:start])
		for start in range(len(words)):
			found, _length = _longest(self.unique, words[start:])
			if found:
				return found
		return None, None

	def _model_of(self, make: str, words: list[str]) -> str | None:
		index = self.models.get(make, {})
		for start in range(len(words)):
			model, _length = _longest(index, words[start:])
			if model:
				return model
		return None


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
	index: dict[str, str] = {}
	for name, value in pairs:
		if folded := fold(name):
			index.setdefault(folded, value)
	return index


def _longest(index: Mapping, words: list[str]) -> tuple:
	"""(value, words used) of the longest name that these words begin with; spaces inside a name do not matter."""
	for length in range(min(len(words), 5), 0, -1):
		for key in (" ".join(words[:length]), "".join(words[:length]), _parted(words[:length])):
			if key in index:
				return index[key], length
	return None, 0


def _parted(words: list[str]) -> str:
	"""`рав4` → `рав 4`, as names are written when letters meet digits."""
	return " ".join(PARTS.findall(" ".join(words)))
