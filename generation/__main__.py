"""`python -m generation "a red fox in the snow" -o fox.mp4`: render a clip from the shell."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError
from tqdm import tqdm

from .camera import MAX_STRENGTH
from .catalogue import MOVES, STARTER, describe, motion
from .errors import EncodeError, GenerationError, InvalidRequest
from .quality import QUALITIES, quality_fields
from .refusal import explain
from .request import (
    FORMATS,
    MAX_BANDS,
    MAX_FRAMES,
    Easing,
    FrameNoise,
    PictureNoise,
    Playback,
    Sampler,
    Trajectory,
    Upscale,
    VideoRequest,
    Warp,
)
from .style import Dtype, Style

REQUEST_OPTIONS = (
    "negative_prompt", "frames", "steps", "sampler", "guidance_scale", "guidance_stop", "feature_reuse",
    "feature_bands", "seed",
    "width", "height", "fps",
    "dx", "dy", "zoom", "rotation", "easing", "trajectory", "warp", "frame_noise", "t0", "t1",
    "playback", "interpolation", "upscale",
    "smoothing", "picture_noise",
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status: 0, 1 for an error that was explained, 130 for Ctrl-C."""
    options = _parser().parse_args(arguments)
    try:
        facts = _run(options)
    except GenerationError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("cancelled; nothing was written", file=sys.stderr)
        return 130
    if options.json:
        print(json.dumps(facts, indent=2))
    else:
        print(
            f"{facts['file']['path']}: {facts['file']['frames']} frames, {facts['file']['bytes']} bytes, "
            f"{facts['timings']['total_s']} s, seed {facts['recipe']['request']['seed']}"
        )
    return 0


def _run(options: argparse.Namespace) -> dict[str, Any]:
    # Torch's threads on a CPU wait for each other by spinning, and starve one another where others compute too.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")  # large tensors in large pages: fewer page faults
    _check_output(options.output, *FORMATS)
    if options.strip is not None:
        _check_output(options.strip, ".png")
    style = _style(options)
    request, made_with = _request(options, style)
    picture = None if options.first_picture is None else _read_picture(options.first_picture)
    card = describe(request.checkpoint or STARTER, style)
    card.resolve(request)
    if options.source is None and (warning := card.vocabulary.warning(request.prompts)) is not None:
        print(f"warning: {warning}", file=sys.stderr)
    if options.quiet or options.json:
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("DIFFUSERS_VERBOSITY", "critical")  # what it has to say is in the error that follows
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    started = time.perf_counter()
    from .checkpoint import load_checkpoint  # torch takes seconds: bad input is refused before

    machine = {"device": options.device, "dtype": options.dtype}
    machine |= {} if options.chunk is None else {"chunk": options.chunk}
    model = load_checkpoint(request.checkpoint or STARTER, style=style, **machine)
    if options.exact:
        model.accelerations = frozenset()
    if made_with not in (None, model.fingerprint):
        print("warning: the weights differ from those that made the clip; it may differ too", file=sys.stderr)
    loaded = time.perf_counter()
    with tqdm(total=0, unit="step", disable=options.quiet or options.json, leave=False) as bar:

        def show(progress: Any) -> None:
            bar.total = progress.steps
            bar.set_description(progress.phase)
            bar.update(progress.step - bar.n)

        clip = model.render(request, first_picture=picture, on_progress=show)
    rendered = time.perf_counter()
    written = clip.save(options.output)
    done = time.perf_counter()
    if options.strip:
        try:
            _write_strip(clip.frames, options.strip)
        except OSError as error:
            raise EncodeError(f"{options.strip} cannot be written: {error.strerror or error}") from error
    return {
        "recipe": json.loads(clip.recipe.to_json()),
        "timings": {
            "load_s": round(loaded - started, 3),
            "render_s": round(rendered - loaded, 3),
            "encode_s": round(done - rendered, 3),
            "total_s": round(done - started, 3),
        },
        "unet_samples": clip.unet_samples,
        "device": str(model.unet.device),
        "file": {
            "path": str(written.path),
            "bytes": written.bytes,
            "frames": clip.request.file_frames,
            "width": clip.request.file_size[0],
            "height": clip.request.file_size[1],
            "fps": clip.request.file_fps,
        },
    }


def _style(options: argparse.Namespace) -> Style:
    """What is loaded beside the checkpoint."""
    loras, words = dict(map(_pair, options.lora or ())), dict(map(_pair, options.embedding or ()))
    try:
        weights = {file: float(weight or 1) for file, weight in loras.items()}
        return Style(config=options.config, loras=weights, words=words)
    except ValueError as error:
        reason = explain(error) if isinstance(error, ValidationError) else f"--lora: {error}"
        raise InvalidRequest(reason) from error


def _pair(option: str) -> tuple[str, str]:
    name, _, value = option.partition("=")
    return name, value


def _request(options: argparse.Namespace, style: Style) -> tuple[VideoRequest, str | None]:
    """The request that the options ask for, and the fingerprint it was once made with."""
    given = {name: getattr(options, name) for name in REQUEST_OPTIONS if getattr(options, name) is not None}
    given["format"] = FORMATS[options.output.suffix.lower()]
    if options.checkpoint is not None:
        given["checkpoint"] = options.checkpoint
    fingerprint = None
    if options.source is not None:
        if options.prompt is not None:
            raise InvalidRequest("give a prompt or --from, not both")
        from .encode import read_recipe

        recipe = read_recipe(options.source)
        base, fingerprint = recipe.request.model_dump(), recipe.fingerprint
    elif options.prompt is not None:
        base = {"prompt": options.prompt}
    else:
        raise InvalidRequest('give a prompt, for example: python -m generation "a red fox in the snow" -o fox.mp4')
    request = VideoRequest.parse({**base, **given})
    defaults = describe(request.checkpoint or STARTER, style).defaults
    if options.motion is not None:
        strength = 1.0 if options.strength is None else options.strength
        way = motion(options.motion, defaults, request.frames, strength=strength)
        request = request.change(**way._asdict())
    elif options.strength is not None:
        raise InvalidRequest("give --strength together with --motion")
    if options.quality is not None:
        named = quality_fields(options.quality, defaults, steps=options.steps)
        given = request.model_dump(exclude_none=True)
        request = request.change(**{name: value for name, value in named.items() if name not in given})
    return request, fingerprint


def _read_picture(path: Path) -> Any:
    from .first_picture import MAX_BYTES, open_picture

    try:
        with path.open("rb") as file:
            return open_picture(file.read(MAX_BYTES + 1))
    except OSError as error:
        raise InvalidRequest(f"first picture: {path} cannot be read: {error.strerror or error}") from error


def _check_output(path: Path, *suffixes: str) -> None:
    if path.suffix.lower() not in suffixes:
        raise InvalidRequest(f"the output must end in {' or '.join(suffixes)}, not {path.name!r}")
    if path.is_dir() or not path.parent.is_dir():
        raise InvalidRequest(f"{path} cannot be written: choose a file in a folder that exists")


def _write_strip(frames: Any, path: Path) -> None:
    import numpy as np
    from PIL import Image

    strip = np.concatenate(list(frames), axis=1)
    Image.fromarray((strip * 255 + 0.5).astype("uint8")).save(path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m generation", description=__doc__, allow_abbrev=False)
    parser.add_argument("prompt", nargs="?", help="what the clip shows; several with => between: it changes")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the file to write: .mp4, .gif or .webp")
    parser.add_argument("--from", dest="source", type=Path, metavar="FILE", help="make this clip again")
    parser.add_argument("--json", action="store_true", help="print recipe, timings and file facts")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    parser.add_argument("--strip", type=Path, metavar="PNG", help="also write the frames side by side")
    parser.add_argument("--checkpoint", help="starter (default), a folder, a hub id or a .safetensors file")
    parser.add_argument("--config", help="folder or hub id with the configs of a single file")
    parser.add_argument("--lora", action="append", metavar="FILE[=WEIGHT]", help="add a LoRA file; may be repeated")
    parser.add_argument(
        "--embedding", action="append", metavar="WORD=FILE", help="teach prompts a word; may be repeated"
    )
    parser.add_argument("--device", default="auto", help="auto (default), cuda, mps or cpu")
    parser.add_argument("--dtype", choices=get_args(Dtype), default="auto", help="of the weights; auto fits the device")
    parser.add_argument("--chunk", type=int, metavar="FRAMES", help="frames computed together: fewer need less memory")
    parser.add_argument("--exact", action="store_true", help="without accelerations, which may change the last bits")
    parser.add_argument("--negative", dest="negative_prompt", help="what the clip must not show")
    moves = ", ".join(MOVES)
    parser.add_argument("--motion", metavar="MOVES", help=f"how the content moves, such as right+zoom-in: {moves}")
    parser.add_argument("--strength", type=float, help=f"of --motion, 0 to {MAX_STRENGTH:g}; 1 is the usual one")
    parser.add_argument("--quality", choices=list(QUALITIES), help="a draft is quick; the best takes its time")
    parser.add_argument("--sampler", choices=get_args(Sampler), help="ddim is the paper's; others need fewer steps")
    parser.add_argument("--guidance", dest="guidance_scale", type=float, help="classifier-free guidance scale")
    for name, meaning in (
        ("guidance-stop", "noise level below which guidance is off, in training timesteps"),
        ("feature-reuse", "training timesteps over which deep features serve for further steps; 0: none"),
        ("feature-bands", f"bands of noise levels that reused features never leave, 1 to {MAX_BANDS}"),
        ("frames", f"number of frames, 1 to {MAX_FRAMES}"),
        ("steps", "denoising steps"),
        ("seed", "the same seed gives the same clip"),
        ("width", "pixels"),
        ("height", "pixels"),
        ("fps", "frames played per second"),
        ("t0", "noise level of the warp, in training timesteps"),
        ("t1", "noise level where all frames start, in training timesteps"),
    ):
        parser.add_argument(f"--{name}", type=int, help=meaning)
    parser.add_argument("--playback", choices=get_args(Playback), help="once through, or there and back")
    parser.add_argument("--interpolation", type=int, help="frames of the file for each frame, drawn along the motion")
    parser.add_argument("--upscale", choices=get_args(Upscale), help="twice the size; second-pass draws the details")
    for name in ("dx", "dy"):
        parser.add_argument(f"--{name}", type=float, help="motion in output pixels per frame")
    parser.add_argument("--zoom", type=float, help="factor per frame by which the content grows, 0.8 to 1.25")
    parser.add_argument("--rotation", type=float, help="degrees per frame, clockwise")
    parser.add_argument("--easing", choices=get_args(Easing), help="even motion, or one that starts and ends slowly")
    parser.add_argument(
        "--trajectory", choices=get_args(Trajectory), help="go on, turn back in time, or end where it began"
    )
    parser.add_argument(
        "--warp",
        choices=get_args(Warp),
        help="even sub-pixel steps of the latent or of the decoded picture, or the authors' warp",
    )
    parser.add_argument("--smoothing", type=float, help="of the background, 0 (none) to 1; 0.6 is the authors'")
    parser.add_argument("--first-picture", type=Path, metavar="FILE", help="PNG, JPEG, WebP or GIF to begin with")
    parser.add_argument(
        "--picture-noise", choices=get_args(PictureNoise), help="over the first picture: from the seed, or found for it"
    )
    parser.add_argument("--frame-noise", choices=get_args(FrameNoise), help="one moving noise field, or one per frame")
    return parser


if __name__ == "__main__":
    sys.exit(main())
