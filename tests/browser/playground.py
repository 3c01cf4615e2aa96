"""One playground on a page of the browser: its buttons, its sliders, and when its picture changed."""

import statistics

WATCH = """(selector) => {
    const picture = document.querySelector(selector);
    const log = { loads: [], keys: [], click: 0 };
    for (const shown of ['load', 'udl-frame']) picture.addEventListener(shown, () => log.loads.push(performance.now()));
    document.addEventListener('keydown', () => log.keys.push(performance.now()), true);
    document.addEventListener('click', () => { log.click = performance.now(); }, true);
    window.udlLog = log;
}"""
DIGEST = """async (selector) => {
    const picture = document.querySelector(selector);
    const source = picture.tagName === 'CANVAS' ? picture.toDataURL() : picture.src;
    const bytes = await (await fetch(source)).arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return [...digest].map((byte) => byte.toString(16)).join('');
}"""
DRAWN = """(selector) => {
    const picture = document.querySelector(selector);
    return picture.tagName === 'CANVAS' ? 'frame' in picture.dataset : picture.complete;
}"""
CANVAS, IMAGE = "canvas.udl-canvas", "img.udl-picture"
BUTTON = "button.udl-play-button, .udl-play-button button"


class OnPage:
    """The playground of an open notebook that shows one.

    Args:
        notebook: the notebook.
        picture: CANVAS, which the browser draws into, or IMAGE, which stands in where it does not.
    """

    def __init__(self, notebook, picture=CANVAS):
        self.notebook, self.page, self.picture = notebook, notebook.page, picture
        self.watch()

    def watch(self):
        """Notes from now on when the picture has changed; needed again after its cell was run again."""
        self.page.wait_for_selector(self.picture)
        self.page.wait_for_function(DRAWN, arg=self.picture)
        self.page.evaluate(WATCH, self.picture)

    def changes(self):
        """How often the picture has changed."""
        return self.page.evaluate("() => udlLog.loads.length")

    def await_changes(self, count, since=0):
        """Waits until the picture has changed `count` times after it had `since` times."""
        self.page.wait_for_function("(wanted) => udlLog.loads.length >= wanted", arg=since + count)

    def digest(self):
        """A short text that is the same for the same picture."""
        return self.page.evaluate(DIGEST, self.picture)

    def words(self):
        """The line under the picture."""
        return self.page.locator(".udl-words").inner_text()

    def press(self, name):
        """Presses Step, Reset, Keep or Drop kept, by the name of its class."""
        button = f"button.udl-{name}, .udl-{name} button"
        self.page.locator(button).first.click()

    def press_and_see(self, name):
        """Presses a button and waits for the new picture, and the words, which come after it."""
        since = self.changes()
        self.press(name)
        self.await_changes(1, since)
        self.settle()

    def play(self):
        if self.picture == CANVAS:
            self.page.locator(BUTTON).first.click()
        else:
            self.page.locator(".udl-play button:has(.fa-play)").click()

    def pause(self):
        """Presses Pause and lets it settle; returns milliseconds after the click of each picture that still came."""
        if self.picture == CANVAS:
            self.page.locator(BUTTON).first.click()
        else:
            self.page.locator(".udl-play button:has(.fa-pause)").click()
        self.settle()
        return self.page.evaluate("() => udlLog.loads.map((at) => at - udlLog.click).filter((after) => after > 0)")

    def stop(self):
        """Stops it, also where it has come to its end by itself."""
        if self.picture == CANVAS:
            self.settle()
            if self.page.locator(BUTTON).first.inner_text().strip() == "Pause":
                self.page.locator(BUTTON).first.click()
        else:
            self.page.locator(".udl-play button:has(.fa-stop)").click()
        self.settle()

    def settle(self):
        """Lets everything that is on its way arrive: the kernel's queue, its answers, and the browser's drawing."""
        for _ in range(3):
            self.notebook.kernel("pass")
            self.notebook.frames(10)

    def handle(self, name):
        """The handle of a slider, by its control's name."""
        sliders = f".udl-input-{name} .noUi-handle, .udl-input-{name} .ui-slider-handle"
        return self.page.locator(sliders).first

    def accessible(self, name):
        """What a screen reader is told of a control, by its name: its role, its name, its value."""
        return self.page.locator(f".udl-input-{name}").aria_snapshot()

    def readout(self, name):
        """The number that stands beside a slider."""
        return self.page.locator(f".udl-input-{name} .widget-readout").inner_text()

    def drag(self, name, pixels):
        """Drags a slider's handle with the mouse."""
        handle = self.handle(name)
        handle.scroll_into_view_if_needed()
        box = handle.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + pixels, y, steps=5)
        self.page.mouse.up()

    def key(self, name, key):
        """Presses a key on a focused slider; returns milliseconds from the key to the new picture."""
        since = self.changes()
        self.handle(name).focus()
        self.page.keyboard.press(key)
        self.await_changes(1, since)
        return self.page.evaluate("(since) => udlLog.loads[since] - udlLog.keys[udlLog.keys.length - 1]", since)

    def latency(self, name, presses=20):
        """Median milliseconds from a key on a slider to the new picture."""
        # From the slider's left end, wherever it stood before, to and fro.
        self.handle(name).focus()
        self.page.keyboard.press("Home")
        self.settle()
        times = []
        for place in range(presses):
            times.append(self.key(name, "ArrowRight" if place % 2 == 0 else "ArrowLeft"))
            self.notebook.kernel("pass")
            self.notebook.frames(3)
        return statistics.median(times)

    def frames_a_second(self, frames=40):
        """Pictures a second while it plays."""
        since = self.changes()
        self.await_changes(frames, since)
        loads = self.page.evaluate("() => udlLog.loads")[since:]
        return 1000 * (len(loads) - 1) / (loads[-1] - loads[0])
