/* The spending files that came in, the table of places beside them, and the area that counts as
 * local.
 *
 * file    one import of the kind "spend", named by its number; all that are visible count, and what
 *         each came to stands in a document beside it (protocol/doc_spend.h)
 * places  the newest import of the kind "spend places"
 * area    as it was said last, or else the council area of this member's own profile */
#ifndef KL_DAEMON_SPEND_FILES_H
#define KL_DAEMON_SPEND_FILES_H

#include "core/area.h"
#include "daemon/changes.h"
#include "daemon/node.h"
#include "protocol/doc_spend.h"
#include "store/imports.h"

#define KL_SPEND_KIND   "spend"
#define KL_SPEND_PLACES "spend places"
#define KL_SPEND_OWN    "own" /* name of the table of places, and of the area */

struct kl_spend_entry {
	struct kl_import import;
	uint64_t number;
	struct kl_spend_file file;
};

struct kl_spend_files {
	struct kl_spend_entry *items; /* malloc'd */
	size_t count;
};

/* All files, in the order in which they came in. The caller calls free(files.items). */
int kl_spend_files_load(
	struct kl_node *node, struct kl_spend_files *ret_files, struct kl_fault *fault);

/* Puts what a file came to beside it. */
int kl_spend_file_keep(struct kl_changes *changes, uint64_t number,
	const struct kl_spend_file *file, struct kl_fault *fault);

enum kl_spend_area_from { KL_SPEND_AREA_NONE, KL_SPEND_AREA_SAID, KL_SPEND_AREA_PROFILE };

/* The area and where it comes from. */
int kl_spend_area_get(struct kl_node *node, struct kl_area *ret_area,
	enum kl_spend_area_from *ret_from, struct kl_fault *fault);

/* Remembers an area with an import. */
int kl_spend_area_keep(
	struct kl_changes *changes, const struct kl_area *area, struct kl_fault *fault);

#endif
