"""The untyped calls of torch, diffusers and transformers, each behind one typed function; nothing else lives here."""

import os
import pickle
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import diffusers
import numpy as np
import safetensors.torch
import torch
import transformers
from numpy.typing import NDArray
from torch import Tensor, nn

_diffusers: Final[Any] = diffusers
_transformers: Final[Any] = transformers
_torch: Final[Any] = torch
_safetensors: Final[Any] = safetensors.torch
_linalg: Final[Any] = torch.linalg


def make_autoencoder(**config: object) -> nn.Module:
    """Return an untrained AutoencoderTiny."""
    return _diffusers.AutoencoderTiny(**config)


def part(module: nn.Module, name: str) -> nn.Module:
    """Return a submodule by its attribute name."""
    return module.get_submodule(name)


def encode(autoencoder: nn.Module, pictures: Tensor) -> Tensor:
    """Return the encoder's output for `pictures` (n, 3, h, w) in [0, 1], without the scaling factor."""
    found: Any = autoencoder
    return found.encode(pictures * 2 - 1).latents


def decode(autoencoder: nn.Module, latents: Tensor) -> Tensor:
    """Return pictures in [0, 1] for the encoder's outputs `latents`."""
    found: Any = autoencoder
    return found.decode(latents).sample.add(1).div(2).clamp(0, 1)


def make_unet(**config: object) -> nn.Module:
    """Return an untrained UNet2DConditionModel."""
    return _diffusers.UNet2DConditionModel(**config)


def make_text_encoder(**config: object) -> nn.Module:
    """Return an untrained CLIPTextModel."""
    return _transformers.CLIPTextModel(_transformers.CLIPTextConfig(**config))


def read_text(text_encoder: nn.Module, tokens: Tensor) -> Tensor:
    """Return the text features (n, tokens, width)."""
    return text_encoder(tokens).last_hidden_state


def denoise(unet: nn.Module, latents: Tensor, timesteps: Tensor, context: Tensor) -> Tensor:
    """Return the UNet's prediction (n, c, h, w)."""
    return unet(latents, timesteps, context).sample


def load_text_encoder(folder: Path) -> nn.Module:
    """Read a CLIPTextModel in single precision."""
    return _transformers.CLIPTextModel.from_pretrained(folder, dtype=torch.float32)


def load_unet(folder: Path) -> nn.Module:
    """Read a UNet2DConditionModel in single precision."""
    return _diffusers.UNet2DConditionModel.from_pretrained(folder, dtype=torch.float32)


def make_scheduler(**config: object) -> Any:
    """Return a DDIMScheduler."""
    return _diffusers.DDIMScheduler(**config)


def make_tokenizer(**config: object) -> transformers.CLIPTokenizer:
    """Return a CLIPTokenizer from its vocabulary and merges."""
    return _transformers.CLIPTokenizer(**config)


def load_tokenizer(folder: Path) -> transformers.CLIPTokenizer:
    """Read a CLIPTokenizer."""
    return _transformers.CLIPTokenizer.from_pretrained(folder)


def save_tokenizer(tokenizer: transformers.CLIPTokenizer, folder: Path) -> None:
    """Write a CLIPTokenizer."""
    found: Any = tokenizer
    found.save_pretrained(folder)


def tokenize(tokenizer: transformers.CLIPTokenizer, texts: Sequence[str]) -> Tensor:
    """Return the token ids (n, length), cut and padded to the tokenizer's length."""
    found: Any = tokenizer
    encoded = found(list(texts), padding="max_length", truncation=True, max_length=found.model_max_length)
    return torch.tensor(encoded["input_ids"])


def load_tensors(path: Path) -> dict[str, Tensor]:
    """Read a safetensors file."""
    return _safetensors.load_file(path)


def save_tensors(path: Path, tensors: Mapping[str, Tensor]) -> None:
    """Write a safetensors file."""
    _safetensors.save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, path)


def save_checkpoint(folder: Path, **parts: object) -> None:
    """Write a StableDiffusionPipeline of `parts` in half precision."""
    pipeline = _diffusers.StableDiffusionPipeline(
        **parts, safety_checker=None, feature_extractor=None, requires_safety_checker=False
    )
    pipeline.to(torch.float16).save_pretrained(folder, safe_serialization=True)


class Painter:
    """A checkpoint folder loaded as a StableDiffusionPipeline with DPM-Solver++ 2M on Karras noise levels."""

    def __init__(self, folder: Path) -> None:
        pipeline = _diffusers.StableDiffusionPipeline.from_pretrained(folder, dtype=torch.float32)
        pipeline.scheduler = _diffusers.DPMSolverMultistepScheduler.from_config(
            pipeline.scheduler.config, use_karras_sigmas=True
        )
        pipeline.set_progress_bar_config(disable=True)
        self._pipeline: Any = pipeline
        self.autoencoder: nn.Module = pipeline.vae

    def paint(self, prompts: Sequence[str], steps: int, guidance: float, seeds: Sequence[int]) -> Tensor:
        """Return one picture per prompt and seed as (n, 3, h, w) in [0, 1]."""
        generators = [seeded(seed) for seed in seeds]
        result = self._pipeline(
            list(prompts),
            num_inference_steps=steps,
            guidance_scale=guidance,
            generator=generators,
            output_type="np",
        )
        return from_numpy(np.asarray(result.images, np.float32)).permute(0, 3, 1, 2)


def eigh(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """Return eigenvalues in descending order and the eigenvectors as columns."""
    values, vectors = _linalg.eigh(matrix)
    return values.flip(0), vectors.flip(1)


def from_numpy(array: NDArray[np.float32]) -> Tensor:
    """Return the array as a tensor that shares its memory."""
    return _torch.from_numpy(array)


def to_list(values: Tensor) -> list[float]:
    """Return the numbers of a vector."""
    found: Any = values
    return found.tolist()


def backward(loss: Tensor) -> None:
    """Add the gradients of `loss`."""
    found: Any = loss
    found.backward()


def advance(optimizer: torch.optim.Optimizer) -> None:
    """Take one step."""
    found: Any = optimizer
    found.step()


def seeded(seed: int) -> torch.Generator:
    """Return a generator on the CPU."""
    return torch.Generator().manual_seed(seed)


def seed_everything(seed: int) -> None:
    """Seed the initial weights."""
    _torch.manual_seed(seed)


def lerp(targets: Sequence[Tensor], sources: Sequence[Tensor], share: float) -> None:
    """Move each target towards its source by `share`, in place."""
    _torch._foreach_lerp_(list(targets), list(sources), share)


def to_channels_last(module: nn.Module, device: torch.device) -> nn.Module:
    """Move a module to `device` with its kernels laid out for fast convolutions."""
    found: Any = module
    return found.to(device, memory_format=torch.channels_last)


def has_fast_bfloat16(device: torch.device) -> bool:
    """Whether `device` multiplies matrices in bfloat16 faster than in float32: CUDA, and CPUs that have it built in."""
    found: Any = _torch.cpu
    return device.type == "cuda" or bool(found._is_avx512_bf16_supported() or found._is_amx_tile_supported())


def stack_bytes(pictures: Sequence[NDArray[np.float32]]) -> Tensor:
    """Return pictures (h, w, c) in [0, 1] as bytes (n, c, h, w)."""
    stacked = np.stack([np.rint(picture.clip(0, 1) * 255).astype(np.uint8) for picture in pictures])
    return _torch.from_numpy(stacked).permute(0, 3, 1, 2).contiguous()


class BrokenState(Exception):
    """A training state cannot be read or belongs to another model; the message says what to do."""


def load_state(path: Path, model: nn.Module) -> dict[str, Any]:
    """Read a training state whose tensors fit `model`.

    Raises:
        BrokenState: it is damaged, or was written for another model.
    """
    try:
        state = _torch.load(path, map_location="cpu", weights_only=True)
        found = {name: tuple(tensor.shape) for name, tensor in state["model"].items()}
    except (
        OSError,
        RuntimeError,
        EOFError,
        KeyError,
        TypeError,
        AttributeError,
        ValueError,
        pickle.UnpicklingError,
    ) as e:
        raise BrokenState(f"{path} is damaged ({e}); delete it to start again, or restore a copy") from e
    expected = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
    if found != expected:
        odd = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
        raise BrokenState(
            f"{path} was written for another model ({odd[0]} differs); use another --out, or delete it to start again"
        )
    return state


def rank_and_size() -> tuple[int, int]:
    """Return this process's place among the training processes, and their number: (0, 1) alone."""
    distributed: Any = _torch.distributed
    if not (distributed.is_available() and distributed.is_initialized()):
        return 0, 1
    return distributed.get_rank(), distributed.get_world_size()


def sum_over_processes(tensors: Sequence[Tensor]) -> None:
    """Replace each tensor by its sum over all training processes; alone, do nothing."""
    _rank, size = rank_and_size()
    if size == 1 or not tensors:
        return
    flat = _torch.cat([tensor.reshape(-1) for tensor in tensors])
    _torch.distributed.all_reduce(flat)
    start = 0
    for tensor in tensors:
        tensor.copy_(flat[start : start + tensor.numel()].view_as(tensor))
        start += tensor.numel()


def average_gradients(model: nn.Module) -> None:
    """Average the gradients over all training processes; alone, do nothing."""
    gradients = [parameter.grad for parameter in model.parameters() if parameter.grad is not None]
    sum_over_processes(gradients)
    _rank, size = rank_and_size()
    if size > 1:
        _torch._foreach_div_(gradients, size)


def any_process(flag: bool) -> bool:
    """Return whether any training process says so; all get the same answer."""
    vote = _torch.tensor([int(flag)])
    sum_over_processes([vote])
    return bool(vote.item())


def in_processes(count: int, threads: int, work: Callable[..., None], *arguments: object) -> None:
    """Call `work(rank, *arguments)` here, or in `count` processes that share their gradients over loopback.

    An exception of a process is raised here.
    """
    _torch.set_num_threads(threads)
    if count == 1:
        work(0, *arguments)
        return
    context: Any = _torch.multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        failures = context.SimpleQueue()
        common = (count, threads, f"file://{folder}/meeting", failures, work, arguments)
        processes = [context.Process(target=_process, args=(rank, *common)) for rank in range(count)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        if not failures.empty():
            raise failures.get()
        if any(process.exitcode for process in processes):
            raise BrokenState("a training process was killed (out of memory?); go on with --resume and fewer processes")


def _process(
    rank: int,
    count: int,
    threads: int,
    meeting: str,
    failures: Any,
    work: Callable[..., None],
    arguments: tuple[object, ...],
) -> None:
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    _torch.set_num_threads(threads)
    distributed: Any = _torch.distributed
    distributed.init_process_group("gloo", init_method=meeting, rank=rank, world_size=count)
    try:
        work(rank, *arguments)
    except Exception as error:
        failures.put(error)
    finally:
        distributed.destroy_process_group()


def compile_in_place(model: nn.Module) -> None:
    """Let torch compile the UNet and the text encoder on their first call; the names of their weights stay."""
    for name in ("unet", "text_encoder"):
        found: Any = part(model, name)
        found.compile()


def load_autoencoder(folder: Path) -> nn.Module:
    """Read an AutoencoderTiny in single precision."""
    return _diffusers.AutoencoderTiny.from_pretrained(folder, dtype=torch.float32)
