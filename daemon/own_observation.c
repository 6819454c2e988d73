#include "daemon/own_observation.h"
#include "core/words.h"
#include "daemon/imported.h"
#include "daemon/observation_list.h"
#include "protocol/doc_observation.h"
#include "store/documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

int kl_own_observation_begin(const struct kl_observable *what, const char *component,
	struct kl_period period, struct kl_observation *ret_observation, struct kl_fault *fault)
{
	if (what->known)
		return kl_observation_init_defined(what->indicator, &what->known->id, component,
			period, ret_observation, fault);
	return kl_observation_init(what->code, component, period, ret_observation, fault);
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
	rc = kl_document_visit(
		node->store, KL_OBSERVATION_KIND, out, false, find_spelling, &spelled);
	name_of(o, spelled.any ? spelled.found : o->place, out);
	return rc;
}

static int commit(struct kl_node *node, const char *name, const struct kl_observation *o,
	const struct kl_known *known, uint64_t *ret_revision, struct kl_fault *fault)
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
			(void)kl_document_add(batch, KL_OBSERVATION_KIND, name, bytes, &revision);
		if (batch && known)
			kl_known_keep(batch, known);
		rc = kl_node_commit(node, batch, fault);
	}
	kl_writer_deinit(&w);
	if (!rc)
		*ret_revision = revision;
	return rc;
}

int kl_own_observation_keep(struct kl_node *node, const struct kl_observation *observation,
	const struct kl_known *known, uint64_t *ret_revision, struct kl_fault *fault)
{
	char name[NAME_BYTES_MAX];
	int rc = kl_observation_check(observation, fault);

	if (rc)
		return rc;
	rc = existing_name(node, observation, name);
	if (rc)
		return kl_fault(
			fault, rc, "the observations cannot be read: %s", kl_error_text(rc));
	return commit(node, name, observation, known, ret_revision, fault);
}

int kl_own_observation_by_hand(struct kl_node *node, const struct kl_observation *like,
	struct kl_observation *ret_observation, uint64_t *ret_revision, struct kl_fault *fault)
{
	char name[NAME_BYTES_MAX];
	uint8_t *bytes;
	size_t len;
	int rc = existing_name(node, like, name);

	if (!rc)
		rc = kl_document_get(node->store, KL_OBSERVATION_KIND, name, KL_LATEST, &bytes,
			&len, ret_revision);
	if (rc == KL_E_NOT_FOUND)
		return rc;
	if (rc)
		return kl_fault(
			fault, rc, "the observations cannot be read: %s", kl_error_text(rc));
	rc = kl_doc_observation_decode(kl_bytes(bytes, len), ret_observation, fault);
	free(bytes);
	return rc;
}

int kl_own_observation_remove(
	struct kl_node *node, const struct kl_observation *observation, struct kl_fault *fault)
{
	struct kl_batch *batch;
	char name[NAME_BYTES_MAX];
	int rc = existing_name(node, observation, name);

	if (rc)
		return kl_fault(
			fault, rc, "the observations cannot be read: %s", kl_error_text(rc));
	batch = kl_batch_new();
	if (batch)
		(void)kl_document_delete(batch, KL_OBSERVATION_KIND, name, KL_LATEST);
	return kl_node_commit(node, batch, fault);
}

int kl_own_observation_imported(struct kl_node *node, const struct kl_observation *observation,
	bool *ret_imported, struct kl_fault *fault)
{
	const struct kl_observation *o = observation;
	char period[KL_PERIOD_TEXT_MAX];
	int rc = kl_imported_has(node,
		kl_observation_hash(
			o->code, o->component, kl_period_format(o->period, period), o->place),
		ret_imported);

	return rc ? kl_fault(fault, rc, "the observations cannot be read: %s", kl_error_text(rc))
		  : KL_OK;
}

/* ---- reading ------------------------------------------------------------------------------- */

int kl_own_observations(struct kl_node *node, const char *code, const struct kl_period *period,
	bool all, kl_own_observation_fn *visit, void *arg, struct kl_fault *fault)
{
	struct kl_observation_list *list;
	struct kl_fault own = {0};
	int rc = kl_observation_list_new(node, code, &list, fault ? fault : &own);

	if (rc)
		return rc;
	for (size_t i = 0; !rc && i < kl_observation_list_count(list); i++) {
		struct kl_listed_observation found;

		rc = kl_observation_list_at(list, i, &found, fault ? fault : &own);
		if (rc || (found.superseded && !all) ||
			(period && !kl_period_equal(found.observation.period, *period)))
			continue;
		rc = visit(arg, &found.observation, found.revision);
	}
	kl_observation_list_destroy(list);
	return rc < 0 ? rc : KL_OK;
}

/* What a document is of, by its name. */
struct named {
	char text[NAME_BYTES_MAX];
	const char *component, *period, *place; /* parts of `text`, which is the code itself */
};

static int take_apart(const char *name, struct named *ret)
{
	char *bars[3], *at = ret->text;

	(void)kl_copy_text(ret->text, sizeof ret->text, name);
	for (size_t i = 0; i < 3; i++) {
		bars[i] = strchr(at, '|');
		if (!bars[i])
			return KL_E_DAMAGED;
		*bars[i] = '\0';
		at = bars[i] + 1;
	}
	ret->component = bars[0] + 1;
	ret->period = bars[1] + 1;
	ret->place = bars[2] + 1;
	return KL_OK;
}

struct counting {
	struct kl_node *node;
	size_t count;
};

/* Those that came in with a table as well are counted there. */
static int count_one(void *arg, const struct kl_document *document)
{
	struct counting *c = arg;
	struct named named;
	bool imported = false;
	int rc = take_apart(document->name, &named);

	if (!rc)
		rc = kl_imported_has(c->node,
			kl_observation_hash(named.text, named.component, named.period, named.place),
			&imported);
	c->count += !imported;
	return rc;
}

int kl_own_observations_count(struct kl_node *node, const char *code, size_t *ret_count)
{
	struct counting c = {.node = node};
	char prefix[NAME_BYTES_MAX];
	size_t imported = 0;
	int rc = kl_imported_count(node, code, &imported);

	(void)snprintf(prefix, sizeof prefix, "%s|", code);
	if (!rc)
		rc = kl_document_visit(
			node->store, KL_OBSERVATION_KIND, prefix, false, count_one, &c);
	if (!rc)
		*ret_count = c.count + imported;
	return rc;
}

struct latest {
	bool any;
	struct kl_period period;
};

static int note_latest(void *arg, const struct kl_document *document)
{
	struct latest *latest = arg;
	struct kl_period period;
	struct named named;

	if (take_apart(document->name, &named) || kl_period_parse(named.period, &period))
		return KL_E_DAMAGED;
	if (!latest->any || kl_period_compare(period, latest->period) > 0)
		latest->period = period;
	latest->any = true;
	return KL_OK;
}

int kl_own_observations_latest(
	struct kl_node *node, const char *code, bool *ret_any, struct kl_period *ret_latest)
{
	struct latest latest = {.any = false};
	char prefix[NAME_BYTES_MAX];
	int rc = kl_imported_latest(node, code, &latest.any, &latest.period);

	(void)snprintf(prefix, sizeof prefix, "%s|", code);
	if (!rc)
		rc = kl_document_visit(
			node->store, KL_OBSERVATION_KIND, prefix, false, note_latest, &latest);
	*ret_any = latest.any;
	*ret_latest = latest.period;
	return rc;
}
