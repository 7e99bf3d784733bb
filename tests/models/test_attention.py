"""Laws of attention: the way taken on a processor gives what the reference gives, and no event sees the future."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="the train extra is not installed")

from torch.nn import functional as F  # noqa: E402

from zhiyin.models.attention import causal_attention  # noqa: E402


def three(dtype: object, events: int = 33) -> tuple[object, ...]:
    generator = torch.Generator().manual_seed(1)
    return tuple(torch.randn(2, 3, events, 16, generator=generator).to(dtype) for _ in range(3))


def test_bfloat16_attention_equals_the_fused_kernel_in_full_precision_to_two_hundredths() -> None:
    q, k, v = three(torch.bfloat16)
    exact = F.scaled_dot_product_attention(q.float(), k.float(), v.float(), is_causal=True)
    assert torch.allclose(causal_attention(q, k, v).float(), exact, atol=2e-2)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
def test_the_first_event_gathers_its_own_value_alone_and_later_values_change_nothing_before(
    dtype: object,
) -> None:
    q, k, v = three(dtype)
    out = causal_attention(q, k, v)
    assert torch.equal(out[:, :, 0], v[:, :, 0])
    changed = v.clone()
    changed[:, :, 20] += 1.0
    assert torch.equal(causal_attention(q, k, changed)[:, :, :20], out[:, :, :20])


def test_gradients_in_bfloat16_follow_those_of_the_fused_kernel() -> None:
    q, k, v = (t.float().requires_grad_() for t in three(torch.bfloat16))
    F.scaled_dot_product_attention(q, k, v, is_causal=True).square().sum().backward()
    wanted = [t.grad.clone() for t in (q, k, v)]
    mine = [t.detach().to(torch.bfloat16).requires_grad_() for t in (q, k, v)]
    causal_attention(*mine).square().sum().backward()
    for found, exact in zip(mine, wanted, strict=True):
        assert (
            torch.nn.functional.cosine_similarity(found.grad.float().flatten(), exact.flatten(), dim=0)
            > 0.999
        )
