/* What members define in public, and what the convenor has adopted of it: a cache over their feeds,
 * rebuilt at start. own_definition.h makes one list of it and of what this member keeps. */
#ifndef KL_DAEMON_DEFINITIONS_H
#define KL_DAEMON_DEFINITIONS_H

#include "protocol/payload_definition.h"
#include "protocol/record.h"

/* How many are kept, of one member and of all; later ones are passed over. One that was taken back
 * makes room for another of its author. */
enum { KL_MEMBER_DEFINITIONS_MAX = 64, KL_DEFINITIONS_MAX = 2048 };

struct kl_public_definition {
	struct kl_id author;
	struct kl_id record; /* that published or adopted it */
	struct kl_id id;
	struct kl_definition definition;
	uint8_t *payload;
	size_t len;
	bool withdrawn;
};

struct kl_definitions {
	struct kl_public_definition *published, *adopted;
	size_t n_published, n_adopted;
};

void kl_definitions_deinit(struct kl_definitions *definitions);

/* Takes in a record that publishes a definition or takes one back; what is malformed is its author's
 * affair. KL_E_NOMEM. */
int kl_definitions_take(struct kl_definitions *definitions, const struct kl_record *record);

/* Whether a definition that this author publishes under that code would be kept. */
bool kl_definitions_room(
	const struct kl_definitions *definitions, const struct kl_id *author, const char *slug);

/* Takes in an adoption that is in force. KL_E_NOMEM. */
int kl_definitions_adopt(struct kl_definitions *definitions, const struct kl_record *record);

/* What a member last published under that code, or NULL; it may be withdrawn. Valid until the next
 * take. */
const struct kl_public_definition *kl_definitions_find(
	const struct kl_definitions *definitions, const struct kl_id *author, const char *slug);

#endif
