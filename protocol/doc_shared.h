/* An assessment that one member hands to others by name: a file that people can read, and that shows
 * who made it and whether it was changed since.
 *
 * {"keeplocal": "assessment", "v": 1, "from", "member", "for": [names], "date", "revision",
 *  "words", "names", "assessment": {as doc_assessment.h}, "signature"}
 *
 * in this order. "from" is what the member calls itself and "member" its member id; "for" are those
 * it was made for; "words" and "names" tell whether own words and the assessors' names are inside.
 * "signature" is hex, Ed25519 by the member over H("KL1/shared", the same map without "signature",
 * as msgpack). The file holds the map as JSON: there is one msgpack of it, so the signature can be
 * checked by whoever reads the file. */
#ifndef KL_PROTOCOL_DOC_SHARED_H
#define KL_PROTOCOL_DOC_SHARED_H

#include "core/assessment.h"
#include "core/profile.h"
#include "core/sign.h"
#include "protocol/memberid.h"
#include "protocol/wire.h"

enum { KL_DOC_SHARED_VERSION = 1, KL_SHARED_FOR_MAX = 8, KL_SHARED_BYTES_MAX = 512 * 1024 };

struct kl_shared {
	char from[KL_MEMBER_NAME_MAX];
	struct kl_memberid member;
	uint8_t for_count;
	char for_whom[KL_SHARED_FOR_MAX][KL_MEMBER_NAME_MAX];
	char date[KL_DATE_MAX];
	uint64_t revision;
	bool words, names;
	struct kl_assessment *assessment;
	uint8_t signature[KL_SIGNATURE_BYTES];
};

/* What the signature is over. KL_E_NOMEM. */
int kl_shared_hash(const struct kl_shared *shared, struct kl_id *ret_hash);

/* Appends the map. Ask kl_writer_bytes() whether it worked. */
void kl_doc_shared_encode(struct kl_writer *w, const struct kl_shared *shared);

/* Reads, checks, and verifies the signature. The caller destroys ret_shared->assessment.
 * KL_E_VERSION; KL_E_MALFORMED if it is not the map that the writer would have made;
 * KL_E_SIGNATURE, with a fault that names whose it was, if it was changed afterwards. */
int kl_doc_shared_decode(
	struct kl_bytes bytes, struct kl_shared *ret_shared, struct kl_fault *fault);

#endif
