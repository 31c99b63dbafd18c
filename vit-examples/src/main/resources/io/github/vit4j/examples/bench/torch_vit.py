"""A ViT in plain PyTorch as timm builds it, for `vit bench --beside`.

    python torch_vit.py MODEL SIZE BATCH PRECISION WORK THREADS SECONDS [--timm] [--compile]

MODEL is Ti, S, B, S18x2 or S36x1; PRECISION float32 or bfloat16; WORK inference, train or
train_attention. With --timm the blocks are timm's (pip install timm), else those below, which do the
same: one qkv product, scaled dot product attention, exact GELU. With --compile inference goes through
torch.compile with freezing. Training in bfloat16 is PyTorch's autocast over float32 weights, as its
documentation has it. The last line is the images a second, by the median step.
"""
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

SHAPES = {  # width, heads, depth, parallel branches
    "Ti": (192, 3, 12, 1),
    "S": (384, 6, 12, 1),
    "B": (768, 12, 12, 1),
    "S18x2": (384, 6, 18, 2),
    "S36x1": (384, 6, 36, 1),
}


class Attention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(d, 3 * d)
        self.proj = nn.Linear(d, d)

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v)
        return self.proj(y.transpose(1, 2).reshape(b, n, d))


class Branch(nn.Module):
    def __init__(self, d, f):
        super().__init__()
        self.norm, self.f = nn.LayerNorm(d, eps=1e-6), f

    def forward(self, x):
        return self.f(self.norm(x))


class Block(nn.Module):
    def __init__(self, d, heads, parallel):
        super().__init__()
        self.attns = nn.ModuleList(Branch(d, Attention(d, heads)) for _ in range(parallel))
        self.ffns = nn.ModuleList(
            Branch(d, nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d)))
            for _ in range(parallel)
        )

    def forward(self, x):
        x = x + sum(f(x) for f in self.attns)
        return x + sum(f(x) for f in self.ffns)


class ViT(nn.Module):
    def __init__(self, d, heads, depth, parallel, size):
        super().__init__()
        self.stem = nn.Conv2d(3, d, 16, 16)
        self.cls = nn.Parameter(torch.zeros(1, 1, d))
        self.pos = nn.Parameter(torch.zeros(1, (size // 16) ** 2 + 1, d))
        self.blocks = nn.ModuleList(Block(d, heads, parallel) for _ in range(depth))
        self.norm = nn.LayerNorm(d, eps=1e-6)
        self.head = nn.Linear(d, 1000)

    def forward(self, x):
        x = self.stem(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls.expand(len(x), -1, -1), x], 1) + self.pos
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x)[:, 0])


def timm_vit(d, heads, depth, parallel, size):
    from timm.models.vision_transformer import ParallelThingsBlock, VisionTransformer

    more = {"block_fn": ParallelThingsBlock} if parallel > 1 else {}
    return VisionTransformer(
        img_size=size, patch_size=16, embed_dim=d, num_heads=heads, depth=depth, **more
    )


def main():
    name, size, batch, precision, work, threads, seconds = sys.argv[1:8]
    size, batch, seconds = int(size), int(batch), float(seconds)
    torch.set_num_threads(int(threads))
    torch.manual_seed(0)
    build = timm_vit if "--timm" in sys.argv else ViT
    model = build(*SHAPES[name], size)
    x = torch.randn(batch, 3, size, size)
    if work == "inference":
        model.eval()
        if precision == "bfloat16":
            model, x = model.bfloat16(), x.bfloat16()
        if "--compile" in sys.argv:
            import torch._inductor.config as inductor

            inductor.freezing = True
            model = torch.compile(model)

        def step():
            with torch.no_grad():
                model(x).float().numpy()
    else:
        mixed = torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16")
        for n, p in model.named_parameters():
            p.requires_grad = work == "train" or any(
                part in n for part in ("attn", "head", "pos")
            ) and "norm" not in n
        trained = [p for p in model.parameters() if p.requires_grad]
        optimizer = torch.optim.AdamW(trained, lr=1e-5, weight_decay=0.05)
        labels = torch.zeros(batch, dtype=torch.long)

        def step():
            optimizer.zero_grad()
            with mixed:
                loss = F.cross_entropy(model(x), labels)
            loss.backward()
            optimizer.step()

    for _ in range(2):
        step()
    times, start = [], time.perf_counter()
    while len(times) < 3 or time.perf_counter() - start < seconds:
        begin = time.perf_counter()
        step()
        times.append(time.perf_counter() - begin)
    print(batch / sorted(times)[len(times) // 2])


main()
