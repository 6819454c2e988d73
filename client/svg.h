/* Pictures inside a page: inline SVG, with a title and a description for those who do not see it.
 *
 * One unit is one pixel of the page while the picture has the width it was drawn for; text then has
 * the size of the text around it. Shapes take their look from classes of the page's style sheet, and
 * their patterns from kl_svg_patterns(), so that nothing depends on colour alone. */
#ifndef KL_CLIENT_SVG_H
#define KL_CLIENT_SVG_H

#include "client/html.h"

/* What fills a shape. */
enum kl_svg_fill {
	KL_FILL_LOCAL,     /* dark: stays */
	KL_FILL_ELSEWHERE, /* light with an outline: leaves */
	KL_FILL_UNKNOWN,   /* hatched: nobody knows */
};

/* Class of it, such as "local"; static. */
const char *kl_svg_fill_class(enum kl_svg_fill fill);

/* Once in every page, before the first picture: what shapes of class "unknown" are filled with. */
void kl_svg_patterns(struct kl_html *html);

/* Opens a picture of that size. Title: what it shows; description: what it says, in sentences. */
void kl_svg_open(struct kl_html *html, double width, double height, const char *title,
	const char *description);
void kl_svg_close(struct kl_html *html);

void kl_svg_rect(struct kl_html *html, const char *class_name, double x, double y, double width,
	double height);
void kl_svg_line(
	struct kl_html *html, const char *class_name, double x1, double y1, double x2, double y2);
void kl_svg_circle(struct kl_html *html, const char *class_name, double x, double y, double r);

/* A square on its tip. */
void kl_svg_diamond(struct kl_html *html, const char *class_name, double x, double y, double r);

/* A path, as printf makes its data. */
void kl_svg_path(struct kl_html *html, const char *class_name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

enum kl_svg_anchor { KL_ANCHOR_START, KL_ANCHOR_MIDDLE, KL_ANCHOR_END };

/* Text whose baseline is at y. */
void kl_svg_text(struct kl_html *html, const char *class_name, enum kl_svg_anchor anchor, double x,
	double y, const char *format, ...) __attribute__((format(printf, 6, 7)));

/* A text cut to a width, with the whole of it as its title where it was cut. */
void kl_svg_fitted(struct kl_html *html, const char *class_name, double x, double y, double width,
	double size, const char *text);

#endif
