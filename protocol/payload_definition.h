/* Payloads of indicators that members define themselves, and what the convenor adopts of them.
 *
 * definition  record kind 38, and the private document of the same bytes: {"code": slug, "name",
 *             "version", "characteristic": 1..7, "level", "form", "span", "how", "components":
 *             [{"code", "name", "unit", "better"}, ..]}. A later one of the same author and code takes
 *             the place of an earlier
 * id          H("KL1/definition", author, payload): the same whether it was published or not. An
 *             observation names the definition that it was recorded under by it
 * withdrawal  record kind 40: {"record": id of a record of the same feed that is taken back}
 * adoption    record kind 25, of the convenor: {"author", "code", "definition": payload, or nil if
 *             the adoption ends}. It carries what was adopted, so that everybody keeps it whatever its
 *             author does later */
#ifndef KL_PROTOCOL_PAYLOAD_DEFINITION_H
#define KL_PROTOCOL_PAYLOAD_DEFINITION_H

#include "core/definition.h"
#include "protocol/wire.h"

enum { KL_DEFINITION_PAYLOAD_MAX = 2048 };

#define KL_TAG_DEFINITION "KL1/definition"

void kl_payload_definition_write(struct kl_writer *w, const struct kl_definition *definition);

/* Reads one; keys that are not known are passed over. KL_E_MALFORMED, or what kl_definition_check()
 * says. */
int kl_payload_definition_read(
	struct kl_bytes payload, struct kl_definition *ret_definition, struct kl_fault *fault);

void kl_definition_id(const struct kl_id *author, struct kl_bytes payload, struct kl_id *ret_id);

void kl_payload_taken_back_write(struct kl_writer *w, const struct kl_id *record);
int kl_payload_taken_back_read(
	struct kl_bytes payload, struct kl_id *ret_record, struct kl_fault *fault);

struct kl_adopt {
	struct kl_id author;
	char code[KL_DEFINITION_SLUG_MAX];
	bool ends;
	struct kl_bytes definition; /* a view of its payload; none if it ends */
};

/* Strict, as all roster payloads: what is read is written again and must be the same bytes. */
void kl_adopt_write(struct kl_writer *w, const struct kl_adopt *adopt);
int kl_adopt_read(struct kl_bytes payload, struct kl_adopt *ret_adopt, struct kl_fault *fault);

#endif
