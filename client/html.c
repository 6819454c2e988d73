#include "client/html.h"
#include "core/error.h"
#include "core/harmless.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- characters ---------------------------------------------------------------------------- */

/* The character at the front of a text and how many bytes it takes; '?' and one byte for what is no
 * UTF-8. The text is not empty. */
static uint32_t character(const char *text, size_t *ret_len)
{
	uint32_t c = '?';

	*ret_len = kl_utf8_next(kl_bytes(text, strnlen(text, 4)), &c);
	if (!*ret_len)
		*ret_len = 1;
	return c;
}

static const char *escape_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void kl_html_escape(FILE *out, const char *text)
{
	struct kl_harmless at = {0};
	struct kl_bytes rest = kl_bytes_str(text);
	bool harmless;

	for (size_t n; rest.len; rest = kl_bytes(rest.data + n, rest.len - n)) {
		const char *escape = escape_of((char)rest.data[0]);

		n = kl_harmless_next(&at, rest, &harmless);
		if (!harmless)
			escape = KL_HARMLESS_INSTEAD;
		if (escape)
			fputs(escape, out);
		else
			fwrite(rest.data, 1, n, out);
	}
}

static void put_raw(struct kl_html *html, const char *text, size_t len)
{
	if (html->out && fwrite(text, 1, len, html->out) != len)
		html->failed = true;
}

static void put_string(struct kl_html *html, const char *text)
{
	put_raw(html, text, strlen(text));
}

static void put_escaped(struct kl_html *html, const char *text)
{
	if (!html->out)
		return;
	kl_html_escape(html->out, text);
	html->failed |= ferror(html->out) != 0;
}

/* What printf makes of it, escaped. */
static void put_formatted(struct kl_html *html, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

static void put_formatted(struct kl_html *html, const char *format, va_list args)
{
	char *text = NULL;

	if (vasprintf(&text, format, args) < 0) {
		html->failed = true;
		return;
	}
	put_escaped(html, text);
	free(text);
}

/* ---- elements ------------------------------------------------------------------------------ */

static void begin(struct kl_html *html)
{
	memset(html, 0, sizeof *html);
	html->out = open_memstream(&html->text, &html->len);
	html->failed = !html->out;
}

void kl_html_init_piece(struct kl_html *html)
{
	begin(html);
}

static void meta(struct kl_html *html, const char *key, const char *name, const char *content)
{
	kl_html_open(html, "meta");
	kl_html_attr(html, key, "%s", name);
	kl_html_attr(html, "content", "%s", content);
	kl_html_close(html);
}

void kl_html_init(struct kl_html *html, const char *title, const char *css)
{
	KL_ASSERT(!strpbrk(css, "<&"));
	begin(html);
	put_string(html, "<!DOCTYPE html>\n");
	kl_html_open(html, "html");
	kl_html_attr(html, "lang", "en-GB");
	kl_html_open(html, "head");
	kl_html_open(html, "meta");
	kl_html_attr(html, "charset", "utf-8");
	kl_html_close(html);
	meta(html, "http-equiv", "Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'");
	meta(html, "name", "viewport", "width=device-width, initial-scale=1");
	meta(html, "name", "referrer", "no-referrer");
	meta(html, "name", "generator", "keeplocal");
	kl_html_put(html, "title", NULL, "%s", title);
	kl_html_open(html, "style");
	kl_html_text(html, "");
	put_string(html, css);
	kl_html_close(html);
	kl_html_close(html);
	kl_html_open(html, "body");
}

void kl_html_deinit(struct kl_html *html)
{
	if (html->out)
		(void)fclose(html->out);
	free(html->text);
	memset(html, 0, sizeof *html);
}

static void end_tag(struct kl_html *html)
{
	if (html->in_tag)
		put_string(html, ">");
	html->in_tag = false;
}

/* Elements that stand by themselves on a line, so that the page can be read as text, too. */
static bool on_a_line(const char *tag)
{
	static const char *const tags[] = {"html", "head", "body", "meta", "title", "style",
		"header", "main", "footer", "section", "h1", "h2", "h3", "p", "ul", "li", "dl",
		"figure", "div", "table", "caption", "tr", "svg"};

	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
		if (!strcmp(tags[i], tag))
			return true;
	return false;
}

void kl_html_open(struct kl_html *html, const char *tag)
{
	KL_ASSERT(html->depth < KL_HTML_DEPTH_MAX);
	end_tag(html);
	if (on_a_line(tag))
		put_string(html, "\n");
	put_string(html, "<");
	put_string(html, tag);
	html->open[html->depth++] = tag;
	html->in_tag = true;
}

void kl_html_open_class(struct kl_html *html, const char *tag, const char *class_name)
{
	kl_html_open(html, tag);
	if (class_name)
		kl_html_attr(html, "class", "%s", class_name);
}

void kl_html_attr(struct kl_html *html, const char *name, const char *format, ...)
{
	va_list args;

	KL_ASSERT(html->in_tag);
	put_string(html, " ");
	put_string(html, name);
	put_string(html, "=\"");
	va_start(args, format);
	put_formatted(html, format, args);
	va_end(args);
	put_string(html, "\"");
}

void kl_html_text(struct kl_html *html, const char *text)
{
	end_tag(html);
	put_escaped(html, text);
}

void kl_html_print(struct kl_html *html, const char *format, ...)
{
	va_list args;

	end_tag(html);
	va_start(args, format);
	put_formatted(html, format, args);
	va_end(args);
}

/* Elements that have no end in HTML. */
static bool is_void(const char *tag)
{
	return !strcmp(tag, "meta") || !strcmp(tag, "br") || !strcmp(tag, "hr");
}

void kl_html_close(struct kl_html *html)
{
	const char *tag;

	KL_ASSERT(html->depth);
	tag = html->open[--html->depth];
	if (is_void(tag)) {
		KL_ASSERT(html->in_tag);
		put_string(html, "/>");
		html->in_tag = false;
		return;
	}
	end_tag(html);
	put_string(html, "</");
	put_string(html, tag);
	put_string(html, ">");
}

void kl_html_put(
	struct kl_html *html, const char *tag, const char *class_name, const char *format, ...)
{
	va_list args;

	kl_html_open_class(html, tag, class_name);
	end_tag(html);
	va_start(args, format);
	put_formatted(html, format, args);
	va_end(args);
	kl_html_close(html);
}

unsigned kl_html_number(struct kl_html *html)
{
	return ++html->ids;
}

int kl_html_end(struct kl_html *html, struct kl_bytes *ret_bytes)
{
	while (html->depth)
		kl_html_close(html);
	put_string(html, "\n");
	if (!html->out || fflush(html->out) != 0 || html->failed)
		return KL_E_NOMEM;
	*ret_bytes = kl_bytes(html->text, html->len);
	return KL_OK;
}

/* ---- widths -------------------------------------------------------------------------------- */

/* In ems of a sans-serif; wide on purpose, since fonts differ. */
static double em(uint32_t c)
{
	if (c < 0x80 && strchr("iIl.,:;|!'jft()[] -/", (int)c))
		return 0.36;
	if (c < 0x80 && strchr("mwMW@%", (int)c))
		return 0.92;
	if (c >= 'A' && c <= 'Z')
		return 0.70;
	return c < 0x1100 ? 0.58 : 1.0;
}

double kl_html_width(const char *text, double size)
{
	double width = 0;
	size_t len;

	for (; *text; text += len)
		width += em(character(text, &len)) * size;
	return width;
}

const char *kl_html_fit(const char *text, double width, double size, char out[KL_HTML_FIT_MAX])
{
	static const char ellipsis[] = "\u2026";
	const bool whole = kl_html_width(text, size) <= width && strlen(text) < KL_HTML_FIT_MAX;
	const double room = whole ? width : width - size;
	double used = 0;
	size_t len, at = 0;

	while (text[at]) {
		used += em(character(text + at, &len)) * size;
		if (!whole && (used > room || at + len + sizeof ellipsis > KL_HTML_FIT_MAX))
			break;
		memcpy(out + at, text + at, len);
		at += len;
	}
	out[at] = '\0';
	if (!whole)
		strcat(out, ellipsis);
	return out;
}
