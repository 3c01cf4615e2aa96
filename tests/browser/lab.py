"""A JupyterLab of one's own and a real browser on it: start, open a notebook, run it, read what went wrong."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

SERVER_PATIENCE, RUN_PATIENCE, PATIENCE = 120, 300, 60
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]

APP = "(window.jupyterapp || window.jupyterlab)"
READY = f"""async () => {{
    const panel = {APP}.shell.currentWidget;
    await panel.context.ready;
    await panel.sessionContext.ready;
    await panel.sessionContext.session.kernel.info;
    // A first message that is answered: what is sent while the connection is still being made can be lost.
    for (let attempt = 0; attempt < 20; attempt++) {{
        const kernel = panel.sessionContext.session.kernel;
        const future = kernel.requestExecute({{code: 'pass', silent: true, store_history: false}});
        const late = new Promise((done) => setTimeout(() => done('late'), 5000));
        const answer = await Promise.race([future.done, late]);
        if (answer !== 'late' && kernel.connectionStatus === 'connected') return panel.context.path;
    }}
    throw new Error('the kernel does not answer');
}}"""
RUN_ALL = f"""async () => {{
    const panel = {APP}.shell.currentWidget, cells = panel.content.model.cells;
    await {APP}.commands.execute('notebook:run-all-cells');
    const said = {{ran: 0, errors: [], warnings: []}};
    for (let place = 0; place < cells.length; place++) {{
        const cell = cells.get(place);
        if (cell.type !== 'code') continue;
        said.ran += cell.executionCount ? 1 : 0;
        for (let number = 0; number < cell.outputs.length; number++) {{
            const output = cell.outputs.get(number).toJSON();
            const text = [output.text || ''].flat().join(''), where = `cell ${{place}}: `;
            if (output.output_type === 'error') said.errors.push(`${{where}}${{output.ename}}: ${{output.evalue}}`);
            if (output.name === 'stderr' && /Warning|Traceback/.test(text)) said.warnings.push(where + text);
        }}
    }}
    return said;
}}"""
RUN_CELL = f"""async (place) => {{
    {APP}.shell.currentWidget.content.activeCellIndex = place;
    await {APP}.commands.execute('notebook:run-cell');
}}"""
IN_KERNEL = f"""async (code) => {{
    const kernel = {APP}.shell.currentWidget.sessionContext.session.kernel;
    const future = kernel.requestExecute({{code, store_history: false}}), said = [];
    future.onIOPub = (message) => said.push(message.content.text || message.content.evalue || '');
    await future.done;
    return said.join('');
}}"""
FRAMES = """(count) => new Promise((done) => {
    const next = () => (count-- > 0 ? requestAnimationFrame(next) : done());
    next();
})"""


def find_browser():
    """The path of a Chromium or Chrome of this machine, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for path in map(shutil.which, names) if path), None)


def write_json(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


class Lab:
    """JupyterLab as `make lab` starts it, on a folder of its own; a context manager.

    Args:
        folder: a temporary folder; the learner's notebooks, the settings and the server's log go into it.
        python: the Python that has JupyterLab; UDL_TEACH_LAB_PYTHON or this one if it is not given.
        windowing: JupyterLab's windowingMode for notebooks ("none" renders every cell); None leaves its default.
    """

    def __init__(self, folder, *, python=None, windowing=None):
        self.folder = Path(folder)
        self.course = self.folder / "course"
        self.log = self.folder / "server.log"
        self.python = python or os.environ.get("UDL_TEACH_LAB_PYTHON") or sys.executable
        self.course.mkdir(parents=True, exist_ok=True)
        settings = self.folder / "settings" / "@jupyterlab"
        if windowing:
            write_json(settings / "notebook-extension" / "tracker.jupyterlab-settings", {"windowingMode": windowing})
        write_json(self.folder / "config" / "jupyter_lab_config.json", {"LabApp": {"expose_app_in_browser": True}})

    def __enter__(self):
        # As a learner has it: nothing is strict.
        environment = {name: value for name, value in os.environ.items() if name != "UDL_TEACH_STRICT"}
        environment |= {
            "JUPYTER_CONFIG_DIR": str(self.folder / "config"),
            "JUPYTER_DATA_DIR": str(self.folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.folder / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(self.folder / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(self.folder / "workspaces"),
            "IPYTHONDIR": str(self.folder / "ipython"),
            "UDL_TEACH_PROGRESS_DIR": str(self.folder / "progress"),
            "PYTHONUNBUFFERED": "1",
        }
        command = [self.python, "-m", "udl_teach.cli", "lab", "--no-browser", "--folder", str(self.course)]
        with self.log.open("wb") as log:
            self.server = subprocess.Popen(
                command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True
            )
        self.address = None
        for line in self.server.stdout:
            if found := re.search(r"http://\S+", line):
                self.address = found[0]
                break
        if self.address is None:
            raise RuntimeError(f"JupyterLab did not start:\n{self.log.read_text(encoding='utf-8', errors='replace')}")
        return self

    def __exit__(self, *_):
        import signal

        # As Ctrl-C in a terminal: it reaches the command and the server below it.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.server.pid, signal.SIGINT)
        try:
            self.server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()
        self.server.stdout.close()

    def address_of(self, name):
        """The address that opens a notebook of the folder, and none that an earlier page had open."""
        return re.sub(r"/lab/tree/[^?]*", f"/lab/tree/{name}", self.address) + "&reset"

    def problems(self):
        """Lines of the server's and its kernels' log that tell of an error."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return [line for line in text.splitlines() if re.search(r"Traceback|Error\b|Exception|\[E |CRITICAL", line)]


def in_time(script, patience, what):
    """A script of the page that fails with a sentence, instead of waiting for ever, when its promise is not kept."""
    sentence = json.dumps(f"{what} took more than {patience} s")
    late = f"new Promise((_, fail) => setTimeout(() => fail(new Error({sentence})), {1000 * patience}))"
    return f"(argument) => Promise.race([({script})(argument), {late}])"


class Notebook:
    """A notebook open in a page of the browser.

    Attributes:
        page: Playwright's page.
        problems: what the page's console has said of errors since it was opened.
    """

    # Of JupyterLab's own making, on every notebook (the fonts of formulas: version 3.6 without a network).
    KNOWN = re.compile(r"about:blank|favicon|/api/workspaces|ResizeObserver loop|net::ERR_ABORTED")

    def __init__(self, browser, address):
        self.problems = []
        self.page = browser.new_page(viewport={"width": 1280, "height": 900})
        self.page.set_default_timeout(PATIENCE * 1000)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.problems.append(f"{error.message}\n{error.stack}"))
        self.page.goto(address, timeout=SERVER_PATIENCE * 1000)
        condition = f"() => {APP} && {APP}.shell.currentWidget && {APP}.shell.currentWidget.sessionContext"
        self.page.wait_for_function(condition, timeout=SERVER_PATIENCE * 1000)
        self.path = self.page.evaluate(in_time(READY, SERVER_PATIENCE, "the start of the kernel"))

    def _heard(self, message):
        where = (message.location or {}).get("url", "")
        if message.type == "error" and not self.KNOWN.search(f"{message.text} {where}"):
            self.problems.append(f"{message.text} ({where})")

    def run_all(self):
        """Runs all cells; returns {"ran": number of cells, "errors": [...], "warnings": [...]}."""
        return self.page.evaluate(in_time(RUN_ALL, RUN_PATIENCE, "Run All"))

    def run_cell(self, place):
        """Runs one cell, by its place among all cells, and waits for its end."""
        self.page.evaluate(in_time(RUN_CELL, RUN_PATIENCE, "the cell"), place)

    def write_cell(self, place, text):
        """Replaces the text of one cell, by its place among all cells."""
        script = (
            f"([place, text]) => {APP}.shell.currentWidget.content.model.cells.get(place).sharedModel.setSource(text)"
        )
        self.page.evaluate(script, [place, text])

    def kernel(self, code):
        """Runs code in the notebook's kernel, behind all that it was sent before; returns what it printed."""
        return self.page.evaluate(in_time(IN_KERNEL, PATIENCE, "the kernel"), code)

    def frames(self, count=2):
        """Lets the browser draw."""
        self.page.evaluate(FRAMES, count)

    def only_the_notebook(self):
        """Folds away what stands beside the notebook."""
        command = "if (app.commands.hasCommand(name) && app.commands.isEnabled(name)) app.commands.execute(name)"
        self.page.evaluate(f"() => {{ const app = {APP}, name = 'filebrowser:hide-main'; {command} }}")
        self.page.evaluate(f"() => {{ const app = {APP}; app.shell.collapseLeft(); app.shell.collapseRight(); }}")

    def screenshots(self, folder, name):
        """Pictures of the whole notebook in pieces as high as the page, each a little over the last; their paths."""
        self.only_the_notebook()
        notebook = self.page.locator(".jp-NotebookPanel:visible .jp-Notebook").first
        scroller = notebook.evaluate_handle(
            "(node) => node.matches('.jp-WindowedPanel') ? node.querySelector('.jp-WindowedPanel-outer') : node"
        )
        self.frames(10)
        paths, top = [], 0
        while True:
            scroller.evaluate("(node, top) => { node.scrollTop = top; }", top)
            self.frames(5)
            self.page.wait_for_function("() => [...document.images].every((image) => image.complete)")
            paths.append(Path(folder) / f"{name}-{len(paths) + 1:02}.png")
            self.page.screenshot(path=paths[-1])
            height, whole = scroller.evaluate("(node) => [node.clientHeight, node.scrollHeight]")
            top += int(height * 0.93)
            if top + height * 0.07 + 1 >= whole:
                return paths

    def close(self):
        self.page.close()


@contextlib.contextmanager
def chromium():
    """A headless browser with a fresh profile."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()
