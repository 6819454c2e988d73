/* The reference table of councils that this member brought (`reference import FILE`): profiles fill
 * themselves from it, codes get their names, and councils that are no members can be compared.
 *
 * table   the newest import of the kind KL_REFERENCE_KIND; a second one takes the place of the first,
 *         and `undo` brings that back. It stays on this machine
 *
 * The table is read once and kept: at most KL_COUNCILS_MAX rows. Rows and views stay valid until the
 * command that asked has ended; an import or an undo makes them anew. */
#ifndef KL_DAEMON_REFERENCE_H
#define KL_DAEMON_REFERENCE_H

#include "core/area.h"
#include "core/council.h"
#include "daemon/node.h"
#include "protocol/wire.h"

#define KL_REFERENCE_KIND "reference"
#define KL_REFERENCE_NAME "councils"

struct kl_reference {
	struct kl_council *items; /* ascending by GSS code; each code once */
	size_t n;                 /* 0: no table */
};

/* The table; one without rows if none was imported. Fails only if it cannot be read. */
int kl_reference_get(
	struct kl_node *node, const struct kl_reference **ret_reference, struct kl_fault *fault);

/* The row of a code, or of the same council under another code that it has or had (succession.h); NULL if
 * there is none (or no table, or it cannot be read). */
const struct kl_council *kl_reference_gss(struct kl_node *node, const char *gss);

/* The row of the one council that `text` means: GSS code, or any unambiguous part of a name.
 * KL_E_NOT_FOUND with what to do (also if there is no table), KL_E_AMBIGUOUS with the candidates. */
int kl_reference_find(struct kl_node *node, const char *text, const struct kl_council **ret_council,
	struct kl_fault *fault);

enum { KL_AREA_NAME_MAX = KL_MEMBER_NAME_MAX + KL_GSS_MAX + 16 };

/* A council area for people: "Calderdale (E08000033)"; the code alone if nobody here knows its name.
 * Names come from the table, or else from the roster; a code that is in use no more says so: "Dorset
 * County Council (E10000009, until 2019)". Returns `out`. */
const char *kl_area_name(struct kl_node *node, const char *gss, char out[KL_AREA_NAME_MAX]);

/* Two pairs of an answer: "area" as core/area.h writes it, and "area_name" with the names of its
 * councils (of the first KL_AREA_NAMED_MAX), nil if it has none or nobody here knows them. */
enum { KL_AREA_NAMED_MAX = 8 };
void kl_put_area(struct kl_writer *w, struct kl_node *node, const struct kl_area *area);

/* One pair beside a "place": "place_name", nil unless that is a code of a council whose name is
 * known. */
void kl_put_place_name(struct kl_writer *w, struct kl_node *node, const char *place);

/* Another table is in force. */
void kl_reference_forget(struct kl_node *node);
void kl_reference_destroy(struct kl_reference *reference); /* NULL is accepted */

#endif
