"""Folders of pictures in the layouts that people have become examples, and bad ones become one clear error."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from PIL import Image

from generation.starter.sources import (
    BadSource,
    Example,
    open_source,
    read_captioned_folder,
    read_class_folders,
    read_coco,
    read_video_folders,
)
from generation.starter.sources.classes import article


def picture(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (12, 8), "red").save(path)
    return path


def text(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def captions(examples: list[Example], folder: Path) -> dict[str, tuple[str, ...]]:
    return {example.path.relative_to(folder).as_posix(): example.captions for example in examples}


# Captioned folders


def test_metadata_jsonl_names_pictures_below_it_and_may_name_one_twice(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    picture(tmp_path / "deep" / "er" / "b.jpg")
    lines = [
        {"file_name": "a.png", "text": "a  red\n picture"},
        {"file_name": "deep/er/b.jpg", "caption": "one\u2028two"},
        {"file_name": "a.png", "text": "again"},
    ]
    text(tmp_path / "metadata.jsonl", "\r\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\r\n\r\n")
    found = captions(read_captioned_folder(tmp_path), tmp_path)
    assert found == {"a.png": ("a red picture", "again"), "deep/er/b.jpg": ("one two",)}


def test_metadata_csv_from_a_spreadsheet_with_bom_crlf_and_quotes(tmp_path: Path) -> None:
    picture(tmp_path / "sub" / "a.png")
    picture(tmp_path / "b.png")
    content = '\ufefffile_name,size,text\r\nsub\\a.png,3,"a cat, asleep"\r\nb.png,4,"two\r\nlines"\r\n'
    text(tmp_path / "metadata.csv", content)
    found = captions(read_captioned_folder(tmp_path), tmp_path)
    assert found == {"sub/a.png": ("a cat, asleep",), "b.png": ("two lines",)}


def test_each_line_of_a_text_file_beside_a_picture_is_a_caption(tmp_path: Path) -> None:
    picture(tmp_path / "10_cat" / "a.png")
    picture(tmp_path / "b.WEBP")
    text(tmp_path / "10_cat" / "a.txt", "\ufeffa cat\r\n\r\na small cat\r\n")
    text(tmp_path / "b.caption", "a dog")
    text(tmp_path / "README.txt", "not a caption")
    found = captions(read_captioned_folder(tmp_path), tmp_path)
    assert found == {"10_cat/a.png": ("a cat", "a small cat"), "b.WEBP": ("a dog",)}


def test_the_nearest_metadata_wins_then_jsonl_over_csv_over_text_files(tmp_path: Path) -> None:
    for name in ("sub/near.png", "both.png", "listed.png", "only.png"):
        text(picture(tmp_path / name).with_suffix(".txt"), "from the text file")
    text(tmp_path / "sub" / "metadata.csv", "file_name,text\nnear.png,from the nearest\n")
    rows = [{"file_name": name, "text": "from the jsonl"} for name in ("sub/near.png", "both.png")]
    text(tmp_path / "metadata.jsonl", "\n".join(map(json.dumps, rows)))
    text(tmp_path / "metadata.csv", "file_name,text\nboth.png,from the csv\nlisted.png,from the csv\n")
    assert captions(read_captioned_folder(tmp_path), tmp_path) == {
        "sub/near.png": ("from the nearest",),
        "both.png": ("from the jsonl",),
        "listed.png": ("from the csv",),
        "only.png": ("from the text file",),
    }


def test_what_is_left_out_is_counted_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    picture(tmp_path / "a.png")
    picture(tmp_path / "silent.png")
    picture(tmp_path / "__MACOSX" / "junk.png")
    text(tmp_path / "._a.png", "AppleDouble")
    text(tmp_path / "metadata.csv", "file_name,text\na.png,here\ngone.png,not here\n")
    with caplog.at_level(logging.WARNING):
        assert captions(read_captioned_folder(tmp_path), tmp_path) == {"a.png": ("here",)}
    assert "1 pictures that are missing" in caplog.text and "gone.png" in caplog.text
    assert "1 pictures without captions" in caplog.text and "silent.png" in caplog.text


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("metadata.jsonl", '{"file_name": "a.png", "text": "x"}\n{oops', "line 2 is not valid JSON"),
        ("metadata.jsonl", '["a.png", "x"]', "line 1 must be a JSON object, not a list"),
        ("metadata.jsonl", '{"text": "x"}', "line 1: file_name is missing"),
        ("metadata.jsonl", '{"file_name": "a.png"}', "line 1: the caption is missing.*under text or caption"),
        ("metadata.jsonl", '{"file_name": "a.png", "text": 7}', "line 1: the caption must be text, not a number"),
        ("metadata.jsonl", '{"file_name": "a.png", "text": null}', "line 1: the caption must be text, not null"),
        ("metadata.jsonl", '{"file_name": "a.png", "text": " \\t"}', "line 1: the caption is empty"),
        ("metadata.jsonl", '{"file_name": "a.png", "text": "\\ud83e"}', "half a character"),
        ("metadata.jsonl", '{"file_name": 3, "text": "x"}', "line 1: the file name must be text"),
        ("metadata.jsonl", '{"file_name": "", "text": "x"}', "line 1: the file name is empty"),
        ("metadata.jsonl", '{"file_name": "../a.png", "text": "x"}', "line 1: '../a.png' leaves"),
        ("metadata.jsonl", '{"file_name": "b/..\\\\..\\\\a.png", "text": "x"}', "leaves"),
        ("metadata.jsonl", '{"file_name": "/etc/a.png", "text": "x"}', "leaves"),
        ("metadata.jsonl", '{"file_name": "C:\\\\a.png", "text": "x"}', "leaves"),
        ("metadata.jsonl", '{"file_name": "gone.png", "text": "x"}', "none of the 1 pictures .* is there"),
        ("metadata.jsonl", '{"file_name": "a\\u0000.png", "text": "x"}', "none of the 1 pictures"),
        ("metadata.jsonl", json.dumps({"file_name": "a" * 5000, "text": "x"}), "none of the 1 pictures"),
        ("metadata.jsonl", b'{"file_name": "a.png", "text": "caf\xe9"}', "not UTF-8.*Save it as UTF-8"),
        ("metadata.csv", "", "line 1: the columns must be file_name and text"),
        ("metadata.csv", "file_name;text\na.png;x\n", "line 1: the columns must be .*parted by commas"),
        ("metadata.csv", "file_name,text\na.png,a cat, asleep\n", "line 2: 3 fields where the header has 2. Quote"),
        ("metadata.csv", "file_name,text\na.png,\n", "line 2: the caption is empty"),
        ("metadata.csv", 'file_name,text\na.png,"open\n', "line 2 is not valid CSV"),
        ("a.txt", " \n", "a.txt: the caption is empty"),
        ("b.txt", "a caption for no picture", "none of the 1 pictures .* has a caption. Put name.txt beside"),
    ],
)
def test_a_bad_caption_file_is_refused_with_its_place(
    tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    picture(tmp_path / "a.png")
    text(tmp_path / name, content)
    with pytest.raises(BadSource, match=message) as raised:
        read_captioned_folder(tmp_path)
    assert str(tmp_path) in str(raised.value)


@pytest.mark.parametrize("read", [read_captioned_folder, read_class_folders, read_video_folders])
def test_missing_empty_and_mistaken_folders_are_refused(tmp_path: Path, read) -> None:
    with pytest.raises(BadSource, match="nowhere is missing"):
        read(tmp_path / "nowhere")
    with pytest.raises(BadSource, match="is no folder"):
        read(text(tmp_path / "file", ""))
    (tmp_path / "empty" / "train").mkdir(parents=True)
    with pytest.raises(BadSource, match=r"holds? no"):
        read(tmp_path / "empty")
    with pytest.raises(BadSource, match=r"holds? no"):
        read(tmp_path / "empty" / "train")


# COCO


def coco(folder: Path, **changes: object) -> Path:
    content = {
        "info": {"year": 2017},
        "images": [
            {"id": 9, "file_name": "000000000009.jpg", "height": 8, "width": 12},
            {"id": 25, "file_name": "000000000025.jpg", "height": 8, "width": 12},
        ],
        "annotations": [
            {"id": 661611, "image_id": 9, "caption": "Closeup of bins of food.\n"},
            {"id": 661977, "image_id": 25, "caption": "A giraffe eating."},
            {"id": 663627, "image_id": 9, "caption": "A meal in plastic dishes."},
        ],
    }
    return text(folder / "annotations" / "captions_train2017.json", json.dumps(content | changes))


@pytest.fixture
def images(tmp_path: Path) -> Path:
    picture(tmp_path / "train2017" / "000000000009.jpg")
    picture(tmp_path / "train2017" / "000000000025.jpg")
    return tmp_path / "train2017"


def test_coco_gathers_all_captions_of_a_picture(tmp_path: Path, images: Path) -> None:
    assert captions(read_coco(coco(tmp_path), images), images) == {
        "000000000009.jpg": ("Closeup of bins of food.", "A meal in plastic dishes."),
        "000000000025.jpg": ("A giraffe eating.",),
    }


def test_coco_counts_missing_and_silent_pictures(
    tmp_path: Path, images: Path, caplog: pytest.LogCaptureFixture
) -> None:
    annotations = coco(tmp_path, annotations=[{"image_id": 9, "caption": "food"}])
    with caplog.at_level(logging.WARNING):
        assert len(read_coco(annotations, images)) == 1
        assert "no caption for 1 pictures" in caplog.text
        (images / "000000000025.jpg").unlink()
        assert len(read_coco(annotations, images)) == 1
    assert "1 pictures that are missing" in caplog.text and "000000000025.jpg" in caplog.text
    (images / "000000000009.jpg").unlink()
    with pytest.raises(BadSource, match="none of the 2 pictures"):
        read_coco(annotations, images)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"images": {}}, "images must be a JSON list, not an object"),
        ({"images": [3]}, r"images\[0\] must be a JSON object, not a number"),
        ({"images": [{"file_name": "a.jpg"}]}, r"images\[0\]: id is missing"),
        ({"images": [{"id": True, "file_name": "a.jpg"}]}, r"images\[0\]: id must be a number or text"),
        ({"images": [{"id": 9}]}, r"images\[0\]: file_name is missing"),
        ({"images": [{"id": 9, "file_name": "../a.jpg"}]}, r"images\[0\]: '../a.jpg' leaves"),
        ({"images": [{"id": 9, "file_name": "a.jpg"}] * 2}, r"images\[1\]: id 9 stands twice"),
        ({"annotations": None}, "annotations must be a JSON list, not null"),
        ({"annotations": []}, "holds no caption for any of the 2 pictures"),
        ({"annotations": [{"image_id": 9}]}, r"annotations\[0\]: caption is missing"),
        ({"annotations": [{"caption": "x"}]}, r"annotations\[0\]: image_id is missing"),
        ({"annotations": [{"image_id": 7, "caption": "x"}]}, "image_id 7, which images lacks"),
        ({"annotations": [{"image_id": 9, "caption": "  "}]}, r"annotations\[0\]: the caption is empty"),
        ({"annotations": [{"image_id": 9, "caption": ["x"]}]}, "the caption must be text, not a list"),
        ({"annotations": [{"image_id": 9, "bbox": [0, 0, 1, 1]}]}, r"another task. Use captions_\*.json"),
        ({"annotations": [{"image_id": 9, "keypoints": [0]}]}, r"another task. Use captions_\*.json"),
    ],
)
def test_coco_of_the_wrong_shape_is_refused_with_the_entry(
    tmp_path: Path, images: Path, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(BadSource, match=message):
        read_coco(coco(tmp_path, **changes), images)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"images": [', "not valid JSON.*fetch it again"),
        ("[" * 100_000, "not valid JSON"),
        ("[]", "must be a JSON object, not a list"),
        ('{"images": []}', "no list 'annotations'"),
        ('{"annotations": []}', "no list 'images'"),
        (b"\xff\xd8\xff", "not UTF-8"),
    ],
)
def test_a_file_that_is_no_coco_is_refused(tmp_path: Path, images: Path, content: str | bytes, message: str) -> None:
    with pytest.raises(BadSource, match=message):
        read_coco(text(tmp_path / "x.json", content), images)


def test_coco_needs_both_of_its_paths(tmp_path: Path, images: Path) -> None:
    with pytest.raises(BadSource, match=r"gone\.json cannot be read: No such file"):
        read_coco(tmp_path / "gone.json", images)
    with pytest.raises(BadSource, match="val2017 is missing"):
        read_coco(coco(tmp_path), tmp_path / "val2017")


# Class folders


def test_folder_names_become_words_with_the_right_article(tmp_path: Path) -> None:
    for name in ("golden_retriever", "AnnualCrop", "001.Black_footed_Albatross", "n02096051-Airedale", "orange"):
        picture(tmp_path / name / "nested" / "1.jpg")
    found = {example.captions for example in read_class_folders(tmp_path)}
    assert found == {
        ("a photo of a golden retriever", "golden retriever"),
        ("a photo of an annual crop", "annual crop"),
        ("a photo of a black footed albatross", "black footed albatross"),
        ("a photo of an airedale", "airedale"),
        ("a photo of an orange", "orange"),
    }


@pytest.mark.parametrize("noun", ["apple", "hourglass", "x-ray fish", "umbrella", "onion", "Irish terrier"])
def test_an_stands_before_vowel_sounds(noun: str) -> None:
    assert article(noun) == "an"


@pytest.mark.parametrize(
    "noun", ["unicycle", "European fire salamander", "ukulele", "one-way sign", "horse", "xylophone"]
)
def test_a_stands_before_all_others(noun: str) -> None:
    assert article(noun) == "a"


IMAGENET_NAMES = {
    "LOC_synset_mapping.txt": "n01440764 tench, Tinca tinca\nn02099601 golden retriever\n",
    "imagenet_class_index.json": '{"0": ["n01440764", "tench"], "207": ["n02099601", "golden_retriever"]}',
    "words.txt": "n01440764\ttench, Tinca tinca\nn02099601\tgolden retriever\nn00001740\tentity\n",
}


@pytest.mark.parametrize("file", IMAGENET_NAMES)
@pytest.mark.parametrize("named", [".", "ILSVRC/Data/CLS-LOC", "ILSVRC/Data/CLS-LOC/train"])
def test_synset_folders_take_their_names_from_imagenets_files(tmp_path: Path, file: str, named: str) -> None:
    train = tmp_path / "ILSVRC" / "Data" / "CLS-LOC" / "train"
    if named == ".":
        train = tmp_path / "train"
    picture(train / "n01440764" / "n01440764_18.JPEG")
    picture(train / "n02099601" / "images" / "n02099601_7.JPEG")
    picture(train.parent / "val" / "n01440764" / "held_out.JPEG")
    text(tmp_path / file, IMAGENET_NAMES[file])
    assert captions(read_class_folders(tmp_path / named), train) == {
        "n01440764/n01440764_18.JPEG": ("a photo of a tench", "tench"),
        "n02099601/images/n02099601_7.JPEG": ("a photo of a golden retriever", "golden retriever"),
    }


def test_a_train_among_other_classes_is_a_class(tmp_path: Path) -> None:
    picture(tmp_path / "train" / "steam" / "1.png")
    picture(tmp_path / "car" / "1.png")
    assert {example.captions[1] for example in read_class_folders(tmp_path)} == {"train", "car"}


def test_a_class_without_pictures_is_named_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    picture(tmp_path / "car" / "1.png")
    (tmp_path / "boat").mkdir()
    with caplog.at_level(logging.WARNING):
        assert len(read_class_folders(tmp_path)) == 1
    assert "boat holds no pictures" in caplog.text


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("README", "", r"synset ids \(n01440764\).*Put LOC_synset_mapping.txt, .* or words.txt beside it"),
        ("words.txt", "n02099601\tgolden retriever", "words.txt has no name for n01440764"),
        ("words.txt", "n01440764 \n", "words.txt line 1 must be a synset id and a name"),
        ("LOC_synset_mapping.txt", "tench n01440764", "line 1 must be a synset id and a name"),
        ("LOC_synset_mapping.txt", "n01440764 , Tinca tinca", "n01440764: the caption is empty"),
        ("imagenet_class_index.json", "{", "not valid JSON"),
        ("imagenet_class_index.json", '["n01440764"]', "must be a JSON object"),
        ("imagenet_class_index.json", '{"0": "tench"}', "0 must be a JSON list, not text"),
        ("imagenet_class_index.json", '{"0": ["n01440764", 5]}', "0 must be a synset id and a name"),
    ],
)
def test_synsets_that_cannot_be_named_are_refused(tmp_path: Path, file: str, content: str, message: str) -> None:
    picture(tmp_path / "train" / "n01440764" / "1.JPEG")
    text(tmp_path / file, content)
    with pytest.raises(BadSource, match=message):
        read_class_folders(tmp_path / "train")


# Sources as text


def test_a_source_is_opened_by_its_kind(tmp_path: Path, images: Path) -> None:
    folder = tmp_path / "mine, all mine"
    text(picture(folder / "car" / "a.png").with_suffix(".txt"), "a red car")
    assert captions(open_source(f"pictures:{folder}"), folder) == {"car/a.png": ("a red car",)}
    assert captions(open_source(f"classes:{folder}"), folder) == {"car/a.png": ("a photo of a car", "car")}
    moved = images.rename(tmp_path / "a,b")
    assert len(open_source(f"coco:{coco(folder)},{moved}")) == 2


@pytest.mark.parametrize("spec", ["laion:/data", "/data/pictures", "pictures:", "coco:captions.json", "coco:x,y", ""])
def test_an_unknown_source_lists_the_kinds(spec: str) -> None:
    with pytest.raises(BadSource, match=r"coco:ANNOTATIONS\.json,IMAGES_DIR") as raised:
        open_source(spec)
    if not spec.startswith("coco"):
        for kind in ("pictures:DIR", "classes:DIR", "videos:DIR"):
            assert kind in str(raised.value)
