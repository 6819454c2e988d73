#include "daemon/own_plan.h"
#include "core/names.h"
#include "daemon/own_definition.h"
#include "daemon/own_observation.h"
#include "protocol/doc_plan.h"
#include "store/documents.h"

#include <stdlib.h>
#include <string.h>

#define KIND   "plan"
#define REPORT "report" /* one document: the day on which one was last written */

enum { NAMES_SHOWN = 160 };

static int unreadable(struct kl_fault *fault, int rc)
{
	return kl_fault(fault, rc, "the plans cannot be read: %s", kl_error_text(rc));
}

/* ---- which one ----------------------------------------------------------------------------- */

struct walk {
	kl_own_plan_fn *visit;
	void *arg;
	struct kl_fault *fault;
};

static int walk_one(void *arg, const struct kl_document *document)
{
	const struct walk *walk = arg;
	struct kl_plan plan;
	int rc = kl_doc_plan_decode(document->bytes, &plan, walk->fault);

	if (rc) {
		(void)kl_fault_at(walk->fault, "plan %s", document->name);
		return rc;
	}
	return walk->visit(walk->arg, &plan, document->version);
}

int kl_own_plans(
	struct kl_node *node, bool all, kl_own_plan_fn *visit, void *arg, struct kl_fault *fault)
{
	struct kl_fault said = {0};
	struct walk walk = {visit, arg, &said};
	int rc = kl_document_visit(node->store, KIND, "", all, walk_one, &walk);

	if (rc >= 0)
		return KL_OK;
	if (said.code)
		*fault = said;
	else
		(void)unreadable(fault, rc);
	return rc;
}

struct names {
	char first[KL_PLAN_NAME_MAX], all[NAMES_SHOWN];
	size_t count;
	bool usual;
};

static int note_name(void *arg, const struct kl_plan *plan, uint64_t revision)
{
	struct names *names = arg;
	size_t len = strlen(names->all);

	(void)revision;
	if (!names->count++)
		(void)kl_copy_text(names->first, sizeof names->first, plan->name);
	names->usual |= !strcmp(plan->name, KL_PLAN_USUAL);
	(void)kl_copy_text(names->all + len, sizeof names->all - len, len ? ", " : "");
	len = strlen(names->all);
	(void)kl_copy_text(names->all + len, sizeof names->all - len, plan->name);
	return 0;
}

static int no_plan(struct kl_fault *fault, const char *name, const struct names *names)
{
	if (!names->count) {
		kl_fault(fault, KL_E_NOT_FOUND, "there is no plan yet");
		(void)kl_fault_hint(fault,
			"keeplocal plan set change=\"what should become different\" begins one");
		return KL_E_NOT_FOUND;
	}
	kl_fault(fault, KL_E_NOT_FOUND, "there is no plan \"%s\"", name);
	(void)kl_fault_hint(fault, "there are: %s", names->all);
	return KL_E_NOT_FOUND;
}

/* The name that is meant when none was given. */
static int usual_name(const struct names *names, char out[KL_PLAN_NAME_MAX], struct kl_fault *fault)
{
	if (names->count > 1 && !names->usual) {
		kl_fault(fault, KL_E_AMBIGUOUS, "which plan? There are: %s", names->all);
		(void)kl_fault_hint(fault, "say which with --plan NAME");
		return KL_E_AMBIGUOUS;
	}
	(void)kl_copy_text(out, KL_PLAN_NAME_MAX, names->usual ? KL_PLAN_USUAL : names->first);
	return KL_OK;
}

int kl_own_plan(struct kl_node *node, const char *name, uint64_t revision, struct kl_plan *ret_plan,
	uint64_t *ret_revision, struct kl_fault *fault)
{
	struct names names = {.count = 0};
	char meant[KL_PLAN_NAME_MAX], key[KL_NAME_MAX];
	uint64_t found;
	uint8_t *bytes;
	size_t len;
	int rc = kl_own_plans(node, false, note_name, &names, fault);

	if (!rc && !names.count)
		rc = no_plan(fault, name, &names);
	if (!rc && !name[0])
		rc = usual_name(&names, meant, fault);
	if (rc)
		return rc;
	rc = kl_document_get(node->store, KIND, kl_name_key(name[0] ? name : meant, key), revision,
		&bytes, &len, &found);
	if (rc == KL_E_NOT_FOUND && revision != KL_LATEST)
		return kl_fault(
			fault, rc, "this plan has no revision %llu", (unsigned long long)revision);
	if (rc == KL_E_NOT_FOUND)
		return no_plan(fault, name, &names);
	if (rc)
		return unreadable(fault, rc);
	rc = kl_doc_plan_decode(kl_bytes(bytes, len), ret_plan, fault);
	free(bytes);
	if (!rc)
		*ret_revision = found;
	return rc;
}

/* ---- keeping ------------------------------------------------------------------------------- */

struct others {
	const char *key;
	size_t count;
};

static int count_other(void *arg, const struct kl_plan *plan, uint64_t revision)
{
	struct others *others = arg;
	char key[KL_NAME_MAX];

	(void)revision;
	others->count += strcmp(kl_name_key(plan->name, key), others->key) != 0;
	return 0;
}

static int check_room(struct kl_node *node, const char *key, struct kl_fault *fault)
{
	struct others others = {.key = key};
	int rc = kl_own_plans(node, false, count_other, &others, fault);

	if (!rc && others.count >= KL_PLANS_MAX)
		rc = kl_fault(fault, KL_E_TOO_BIG, "there are %d plans already", (int)KL_PLANS_MAX);
	return rc;
}

int kl_own_plan_keep(struct kl_node *node, const struct kl_plan *plan, uint64_t *ret_revision,
	struct kl_fault *fault)
{
	struct kl_batch *batch;
	struct kl_writer w;
	struct kl_bytes bytes;
	char key[KL_NAME_MAX];
	uint64_t revision = 0;
	int rc = kl_plan_check(plan, fault);

	if (!rc && !kl_name_key(plan->name, key)[0])
		rc = kl_fault(fault, KL_E_INVALID, "a plan's name needs a letter or a digit");
	if (!rc)
		rc = check_room(node, key, fault);
	if (rc)
		return rc;
	batch = kl_batch_new();
	kl_writer_init(&w);
	kl_doc_plan_encode(&w, plan);
	rc = kl_writer_bytes(&w, &bytes);
	if (!rc && batch)
		(void)kl_document_add(batch, KIND, key, bytes, &revision);
	if (rc) {
		kl_batch_destroy(batch);
		(void)kl_fault(fault, rc, "out of memory");
	} else {
		rc = kl_node_commit(node, batch, fault);
	}
	kl_writer_deinit(&w);
	if (!rc)
		*ret_revision = revision;
	return rc;
}

/* ---- what was observed ----------------------------------------------------------------------- */

static int look_at(void *arg, const struct kl_observation *observation, uint64_t revision)
{
	(void)revision;
	kl_plan_look_at(arg, observation);
	return 0;
}

static int read_report(struct kl_node *node, char ret_date[KL_DATE_MAX], struct kl_fault *fault)
{
	uint8_t *bytes;
	size_t len;
	int rc = kl_document_get(node->store, REPORT, REPORT, 0, &bytes, &len, NULL);

	ret_date[0] = '\0';
	if (rc == KL_E_NOT_FOUND)
		return KL_OK;
	if (rc)
		return unreadable(fault, rc);
	if (len == KL_DATE_MAX - 1) {
		memcpy(ret_date, bytes, len);
		ret_date[len] = '\0';
	}
	free(bytes);
	return kl_date_check(ret_date, NULL) ? unreadable(fault, KL_E_DAMAGED) : KL_OK;
}

int kl_own_report_written(
	struct kl_node *node, const char date[KL_DATE_MAX], struct kl_fault *fault)
{
	return kl_node_keep(node, REPORT, REPORT, kl_bytes_str(date), fault);
}

int kl_own_plan_indicator(struct kl_node *node, const char *code,
	char ret_name[KL_DEFINITION_NAME_MAX], bool *ret_once, struct kl_fault *fault)
{
	struct kl_observable what = {0};
	struct kl_fault said = {0};
	size_t metric;
	int rc = kl_observable_find(node, code, &what, &said);

	*ret_once = false;
	(void)kl_copy_text(ret_name, KL_DEFINITION_NAME_MAX, code);
	if (rc == KL_E_NOT_FOUND)
		return KL_OK;
	if (rc) {
		*fault = said;
		return rc;
	}
	if (what.indicator) {
		(void)kl_copy_text(ret_name, KL_DEFINITION_NAME_MAX, what.indicator->name);
		*ret_once = what.indicator->span == KL_SNAPSHOT;
	} else if (!kl_metric_index(what.code, &metric)) {
		(void)kl_copy_text(ret_name, KL_DEFINITION_NAME_MAX, kl_metric_name(metric));
	}
	kl_observable_free(&what);
	return KL_OK;
}

int kl_own_plan_facts(struct kl_node *node, const struct kl_plan *plan,
	struct kl_plan_facts *ret_facts, struct kl_plan_names *ret_names, struct kl_fault *fault)
{
	struct kl_plan_look *look = malloc(sizeof *look);
	int rc = look ? KL_OK : kl_fault(fault, KL_E_NOMEM, "out of memory");

	if (!rc)
		rc = read_report(node, ret_facts->report, fault);
	for (uint8_t i = 0; i < plan->indicator_count && !rc; i++) {
		const char *code = plan->indicators[i];
		bool once;

		memset(look, 0, sizeof *look);
		rc = kl_own_plan_indicator(node, code, ret_names->names[i], &once, fault);
		if (!rc)
			rc = kl_own_observations(node, code, NULL, true, look_at, look, fault);
		ret_facts->seen[i] = kl_plan_seen_of(look, !rc && once);
	}
	free(look);
	return rc;
}
