#include "daemon/observation_list.h"
#include "core/words.h"
#include "daemon/imported.h"
#include "protocol/doc_observation.h"
#include "store/documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_MAX = KL_OBSERVATION_COMPONENT_MAX + KL_WORDS_TEXT_MAX + 32 };

/* What was recorded by hand stands behind all that came in with tables. */
#define BY_HAND (UINT64_C(1) << 48)

struct item {
	char *key; /* component, folded place and, at `period`, the period */
	size_t period;
	uint8_t *bytes;
	size_t len;
	uint64_t order; /* in which it was recorded, among those of one key */
	uint64_t revision;
	bool superseded;
};

struct kl_observation_list {
	struct item *items;
	size_t n, capacity;
};

/* ---- gathering ----------------------------------------------------------------------------- */

static int make_room(struct kl_observation_list *list)
{
	size_t capacity = list->capacity ? 2 * list->capacity : 64;
	struct item *items;

	if (list->n < list->capacity)
		return KL_OK;
	items = realloc(list->items, capacity * sizeof *items);
	if (!items)
		return KL_E_NOMEM;
	list->items = items;
	list->capacity = capacity;
	return KL_OK;
}

static int key_of(const struct kl_observation *o, struct item *item)
{
	char key[KEY_MAX], place[KL_WORDS_TEXT_MAX + 1];
	int n;

	kl_words_fold(o->place, place);
	n = snprintf(key, sizeof key, "%s\x01%s\x01", o->component, place);
	item->period = (size_t)n;
	(void)snprintf(key + n, sizeof key - (size_t)n, "%06u%04u%c",
		(unsigned)kl_period_first_month(o->period),
		9999 - (unsigned)kl_period_months(o->period), 'a' + (int)o->period.kind);
	item->key = strdup(key);
	return item->key ? KL_OK : KL_E_NOMEM;
}

static int add(struct kl_observation_list *list, const struct kl_observation *o,
	struct kl_bytes bytes, uint64_t order)
{
	struct item item = {.len = bytes.len, .order = order};

	if (make_room(list) || key_of(o, &item))
		return KL_E_NOMEM;
	item.bytes = malloc(bytes.len);
	if (!item.bytes) {
		free(item.key);
		return KL_E_NOMEM;
	}
	memcpy(item.bytes, bytes.data, bytes.len);
	list->items[list->n++] = item;
	return KL_OK;
}

struct gathering {
	struct kl_observation_list *list;
	struct kl_fault *fault;
};

static int gather_document(void *arg, const struct kl_document *document)
{
	struct gathering *g = arg;
	struct kl_observation o;
	int rc = kl_doc_observation_decode(document->bytes, &o, g->fault);

	if (rc) {
		(void)kl_fault_at(g->fault, "observation %s", document->name);
		return rc;
	}
	return add(g->list, &o, document->bytes, BY_HAND + document->version);
}

static int gather_row(void *arg, struct kl_bytes row, uint64_t order)
{
	struct gathering *g = arg;
	struct kl_observation o;
	int rc = kl_doc_observation_decode(row, &o, g->fault);

	if (rc) {
		(void)kl_fault_at(g->fault, "a table of observations");
		return rc;
	}
	return add(g->list, &o, row, order);
}

/* ---- sorting ------------------------------------------------------------------------------- */

static int by_key(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	return order ? order : (x->order > y->order) - (x->order < y->order);
}

static void number(struct kl_observation_list *list)
{
	if (list->n)
		qsort(list->items, list->n, sizeof *list->items, by_key);
	for (size_t i = 0; i < list->n; i++) {
		struct item *item = &list->items[i];
		bool again = i && !strcmp(item[-1].key, item->key);

		item->revision = item->order > BY_HAND ? item->order - BY_HAND : 0;
		if (again)
			item[-1].superseded = true;
	}
}

/* ---- the list ------------------------------------------------------------------------------ */

int kl_observation_list_new(struct kl_node *node, const char *code,
	struct kl_observation_list **ret_list, struct kl_fault *fault)
{
	struct kl_observation_list *list = calloc(1, sizeof *list);
	struct kl_fault said = {0};
	struct gathering g = {list, &said};
	char prefix[KL_METRIC_CODE_MAX + 1];
	int rc = KL_E_NOMEM;

	(void)snprintf(prefix, sizeof prefix, "%s|", code);
	if (list)
		rc = kl_imported_rows(node, code, gather_row, &g);
	if (!rc)
		rc = kl_document_visit(
			node->store, KL_OBSERVATION_KIND, prefix, true, gather_document, &g);
	if (rc < 0) {
		kl_observation_list_destroy(list);
		if (said.code)
			*fault = said;
		else
			kl_fault(fault, rc, "the observations cannot be read: %s",
				kl_error_text(rc));
		return rc;
	}
	number(list);
	*ret_list = list;
	return KL_OK;
}

void kl_observation_list_destroy(struct kl_observation_list *list)
{
	if (!list)
		return;
	for (size_t i = 0; i < list->n; i++) {
		free(list->items[i].key);
		free(list->items[i].bytes);
	}
	free(list->items);
	free(list);
}

size_t kl_observation_list_count(const struct kl_observation_list *list)
{
	return list->n;
}

int kl_observation_list_at(const struct kl_observation_list *list, size_t index,
	struct kl_listed_observation *ret_listed, struct kl_fault *fault)
{
	const struct item *item = &list->items[index];
	struct kl_listed_observation listed = {
		.revision = item->revision, .superseded = item->superseded};
	int rc = kl_doc_observation_decode(
		kl_bytes(item->bytes, item->len), &listed.observation, fault);

	if (rc)
		return rc;
	listed.begins = !index || item[-1].period != item->period ||
			memcmp(item[-1].key, item->key, item->period) != 0;
	*ret_listed = listed;
	return KL_OK;
}
