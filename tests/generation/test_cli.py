"""`python -m generation`: every option reaches the clip, and every failure is one line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from generation import VideoRequest
from generation.__main__ import main
from generation.catalogue import describe
from generation.encode import read_clip, read_recipe, write_clip
from generation.finish import Finish
from generation.quality import quality_fields
from generation.recipe import Recipe
from generation.style import Style
from tests.ldm import save_single_file
from tests.tiny import tiny_parts

ROOT = Path(__file__).parents[2]


@pytest.fixture
def render(tiny_checkpoint, tmp_path, capsys):
    """Run the command on the tiny checkpoint; gives the exit status and what it printed."""

    def run(*arguments, output="a.mp4"):
        capsys.readouterr()
        common = ["-o", str(tmp_path / output), "--device", "cpu", "--checkpoint", str(tiny_checkpoint)]
        status = main([*map(str, arguments), *common])
        return status, capsys.readouterr()

    return run


def test_json_holds_recipe_timings_and_file_facts(render, tmp_path, tiny_checkpoint):
    status, printed = render("a fox", "--json", "--seed", 3)
    assert status == 0
    assert printed.err == ""
    facts = json.loads(printed.out)
    path = tmp_path / "a.mp4"
    assert facts.keys() == {"recipe", "timings", "unet_samples", "device", "file"}
    assert facts["recipe"] == json.loads(read_recipe(path).to_json())
    assert facts["recipe"]["request"]["seed"] == 3
    assert facts["recipe"]["fingerprint"] == describe(str(tiny_checkpoint)).fingerprint
    assert facts["timings"].keys() == {"load_s", "render_s", "encode_s", "total_s"}
    assert facts["device"] == "cpu"
    assert facts["unet_samples"] > 0
    assert facts["file"] == {
        "path": str(path), "bytes": path.stat().st_size, "frames": 3, "width": 64, "height": 64, "fps": 6,
    }  # fmt: skip


def test_every_option_reaches_the_recipe(render, tmp_path):
    wanted = {
        "negative_prompt": "snow", "frames": 3, "steps": 2, "sampler": "unipc", "guidance_scale": 1.5, "seed": 9,
        "width": 72, "height": 64, "fps": 3, "dx": 1.5, "dy": -2.5, "zoom": 1.05, "rotation": -2.5,
        "easing": "ease-in-out", "trajectory": "loop", "warp": "even", "frame_noise": "independent",
        "t0": 401, "t1": 501, "playback": "boomerang", "interpolation": 2, "upscale": "second-pass",
        "smoothing": 0.25, "picture_noise": "inverted",
    }  # fmt: skip
    flags = {
        "negative_prompt": "--negative",
        "guidance_scale": "--guidance",
        "frame_noise": "--frame-noise",
        "picture_noise": "--picture-noise",
    }
    options = [part for name, value in wanted.items() for part in (flags.get(name, f"--{name}"), str(value))]

    status, _ = render("a red fox", "--quiet", *options)

    assert status == 0
    made = read_recipe(tmp_path / "a.mp4").request.model_dump()
    assert made["prompt"] == "a red fox"
    assert {name: made[name] for name in wanted} == wanted
    assert read_clip(tmp_path / "a.mp4").shape == (8, 128, 144, 3)


def test_a_first_picture_reaches_the_clip_and_its_recipe_asks_for_it_again(render, tmp_path):
    Image.new("RGB", (90, 60), "red").save(tmp_path / "red.png")
    assert render("a fox", "--quiet", "--steps", 1, "--first-picture", tmp_path / "red.png")[0] == 0
    assert read_recipe(tmp_path / "a.mp4").request.first_picture
    status, printed = render("--quiet", "--from", tmp_path / "a.mp4", output="b.mp4")
    assert (status, printed.err.count("\n")) == (1, 1)
    assert "give the same picture again" in printed.err


def test_from_makes_a_byte_identical_file_again(render, tmp_path):
    assert render('a 🦊 in "snow"; #1', "--quiet")[0] == 0
    status, printed = render("--quiet", "--from", tmp_path / "a.mp4", output="b.mp4")
    assert status == 0
    assert printed.err == ""
    assert (tmp_path / "b.mp4").read_bytes() == (tmp_path / "a.mp4").read_bytes()


def test_from_with_an_option_changes_only_that(render, tmp_path):
    render("a fox", "--quiet", "--steps", 1)
    assert render("--quiet", "--from", tmp_path / "a.mp4", "--frames", 2, output="b.mp4")[0] == 0
    first, second = (read_recipe(tmp_path / name).request for name in ("a.mp4", "b.mp4"))
    assert second == first.change(frames=2)


def test_from_a_clip_of_other_weights_warns(render, tmp_path, tiny_checkpoint):
    request = VideoRequest(prompt="a fox", steps=1, frames=1).resolve(describe(str(tiny_checkpoint)).defaults)
    frames = [[[[0.5, 0.5, 0.5]] * 16] * 16]
    write_clip(frames, tmp_path / "old.mp4", Finish(1), recipe=Recipe(request, "sha256:other"))
    status, printed = render("--quiet", "--from", tmp_path / "old.mp4")
    assert status == 0
    assert "the weights differ" in printed.err


def test_a_move_has_the_checkpoints_strength(render, tmp_path):
    assert render("a fox", "--quiet", "--steps", 1, "--frames", 1, "--motion", "up")[0] == 0
    request = read_recipe(tmp_path / "a.mp4").request
    assert (request.dx, request.dy) == (0, -4)


def test_a_sum_of_moves_with_a_strength_reaches_the_recipe(render, tmp_path):
    arguments = ("--steps", 1, "--frames", 2, "--chunk", 1, "--motion", "right+zoom-in", "--strength", 0.5)
    assert render("a fox", "--quiet", *arguments)[0] == 0
    request = read_recipe(tmp_path / "a.mp4").request
    assert (request.dx, request.dy, request.zoom, request.rotation) == (2.0, 0.0, 1.0625, 0.0)


def test_a_quality_decides_on_the_steps(render, tmp_path, tiny_checkpoint):
    assert render("a fox", "--quiet", "--frames", 1, "--quality", "draft")[0] == 0
    own = describe(str(tiny_checkpoint)).defaults
    assert read_recipe(tmp_path / "a.mp4").request.steps == quality_fields("draft", own)["steps"]


def test_the_strip_shows_all_frames_side_by_side(render, tmp_path):
    assert render("a fox", "--quiet", "--steps", 1, "--strip", tmp_path / "a.png")[0] == 0
    with Image.open(tmp_path / "a.png") as strip:
        assert strip.size == (3 * 64, 64)


def test_without_json_one_line_names_the_file_and_the_seed(render, tmp_path):
    _, printed = render("a fox", "--quiet", "--steps", 1, "--seed", 77)
    assert printed.out.count("\n") == 1
    assert str(tmp_path / "a.mp4") in printed.out
    assert "seed 77" in printed.out
    assert printed.err == ""


def test_a_lora_a_learnt_word_and_a_single_file_with_its_config_render(tiny_checkpoint, tmp_path, capsys):
    parts, files = tiny_parts(), {}
    layer = "unet.mid_block.resnets.0.conv1"
    matrices = {f"{layer}.lora_A.weight": torch.ones(2, 64, 3, 3), f"{layer}.lora_B.weight": torch.ones(64, 2, 1, 1)}
    for name, state in (("lora", matrices), ("word", {"emb_params": torch.ones(1, 32)})):
        files[name] = tmp_path / f"{name}.safetensors"
        save_file(state, files[name])
    model = save_single_file(parts, tmp_path / "model.safetensors")
    arguments = ["--checkpoint", str(model), "--config", str(tiny_checkpoint), "--lora", f"{files['lora']}=0.5"]
    arguments += ["--embedding", f"sks={files['word']}", "--dtype", "bfloat16", "--device", "cpu", "--steps", "1"]
    assert main(["a sks fox", "-o", str(tmp_path / "a.gif"), "--frames", "2", "--quiet", *arguments]) == 0
    recipe = read_recipe(tmp_path / "a.gif")
    style = Style(config=str(tiny_checkpoint), loras={str(files["lora"]): 0.5}, words={"sks": str(files["word"])})
    assert recipe.fingerprint == describe(str(model), style).fingerprint
    assert (recipe.request.checkpoint, recipe.request.width, recipe.request.format) == (str(model), 64, "gif")


def test_unknown_words_are_a_warning_with_what_is_near_and_json_stays_clean(worded_checkpoint, tmp_path, capsys):
    arguments = ["a foks and a zebra in the snow", "-o", str(tmp_path / "a.mp4"), "--device", "cpu", "--json"]
    assert main([*arguments, "--checkpoint", str(worded_checkpoint), "--steps", "1"]) == 0
    printed = capsys.readouterr()
    assert printed.err == "warning: I don't know “foks”; did you mean “fox”? I don't know “zebra”.\n"
    assert json.loads(printed.out)["recipe"]["request"]["prompt"] == "a foks and a zebra in the snow"


def test_known_words_and_a_clip_made_again_are_no_reason_to_warn(worded_checkpoint, render, tmp_path, capsys):
    assert render("a zebra", "--quiet", "--steps", 1, "--frames", 1)[1].err == "", "it does not say what it knows"
    common = ["-o", str(tmp_path / "b.mp4"), "--device", "cpu", "--quiet", "--checkpoint", str(worded_checkpoint)]
    for source in (["a red fox in the snow", "--steps", "1"], ["--from", str(tmp_path / "a.mp4")]):
        assert main([*source, *common]) == 0
        assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["a fox", "--width", "36"], "width"),
        (["a fox", "--checkpoint", "starter", "--width", "72"], "multiples of 16"),
        (["a fox", "--lora", "/nowhere.safetensors=0.5"], "/nowhere.safetensors cannot be read"),
        (["a fox", "--lora", "a.safetensors=much"], "--lora"),
        (["a fox", "--lora", "a.safetensors=nan"], "loras"),
        (["a fox", "--embedding", "=a.safetensors"], "words"),
        (["a fox", "--frames", "65"], "frames"),
        (["a fox", "--frames", "0"], "frames"),
        (["a fox", "--guidance", "nan"], "guidance_scale"),
        (["a fox", "--dx", "inf"], "dx"),
        (["a fox", "--width", "30000"], "width"),
        (["a fox", "--zoom", "nan"], "zoom"),
        (["a fox", "--rotation", "400"], "rotation"),
        (["a fox", "--warp", "paper", "--zoom", "1.1"], "warp"),
        (["a fox", "--motion", "sideways"], "sideways"),
        (["a fox", "--motion", "up", "--strength", "nan"], "strength"),
        (["a fox", "--strength", "2"], "--motion"),
        (["a fox", "--chunk", "0"], "chunk"),
        (["a fox", "--frames", "10000"], "frames"),
        (["a fox", "--t0", "900", "--t1", "800"], "t0"),
        ([""], "prompt"),
        (["a \udcff fox"], "prompt"),
        ([], "give a prompt"),
        (["a fox", "--from", "a.mp4"], "not both"),
        (["--from", "nothing.mp4"], "no file"),
        (["a fox", "-o", "a.avi"], ".mp4"),
        (["a fox", "-o", "a.gif", "--fps", "51"], "fps: 51"),
        (["a fox", "--fps", "20", "--interpolation", "4"], "fps: 80"),
        (["a fox", "--width", "1032", "--upscale", "lanczos"], "upscale: 1032"),
        (["a fox", "-o", "/nowhere/at/all.mp4"], "/nowhere/at/all.mp4"),
        (["a fox", "--strip", "a.jpg"], ".png"),
        (["a fox", "--strip", "/nowhere/at/all.png"], "/nowhere/at/all.png"),
        (["a fox", "--checkpoint", "/nowhere"], "/nowhere"),
        (["a fox", "--checkpoint", "/nowhere", "--motion", "up"], "/nowhere"),
        (["a fox", "--device", "toaster"], "toaster"),
        (["a fox", "--first-picture", "/nowhere/me.png"], "/nowhere/me.png"),
        (["a fox", "--first-picture", __file__], "no picture"),
        (["a fox", "--smoothing", "nan"], "smoothing"),
        (["a fox", "--quality", "draft", "--steps", "3"], "a number of steps, not both"),
    ],
)
def test_bad_input_is_one_line_on_stderr_and_status_1(
    arguments, reason, tiny_checkpoint, tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    checkpoint = [] if "--checkpoint" in arguments else ["--checkpoint", str(tiny_checkpoint)]
    output = [] if "-o" in arguments else ["-o", "out.mp4"]
    assert main([*arguments, *output, *checkpoint]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("error: ")
    assert printed.err.count("\n") == 1
    assert reason in printed.err
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def interruptible():
    """Ctrl-C as in a terminal: a shell's background job, as tests may be, begins with SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_in_the_middle_of_a_render_is_status_130_and_no_file(render, tmp_path, monkeypatch):
    from generation.pipeline import Text2VideoZero

    predict, calls = Text2VideoZero.predict, []

    def interrupted(*arguments):
        calls.append(arguments)
        if len(calls) == 2:
            signal.raise_signal(signal.SIGINT)
        return predict(*arguments)

    monkeypatch.setattr(Text2VideoZero, "predict", interrupted)
    status, printed = render("a fox", "--quiet")
    assert status == 130
    assert printed.err == "cancelled; nothing was written\n"
    assert len(calls) == 2
    assert list(tmp_path.iterdir()) == []


def test_torchs_threads_do_not_spin_and_large_tensors_lie_in_large_pages(tmp_path, monkeypatch):
    for name in ("OMP_WAIT_POLICY", "THP_MEM_ALLOC_ENABLE"):
        monkeypatch.delenv(name)
    assert main(["a fox", "-o", str(tmp_path / "a.mp4"), "--checkpoint", "/nowhere"]) == 1
    assert (os.environ["OMP_WAIT_POLICY"], os.environ["THP_MEM_ALLOC_ENABLE"]) == ("PASSIVE", "1")


def test_the_command_runs_as_a_module_and_explains_a_bad_value_without_a_traceback(tmp_path):
    command = [sys.executable, "-m", "generation", "a fox", "-o", str(tmp_path / "a.mp4"), "--frames", "65"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": ""})
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == "error: frames: Input should be less than or equal to 64\n"
