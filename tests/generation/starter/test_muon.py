"""Muon: steps are orthogonal, scaled as AdamW's, and the same however many processes share the work."""

import pytest
import torch

from generation.starter.muon import Muon, orthogonalized, turns


@pytest.mark.parametrize("shape", [(12, 30), (30, 12), (16, 16)])
def test_an_orthogonalized_matrix_keeps_its_directions_and_has_singular_values_near_one(shape):
    matrix = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    u, _, v = torch.linalg.svd(matrix, full_matrices=False)
    found = orthogonalized(matrix)
    inner = u.T @ found @ v.T
    assert torch.linalg.svdvals(found).sub(1).abs().max() < 0.4  # as the published coefficients leave them
    assert (inner - inner.diagonal().diag()).abs().max() < 1e-3
    assert orthogonalized(torch.zeros(shape)).abs().max() == 0


def test_a_step_is_as_large_as_adamws_would_be_for_kernels_and_matrices_of_any_gradient():
    generator = torch.Generator().manual_seed(0)
    weights = [torch.nn.Parameter(torch.zeros(s)) for s in ((32, 16, 3, 3), (64, 32), (32, 64))]
    optimizer = Muon(weights, lr=0.01)
    for weight, scale in zip(weights, (1e-4, 1.0, 1e3), strict=True):
        weight.grad = torch.randn(weight.shape, generator=generator) * scale
    optimizer.step()
    for weight in weights:
        assert weight.detach().square().mean().sqrt().item() == pytest.approx(0.2 * 0.01, rel=0.25)


def test_it_learns_what_a_matrix_is():
    generator = torch.Generator().manual_seed(0)
    wanted = torch.randn(8, 20, generator=generator)
    weight = torch.nn.Parameter(torch.zeros(8, 20))
    optimizer = Muon([weight], lr=0.1, weight_decay=0.0)
    for step in range(200):
        optimizer.param_groups[0]["lr"] = 0.1 * (1 - step / 200)
        inputs = torch.randn(64, 20, generator=generator)
        optimizer.zero_grad()
        (inputs @ (weight - wanted).T).square().mean().backward()
        optimizer.step()
    assert (weight - wanted).abs().max() < 0.05


def test_weights_without_a_gradient_stay():
    weight = torch.nn.Parameter(torch.ones(3, 3))
    Muon([weight], lr=0.1).step()
    assert weight.detach().eq(1).all()


def test_processes_share_the_work_evenly_and_leave_nothing_out():
    shapes = [torch.Size(s) for s in ((128, 128, 3, 3), (128, 256, 3, 3), (96, 96, 3, 3), (48, 48, 3, 3), (128, 128))]
    assert turns(shapes, 1) == [0] * 5
    shared = turns(shapes * 4, 2)
    costs = [min(s[0], s.numel() // s[0]) * s.numel() for s in shapes * 4]
    loads = [sum(c for c, turn in zip(costs, shared, strict=True) if turn == rank) for rank in (0, 1)]
    assert min(loads) > 0.9 * max(loads)
