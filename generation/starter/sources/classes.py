"""One folder per class, named in words or by its WordNet id as ImageNet does; captions come from the name."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from .example import (
    PICTURE_SUFFIXES,
    BadSource,
    Example,
    as_caption,
    as_list,
    as_object,
    check_folder,
    is_file,
    is_visible,
    list_files,
    log,
    read_json,
    read_text,
)

_NAME_FILES: Final = ("LOC_synset_mapping.txt", "imagenet_class_index.json", "words.txt")
_LEVELS = 4  # from ILSVRC/Data/CLS-LOC/train up to where LOC_synset_mapping.txt lies
_SPLITS: Final = frozenset({"train", "training", "val", "valid", "validation", "test"})
_SYNSET: Final = re.compile(r"n\d{8}")
_NUMBERED: Final = re.compile(r"^(n\d{8}-|\d{1,4}\.)(?=\D)")  # n02085620-Chihuahua, 001.Black_footed_Albatross
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_AN: Final = re.compile(r"(?!uni|use|usu|uk|ut[ei]|eu|ew|one\b|once)[aeiou]|hour|honest|heir|x-?ray", re.IGNORECASE)


def read_class_folders(folder: Path) -> list[Example]:
    """Return every picture in the class folders of `folder`, or of its `train` folder when it holds splits.

    Captions are "a photo of a golden retriever" and "golden retriever". Synset ids (n02099601) get their first name
    from LOC_synset_mapping.txt, imagenet_class_index.json or words.txt, in `folder` or up to four levels above it.
    Class folders without pictures are named in the log.

    Raises:
        BadSource: there are no class folders or no pictures; or the folders are synset ids and the file with their
            names is missing, malformed or lacks one.
    """
    examples: list[Example] = []
    for place, name in class_folders(folder):
        pictures = list_files(place, PICTURE_SUFFIXES)
        if not pictures:
            log.warning("%s holds no pictures; the class is left out", place)
        captions = (f"a photo of {article(name)} {name}", name)
        examples += [Example(path, captions) for path in pictures]
    if not examples:
        raise BadSource(f"the class folders in {folder} hold no pictures ({', '.join(sorted(PICTURE_SUFFIXES))})")
    return examples


def class_folders(folder: Path) -> list[tuple[Path, str]]:
    """Return each class folder with its name in words, in the order of the folders' names.

    Raises:
        BadSource: there are none, or synset ids cannot be named.
    """
    found = _subfolders(folder)
    splits = {place.name: place for place in found}
    if "train" in splits and splits.keys() <= _SPLITS and (below := _subfolders(splits["train"])):
        found = below
    if not found:
        raise BadSource(f"{folder} holds no class folders. Put each class into a folder of its own, named after it")
    synsets = [place.name for place in found if _SYNSET.fullmatch(place.name)]
    known = _synset_names(folder, synsets) if synsets else {}
    return [(place, known.get(place.name) or words(place.name, str(place))) for place in found]


def words(name: str, where: str) -> str:
    """Return a folder's name as words: "golden_retriever" and "GoldenRetriever" are a "golden retriever".

    Raises:
        BadSource: no word is left, or it is no text; `where` names it in the message.
    """
    return as_caption(_CAMEL.sub(" ", _NUMBERED.sub("", name).replace("_", " ")).lower(), where)


def article(noun: str) -> str:
    """Return "a" or "an", by the sound that `noun` starts with."""
    return "an" if _AN.match(noun) else "a"


def _subfolders(folder: Path) -> list[Path]:
    check_folder(folder)
    try:
        return sorted(place for place in folder.iterdir() if place.is_dir() and is_visible(place.name))
    except OSError as error:
        raise BadSource(f"{folder} cannot be listed: {error.strerror}. Check its permissions") from error


def _synset_names(folder: Path, synsets: list[str]) -> dict[str, str]:
    places = [folder, *folder.absolute().parents[:_LEVELS]]
    file = next((file for place in places for name in _NAME_FILES if is_file(file := place / name)), None)
    if file is None:
        raise BadSource(
            f"{folder} names its classes by synset ids ({synsets[0]}), which no caption can be made of. "
            f"Put {', '.join(_NAME_FILES[:-1])} or {_NAME_FILES[-1]} beside it"
        )
    named = dict(_index_names(file) if file.suffix == ".json" else _listed_names(file))
    if lacking := [synset for synset in synsets if synset not in named]:
        raise BadSource(f"{file} has no name for {lacking[0]}, a class in {folder}. Add it or remove the folder")
    # Only the first of "tench, Tinca tinca": the others are mostly Latin.
    return {key: as_caption(named[key].split(",")[0].replace("_", " "), f"{file}: {key}") for key in synsets}


def _listed_names(file: Path) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(read_text(file).splitlines(), 1):
        if line.strip():
            match line.split(maxsplit=1):
                case [synset, name] if _SYNSET.fullmatch(synset):
                    yield synset, name
                case _:
                    raise BadSource(f"{file} line {number} must be a synset id and a name, as in n01440764 tench")


def _index_names(file: Path) -> Iterator[tuple[str, str]]:
    for key, value in as_object(read_json(read_text(file), str(file)), str(file)).items():
        match as_list(value, f"{file}: {key}"):
            case [str(synset), str(name)]:
                yield synset, name
            case _:
                raise BadSource(f'{file}: {key} must be a synset id and a name, as in ["n01440764", "tench"]')
