"""A page looked at as people do: in headless Chromium, on a phone, on a desk and on paper."""

import json
import os
import re
import struct
import subprocess

from harness import LIMIT, Failure

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--hide-scrollbars")

# Says what stands beyond the right or left edge of the page, and which words of a picture leave it.
# What is meant to be scrolled by itself (a wide table on a phone) is left out.
MEASURE = """<script>
addEventListener("load", function () {
  var wide = document.documentElement.clientWidth, over = [], texts = 0;
  document.querySelectorAll("body *").forEach(function (e) {
    var r = e.getBoundingClientRect(), svg = e.ownerSVGElement;
    if (!r.width || e.closest(".patterns, title, desc")) return;
    var box = svg ? svg.getBoundingClientRect() : {left: 0, right: wide};
    if (e.tagName == "text") texts++;
    if (e.parentElement.closest(".scroll") ||
        (r.right <= box.right + 1 && r.left >= box.left - 1)) return;
    over.push(e.tagName + " " + Math.round(r.left - box.left) + " to " +
      Math.round(r.right - box.left) + " of " + Math.round(box.right - box.left) + ": " +
      e.textContent.slice(0, 40));
  });
  parent.postMessage({width: wide, scroll: document.documentElement.scrollWidth, over: over,
    texts: texts}, "*");
});
</script>"""

# A window has a least width, a frame has none; and several stand side by side, since each start of
# a browser takes more than a second.
FRAMES = """<!DOCTYPE html><html><head><script>
var measured = [];
addEventListener("message", function (e) {
  measured.push(e.data);
  document.documentElement.setAttribute("data-measured", JSON.stringify(measured));
});
</script></head><body style="margin:0;overflow:hidden;display:flex">%s</body></html>"""
FRAME = """<iframe src="file://%s" style="border:0;flex:none;width:%dpx;height:%dpx"></iframe>"""


class Browser:
    def __init__(self, place):
        self.place, self.runs = place, 0

    def run(self, *args):
        self.runs += 1
        profile = os.path.join(self.place.path, "browser")  # a second start of one is quicker
        done = subprocess.run(["chromium", *FLAGS, f"--user-data-dir={profile}", *args],
                              capture_output=True, text=True, timeout=LIMIT, check=False)
        if done.returncode:
            raise Failure(f"chromium {args}: exit {done.returncode}: {done.stderr[-500:]}")
        return done.stdout

    def frames(self, page, widths, height):
        frames = "".join(FRAME % (page, width, height) for width in widths)
        return "file://" + self.place.file(f"frames-{self.runs}.html", FRAMES % frames)

    def shot(self, page, out, widths, height):
        """A picture of the page at these widths; gives its size in pixels, and in bytes."""
        self.run(f"--window-size={sum(widths)},{height}", f"--screenshot={out}",
                 self.frames(page, widths, height))
        with open(out, "rb") as png:
            content = png.read()
        return struct.unpack(">II", content[16:24]) + (len(content),)

    def paper(self, page, out):
        """The page printed; gives its words, the number of sheets, and their size in points."""
        self.run("--no-pdf-header-footer", f"--print-to-pdf={out}", "file://" + page)
        about = subprocess.run(["pdfinfo", out], capture_output=True, text=True, check=True).stdout
        words = subprocess.run(["pdftotext", "-layout", out, "-"], capture_output=True, text=True,
                               check=True).stdout
        size = re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", about)
        return words, int(re.search(r"Pages:\s+(\d+)", about)[1]), (float(size[1]), float(size[2]))

    def measure(self, page, widths):
        """What the browser says of copies of the page that may measure themselves, by width."""
        with open(page, encoding="utf-8") as file:
            text = file.read()
        text = re.sub(r"<meta http-equiv[^>]*/>", "", text).replace("</head>", MEASURE + "</head>")
        copy = self.place.file(f"measured-{self.runs}.html", text)
        dom = self.run("--virtual-time-budget=5000", "--dump-dom", self.frames(copy, widths, 900))
        found = re.search(r'data-measured="([^"]*)"', dom)
        if not found:
            raise Failure(f"the page did not measure itself: {dom[:300]}")
        seen = json.loads(found[1].replace("&quot;", '"').replace("&amp;", "&"))
        return {measured["width"]: measured for measured in seen}
