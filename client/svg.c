#include "client/svg.h"
#include "core/error.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char *kl_svg_fill_class(enum kl_svg_fill fill)
{
	static const char *const classes[] = {
		[KL_FILL_LOCAL] = "local",
		[KL_FILL_ELSEWHERE] = "elsewhere",
		[KL_FILL_UNKNOWN] = "unknown",
	};

	return classes[fill];
}

static void number(struct kl_html *html, const char *name, double value)
{
	kl_html_attr(html, name, "%.6g", value);
}

void kl_svg_patterns(struct kl_html *html)
{
	kl_html_open_class(html, "svg", "patterns");
	kl_html_attr(html, "width", "0");
	kl_html_attr(html, "height", "0");
	kl_html_attr(html, "aria-hidden", "true");
	kl_html_open(html, "defs");
	kl_html_open(html, "pattern");
	kl_html_attr(html, "id", "hatch");
	kl_html_attr(html, "width", "7");
	kl_html_attr(html, "height", "7");
	kl_html_attr(html, "patternUnits", "userSpaceOnUse");
	kl_html_attr(html, "patternTransform", "rotate(45)");
	kl_svg_rect(html, "hatch-paper", 0, 0, 7, 7);
	kl_svg_rect(html, "hatch-ink", 0, 0, 2.4, 7);
	kl_html_close(html);
	kl_html_close(html);
	kl_html_close(html);
}

void kl_svg_open(struct kl_html *html, double width, double height, const char *title,
	const char *description)
{
	const unsigned id = kl_html_number(html);

	kl_html_open(html, "svg");
	kl_html_attr(html, "viewBox", "0 0 %.6g %.6g", width, height);
	kl_html_attr(html, "style", "max-width:%.6gpx", width);
	kl_html_attr(html, "role", "img");
	kl_html_attr(html, "aria-labelledby", "t%u d%u", id, id);
	kl_html_open(html, "title");
	kl_html_attr(html, "id", "t%u", id);
	kl_html_text(html, title);
	kl_html_close(html);
	kl_html_open(html, "desc");
	kl_html_attr(html, "id", "d%u", id);
	kl_html_text(html, description);
	kl_html_close(html);
}

void kl_svg_close(struct kl_html *html)
{
	kl_html_close(html);
}

void kl_svg_rect(struct kl_html *html, const char *class_name, double x, double y, double width,
	double height)
{
	kl_html_open_class(html, "rect", class_name);
	number(html, "x", x);
	number(html, "y", y);
	number(html, "width", width);
	number(html, "height", height);
	kl_html_close(html);
}

void kl_svg_line(
	struct kl_html *html, const char *class_name, double x1, double y1, double x2, double y2)
{
	kl_html_open_class(html, "line", class_name);
	number(html, "x1", x1);
	number(html, "y1", y1);
	number(html, "x2", x2);
	number(html, "y2", y2);
	kl_html_close(html);
}

void kl_svg_circle(struct kl_html *html, const char *class_name, double x, double y, double r)
{
	kl_html_open_class(html, "circle", class_name);
	number(html, "cx", x);
	number(html, "cy", y);
	number(html, "r", r);
	kl_html_close(html);
}

void kl_svg_diamond(struct kl_html *html, const char *class_name, double x, double y, double r)
{
	kl_svg_path(html, class_name, "M%.6g,%.6g l%.6g,%.6g l%.6g,%.6g l%.6g,%.6g z", x, y - r, r,
		r, -r, r, -r, -r);
}

void kl_svg_path(struct kl_html *html, const char *class_name, const char *format, ...)
{
	char *data = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&data, format, args) < 0) {
		html->failed = true;
		data = NULL;
	}
	va_end(args);
	kl_html_open_class(html, "path", class_name);
	kl_html_attr(html, "d", "%s", data ? data : "");
	kl_html_close(html);
	free(data);
}

static void open_text(
	struct kl_html *html, const char *class_name, enum kl_svg_anchor anchor, double x, double y)
{
	static const char *const names[] = {"start", "middle", "end"};

	kl_html_open_class(html, "text", class_name);
	number(html, "x", x);
	number(html, "y", y);
	if (anchor != KL_ANCHOR_START)
		kl_html_attr(html, "text-anchor", "%s", names[anchor]);
}

void kl_svg_text(struct kl_html *html, const char *class_name, enum kl_svg_anchor anchor, double x,
	double y, const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0) {
		html->failed = true;
		text = NULL;
	}
	va_end(args);
	open_text(html, class_name, anchor, x, y);
	kl_html_text(html, text ? text : "");
	kl_html_close(html);
	free(text);
}

void kl_svg_fitted(struct kl_html *html, const char *class_name, double x, double y, double width,
	double size, const char *text)
{
	char fitted[KL_HTML_FIT_MAX];

	kl_html_fit(text, width, size, fitted);
	open_text(html, class_name, KL_ANCHOR_START, x, y);
	if (strcmp(fitted, text) != 0)
		kl_html_put(html, "title", NULL, "%s", text);
	kl_html_text(html, fitted);
	kl_html_close(html);
}
