#include "daemon/lm3_project.h"
#include "protocol/doc_lm3.h"
#include "store/documents.h"

#include <stdlib.h>
#include <string.h>

#define KIND     "lm3"
#define USE_KIND "lm3 use"
#define USE_NAME "own"

const char *kl_lm3_project_name(const struct kl_lm3_project *p)
{
	return p->is_record ? p->u.record.name : p->u.ledger.name;
}

struct kl_period kl_lm3_project_period(const struct kl_lm3_project *p)
{
	return p->is_record ? p->u.record.period : p->u.ledger.period;
}

enum kl_lm3_basis kl_lm3_project_basis(const struct kl_lm3_project *p)
{
	return p->is_record ? p->u.record.basis : p->u.ledger.basis;
}

const struct kl_area *kl_lm3_project_area(const struct kl_lm3_project *p)
{
	return p->is_record ? &p->u.record.area : &p->u.ledger.area;
}

/* ---- reading ------------------------------------------------------------------------------- */

static int decode(const char *key, struct kl_bytes bytes, struct kl_lm3_project *ret_project)
{
	struct kl_lm3_project p = {.is_record = false};
	int rc = kl_doc_lm3_is_record(bytes, &p.is_record);

	if (!rc)
		rc = p.is_record ? kl_doc_lm3_record_decode(bytes, &p.u.record)
				 : kl_doc_lm3_ledger_decode(bytes, &p.u.ledger);
	if (rc)
		return rc;
	(void)kl_copy_text(p.key, sizeof p.key, key);
	*ret_project = p;
	return KL_OK;
}

int kl_lm3_project_get(struct kl_node *node, const char *name, struct kl_lm3_project *ret_project)
{
	char key[KL_NAME_MAX];
	uint8_t *bytes;
	size_t len;
	int rc = kl_document_get(node->store, KIND, kl_name_key(name, key), 0, &bytes, &len, NULL);

	if (rc)
		return rc;
	rc = decode(key, kl_bytes(bytes, len), ret_project);
	free(bytes);
	return rc;
}

struct visiting {
	kl_lm3_project_fn *visit;
	void *arg;
};

static int visit_one(void *arg, const struct kl_document *document)
{
	const struct visiting *v = arg;
	struct kl_lm3_project project;
	int rc = decode(document->name, document->bytes, &project);

	return rc ? rc : v->visit(v->arg, &project);
}

int kl_lm3_project_visit(struct kl_node *node, kl_lm3_project_fn *visit, void *arg)
{
	struct visiting v = {visit, arg};

	return kl_document_visit(node->store, KIND, "", false, visit_one, &v);
}

/* ---- finding ------------------------------------------------------------------------------- */

/* Whatever fits so far: the first of them, and how many. */
struct fitting {
	const char *key;  /* part of a key, or NULL: */
	const char *used; /* then of this period, the marked one alone if it is among them */
	struct kl_period period;
	struct kl_lm3_project first;
	size_t count;
	bool marked;
	char names[160];
};

static void note_name(struct fitting *f, const char *name)
{
	size_t len = strlen(f->names);

	snprintf(f->names + len, sizeof f->names - len, "%s%.60s", len ? ", " : "", name);
}

static int fit(void *arg, const struct kl_lm3_project *project)
{
	struct fitting *f = arg;

	if (f->key && !strstr(project->key, f->key))
		return KL_VISIT_ON;
	if (!f->key && !kl_period_equal(kl_lm3_project_period(project), f->period))
		return KL_VISIT_ON;
	if (f->used && !strcmp(project->key, f->used)) {
		f->marked = true;
		f->first = *project;
	}
	if (f->count++ == 0)
		f->first = *project;
	note_name(f, kl_lm3_project_name(project));
	return KL_VISIT_ON;
}

static int damaged(int rc, struct kl_fault *fault)
{
	return kl_fault(fault, rc, "a project cannot be read: %s", kl_error_text(rc));
}

/* The project of exactly that name, or KL_E_NOT_FOUND and all that `text` is a part of. */
static int look_up(struct kl_node *node, const char *text, struct fitting *f,
	struct kl_lm3_project *ret_project, struct kl_fault *fault)
{
	char key[KL_NAME_MAX];
	int rc;

	f->key = kl_name_key(text, key);
	if (!key[0])
		return KL_E_NOT_FOUND;
	rc = kl_lm3_project_get(node, text, ret_project);
	if (rc != KL_E_NOT_FOUND)
		return rc ? damaged(rc, fault) : KL_OK;
	rc = kl_lm3_project_visit(node, fit, f);
	return rc ? damaged(rc, fault) : KL_E_NOT_FOUND;
}

static int no_project(const char *text, const struct fitting *f, struct kl_fault *fault)
{
	kl_fault(fault, KL_E_NOT_FOUND, "there is no LM3 project '%.100s'", text);
	if (f->count)
		return kl_fault_hint(
			fault, "did you mean %s? What is to be changed is named in full", f->names);
	return kl_fault_hint(fault, "keeplocal lm3 list shows them; lm3 new makes one");
}

int kl_lm3_project_find(struct kl_node *node, const char *text, struct kl_lm3_project *ret_project,
	struct kl_fault *fault)
{
	struct fitting f = {.count = 0};
	int rc = look_up(node, text, &f, ret_project, fault);

	if (rc != KL_E_NOT_FOUND)
		return rc;
	if (!f.count)
		return no_project(text, &f, fault);
	if (f.count > 1)
		return kl_fault(fault, KL_E_AMBIGUOUS, "'%.100s' fits %zu projects: %s", text,
			f.count, f.names);
	*ret_project = f.first;
	return KL_OK;
}

int kl_lm3_project_named(struct kl_node *node, const char *text, struct kl_lm3_project *ret_project,
	struct kl_fault *fault)
{
	struct fitting f = {.count = 0};
	int rc = look_up(node, text, &f, ret_project, fault);

	return rc == KL_E_NOT_FOUND ? no_project(text, &f, fault) : rc;
}

int kl_lm3_project_counting(struct kl_node *node, struct kl_period period,
	struct kl_lm3_project *ret_project, struct kl_fault *fault)
{
	char used[KL_NAME_MAX], text[KL_PERIOD_TEXT_MAX];
	struct fitting f = {.used = used, .period = period};
	int rc = kl_lm3_in_use(node, used);

	if (!rc)
		rc = kl_lm3_project_visit(node, fit, &f);
	if (rc)
		return damaged(rc, fault);
	kl_period_format(period, text);
	if (!f.count) {
		kl_fault(fault, KL_E_NOT_FOUND, "there is no LM3 project of %s", text);
		return kl_fault_hint(
			fault, "keeplocal lm3 new, or lm3 record for a finished score");
	}
	if (f.count > 1 && !f.marked) {
		kl_fault(
			fault, KL_E_AMBIGUOUS, "several LM3 projects are of %s: %s", text, f.names);
		return kl_fault_hint(fault, "say which one counts: keeplocal lm3 use NAME");
	}
	*ret_project = f.first;
	return KL_OK;
}

/* ---- keeping ------------------------------------------------------------------------------- */

static int count_one(void *arg, const struct kl_document *document)
{
	(void)document;
	++*(size_t *)arg;
	return KL_VISIT_ON;
}

/* Room for one more, unless it is there already. */
static int check_room(struct kl_node *node, const char *key, struct kl_fault *fault)
{
	struct kl_lm3_project there;
	size_t count = 0;
	int rc = kl_lm3_project_get(node, key, &there);

	if (rc != KL_E_NOT_FOUND)
		return KL_OK;
	rc = kl_document_visit(node->store, KIND, "", false, count_one, &count);
	if (rc)
		return damaged(rc, fault);
	if (count >= KL_LM3_PROJECTS_MAX)
		return kl_fault(fault, KL_E_TOO_BIG,
			"there are %zu LM3 projects, which is the most", count);
	return KL_OK;
}

int kl_lm3_project_keep(
	struct kl_node *node, const struct kl_lm3_project *project, struct kl_fault *fault)
{
	struct kl_writer w;
	struct kl_bytes bytes;
	int rc = check_room(node, project->key, fault);

	if (rc)
		return rc;
	kl_writer_init(&w);
	if (project->is_record)
		kl_doc_lm3_record_encode(&w, &project->u.record);
	else
		kl_doc_lm3_ledger_encode(&w, &project->u.ledger);
	rc = kl_writer_bytes(&w, &bytes);
	rc = rc ? kl_fault(fault, rc, "no memory to keep the project")
		: kl_node_keep(node, KIND, project->key, bytes, fault);
	kl_writer_deinit(&w);
	return rc;
}

int kl_lm3_in_use(struct kl_node *node, char ret_key[KL_NAME_MAX])
{
	uint8_t *bytes;
	size_t len;
	int rc = kl_document_get(node->store, USE_KIND, USE_NAME, 0, &bytes, &len, NULL);

	if (rc == KL_E_NOT_FOUND) {
		ret_key[0] = '\0';
		return KL_OK;
	}
	if (rc)
		return rc;
	rc = kl_doc_lm3_use_decode(kl_bytes(bytes, len), ret_key);
	free(bytes);
	return rc;
}

int kl_lm3_use(struct kl_node *node, const char *key, struct kl_fault *fault)
{
	struct kl_writer w;
	struct kl_bytes bytes;
	int rc;

	kl_writer_init(&w);
	kl_doc_lm3_use_encode(&w, key);
	rc = kl_writer_bytes(&w, &bytes);
	rc = rc ? kl_fault(fault, rc, "no memory to keep the choice")
		: kl_node_keep(node, USE_KIND, USE_NAME, bytes, fault);
	kl_writer_deinit(&w);
	return rc;
}
