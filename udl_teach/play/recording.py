"""A recording of a playground: its pictures with their words, which play in any page, without a kernel or a network."""

import base64
import html
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

PER_SECOND = 8
# Bytes of a recording, as it stands in a page.
MOST = 1_000_000
_numbers = count(1)

PAGE = """\
<figure id="{name}" class="udl-recording" style="margin:4px 0;max-width:{width}px">
<img alt="{alt}" src="{first}" width="{width}" height="{height}" style="max-width:100%;height:auto;background:white">
<div style="display:flex;gap:8px;align-items:center;margin:4px 0">
<button type="button" style="min-width:5em">Play</button>
<input type="range" min="0" max="{last}" value="0" aria-label="picture of the recording" style="flex:1">
</div>
<figcaption role="status" aria-live="polite" style="line-height:1.4;min-height:2.8em">{alt}</figcaption>
<script>
(() => {{
    const root = document.getElementById("{name}"), frames = {frames};
    const found = ["img", "button", "input", "figcaption"].map((tag) => root.querySelector(tag));
    const [image, button, slider, words] = found;
    let timer = null;
    const show = (place) => {{
        slider.value = place;
        image.src = frames[place][0];
        image.alt = words.textContent = frames[place][1];
    }};
    const stop = () => {{ clearInterval(timer); timer = null; button.textContent = "Play"; }};
    button.onclick = () => {{
        if (timer) return stop();
        if (+slider.value === frames.length - 1) show(0);
        button.textContent = "Pause";
        timer = setInterval(() => (+slider.value < frames.length - 1 ? show(+slider.value + 1) : stop()), {interval});
    }};
    slider.oninput = () => {{ stop(); show(+slider.value); }};
}})();
</script>
</figure>
"""


@dataclass(frozen=True)
class Recording:
    """Pictures and words, as the last line of a cell or in a page of their own.

    Attributes:
        pictures: bytes of PNG files.
        words: the line under each.
        interval: milliseconds between two pictures.
    """

    pictures: tuple[bytes, ...]
    words: tuple[str, ...]
    interval: int

    def html(self) -> str:
        """A piece of a page that holds everything it needs, of one megabyte at most: long recordings lose pictures."""
        shown = list(zip(map(_shrunk, self.pictures), self.words, strict=True))
        interval = self.interval
        while sum(len(picture) for picture, _ in shown) > MOST and len(shown) > 2:
            shown, interval = [*shown[:-1:2], shown[-1]], 2 * interval
        width, height = _size(self.pictures[0])
        # What stands in a script must not end it.
        frames = json.dumps(shown).replace("</", "<\\/")
        return PAGE.format(
            name=f"udl-recording-{next(_numbers)}-{len(frames)}",
            first=shown[0][0],
            alt=html.escape(shown[0][1], quote=True),
            width=width,
            height=height,
            last=len(shown) - 1,
            frames=frames,
            interval=interval,
        )

    def _repr_mimebundle_(self, include: Sequence[str] | None = None, exclude: Sequence[str] | None = None) -> dict:
        return {
            "text/html": self.html(),
            "image/png": base64.b64encode(self.pictures[-1]).decode("ascii"),
            "text/plain": self.words[-1],
        }


def _shrunk(png: bytes) -> str:
    """A picture as the address of itself, in WebP, which takes a third of the bytes, where this Pillow writes it."""
    from PIL import Image, features

    kind = "webp" if features.check("webp") else "png"
    if kind == "webp":
        file = io.BytesIO()
        Image.open(io.BytesIO(png)).save(file, "webp", quality=70)
        png = file.getvalue()
    return f"data:image/{kind};base64,{base64.b64encode(png).decode('ascii')}"


def _size(png: bytes) -> tuple[int, int]:
    from PIL import Image

    return Image.open(io.BytesIO(png)).size
