"""COCO captions: one JSON file that lists pictures by id, and several captions for each."""

from collections.abc import Iterator
from pathlib import Path

from .example import (
    BadSource,
    Example,
    as_caption,
    as_list,
    as_object,
    check_folder,
    inside,
    is_file,
    log,
    read_json,
    read_text,
    warn_missing,
)

_OTHER_TASKS = ("segmentation", "bbox", "keypoints", "segments_info")


def read_coco(annotations: Path, images: Path) -> list[Example]:
    """Return the pictures in `images` that `annotations` (such as captions_train2017.json) holds captions for.

    Pictures that are missing or have no caption are counted in the log and left out.

    Raises:
        BadSource: no picture is left; or the file is missing, no JSON, of another shape or another COCO task, names a
            file outside `images`, or holds a caption that is empty or no text.
    """
    check_folder(images)
    content = as_object(read_json(read_text(annotations), str(annotations)), str(annotations))
    paths = _paths(content, annotations, images)
    captions = _captions(content, annotations)
    if unknown := captions.keys() - paths.keys():
        raise BadSource(f"{annotations}: annotations name image_id {min(unknown, key=str)!r}, which images lacks")
    present = {key: path for key, path in paths.items() if is_file(path)}
    warn_missing([path for key, path in paths.items() if key not in present], annotations)
    if not present:
        raise BadSource(f"none of the {len(paths)} pictures of {annotations} is in {images}. Name their folder")
    examples = [Example(path, tuple(captions[key])) for key, path in present.items() if key in captions]
    if not examples:
        raise BadSource(f"{annotations} holds no caption for any of the {len(present)} pictures in {images}")
    if silent := len(present) - len(examples):
        log.warning("%s holds no caption for %d pictures; they are left out", annotations, silent)
    return examples


def _paths(content: dict[str, object], file: Path, images: Path) -> dict[int | str, Path]:
    paths: dict[int | str, Path] = {}
    for where, entry in _entries(content, "images", file):
        key = _id(entry, "id", where)
        if "file_name" not in entry:
            raise BadSource(f"{where}: file_name is missing")
        if key in paths:
            raise BadSource(f"{where}: id {key!r} stands twice")
        paths[key] = inside(images, entry["file_name"], where)
    return paths


def _captions(content: dict[str, object], file: Path) -> dict[int | str, list[str]]:
    captions: dict[int | str, list[str]] = {}
    for where, entry in _entries(content, "annotations", file):
        if "caption" not in entry:
            if any(field in entry for field in _OTHER_TASKS):
                raise BadSource(f"{where} holds no caption: this is COCO's file for another task. Use captions_*.json")
            raise BadSource(f"{where}: caption is missing")
        captions.setdefault(_id(entry, "image_id", where), []).append(as_caption(entry["caption"], where))
    return captions


def _entries(content: dict[str, object], field: str, file: Path) -> Iterator[tuple[str, dict[str, object]]]:
    if field not in content:
        raise BadSource(f"{file} has no list {field!r}. Use COCO's captions_*.json")
    for index, entry in enumerate(as_list(content[field], f"{file}: {field}")):
        where = f"{file}: {field}[{index}]"
        yield where, as_object(entry, where)


def _id(entry: dict[str, object], field: str, where: str) -> int | str:
    value = entry.get(field)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise BadSource(
            f"{where}: {field} must be a number or text" if field in entry else f"{where}: {field} is missing"
        )
    return value
