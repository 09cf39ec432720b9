"""The starter's vocabulary: torch-free, consistent, and honest about what was never trained."""

import json
import random
import subprocess
import sys

from generation.catalogue import describe
from generation.starter.captions import caption, content_words, plain_caption, template_words
from generation.starter.export import starter_metadata
from generation.starter.vocabulary import (
    BACKDROPS,
    EXAMPLES,
    LANGUAGES,
    LAYOUTS,
    Scene,
    is_held_out,
    pairs,
    subjects,
    vanishes,
)


def test_vocabulary_and_captions_load_without_torch() -> None:
    code = "import sys, generation.starter.captions; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_it_knows_at_least_150_objects_and_16_backdrops() -> None:
    assert len(subjects()) >= 150 and len(BACKDROPS) >= 16
    assert len({subject.name for subject in subjects()}) == len({s.hexcode for s in subjects()}) == len(subjects())


def test_every_object_has_a_name_in_every_language_that_means_no_other_object() -> None:
    for language in LANGUAGES:
        owners: dict[str, str] = {}
        for subject in subjects():
            assert subject.translations[language] and all(subject.translations[language]), subject.name
            for word in subject.translations[language]:
                assert owners.setdefault(word.lower(), subject.name) == subject.name, (language, word)


def test_no_english_noun_means_two_objects() -> None:
    owners: dict[str, str] = {}
    for subject in subjects():
        for noun in subject.nouns:
            for word in {noun.singular, noun.plural}:
                assert owners.setdefault(word, subject.name) == subject.name, word


def test_about_a_tenth_of_the_pairs_is_held_out_in_every_colour_and_layout() -> None:
    held = [scene for scene in pairs() if is_held_out(scene)]
    assert 0.08 < len(held) / len(pairs()) < 0.12
    assert all(is_held_out(Scene(s.subject, s.backdrop, "pink", layout)) for s in held for layout in LAYOUTS)


def test_every_object_and_backdrop_is_trained_and_every_home_too() -> None:
    trained = [scene for scene in pairs() if not is_held_out(scene)]
    assert {scene.subject for scene in trained} == set(subjects())
    assert {scene.backdrop for scene in trained} == set(BACKDROPS)
    homes = {scene.subject.name for scene in trained if scene.subject and scene.subject.home == scene.backdrop.name}
    assert homes == {subject.name for subject in subjects()}


def test_an_object_in_the_colour_of_the_backdrop_is_no_pair() -> None:
    car = next(subject for subject in subjects() if subject.name == "car")
    by_name = {backdrop.name: backdrop for backdrop in BACKDROPS}
    assert vanishes(car, None, by_name["red"]) and not vanishes(car, "blue", by_name["red"])
    assert vanishes(car, "blue", by_name["blue"])


def test_prompts_that_we_advertise_name_a_known_object_on_a_trained_backdrop() -> None:
    trained = [scene for scene in pairs() if not is_held_out(scene)]
    for prompt in EXAMPLES:
        fitting = [
            scene
            for scene in trained
            if scene.subject
            and any(f" {word}" in prompt for n in scene.subject.nouns for word in (f"{n.singular} ", f"{n.plural} "))
            and prompt.endswith(scene.backdrop.phrases)
        ]
        assert fitting, prompt


def test_plain_captions_are_what_people_type_first() -> None:
    by_name = {subject.name: subject for subject in subjects()}
    places = {backdrop.name: backdrop for backdrop in BACKDROPS}
    assert plain_caption(Scene(by_name["fox"], places["snow"])) == "a fox in the snow"
    assert plain_caption(Scene(by_name["apple"], places["blue"])) == "an apple on a blue background"
    assert plain_caption(Scene(by_name["car"], places["city"], "blue", "two")) == "two blue cars in the city"
    assert plain_caption(Scene(by_name["mouse"], places["beach"], None, "two")) == "two mice on the beach"
    assert plain_caption(Scene(by_name["owl"], places["night"], None, "small")) == "a small owl in the night sky"
    assert plain_caption(Scene(by_name["owl"], places["sea"], None, "left")) == "an owl on the left in the sea"
    assert plain_caption(Scene(by_name["french fries"], places["sea"])) == "french fries in the sea"
    assert plain_caption(Scene(None, places["night"])) == "night sky"


def test_a_caption_always_names_its_object_its_paint_and_its_layout() -> None:
    rng = random.Random(0)
    marks = {"left": "left", "right": "right"}
    for scene in rng.sample(pairs(), 600):
        assert scene.subject is not None
        paint = rng.choice(scene.subject.paints) if scene.subject.paints else None
        layout = rng.choice(LAYOUTS)
        text = caption(Scene(scene.subject, scene.backdrop, paint, layout), rng, ["gadget"]).lower()
        names = [word for n in scene.subject.nouns for word in (n.singular, n.plural)]
        names += [word.lower() for words in scene.subject.translations.values() for word in words]
        assert any(name in text for name in names), text
        assert paint is None or paint in text
        assert marks.get(layout, "") in text
        if layout == "two":
            assert any(count in text for count in ("two", "2", "pair")), text


def test_captions_vary_and_hold_every_form_that_people_type() -> None:
    rng = random.Random(1)
    fox = next(subject for subject in subjects() if subject.name == "fox")
    snow = next(backdrop for backdrop in BACKDROPS if backdrop.name == "snow")
    texts = {caption(Scene(fox, snow), rng) for _ in range(4_000)}
    assert {"fox, snow", "a fox in the snow", "fox in the snow", "zorro, nieve", "雪の中のきつね"} <= texts
    assert any(text.startswith("video of a fox") for text in texts)
    assert any("fox walking" in text for text in texts)


def test_words_around_the_names_are_known_too() -> None:
    known = set(template_words())
    assert {"a", "the", "in", "video", "walking", "cute", "left", "two", "im", "dans"} <= known
    assert not known & {"fox", "apple"}


def test_a_backdrop_is_named_without_its_preposition() -> None:
    names = {backdrop.name: content_words(backdrop) for backdrop in BACKDROPS}
    assert {"green field", "field", "grass", "meadow", "hill"} <= set(names["field"])
    assert "blue background" in names["blue"] and "blue" not in names["blue"]


def test_the_shipped_checkpoint_names_only_what_can_be_trained() -> None:
    vocabulary = describe("starter").vocabulary
    assert {thing.name for thing in vocabulary.objects} <= {subject.name for subject in subjects()}
    assert {thing.name for thing in vocabulary.backgrounds} <= {backdrop.name for backdrop in BACKDROPS}


def test_the_shipped_examples_hold_no_unknown_word() -> None:
    card = describe("starter")
    for prompt in card.examples:
        reading = card.vocabulary.read(prompt)
        assert len(reading.objects) == 1 and reading.background and not reading.unknown, prompt


def test_what_an_export_says_is_read_back_with_every_language_and_paint() -> None:
    metadata = starter_metadata(subjects(), {subjects()[0].hexcode: ["fruit"]})
    folder_card = json.loads(json.dumps(metadata))
    assert len(folder_card["vocabulary"]["objects"]) == len(subjects())
    apple = folder_card["vocabulary"]["objects"][0]
    assert apple["words"]["de"] == ["Apfel"] and apple["tags"] == ["fruit"] and "green" in apple["colours"]
    assert {"travel", "dx", "t0"} <= set(folder_card["defaults"])
