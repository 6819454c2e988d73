/* XML that somebody else wrote, read as it streams by, within limits.
 *
 * names     come without their prefix: <x:row> and <row> are the same
 * limits    bytes of the text, and memory for all that the parser has to keep (open elements, one
 *           tag, names): a text made to fill memory ends with KL_E_TOO_BIG
 * DOCTYPE   is refused, and with it entities of a document's own: no table needs them */
#ifndef KL_CLIENT_XML_H
#define KL_CLIENT_XML_H

#include "core/error.h"

#include <stddef.h>
#include <stdint.h>

enum { KL_XML_MEMORY_MAX = 8 << 20, KL_XML_DEPTH_MAX = 256 };

/* Where the text comes from: bytes read, 0 at the end, -1 if it is damaged. */
struct kl_xml_source {
	int64_t (*read)(void *data, void *out, size_t size);
	void *data;
};

/* What a reader is told. Attributes are name, value, name, value, ..., NULL. Each returns 0, or an
 * error that ends the reading and that kl_xml_run() passes on. Those left NULL are not called. */
struct kl_xml_events {
	int (*start)(void *data, const char *name, const char *const *attributes);
	int (*end)(void *data, const char *name);
	int (*text)(void *data, const char *text, size_t len);
};

struct kl_xml;

/* Source, events and `data` (for the events) must outlive the reader; `max` are the bytes that are
 * read at most. KL_E_NOMEM. */
int kl_xml_new(const struct kl_xml_source *source, const struct kl_xml_events *events, void *data,
	uint64_t max, struct kl_fault *fault, struct kl_xml **ret_xml);
void kl_xml_free(struct kl_xml *xml);

/* Reads on until an event asks for a pause (1) or to the end (0). KL_E_MALFORMED, KL_E_TOO_BIG with
 * a fault, or what an event returned, whose fault is its own. */
int kl_xml_run(struct kl_xml *xml, struct kl_fault *fault);

/* For an event: kl_xml_run() returns once it is over. */
void kl_xml_pause(struct kl_xml *xml);

/* Value of an attribute, its prefix left out as well; NULL if it is not there. */
const char *kl_xml_attribute(const char *const *attributes, const char *name);

#endif
