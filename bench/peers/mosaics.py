"""The work of bench/mosaics.ts in Pillow: open, resize, paste, save, as MMNeedle's sample_stitched_images.py does.

Reads one job a line on standard input ({"side", "mosaics": [[paths]]}), answers with its seconds.
"""

import io
import json
import multiprocessing
import sys
import time

from PIL import Image, __version__

CELL = 256


def stitch(job):
    side, paths = job
    canvas = Image.new("RGB", (side * CELL, side * CELL))
    for at, path in enumerate(paths):
        canvas.paste(Image.open(path).resize((CELL, CELL)), (at % side * CELL, at // side * CELL))
    out = io.BytesIO()
    canvas.save(out, "JPEG")
    return len(out.getvalue())


def main():
    with multiprocessing.Pool(int(sys.argv[1])) as pool:
        print(json.dumps({"pillow": __version__}), flush=True)
        for line in sys.stdin:
            job = json.loads(line)
            start = time.perf_counter()
            sizes = pool.map(stitch, [(job["side"], paths) for paths in job["mosaics"]], chunksize=1)
            print(json.dumps({"seconds": time.perf_counter() - start, "bytes": sum(sizes)}), flush=True)


if __name__ == "__main__":
    main()
