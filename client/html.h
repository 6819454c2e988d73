/* A page of HTML written piece by piece, well-formed by construction and with every text escaped.
 *
 *     struct kl_html html;
 *
 *     kl_html_init(&html, "a title", css);
 *     kl_html_open(&html, "p");
 *     kl_html_attr(&html, "class", "lead");
 *     kl_html_print(&html, "%s has %d members", name, n);
 *     kl_html_close(&html);
 *     rc = kl_html_end(&html, &bytes);
 *     ...
 *     kl_html_deinit(&html);
 *
 * The page is HTML that a parser of XML reads, too. What could not stand in either, or
 * could make a name read otherwise than it is, becomes U+FFFD (core/harmless.h). Names of elements, of attributes and of classes
 * are the program's own, never somebody's text. Errors stick: write on, and ask once at the end. */
#ifndef KL_CLIENT_HTML_H
#define KL_CLIENT_HTML_H

#include "core/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { KL_HTML_DEPTH_MAX = 32 };

struct kl_html {
	/* All private. */
	FILE *out;
	char *text;
	size_t len, depth;
	const char *open[KL_HTML_DEPTH_MAX];
	unsigned ids;
	bool in_tag, failed;
};

/* Begins a page in British English: doctype, head with the title and the style sheet `css` (which has
 * neither `<` nor `&`), and the open body. Nothing in the page may load anything: it says so itself. */
void kl_html_init(struct kl_html *html, const char *title, const char *css);

/* Begins a piece of a page: no head, no body. */
void kl_html_init_piece(struct kl_html *html);
void kl_html_deinit(struct kl_html *html);

/* Opens an element. `tag` lives for ever. */
void kl_html_open(struct kl_html *html, const char *tag);
void kl_html_open_class(struct kl_html *html, const char *tag, const char *class_name);

/* An attribute of the element that was opened last, before anything stands in it. */
void kl_html_attr(struct kl_html *html, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Text, as it is and as printf makes it. */
void kl_html_text(struct kl_html *html, const char *text);
void kl_html_print(struct kl_html *html, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Text as it may stand in any page or attribute, for whoever writes pages by hand. */
void kl_html_escape(FILE *out, const char *text);

/* Closes the innermost element. */
void kl_html_close(struct kl_html *html);

/* A whole element with nothing but text in it; `class_name` may be NULL. */
void kl_html_put(struct kl_html *html, const char *tag, const char *class_name, const char *format,
	...) __attribute__((format(printf, 4, 5)));

/* A number that was not given out before, for ids. */
unsigned kl_html_number(struct kl_html *html);

/* Closes all that is open. The bytes live until kl_html_deinit(). KL_E_NOMEM if any write failed. */
int kl_html_end(struct kl_html *html, struct kl_bytes *ret_bytes);

/* A text cut to about `width` pixels at a size of `size` pixels, with an ellipsis where it was cut,
 * always between characters. Returns `out`. */
enum { KL_HTML_FIT_MAX = 256 };
const char *kl_html_fit(const char *text, double width, double size, char out[KL_HTML_FIT_MAX]);

/* About how wide a text is, in pixels: for a sans-serif of common width, on the safe side. */
double kl_html_width(const char *text, double size);

#endif
