/* Private documents: what a member keeps for itself, by kind and name.
 *
 * kind     what it is: "assessment", "profile"; KL_STORE_KIND_MAX bytes at most
 * name     which one: "2024/finance"; KL_STORE_NAME_MAX bytes at most
 * version  0 for a document that is simply replaced; 1, 2, 3... for one whose earlier versions are
 *          kept: those are added, never overwritten
 *
 * The store sees bytes only; what they mean is the business of protocol/doc_*.c. */
#ifndef KL_STORE_DOCUMENTS_H
#define KL_STORE_DOCUMENTS_H

#include "store/batch.h"

#define KL_LATEST UINT64_MAX

struct kl_document {
	const char *kind, *name; /* views: until the callback returns */
	uint64_t version;
	struct kl_bytes bytes;
};

/* Puts version 0, in place of what was there. */
int kl_document_put(
	struct kl_batch *batch, const char *kind, const char *name, struct kl_bytes bytes);

/* Adds the next version (1 if there is none); nothing is overwritten. When the commit went well,
 * *ret_version (may be NULL) holds the number: it must live until then. */
int kl_document_add(struct kl_batch *batch, const char *kind, const char *name,
	struct kl_bytes bytes, uint64_t *ret_version);

/* Puts in exactly this version, which must not be there: else the commit is KL_E_EXISTS. For an
 * edit that was made on the version before and must not pass over somebody else's. */
int kl_document_add_version(struct kl_batch *batch, const char *kind, const char *name,
	uint64_t version, struct kl_bytes bytes);

/* Takes away one version, or with KL_LATEST all versions of the document. The commit is
 * KL_E_NOT_FOUND if there was nothing. */
int kl_document_delete(
	struct kl_batch *batch, const char *kind, const char *name, uint64_t version);

/* Copies one document: `version` as above, or KL_LATEST for the highest. *ret_bytes is malloc'd and
 * never NULL, the caller frees it; *ret_version may be NULL. KL_E_NOT_FOUND. */
int kl_document_get(struct kl_store *store, const char *kind, const char *name, uint64_t version,
	uint8_t **ret_bytes, size_t *ret_len, uint64_t *ret_version);

typedef int kl_document_fn(void *arg, const struct kl_document *document);

/* Calls for documents of a kind whose name starts with `prefix` (may be ""), in order of names,
 * then of versions. Without `all_versions` only the highest of each. Returns as kl_store_visit()
 * does. */
int kl_document_visit(struct kl_store *store, const char *kind, const char *prefix,
	bool all_versions, kl_document_fn *visit, void *arg);

#endif
