#include "daemon/kept_shared.h"
#include "core/words.h"
#include "daemon/network.h"
#include "store/documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIND "shared assessment"

enum {
	NAME_BYTES_MAX = KL_ID_HEX_MAX + KL_PERIOD_TEXT_MAX + KL_ASSESSMENT_PLACE_MAX + 2,
	MEMBERS_MAX = 64,
};

/* "MEMBER/PERIOD/PLACE", the member as hex. */
static void name_of(const struct kl_shared *s, char out[NAME_BYTES_MAX])
{
	char member[KL_ID_HEX_MAX], period[KL_PERIOD_TEXT_MAX];

	kl_hex(s->member.identity.b, KL_ID_BYTES, member);
	(void)snprintf(out, NAME_BYTES_MAX, "%s/%s/%s", member,
		kl_period_format(s->assessment->period, period), s->assessment->place);
}

/* The revision that is kept under the name, or 0. */
static int kept_revision(
	struct kl_node *node, const char *name, uint64_t *ret_revision, struct kl_fault *fault)
{
	struct kl_shared kept;
	uint8_t *bytes;
	size_t len;
	int rc = kl_document_get(node->store, KIND, name, 0, &bytes, &len, NULL);

	*ret_revision = 0;
	if (rc == KL_E_NOT_FOUND)
		return KL_OK;
	if (rc)
		return kl_fault(
			fault, rc, "what others passed on cannot be read: %s", kl_error_text(rc));
	rc = kl_doc_shared_decode(kl_bytes(bytes, len), &kept, fault);
	free(bytes);
	if (rc)
		return rc;
	*ret_revision = kept.revision;
	kl_assessment_destroy(kept.assessment);
	return KL_OK;
}

static int check_later(struct kl_node *node, const char *name, const struct kl_shared *shared,
	struct kl_fault *fault)
{
	uint64_t revision;
	int rc = kept_revision(node, name, &revision, fault);

	if (rc || revision <= shared->revision)
		return rc;
	kl_fault(fault, KL_E_CONFLICT,
		"of %s, revision %llu is kept here, which is later than revision %llu of the file",
		shared->from, (unsigned long long)revision, (unsigned long long)shared->revision);
	(void)kl_fault_hint(
		fault, "leave out --keep; or first: keeplocal assess forget \"%s\"", shared->from);
	return KL_E_CONFLICT;
}

int kl_kept_shared_put(struct kl_node *node, struct kl_batch *batch, const struct kl_shared *shared,
	struct kl_fault *fault)
{
	char name[NAME_BYTES_MAX];
	struct kl_writer w;
	struct kl_bytes bytes;
	int rc;

	name_of(shared, name);
	rc = check_later(node, name, shared, fault);
	if (rc)
		return rc;
	kl_writer_init(&w);
	kl_doc_shared_encode(&w, shared);
	rc = kl_writer_bytes(&w, &bytes);
	if (!rc)
		rc = kl_document_put(batch, KIND, name, bytes);
	kl_writer_deinit(&w);
	return rc ? kl_fault(fault, rc, "it cannot be kept: %s", kl_error_text(rc)) : KL_OK;
}

/* ---- reading ------------------------------------------------------------------------------- */

struct walk {
	kl_kept_shared_fn *visit;
	void *arg;
	struct kl_fault *fault;
};

static int walk_one(void *arg, const struct kl_document *document)
{
	const struct walk *walk = arg;
	struct kl_shared shared;
	int rc = kl_doc_shared_decode(document->bytes, &shared, walk->fault);

	return rc ? rc : walk->visit(walk->arg, &shared, walk->fault);
}

int kl_kept_shared_visit(
	struct kl_node *node, kl_kept_shared_fn *visit, void *arg, struct kl_fault *fault)
{
	struct kl_fault said = {0};
	struct walk walk = {visit, arg, &said};
	int rc = kl_document_visit(node->store, KIND, "", false, walk_one, &walk);

	if (rc >= 0)
		return KL_OK;
	if (said.code)
		*fault = said;
	else
		(void)kl_fault(
			fault, rc, "what others passed on cannot be read: %s", kl_error_text(rc));
	return rc;
}

/* ---- forgetting ------------------------------------------------------------------------------ */

struct known {
	struct kl_id member;
	char name[KL_MEMBER_NAME_MAX], in_network[KL_MEMBER_NAME_MAX];
};

struct search {
	const struct kl_roster *roster; /* NULL outside of a network */
	struct known known[MEMBERS_MAX];
	size_t count;
};

static int note_member(void *arg, struct kl_shared *shared, struct kl_fault *fault)
{
	const struct kl_roster_member *member;
	struct search *search = arg;
	struct known *last = search->count ? &search->known[search->count - 1] : NULL;

	kl_assessment_destroy(shared->assessment);
	if (last && kl_id_equal(&last->member, &shared->member.identity))
		return 0;
	if (search->count == MEMBERS_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "of more than %d members something is kept",
			MEMBERS_MAX);
	last = &search->known[search->count++];
	last->member = shared->member.identity;
	(void)kl_copy_text(last->name, sizeof last->name, shared->from);
	member = search->roster ? kl_roster_find(search->roster, &last->member) : NULL;
	(void)kl_copy_text(
		last->in_network, sizeof last->in_network, member ? member->name : shared->from);
	return 0;
}

static const char *spelling(const void *context, size_t index, size_t which)
{
	const struct search *search = context;

	return which > 1 ? NULL
	       : which   ? search->known[index].in_network
			 : search->known[index].name;
}

struct deletion {
	struct kl_batch *batch;
	size_t count;
};

static int delete_one(void *arg, const struct kl_document *document)
{
	struct deletion *d = arg;

	d->count++;
	return kl_document_delete(d->batch, KIND, document->name, document->version);
}

static int delete_all(
	struct kl_node *node, const struct kl_id *member, size_t *ret_count, struct kl_fault *fault)
{
	struct deletion d = {.batch = kl_batch_new()};
	char prefix[KL_ID_HEX_MAX];
	int rc = d.batch ? KL_OK : KL_E_NOMEM;

	kl_hex(member->b, KL_ID_BYTES, prefix);
	if (!rc)
		rc = kl_document_visit(node->store, KIND, prefix, false, delete_one, &d);
	if (rc) {
		kl_batch_destroy(d.batch);
		return kl_fault(fault, rc, "what is kept cannot be read: %s", kl_error_text(rc));
	}
	*ret_count = d.count;
	return kl_node_commit(node, d.batch, fault);
}

int kl_kept_shared_forget(struct kl_node *node, const char *text, char ret_name[KL_MEMBER_NAME_MAX],
	size_t *ret_count, struct kl_fault *fault)
{
	struct search search = {.roster = node->network ? &node->network->roster : NULL};
	struct kl_words words = {.spelling = spelling, .context = &search};
	size_t index;
	int rc = kl_kept_shared_visit(node, note_member, &search, fault);

	if (rc)
		return rc;
	words.count = search.count;
	if (!words.count)
		return kl_fault(fault, KL_E_NOT_FOUND, "nothing of others is kept here");
	rc = kl_words_find(&words, "member", text, &index, fault);
	if (rc)
		return rc;
	(void)kl_copy_text(ret_name, KL_MEMBER_NAME_MAX, search.known[index].name);
	return delete_all(node, &search.known[index].member, ret_count, fault);
}
