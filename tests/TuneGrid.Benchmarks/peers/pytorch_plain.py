"""The peer for speed and memory: a plain GPT with AdamW in PyTorch, as most people would write it (after nanoGPT), on random tokens.

Speed does not depend on what the tokens say, so this needs no corpus and no tokenizer. It is the model, optimizer and schedule of `--set recipe=plain`.

Run:  python3 pytorch_plain.py --width 128 --depth 4 --batch 16 --seconds 20
Needs PyTorch (Debian: python3-torch libopenblas0-pthread; for 2.x add --compile 1). Prints one line of JSON: tokens/s and peak memory.
"""
import argparse
import json
import math
import resource
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

parser = argparse.ArgumentParser()
for name, default in dict(width=128, depth=4, batch=16, context=256, vocabulary=2048, threads=2, seconds=20.0, lr=2e-3, compile=0).items():
    parser.add_argument("--" + name, type=type(default), default=default)
parser.add_argument("--dtype", default="bf16", choices=["bf16", "fp32"])
args = parser.parse_args()
torch.set_num_threads(args.threads)
torch.manual_seed(1)
D, L, T, B, V = args.width, args.depth, args.context, args.batch, args.vocabulary
H = max(1, D // 32)
future = torch.triu(torch.ones(T, T, dtype=torch.bool), 1)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(D), nn.LayerNorm(D)
        self.qkv, self.out = nn.Linear(D, 3 * D, bias=False), nn.Linear(D, D, bias=False)
        self.up, self.down = nn.Linear(D, 4 * D, bias=False), nn.Linear(4 * D, D, bias=False)

    def attend(self, q, k, v):
        if hasattr(F, "scaled_dot_product_attention"):
            return F.scaled_dot_product_attention(q, k, v, is_causal=True)
        scores = (q @ k.transpose(-2, -1)) * (D // H) ** -0.5
        return F.softmax(scores.masked_fill(future, float("-inf")), -1) @ v.to(q.dtype)

    def forward(self, x):
        q, k, v = (z.view(B, T, H, D // H).transpose(1, 2) for z in self.qkv(self.norm1(x)).split(D, 2))
        x = x + self.out(self.attend(q, k, v).transpose(1, 2).reshape(B, T, D))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Gpt(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(V, D), nn.Embedding(T, D)
        self.blocks = nn.Sequential(*(Block() for _ in range(L)))
        self.norm, self.head = nn.LayerNorm(D), nn.Linear(D, V, bias=False)
        for name, p in self.named_parameters():
            if p.dim() == 2:
                nn.init.normal_(p, 0, 0.02 / (math.sqrt(2 * L) if name.endswith(("out.weight", "down.weight")) else 1))
        self.head.weight = self.tokens.weight

    def forward(self, ids, targets):
        x = self.norm(self.blocks(self.tokens(ids) + self.positions.weight))
        return F.cross_entropy(self.head(x).view(-1, V).float(), targets.reshape(-1))


model = Gpt()
matrices, vectors = [p for p in model.parameters() if p.dim() > 1], [p for p in model.parameters() if p.dim() < 2]
fused = dict(fused=True) if torch.__version__ >= "2.4" else {}
optimizer = torch.optim.AdamW([dict(params=matrices, weight_decay=0.1), dict(params=vectors, weight_decay=0.0)], lr=args.lr, betas=(0.9, 0.95), **fused)
net = torch.compile(model) if args.compile else model
data = torch.randint(V, (64 * T,))


def step():
    at = torch.randint(len(data) - T - 1, (B,))
    ids, targets = torch.stack([data[i:i + T] for i in at]), torch.stack([data[i + 1:i + T + 1] for i in at])
    optimizer.zero_grad(set_to_none=True)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=args.dtype == "bf16"):
        loss = net(ids, targets)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()


for _ in range(3):  # warm-up and compilation stay outside the clock
    step()
started, steps = time.monotonic(), 0
while time.monotonic() - started < args.seconds:
    step()
    steps += 1
seconds = time.monotonic() - started
print(json.dumps(dict(
    torch=torch.__version__, dtype=args.dtype, threads=args.threads, width=D, depth=L, parameters=sum(p.numel() for p in model.parameters()),
    steps=steps, tokens_per_second=round(steps * B * T / seconds), peak_memory_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)))
