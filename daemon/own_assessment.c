#include "daemon/own_assessment.h"
#include "core/words.h"
#include "protocol/doc_assessment.h"
#include "store/documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIND "assessment"

enum { NAME_MAX_BYTES = KL_PERIOD_TEXT_MAX + KL_ASSESSMENT_PLACE_MAX, PLACES_MAX = 192 };

/* A document's name is "2026/PLACE"; places of one period stand together, periods in order. */
static void name_of(struct kl_period period, const char *place, char out[NAME_MAX_BYTES])
{
	char text[KL_PERIOD_TEXT_MAX];

	(void)snprintf(out, NAME_MAX_BYTES, "%s/%s", kl_period_format(period, text), place);
}

static int unreadable(struct kl_fault *fault, int rc)
{
	return kl_fault(fault, rc, "the assessments cannot be read: %s", kl_error_text(rc));
}

/* ---- which one ----------------------------------------------------------------------------- */

struct search {
	const char *place; /* NULL: any */
	char latest[KL_PERIOD_TEXT_MAX];
	char name[NAME_MAX_BYTES]; /* found in the latest period so far */
	bool whole;                /* it is the one of the whole area */
	unsigned count;            /* of the latest period */
	char places[PLACES_MAX];   /* of the latest period, for a message */
};

static void begin_period(struct search *s, const char *name, size_t len)
{
	memcpy(s->latest, name, len);
	s->latest[len] = '\0';
	s->name[0] = s->places[0] = '\0';
	s->count = 0;
	s->whole = false;
}

static int look(void *arg, const struct kl_document *document)
{
	struct search *s = arg;
	const char *slash = strchr(document->name, '/');
	size_t period = slash ? (size_t)(slash - document->name) : 0, len;

	if (!slash || period >= sizeof s->latest || strlen(document->name) >= sizeof s->name)
		return KL_E_DAMAGED;
	if (s->place && strcmp(s->place, slash + 1) != 0 && !kl_words_equal(s->place, slash + 1))
		return 0;
	if (strlen(s->latest) != period || memcmp(s->latest, document->name, period) != 0)
		begin_period(s, document->name, period);
	len = strlen(s->places);
	if (slash[1])
		(void)snprintf(s->places + len, sizeof s->places - len, "%s%s", len ? ", " : "",
			slash + 1);
	if (!s->whole)
		(void)kl_copy_text(s->name, sizeof s->name, document->name);
	s->whole |= !slash[1];
	s->count++;
	return 0;
}

static int nothing_found(struct kl_fault *fault, const struct kl_assessment_choice *choice)
{
	char period[KL_PERIOD_TEXT_MAX] = "";

	if (choice->period)
		kl_period_format(*choice->period, period);
	kl_fault(fault, KL_E_NOT_FOUND, "there is no assessment%s%s%s%s yet",
		choice->period ? " of " : "", period,
		choice->place && choice->place[0] ? " of " : "",
		choice->place ? choice->place : "");
	(void)kl_fault_hint(fault,
		"keeplocal assess history lists them; a form to fill in comes from keeplocal "
		"template assessment --out assessment.xlsx, or type: keeplocal assess record "
		"--period "
		"2026 --assessor NAME C1=2");
	return KL_E_NOT_FOUND;
}

static int find_name(struct kl_node *node, const struct kl_assessment_choice *choice,
	char ret_name[NAME_MAX_BYTES], struct kl_fault *fault)
{
	struct search search = {.place = choice->place};
	char prefix[NAME_MAX_BYTES] = "";
	int rc;

	if (choice->period)
		name_of(*choice->period, "", prefix);
	rc = kl_document_visit(node->store, KIND, prefix, false, look, &search);
	if (rc)
		return unreadable(fault, rc);
	if (!search.count)
		return nothing_found(fault, choice);
	if (search.count > 1 && !search.whole && !choice->place) {
		kl_fault(fault, KL_E_AMBIGUOUS, "more than one place was assessed in %s: %s",
			search.latest, search.places);
		(void)kl_fault_hint(fault, "say which with --place");
		return KL_E_AMBIGUOUS;
	}
	memcpy(ret_name, search.name, sizeof search.name);
	return KL_OK;
}

int kl_own_assessment(struct kl_node *node, const struct kl_assessment_choice *choice,
	struct kl_assessment **ret_assessment, uint64_t *ret_revision, struct kl_fault *fault)
{
	char name[NAME_MAX_BYTES];
	uint64_t revision;
	uint8_t *bytes;
	size_t len;
	int rc = find_name(node, choice, name, fault);

	if (rc)
		return rc;
	rc = kl_document_get(node->store, KIND, name, choice->revision, &bytes, &len, &revision);
	if (rc == KL_E_NOT_FOUND)
		return kl_fault(fault, rc, "this assessment has no revision %llu",
			(unsigned long long)choice->revision);
	if (rc)
		return unreadable(fault, rc);
	rc = kl_doc_assessment_decode(kl_bytes(bytes, len), ret_assessment, fault);
	free(bytes);
	if (!rc)
		*ret_revision = revision;
	return rc;
}

/* ---- keeping ------------------------------------------------------------------------------- */

int kl_own_assessment_begin(struct kl_node *node, struct kl_period period, const char *place,
	struct kl_assessment **ret_assessment, struct kl_fault *fault)
{
	const struct kl_assessment_choice choice = {&period, place, KL_LATEST};
	struct kl_fault said = {0};
	struct kl_assessment *made;
	uint64_t revision;
	int rc = kl_own_assessment(node, &choice, ret_assessment, &revision, &said);

	if (!rc)
		return KL_OK;
	if (rc != KL_E_NOT_FOUND) {
		*fault = said;
		return rc;
	}
	made = kl_assessment_new(period);
	if (!made)
		return kl_fault(fault, KL_E_NOMEM, "out of memory");
	rc = kl_text_set(made->place, sizeof made->place, place, false, "the place", fault);
	if (!rc)
		rc = kl_assessment_check(made, fault);
	if (rc)
		kl_assessment_destroy(made);
	else
		*ret_assessment = made;
	return rc;
}

/* The document of it, in the writer, and its name. */
static int encode(const struct kl_assessment *assessment, struct kl_writer *w,
	char name[NAME_MAX_BYTES], struct kl_bytes *ret_bytes, struct kl_fault *fault)
{
	int rc = kl_assessment_check(assessment, fault);

	if (rc)
		return rc;
	name_of(assessment->period, assessment->place, name);
	kl_doc_assessment_encode(w, assessment);
	rc = kl_writer_bytes(w, ret_bytes);
	return rc ? kl_fault(fault, rc, "out of memory") : KL_OK;
}

int kl_own_assessment_change(struct kl_changes *changes, const struct kl_assessment *assessment,
	uint64_t *ret_revision, struct kl_fault *fault)
{
	struct kl_writer w;
	struct kl_bytes bytes;
	char name[NAME_MAX_BYTES];
	int rc;

	kl_writer_init(&w);
	rc = encode(assessment, &w, name, &bytes, fault);
	if (!rc)
		kl_changes_add(changes, KIND, name, bytes, ret_revision);
	kl_writer_deinit(&w);
	return rc;
}

int kl_own_assessment_keep(struct kl_node *node, const struct kl_assessment *assessment,
	uint64_t *ret_revision, struct kl_fault *fault)
{
	struct kl_batch *batch;
	struct kl_writer w;
	struct kl_bytes bytes;
	char name[NAME_MAX_BYTES];
	uint64_t revision = 0;
	int rc;

	kl_writer_init(&w);
	rc = encode(assessment, &w, name, &bytes, fault);
	if (!rc) {
		batch = kl_batch_new();
		if (batch)
			(void)kl_document_add(batch, KIND, name, bytes, &revision);
		rc = kl_node_commit(node, batch, fault);
	}
	kl_writer_deinit(&w);
	if (!rc)
		*ret_revision = revision;
	return rc;
}

/* ---- all of them --------------------------------------------------------------------------- */

struct walk {
	const char *place;
	kl_own_assessment_fn *visit;
	void *arg;
	struct kl_fault *fault;
};

static int walk_one(void *arg, const struct kl_document *document)
{
	struct walk *walk = arg;
	struct kl_assessment *assessment;
	int rc = kl_doc_assessment_decode(document->bytes, &assessment, walk->fault);

	if (rc) {
		(void)kl_fault_at(walk->fault, "assessment %s", document->name);
		return rc;
	}
	if (!walk->place || !strcmp(walk->place, assessment->place) ||
		kl_words_equal(walk->place, assessment->place))
		rc = walk->visit(walk->arg, assessment, document->version);
	kl_assessment_destroy(assessment);
	return rc;
}

int kl_own_assessments(struct kl_node *node, const struct kl_period *period, const char *place,
	kl_own_assessment_fn *visit, void *arg, struct kl_fault *fault)
{
	struct kl_fault said = {0};
	struct walk walk = {place, visit, arg, &said};
	char prefix[NAME_MAX_BYTES] = "";
	int rc;

	if (period)
		name_of(*period, "", prefix);
	rc = kl_document_visit(node->store, KIND, prefix, true, walk_one, &walk);
	if (rc >= 0)
		return KL_OK;
	if (said.code && fault)
		*fault = said;
	else if (!said.code)
		(void)unreadable(fault, rc);
	return rc;
}
