/* Looks into pages and pictures: whether they are well-formed, and where things stand in them. */
#ifndef KL_TESTS_UNIT_MARKUP_H
#define KL_TESTS_UNIT_MARKUP_H

#include "core/bytes.h"

#include <stddef.h>

/* Fails the test unless a parser of XML reads it to the end. */
void markup_is_whole(struct kl_bytes page);

/* How often a text stands in it. */
size_t markup_count(struct kl_bytes page, const char *text);

/* The number of an attribute ("cx") of the `index`th element that begins with `<tag class="CLASS"`;
 * fails the test if there is none. */
double markup_number(struct kl_bytes page, const char *tag, const char *class_name, size_t index,
	const char *attribute);

/* How many such elements there are. */
size_t markup_elements(struct kl_bytes page, const char *tag, const char *class_name);

#endif
