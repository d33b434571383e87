"""Frames of terminals as one SVG: text that a style sheet shows and hides, in the colours of the reader's theme.

It needs no script, no font of its own and no network. Where nothing moves (a reader who has asked for that, a viewer without
animation) the last frame stands.
"""

import re
from html import escape

FONT, WIDTH, LINE, MARGIN = 14, 8.4, 19, 16  # pixels: size, advance of a letter, line, and what is left around

STYLE = f"text{{font-size:{FONT}px}}" + """
text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;white-space:pre;fill:#1f2328}
.paper{fill:#f6f8fa;stroke:#d0d7de}.line{stroke:#d0d7de}.host{fill:#6e7781}.hint{fill:#6e7781}.typed{font-weight:bold}.red{fill:#cf222e;font-weight:bold}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.paper{fill:#0d1117;stroke:#30363d}.line{stroke:#30363d}
.host,.hint{fill:#8b949e}.red{fill:#ff7b72}}
.gone{visibility:hidden}
"""

SGR = re.compile(r"\x1b\[([0-9;]*)m")


def pieces(row):
    """A row of a terminal as pairs of style and text."""
    if SGR.sub("", row).startswith("$ "):
        return [("", "$ "), ("typed", SGR.sub("", row)[2:].rstrip())]
    style, found = "", []
    for index, part in enumerate(SGR.split(row.rstrip())):
        if index % 2 == 0:
            found.append((style, part))
        else:
            codes = part.split(";")
            style = "red" if "31" in codes else "hint" if "2" in codes else "" if codes[0] in ("", "0") else style
    return [(style, text) for style, text in found if text]


def spans(frames, host, row):
    """What stands in one row, one after the other: (text, first second, second it goes)."""
    found, now = [], 0
    for seconds, frame in frames:
        text = frame[host][row].rstrip()
        if found and found[-1][0] == text:
            found[-1][2] = now + seconds
        else:
            found.append([text, now, now + seconds])
        now += seconds
    return [span for span in found if span[0]]


class Timetable:
    """A CSS class for each stretch of time that some text is there."""

    def __init__(self, total):
        self.total, self.classes = total, {}

    def name(self, first, last):
        if (first, last) == (0, self.total):
            return ""
        name = self.classes.setdefault((first, last), f"t{len(self.classes)}")
        return name if last == self.total else f"{name} gone"

    def css(self):
        rules = []
        for (first, last), name in self.classes.items():
            shown = {0: "hidden", first: "visible", last: "hidden"}
            steps = "".join(f"{100 * at / self.total:.4g}%{{visibility:{how}}}" for at, how in shown.items() if at < self.total)
            rules.append(f"@keyframes {name}{{{steps}}}.{name}{{animation:{name} {self.total}s step-end infinite}}")
        return "\n".join([*rules, "@media (prefers-reduced-motion:reduce){*{animation:none!important}}"])


def text_of(row, y, css_class):
    x, out = MARGIN, []
    for style, text in pieces(row):
        names = " ".join(name for name in (style, css_class) if name)
        mark = f' class="{names}"' if names else ""
        x += (len(text) - len(text.lstrip())) * WIDTH  # not every viewer keeps white space in front
        text = text.lstrip()
        out.append(f'<text x="{x:.5g}" y="{y}" textLength="{len(text) * WIDTH:.5g}"{mark}>{escape(text, quote=False)}</text>')
        x += len(text) * WIDTH
    return out


def svg(frames, columns, hosts):
    times = Timetable(sum(seconds for seconds, _ in frames))
    width, y, body = columns * WIDTH + 2 * MARGIN, MARGIN // 2, []
    for host in hosts:
        y += LINE
        body.append(f'<text x="{width - MARGIN:.4g}" y="{y}" text-anchor="end" class="host">{host}</text>')
        for row in range(len(frames[0][1][host])):
            for text, first, last in spans(frames, host, row):
                body += text_of(text, y + row * LINE, times.name(first, last))
        y += len(frames[0][1][host]) * LINE - LINE // 2
        if host != hosts[-1]:
            body.append(f'<line x1="0" x2="{width:.4g}" y1="{y}" y2="{y}" class="line"/>')
    height = y + MARGIN // 2
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.5g} {height}" width="{width:.5g}" height="{height}" role="img">',
        "<title>coord in three terminals: a lock is held on one host, waited for on another, and broken by an operator</title>",
        f"<style>{STYLE}{times.css()}</style>",
        f'<rect x=".5" y=".5" width="{width - 1:.5g}" height="{height - 1}" rx="6" class="paper"/>',
        *body, "</svg>", ""])
