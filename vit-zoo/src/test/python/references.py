"""Makes the references in src/test/resources/fixtures_authors: tiny models with random weights, run by
the code of their own authors, and by transformers for what the other references leave out.

Run from the module's folder, with checkouts of the authors' repositories beside each other:
    python src/test/python/references.py REPOSITORIES
PyTorch 2.13 (CPU), transformers 5.18; facebookresearch/dinov2 b8931f7, dino 7c446df, mae
efb2a80, openai/CLIP d05afc4. Java's tests need only the output, which is checked in.
"""
import functools
import importlib.util
import json
import pathlib
import sys
import types

import numpy
import torch
from safetensors.torch import save_file

sys.dont_write_bytecode = True
AUTHORS = pathlib.Path(sys.argv[1])
OUT = pathlib.Path("src/test/resources/fixtures_authors")
SHAPE = {"img_size": 32, "patch_size": 8, "embed_dim": 24, "depth": 2, "num_heads": 3}


def module(path, name):
    spec = importlib.util.spec_from_file_location(name, AUTHORS / path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def randomize(model, seed):
    """Larger than a usual start, so that every part shows in the output."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, p in model.named_parameters():
            noise = torch.randn(p.shape, generator=generator)
            scale = p.shape[-1] ** -0.5 if p.dim() > 1 and "pos" not in name else 0.3
            is_norm = p.dim() == 1 and ("norm" in name or "ln" in name) and name.endswith("weight")
            p.copy_(noise * scale + (1 if is_norm else 0))
    return model.eval()


def images(seed, height=32, width=32):
    return torch.randn(2, 3, height, width, generator=torch.Generator().manual_seed(seed))


def write(name, config, weights, io):
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    clean = lambda tensors: {k: v.detach().clone().contiguous() for k, v in tensors.items()}
    save_file(clean(weights), folder / "weights.safetensors", {"format": "pt"})
    save_file(clean(io), folder / "io.safetensors")


def watched(blocks, run):
    """Runs with a hook on each block."""
    seen = {}
    hooks = [
        b.register_forward_hook(lambda _m, _i, out, i=i: seen.__setitem__(f"block.{i}", out))
        for i, b in enumerate(blocks)
    ]
    with torch.no_grad():
        out = run()
    for hook in hooks:
        hook.remove()
    return out, seen


def dinov2():
    sys.path.insert(0, str(AUTHORS / "facebookresearch+dinov2"))
    from dinov2.layers import MemEffAttention, NestedTensorBlock
    from dinov2.models.vision_transformer import DinoVisionTransformer

    def make(seed, **more):
        block = functools.partial(NestedTensorBlock, attn_class=MemEffAttention)
        return randomize(
            DinoVisionTransformer(
                img_size=32, patch_size=8, embed_dim=24, num_heads=3, init_values=0.1,
                block_fn=block, **more), seed)

    def case(name, model, x, config):
        blocks = [b for chunk in model.blocks for b in chunk] if model.chunked_blocks else model.blocks
        blocks = [b for b in blocks if not isinstance(b, torch.nn.Identity)]
        out, seen = watched(blocks, lambda: model.forward_features(x))
        tokens = [out["x_norm_clstoken"][:, None], out["x_norm_regtokens"], out["x_norm_patchtokens"]]
        write(name, config, model.state_dict(), {"input": x, "features": torch.cat(tokens, 1), **seen})

    base = {**SHAPE, "naming": "dinov2", "num_classes": 0, "layer_scale": True}
    offset = {**base, "position_resampling": "bicubic_offset"}
    chunked = make(1, depth=4, block_chunks=2, ffn_layer="swiglufused")
    # SwiGLU's two halves, which timm's ratio counts together: 2 x 64 of 24
    case("dinov2_chunked_swiglu", chunked, images(2, 48, 40),
         {**offset, "depth": 4, "mlp": "swiglu_packed", "mlp_ratio": 128 / 24})
    plain = make(3, depth=2, block_chunks=0)
    case("dinov2_offset_smaller", plain, images(4, 24, 24), offset)
    registers = make(5, depth=2, block_chunks=0, num_register_tokens=4,
                     interpolate_antialias=True, interpolate_offset=0.0)
    case("dinov2_registers", registers, images(6, 40, 24), {**base, "register_tokens": 4})


def dino_vit(seed):
    utils = types.ModuleType("utils")
    utils.trunc_normal_ = torch.nn.init.trunc_normal_
    sys.modules["utils"] = utils
    vit = module("facebookresearch+dino/vision_transformer.py", "dino_vit")
    return randomize(vit.VisionTransformer(
        img_size=[32], patch_size=8, embed_dim=24, depth=2, num_heads=3, qkv_bias=True,
        norm_layer=functools.partial(torch.nn.LayerNorm, eps=1e-6)), seed)


def dino():
    model = dino_vit(7)
    x = images(8, 56, 48)
    out, seen = watched(model.blocks, lambda: model(x))
    write("dino_offset", {**SHAPE, "num_classes": 0, "position_resampling": "bicubic_offset"},
          model.state_dict(), {"input": x, "features": out, **seen})


def clip():
    code = (AUTHORS / "openai+CLIP/clip/model.py").read_text()
    space = {}
    exec(compile(code, "model.py", "exec"), space)
    model = randomize(space["CLIP"](
        embed_dim=20, image_resolution=32, vision_layers=2, vision_width=64, vision_patch_size=8,
        context_length=5, vocab_size=7, transformer_width=8, transformer_heads=1,
        transformer_layers=1), 9)
    x = images(10)
    out, seen = watched(model.visual.transformer.resblocks, lambda: model.encode_image(x))
    seen = {k: v.transpose(0, 1) for k, v in seen.items()}
    config = {**SHAPE, "naming": "clip", "embed_dim": 64, "num_heads": 1, "num_classes": 20,
              "pre_norm": True, "act": "quick_gelu", "norm_eps": 1e-5, "final_norm": "after_pool",
              "head_bias": False}
    write("clip", config, model.state_dict(), {"input": x, "logits": out, **seen})


def mae():
    """MAE's fixed positions, and the names of its decoder; the encoder is as DINO's."""
    numpy.float = float  # its code is older than NumPy 1.20
    positions = module("facebookresearch+mae/util/pos_embed.py", "mae_pos_embed")
    model = dino_vit(11)
    table = positions.get_2d_sincos_pos_embed(24, 4, cls_token=True)
    model.pos_embed.data.copy_(torch.from_numpy(table)[None])
    x = images(12)
    out, seen = watched(model.blocks, lambda: model(x))
    decoder = {"mask_token": torch.zeros(1, 1, 16), "decoder_embed.weight": torch.zeros(16, 24),
               "decoder_blocks.0.norm1.weight": torch.zeros(16), "decoder_pred.bias": torch.zeros(9)}
    write("mae", {**SHAPE, "num_classes": 0}, {**model.state_dict(), **decoder},
          {"input": x, "features": out, **seen})


def transformers():
    import transformers as hf

    tower = dict(hidden_size=24, num_hidden_layers=2, num_attention_heads=3, intermediate_size=40,
                 image_size=32, patch_size=8)
    labels = {i: f"class {i}" for i in range(5)}
    eager = dict(attn_implementation="eager")
    text = dict(hidden_size=16, num_hidden_layers=1, num_attention_heads=1, intermediate_size=16,
                vocab_size=50, max_position_embeddings=5, bos_token_id=1, eos_token_id=2)

    def case(name, model, x, run, blocks, keys):
        model = randomize(model, len(name)).eval()
        out, seen = watched(blocks(model), lambda: run(model, x))
        seen = {k: v[0] if isinstance(v, tuple) else v for k, v in seen.items()}
        folder = OUT / name
        model.save_pretrained(folder)
        (folder / "model.safetensors").rename(folder / "weights.safetensors")
        io = {"input": x, **{ours: out[theirs] for ours, theirs in keys.items()}, **seen}
        save_file({k: v.detach().clone().contiguous() for k, v in io.items()}, folder / "io.safetensors")

    case("transformers_clip_pair",
         hf.CLIPModel(hf.CLIPConfig(vision_config=tower, text_config=text, projection_dim=20, **eager)),
         images(20, 40, 40),
         lambda m, x: {"e": m.visual_projection(m.vision_model(x, interpolate_pos_encoding=True).pooler_output)},
         lambda m: m.vision_model.encoder.layers, {"logits": "e"})
    case("transformers_siglip_classifier",
         hf.SiglipForImageClassification(hf.SiglipConfig(
             vision_config=tower, text_config=text, id2label=labels, **eager)),
         images(21), lambda m, x: m(x), lambda m: m.vision_model.encoder.layers, {"logits": "logits"})
    case("transformers_siglip_interp",
         hf.SiglipVisionModel(hf.SiglipVisionConfig(**tower, **eager)),
         images(22, 24, 40), lambda m, x: m(x, interpolate_pos_encoding=True),
         lambda m: m.vision_model.encoder.layers if hasattr(m, "vision_model") else m.encoder.layers,
         {"pooler_output": "pooler_output", "last_hidden_state": "last_hidden_state"})
    case("transformers_deit_one_head",
         hf.DeiTForImageClassification(hf.DeiTConfig(**tower, id2label=labels, **eager)),
         images(23, 48, 48), lambda m, x: m(x, interpolate_pos_encoding=True),
         lambda m: [], {"logits": "logits"})
    case("transformers_beit_resized",
         hf.BeitForImageClassification(hf.BeitConfig(
             **tower, id2label=labels, use_relative_position_bias=True,
             use_shared_relative_position_bias=True, **eager)),
         images(24, 48, 40), lambda m, x: m(x), lambda m: [], {"logits": "logits"})
    case("transformers_dinov2_bare",
         hf.Dinov2Model(hf.Dinov2Config(
             hidden_size=24, num_hidden_layers=2, num_attention_heads=3, image_size=32, patch_size=8, **eager)),
         images(25, 24, 56), lambda m, x: m(x), lambda m: [],
         {"pooler_output": "pooler_output", "last_hidden_state": "last_hidden_state"})


def preprocessing():
    """What transformers' image processors (on Pillow) make of one image, and what they save."""
    import transformers as hf
    from PIL import Image

    folder = OUT / "preprocessing"
    folder.mkdir(parents=True, exist_ok=True)
    noise = numpy.random.default_rng(0).integers(0, 256, (8, 11, 3), dtype=numpy.uint8)
    image = Image.fromarray(noise).resize((44, 32), Image.BICUBIC)
    image.save(folder / "image.png")
    square, crop = {"height": 24, "width": 24}, {"height": 20, "width": 20}
    processors = {
        "vit": hf.ViTImageProcessorPil(size=square),
        "deit": hf.DeiTImageProcessorPil(size=square, crop_size=crop),
        "beit": hf.BeitImageProcessorPil(size={"height": 16, "width": 40}, resample=2),
        "clip": hf.CLIPImageProcessorPil(size={"shortest_edge": 24}, crop_size={"height": 24, "width": 24}),
        "dinov2": hf.BitImageProcessorPil(size={"shortest_edge": 26}, crop_size=square,
                                          image_mean=[0.485, 0.456, 0.406], image_std=[0.229, 0.224, 0.225]),
        "siglip": hf.SiglipImageProcessorPil(size=square),
    }
    for name, processor in processors.items():
        (folder / name).mkdir(exist_ok=True)
        processor.save_pretrained(folder / name)
        pixels = processor(image, return_tensors="pt")["pixel_values"]
        save_file({"pixel_values": pixels}, folder / name / "pixels.safetensors")


for make in (dinov2, dino, clip, mae, transformers, preprocessing):
    make()
