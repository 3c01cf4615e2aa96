"""An executed lesson as one page that needs nothing from outside: no kernel, no network, no script of others.

Formulas are MathML, folded cells stay folded, playgrounds are recordings, predictions and quizzes are plain questions.
"""

import re
from typing import Any

# The two things that the lessons' formulas use and latex2mathml does not know.
REWRITTEN = {r"\arg": r"\operatorname{arg}", "{aligned}": "{align*}"}
PICTURES = ["text/html", "image/svg+xml", "image/png"]

TEMPLATE = """\
{%- extends 'basic/index.html.j2' -%}
{%- block header -%}
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ resources.metadata.title }}</title>
<style>{{ resources.metadata.style }}</style>
</head>
<body>
<main>
{%- endblock header -%}
{%- block footer -%}
</main>
</body>
</html>
{%- endblock footer -%}
{%- block input_group -%}
{%- if cell.metadata.jupyter and cell.metadata.jupyter.source_hidden -%}
{%- set title = cell.source.splitlines()[0] | replace("#@title ", "") | replace(": run this cell", "") -%}
<details class="folded"><summary>{{ title }}</summary>
{{ super() }}
</details>
{%- else -%}
{{ super() }}
{%- endif -%}
{%- endblock input_group -%}
"""

STYLE = """\
:root { color-scheme: light dark; }
body { font: 16px/1.6 system-ui, sans-serif; margin: 0; background: Canvas; color: CanvasText; }
main { max-width: 90ch; margin: 0 auto; padding: 1em; }
h1, h2, h3, h4 { line-height: 1.25; margin: 1.6em 0 0.5em; }
a { color: LinkText; }
pre, code { font: 14px/1.45 ui-monospace, "DejaVu Sans Mono", monospace; }
.input pre { background: rgba(128,128,128,0.12); padding: 0.6em 0.9em; border-radius: 4px; overflow-x: auto; }
.output pre { white-space: pre-wrap; overflow-wrap: anywhere; }
p code, li code, td code { background: rgba(128,128,128,0.15); padding: 0.1em 0.3em; border-radius: 3px; }
img, svg, canvas { max-width: 100%; height: auto; }
.output img, .output svg { background: white; }
table { border-collapse: collapse; margin: 1em 0; display: block; overflow-x: auto; }
th, td { padding: 0.25em 0.8em; border-bottom: 1px solid rgba(128,128,128,0.4); text-align: left; }
details { margin: 0.4em 0; }
summary { cursor: pointer; }
.folded > summary { font-size: 85%; opacity: 0.75; }
math[display="block"] { margin: 0.8em 0; overflow-x: auto; }
mtable[rowspacing] mtd:nth-child(odd) { text-align: right; }
mtable[rowspacing] mtd:nth-child(even) { text-align: left; }
"""


def page(notebook: Any, name: str) -> str:
    """The page of an executed notebook.

    Args:
        notebook: nbformat 4, its outputs in it.
        name: its name, used as the title where it has no heading.

    Returns:
        The text of an HTML file.
    """
    from jinja2 import DictLoader
    from nbconvert.exporters import HTMLExporter
    from pygments.formatters import HtmlFormatter

    others = [
        kind for kind in HTMLExporter().default_config.NbConvertBase.display_data_priority if kind not in PICTURES
    ]
    exporter = HTMLExporter(
        # The picture or the recording of a playground before its widget: here is no kernel that could move it.
        config={"NbConvertBase": {"display_data_priority": PICTURES + others}},
        extra_loaders=[DictLoader({"page.html.j2": TEMPLATE})],
        template_file="page.html.j2",
        filters={"markdown2html": _markdown},
    )
    exporter.exclude_input_prompt = exporter.exclude_output_prompt = True
    titles = (
        re.findall(r"^# (.+)$", cell.source, re.MULTILINE) for cell in notebook.cells if cell.cell_type == "markdown"
    )
    title = next((found[0] for found in titles if found), name)
    dark = HtmlFormatter(style="github-dark").get_style_defs(".highlight")
    light = HtmlFormatter(style="default").get_style_defs(".highlight")
    style = f"{STYLE}{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n.highlight {{ background: none; }}"
    text, _ = exporter.from_notebook_node(
        notebook, resources={"metadata": {"name": name, "title": title, "style": style}}
    )
    return text


def formula(tex: str, *, block: bool) -> str:
    """A formula as MathML, which browsers show by themselves; one that cannot be read stays as it is written."""
    from latex2mathml.converter import convert

    for known, other in REWRITTEN.items():
        tex = tex.replace(known, other)
    return convert(tex.strip(), display="block" if block else "inline")


def _markdown(source: str) -> str:
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    class Renderer(IPythonRenderer):
        def inline_math(self, body: str) -> str:
            return formula(body, block=False)

        def block_math(self, body: str) -> str:
            return formula(body, block=True)

    return MarkdownWithMath(renderer=Renderer(escape=False, anchor_link_text="")).render(source)
