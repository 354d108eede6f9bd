"""Writes encoder-golden/: tiny encoders of each architecture with what `transformers` makes of some texts.

    python3 -m venv venv
    venv/bin/pip install torch==2.15.0 transformers==5.24.0 tokenizers==0.23.3 safetensors==0.8.0
    venv/bin/python test/train/teachers/encoder-golden.py
    venv/bin/python test/train/teachers/encoder-golden.py --compare path/to/model out.json   (reference of a real model)

Weights are random and large enough that attention and GELU leave their linear range. The weights are stored as F32, F16
and BF16, one architecture each, so that every dtype is read once; the reference computes in F32 from what was stored.
"""

import json
import os
import sys

import safetensors
import tokenizers
import torch
import transformers
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

FOLDER = os.path.join(os.path.dirname(__file__), "encoder-golden")

TEXTS = [
    "What is the capital of Iceland ?",
    "a",
    "",
    "The parcel has not moved for a week, and nobody answers the phone. Who pays for that?",
    "Die Straße ist über die Brücke gesperrt, größere Umwege sind nötig.",
    "Le cœur a ses raisons que la raison ne connaît point.",
    "El niño comió piñas en la montaña, ¿verdad? ¡Sí!",
    "今天天气很好,我们去公园吧。",
    "ما هي عاصمة مصر؟",
    "A question that is asked again and again and again and again and again and again and again and again and again.",
]

LABELS = ["place", "person", "thing"]


def word_piece():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    trainer = trainers.WordPieceTrainer(vocab_size=200, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator(TEXTS, trainer)
    ids = [(token, tokenizer.token_to_id(token)) for token in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ids
    )
    tokenizer.decoder = decoders.WordPiece()
    return tokenizer


def byte_level():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    ends = [(token, tokenizer.token_to_id(token)) for token in ("</s>", "<s>")]
    tokenizer.post_processor = processors.RobertaProcessing(*ends, add_prefix_space=False)
    return tokenizer


def tiny_models():
    task = {"num_labels": len(LABELS), "id2label": dict(enumerate(LABELS)), "label2id": {n: i for i, n in enumerate(LABELS)}}
    common = {"hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 3, "intermediate_size": 48}
    yield "bert", torch.float32, word_piece(), transformers.BertForSequenceClassification, lambda size: transformers.BertConfig(
        vocab_size=size, max_position_embeddings=40, initializer_range=0.3, **common, **task
    )
    yield "distilbert", torch.float16, word_piece(), transformers.DistilBertForSequenceClassification, lambda size: transformers.DistilBertConfig(
        vocab_size=size, dim=24, hidden_dim=48, n_layers=2, n_heads=3, max_position_embeddings=40, initializer_range=0.3, **task
    )
    yield "roberta", torch.bfloat16, byte_level(), transformers.RobertaForSequenceClassification, lambda size: transformers.RobertaConfig(
        vocab_size=size, max_position_embeddings=42, type_vocab_size=1, initializer_range=0.3,
        pad_token_id=1, bos_token_id=0, eos_token_id=2, layer_norm_eps=1e-5, **common, **task
    )


def rounded(tensor):
    return [float(f"{value:.7g}") for value in tensor.flatten().tolist()]


def reference(model, tokenizer, max_tokens):
    """Ids, pooled features and logits of each text, run one by one: no padding, no neighbors."""
    model = model.float().eval()
    base = getattr(model, model.base_model_prefix, model)
    rows = []
    for text in TEXTS:
        encoding = tokenizer.encode(text)
        encoding.truncate(max_tokens)
        ids = encoding.ids
        if len(encoding.overflowing) > 0:
            ids = ids[:-1] + [tokenizer.encode("").ids[-1]]
        with torch.no_grad():
            batch = torch.tensor([ids])
            hidden = base(input_ids=batch, attention_mask=torch.ones_like(batch)).last_hidden_state[0]
            logits = None if base is model else rounded(model(input_ids=batch).logits[0])
        rows.append({"ids": ids, "mean": rounded(hidden.mean(0)), "cls": rounded(hidden[0]), "logits": logits})
    return rows


def versions():
    return {
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "tokenizers": tokenizers.__version__,
        "safetensors": safetensors.__version__,
    }


def write_golden():
    models_written = {}
    for seed, (name, dtype, tokenizer, kind, config) in enumerate(tiny_models()):
        torch.manual_seed(seed)
        model = kind(config(tokenizer.get_vocab_size()))
        with torch.no_grad():
            for parameter_name, parameter in model.named_parameters():
                if parameter.dim() == 1:
                    parameter.add_(0.2 * torch.randn_like(parameter))
        model = model.to(dtype)
        path = os.path.join(FOLDER, name)
        model.save_pretrained(path)
        tokenizer.save(os.path.join(path, "tokenizer.json"))
        models_written[name] = reference(model, tokenizer, 40)
    golden = {"versions": versions(), "maxTokens": 40, "labels": LABELS, "texts": TEXTS, "models": models_written}
    with open(os.path.join(FOLDER, "golden.json"), "w") as file:
        json.dump(golden, file, ensure_ascii=False, separators=(",", ":"))


def write_comparison(directory, target):
    """What a real model says of the lines on standard input."""
    TEXTS[:] = [line.rstrip("\n") for line in sys.stdin]
    tokenizer = Tokenizer.from_file(os.path.join(directory, "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    model = transformers.AutoModel.from_pretrained(directory)
    golden = {"versions": versions(), "maxTokens": 128, "texts": TEXTS, "rows": reference(model, tokenizer, 128)}
    with open(target, "w") as file:
        json.dump(golden, file, ensure_ascii=False)


if __name__ == "__main__":
    torch.set_num_threads(1)
    if len(sys.argv) == 4 and sys.argv[1] == "--compare":
        write_comparison(sys.argv[2], sys.argv[3])
    else:
        write_golden()
