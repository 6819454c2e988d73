/* The piece of a text that shows best why it was found. */
#ifndef KL_CORE_SNIPPET_H
#define KL_CORE_SNIPPET_H

#include "core/query.h"

enum {
	KL_SNIPPET_MIN = 32,          /* bytes that `out` must have */
	KL_SNIPPET_MATCHES_MAX = 512, /* words of the search that are looked at in one text */
};

/* Puts into `out` a piece of the text of less than `size` bytes, on one line, with "..." where something
 * was left out: around the place where most different words of the search stand close together, the
 * first of those; the beginning of the text if there is none. Bytes that are no UTF-8 or not plain
 * become question marks. KL_E_NOMEM. */
int kl_snippet(struct kl_bytes text, const struct kl_query *query, char *out, size_t size);

#endif
