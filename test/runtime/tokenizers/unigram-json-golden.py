"""Writes unigram-json-golden.json: a small Unigram tokenizer.json and what Hugging Face's tokenizers makes of sentences.py.

    python3 -m venv venv && venv/bin/pip install tokenizers==0.23.3 sentencepiece==0.2.3 protobuf
    venv/bin/python test/runtime/tokenizers/unigram-json-golden.py

It normalizes with the compiled nmt_nfkc of SentencePiece, which takes 300 KB and is left out of the fixture. A text with
lone surrogates cannot reach the library; it is given U+FFFD in their place, as Retort reads them.
"""

import json
import os
import re
import tempfile

import sentencepiece
import tokenizers
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

from sentences import LANGUAGES, TEXTS

FIXTURE = os.path.join(os.path.dirname(__file__), "unigram-json-golden.json")
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
# Left out of training, so that some characters are unknown.
UNSEEN = ["Tibetan", "Amharic", "Khmer"]
SEEN = [text for name, text in LANGUAGES.items() if name not in UNSEEN] * 3 + TEXTS[-20:-9]


def charsmap():
    with tempfile.TemporaryDirectory() as folder:
        text = os.path.join(folder, "text")
        with open(text, "w") as file:
            file.write("\n".join(f"line number {i} of a text that nobody reads" for i in range(200)))
        sentencepiece.SentencePieceTrainer.train(
            input=text,
            model_prefix=os.path.join(folder, "model"),
            vocab_size=40,
            hard_vocab_limit=False,
            normalization_rule_name="nmt_nfkc",
            minloglevel=2,
        )
        model = sentencepiece_model_pb2.ModelProto()
        with open(os.path.join(folder, "model.model"), "rb") as file:
            model.ParseFromString(file.read())
    return model.normalizer_spec.precompiled_charsmap


def train(vocab_size, texts=SEEN):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Precompiled(charsmap())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    trainer = trainers.UnigramTrainer(
        vocab_size=vocab_size, special_tokens=SPECIAL, unk_token="<unk>", show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def main():
    tokenizer = train(1400)

    def ids(text):
        return tokenizer.encode(re.sub("[\ud800-\udfff]", "\ufffd", text)).ids

    described = json.loads(tokenizer.to_str())
    del described["normalizer"]["precompiled_charsmap"]
    result = {
        "tool": f"tokenizers {tokenizers.__version__} (Python)",
        "languages": list(LANGUAGES),
        "texts": TEXTS,
        "tokenizers": {"nmt_nfkc": {"tokenizer": described, "ids": [ids(text) for text in TEXTS]}},
    }
    with open(FIXTURE, "w") as file:
        json.dump(result, file, ensure_ascii=True, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
