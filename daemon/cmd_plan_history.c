/* plan history: what each revision of a plan changed. Texts are not in it: `plan --revision N` has
 * them. */
#include "core/names.h"
#include "daemon/commands.h"
#include "daemon/own_plan.h"
#include "daemon/ask_args.h"
#include "store/documents.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN_MAX = 40 }; /* the latest revisions; with all names, they fit into one answer */

/* The latest revisions, and the one before them: a ring, since there may be any number. */
struct past {
	char key[KL_NAME_MAX];
	struct kl_plan plans[SHOWN_MAX + 1];
	uint64_t revisions[SHOWN_MAX + 1];
	size_t count;
};

static int take(void *arg, const struct kl_plan *plan, uint64_t revision)
{
	struct past *past = arg;
	char key[KL_NAME_MAX];
	size_t at = past->count % (SHOWN_MAX + 1);

	if (strcmp(kl_name_key(plan->name, key), past->key) != 0)
		return 0;
	past->plans[at] = *plan;
	past->revisions[at] = revision;
	past->count++;
	return 0;
}

/* ---- the answer ------------------------------------------------------------------------------ */

static bool differs(const struct kl_plan *before, const struct kl_plan *after, int f, bool emptied)
{
	return strcmp(before->texts[f], after->texts[f]) != 0 && emptied == !*after->texts[f];
}

static void put_fields(struct kl_writer *w, const char *key, const struct kl_plan *before,
	const struct kl_plan *after, bool emptied)
{
	size_t n = 0;

	for (int f = 0; f < KL_PLAN_FIELDS; f++)
		n += differs(before, after, f, emptied);
	kl_put_array(w, key, n);
	for (int f = 0; f < KL_PLAN_FIELDS; f++)
		if (differs(before, after, f, emptied))
			kl_write_text(w, kl_plan_field_name(f));
}

static bool follows(const struct kl_plan *plan, const char *code)
{
	for (uint8_t i = 0; i < plan->indicator_count; i++)
		if (!strcmp(plan->indicators[i], code))
			return true;
	return false;
}

/* Names of the indicators that one plan follows and the other does not. */
static int put_indicators(struct kl_node *node, struct kl_ask *ask, const char *key,
	const struct kl_plan *with, const struct kl_plan *without)
{
	char name[KL_DEFINITION_NAME_MAX];
	size_t n = 0;
	bool once;
	int rc = KL_OK;

	for (uint8_t i = 0; i < with->indicator_count; i++)
		n += !follows(without, with->indicators[i]);
	kl_put_array(&ask->out, key, n);
	for (uint8_t i = 0; i < with->indicator_count && !rc; i++) {
		if (follows(without, with->indicators[i]))
			continue;
		rc = kl_own_plan_indicator(node, with->indicators[i], name, &once, &ask->fault);
		kl_write_text(&ask->out, name);
	}
	return rc;
}

static int put_revision(
	struct kl_node *node, struct kl_ask *ask, const struct past *past, size_t index)
{
	static const struct kl_plan nothing;
	const struct kl_plan *after = &past->plans[index % (SHOWN_MAX + 1)];
	const struct kl_plan *before =
		index ? &past->plans[(index - 1) % (SHOWN_MAX + 1)] : &nothing;
	struct kl_writer *w = &ask->out;
	int rc;

	kl_write_map(w, 5);
	kl_put_uint(w, "revision", past->revisions[index % (SHOWN_MAX + 1)]);
	put_fields(w, "changed", before, after, false);
	put_fields(w, "emptied", before, after, true);
	rc = put_indicators(node, ask, "chosen", after, before);
	return rc ? rc : put_indicators(node, ask, "no_longer", before, after);
}

static int put_history(
	struct kl_node *node, struct kl_ask *ask, const char *name, const struct past *past)
{
	size_t first = past->count > SHOWN_MAX ? past->count - SHOWN_MAX : 0;
	int rc = KL_OK;

	kl_write_map(&ask->out, 3);
	kl_put_text(&ask->out, "plan", name);
	kl_put_uint(&ask->out, "earlier", first);
	kl_put_array(&ask->out, "revisions", past->count - first);
	for (size_t i = first; i < past->count && !rc; i++)
		rc = put_revision(node, ask, past, i);
	return rc;
}

int kl_cmd_plan_history(void *data, struct kl_ask *ask)
{
	char name[KL_PLAN_NAME_MAX];
	struct kl_plan plan;
	uint64_t revision;
	struct past *past;
	int rc = kl_ask_text(ask, "plan", name, sizeof name);

	if (!rc)
		rc = kl_own_plan(data, name, KL_LATEST, &plan, &revision, &ask->fault);
	if (rc)
		return rc;
	past = calloc(1, sizeof *past);
	if (!past)
		return kl_fault(&ask->fault, KL_E_NOMEM, "out of memory");
	kl_name_key(plan.name, past->key);
	rc = kl_own_plans(data, true, take, past, &ask->fault);
	if (!rc)
		rc = put_history(data, ask, plan.name, past);
	free(past);
	return rc ? rc : kl_ask_answer(ask);
}
