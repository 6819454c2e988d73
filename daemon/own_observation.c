#include "daemon/own_observation.h"
#include "core/words.h"
#include "protocol/doc_observation.h"
#include "store/documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIND "observation"

enum {
	NAME_BYTES_MAX = KL_METRIC_CODE_MAX + KL_OBSERVATION_COMPONENT_MAX + KL_PERIOD_TEXT_MAX +
			 KL_OBSERVATION_PLACE_MAX,
};

/* "CODE|COMPONENT|PERIOD|PLACE": codes hold no bar, and the place stands last. */
static void name_of(const struct kl_observation *o, const char *place, char out[NAME_BYTES_MAX])
{
	char period[KL_PERIOD_TEXT_MAX];

	(void)snprintf(out, NAME_BYTES_MAX, "%s|%s|%s|%s", o->code, o->component,
		kl_period_format(o->period, period), place);
}

/* ---- keeping ------------------------------------------------------------------------------- */

struct spelled {
	size_t prefix;
	const char *place;
	char found[KL_OBSERVATION_PLACE_MAX];
	bool any;
};

static int find_spelling(void *arg, const struct kl_document *document)
{
	struct spelled *s = arg;
	const char *place = document->name + s->prefix;

	if (s->any || !kl_words_equal(place, s->place))
		return 0;
	s->any = kl_copy_text(s->found, sizeof s->found, place);
	return 0;
}

/* The name under which this place was recorded before, however it is spelt now. */
static int existing_name(
	struct kl_node *node, const struct kl_observation *o, char out[NAME_BYTES_MAX])
{
	struct spelled spelled = {.place = o->place};
	int rc;

	name_of(o, "", out);
	spelled.prefix = strlen(out);
	rc = kl_document_visit(node->store, KIND, out, false, find_spelling, &spelled);
	name_of(o, spelled.any ? spelled.found : o->place, out);
	return rc;
}

static int commit(struct kl_node *node, const char *name, const struct kl_observation *o,
	uint64_t *ret_revision, struct kl_fault *fault)
{
	struct kl_batch *batch = kl_batch_new();
	struct kl_writer w;
	struct kl_bytes bytes;
	uint64_t revision = 0;
	int rc;

	kl_writer_init(&w);
	kl_doc_observation_encode(&w, o);
	rc = kl_writer_bytes(&w, &bytes);
	if (rc) {
		kl_batch_destroy(batch);
		(void)kl_fault(fault, rc, "out of memory");
	} else {
		if (batch)
			(void)kl_document_add(batch, KIND, name, bytes, &revision);
		rc = kl_node_commit(node, batch, fault);
	}
	kl_writer_deinit(&w);
	if (!rc)
		*ret_revision = revision;
	return rc;
}

int kl_own_observation_keep(struct kl_node *node, const struct kl_observation *observation,
	uint64_t *ret_revision, struct kl_fault *fault)
{
	char name[NAME_BYTES_MAX];
	int rc = kl_observation_check(observation, fault);

	if (rc)
		return rc;
	rc = existing_name(node, observation, name);
	if (rc)
		return kl_fault(
			fault, rc, "the observations cannot be read: %s", kl_error_text(rc));
	return commit(node, name, observation, ret_revision, fault);
}

/* ---- reading ------------------------------------------------------------------------------- */

struct walk {
	const struct kl_period *period;
	kl_own_observation_fn *visit;
	void *arg;
	struct kl_fault *fault;
};

static int walk_one(void *arg, const struct kl_document *document)
{
	struct walk *walk = arg;
	struct kl_observation o;
	int rc = kl_doc_observation_decode(document->bytes, &o, walk->fault);

	if (rc) {
		(void)kl_fault_at(walk->fault, "observation %s", document->name);
		return rc;
	}
	if (walk->period && !kl_period_equal(o.period, *walk->period))
		return 0;
	return walk->visit(walk->arg, &o, document->version);
}

int kl_own_observations(struct kl_node *node, const char *code, const struct kl_period *period,
	bool all, kl_own_observation_fn *visit, void *arg, struct kl_fault *fault)
{
	struct kl_fault said = {0};
	struct walk walk = {period, visit, arg, &said};
	char prefix[NAME_BYTES_MAX];
	int rc;

	(void)snprintf(prefix, sizeof prefix, "%s|", code);
	rc = kl_document_visit(node->store, KIND, prefix, all, walk_one, &walk);
	if (rc >= 0)
		return KL_OK;
	if (said.code && fault)
		*fault = said;
	else if (!said.code)
		(void)kl_fault(fault, rc, "the observations cannot be read: %s", kl_error_text(rc));
	return rc;
}

static int count_one(void *arg, const struct kl_document *document)
{
	(void)document;
	++*(size_t *)arg;
	return 0;
}

int kl_own_observations_count(struct kl_node *node, const char *code, size_t *ret_count)
{
	char prefix[NAME_BYTES_MAX];
	size_t count = 0;
	int rc;

	(void)snprintf(prefix, sizeof prefix, "%s|", code);
	rc = kl_document_visit(node->store, KIND, prefix, false, count_one, &count);
	if (!rc)
		*ret_count = count;
	return rc;
}
