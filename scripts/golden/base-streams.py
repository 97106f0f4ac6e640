"""An independent xoshiro128** with our seeding, to which src/base/random/streams.ts is held."""

import hashlib
import json
import sys
from pathlib import Path

TARGET = Path(__file__).parents[2] / "test" / "golden" / "base" / "streams.golden.json"
MASK = 0xFFFFFFFF


class Stream:
    def __init__(self, path):
        key = hashlib.sha256(json.dumps(path, separators=(",", ":"), ensure_ascii=False).encode()).digest()
        self.s = [int.from_bytes(key[at : at + 4], "big") for at in (0, 4, 8, 12)]

    def word(self):
        s = self.s
        result = rotate(s[1] * 5 & MASK, 7) * 9 & MASK
        t = s[1] << 9 & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotate(s[3], 11)
        return result

    def next(self):
        return ((self.word() >> 5) * 2**26 + (self.word() >> 6)) / 2**53


def rotate(word, by):
    return (word << by | word >> (32 - by)) & MASK


def main():
    paths = [[0, "a"], [0, "b"], [-1, "data-order"], [2**53 - 1, "Übung \"1\""], [7, "run", "step", "3"]]
    streams = []
    for path in paths:
        stream = Stream(path)
        words = [stream.word() for _ in range(4)]
        streams.append({"path": path, "words": words, "next": [stream.next() for _ in range(4)]})
    golden = {
        "generated": {
            "script": "scripts/golden/base-streams.py",
            "versions": {"python": sys.version.split()[0]},
            "seed": "the first entry of each path",
            "date": "2026-11-24",
        },
        "streams": streams,
    }
    TARGET.write_text(json.dumps(golden, ensure_ascii=False) + "\n")


main()
