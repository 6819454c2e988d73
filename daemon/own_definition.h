/* Indicators beside the catalogue: what this member defined for itself, what others published and what
 * the convenor adopted, as one list; and what a name means among all of them.
 *
 * kept   a private document for each definition of this member's own and each that it has recorded
 *        under: an observation can be read whatever becomes of the definition
 * known  one definition for each author and code: the one that was adopted, else this member's own
 *        newest, else the newest that its author, an active member, published, else one that was kept */
#ifndef KL_DAEMON_OWN_DEFINITION_H
#define KL_DAEMON_OWN_DEFINITION_H

#include "daemon/network.h"

enum { KL_QUALIFIED_MAX = KL_DEFINITION_NAME_MAX + KL_MEMBER_NAME_MAX + 8 };

struct kl_known {
	struct kl_id author, id;
	char code[KL_METRIC_CODE_MAX];
	char author_name[KL_MEMBER_NAME_MAX]; /* "" if it is not on the roster */
	char qualified[KL_QUALIFIED_MAX];     /* "NAME (AUTHOR)" */
	struct kl_definition definition;
	uint8_t payload[KL_DEFINITION_PAYLOAD_MAX];
	size_t len;
	bool own, adopted;
	bool kept;      /* as a document of this member's */
	bool published; /* exactly this version stands in its author's feed */
	bool withdrawn; /* its author took it back */
};

struct kl_known_list {
	struct kl_known *items; /* adopted ones, then own, then of others */
	size_t n, capacity;
};

/* All that are known; to be freed. KL_E_NOMEM, KL_E_DAMAGED. */
int kl_known_all(struct kl_node *node, struct kl_known_list *ret_list, struct kl_fault *fault);
void kl_known_free(struct kl_known_list *list);

/* The newest definition of this member's own under that code; KL_E_NOT_FOUND. */
int kl_own_definition(
	struct kl_node *node, const char *slug, struct kl_known *ret_known, struct kl_fault *fault);

/* Puts into the batch that the definition is kept. Errors stick to the batch. */
void kl_known_keep(struct kl_batch *batch, const struct kl_known *known);

/* Takes away all versions of a code that are kept here. */
int kl_definition_forget(struct kl_node *node, const char *code, struct kl_fault *fault);

/* One that was kept, of exactly this id. KL_E_NOT_FOUND. */
int kl_definition_kept(struct kl_node *node, const char *code, const struct kl_id *id,
	struct kl_definition *ret_definition, struct kl_fault *fault);

/* What a name means. */
struct kl_observable {
	char code[KL_METRIC_CODE_MAX];
	const struct kl_indicator
		*indicator;     /* of the catalogue or a view of `known`; or NULL: a metric */
	struct kl_known *known; /* NULL unless a member defined it; to be freed */
	struct kl_indicator view;
};

/* By code or any unambiguous part of a name: among the catalogue, the metrics, what was adopted and
 * what this member defined; only if none of these fits, among what others published. So nobody makes
 * a name ambiguous that was not before. KL_E_NOT_FOUND, KL_E_AMBIGUOUS. */
int kl_observable_find(struct kl_node *node, const char *name, struct kl_observable *ret_observable,
	struct kl_fault *fault);
void kl_observable_free(struct kl_observable *observable);

#endif
