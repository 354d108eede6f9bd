"""Writes wordpiece-golden.json: small WordPiece vocabularies and what Hugging Face's tokenizers makes of sentences.py.

    python3 -m venv venv && venv/bin/pip install tokenizers==0.23.3
    venv/bin/python test/runtime/tokenizers/wordpiece-golden.py

The trainer orders equal pairs anew each time, so other vocabularies come out of another run; they do as well. A text
with lone surrogates cannot reach the library; it is given U+FFFD in their place, as Retort reads them.
"""

import json
import os
import re

import tokenizers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

from sentences import LANGUAGES, TEXTS

FIXTURE = os.path.join(os.path.dirname(__file__), "wordpiece-golden.json")
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
# Left out of training, so that some words are unknown.
UNSEEN = ["Tibetan", "Amharic", "Khmer"]
SEEN = [text for name, text in LANGUAGES.items() if name not in UNSEEN]


def train(vocab_size, texts=SEEN, **options):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(**options)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=vocab_size, special_tokens=SPECIAL, show_progress=False)
    tokenizer.train_from_iterator(texts * 2 + ["the and ing ed re un ha word 1 2 3 4 5 6 7 8 9 0"], trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return tokenizer


def fixture(tokenizer):
    def ids(text):
        return tokenizer.encode(re.sub("[\ud800-\udfff]", "\ufffd", text)).ids

    return {"tokenizer": json.loads(tokenizer.to_str()), "ids": [ids(text) for text in TEXTS]}


def main():
    result = {
        "tool": f"tokenizers {tokenizers.__version__} (Python)",
        "languages": list(LANGUAGES),
        "texts": TEXTS,
        "tokenizers": {
            "uncased": fixture(train(1500, lowercase=True)),
            "cased": fixture(train(1000, lowercase=False, strip_accents=False, handle_chinese_chars=False)),
            "neither cleaned nor stripped": fixture(train(1000, clean_text=False, lowercase=True, strip_accents=False)),
        },
    }
    with open(FIXTURE, "w") as file:
        json.dump(result, file, ensure_ascii=True, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
