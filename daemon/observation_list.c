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
};

struct kl_observation_list {
	struct kl_node *node;
	char code[KL_METRIC_CODE_MAX];
	struct kl_imported_spot *spots;
	size_t n_spots, next_spot;
	bool by_hand; /* what was recorded by hand is in the list */
	struct item *items, *merged;
	size_t n, capacity;
	size_t *runs; /* where each sorted run ends */
	size_t n_runs, runs_capacity;
	size_t run, run_begin; /* the pair that is merged next */
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

static int by_key(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	return order ? order : (x->order > y->order) - (x->order < y->order);
}

/* The items from `begin` on are a run. */
static int end_run(struct kl_observation_list *list, size_t begin)
{
	if (list->n == begin)
		return KL_OK;
	if (list->n_runs == list->runs_capacity) {
		size_t capacity = list->runs_capacity ? 2 * list->runs_capacity : 16;
		size_t *runs = realloc(list->runs, capacity * sizeof *runs);

		if (!runs)
			return KL_E_NOMEM;
		list->runs = runs;
		list->runs_capacity = capacity;
	}
	qsort(list->items + begin, list->n - begin, sizeof *list->items, by_key);
	list->runs[list->n_runs++] = list->n;
	return KL_OK;
}

/* One part of a table; behind the last, what was recorded by hand. */
static int gather(struct kl_observation_list *list, struct kl_fault *fault)
{
	struct gathering g = {list, fault};
	char prefix[KL_METRIC_CODE_MAX + 1];
	size_t begin = list->n;
	int rc;

	if (list->next_spot < list->n_spots) {
		rc = kl_imported_rows(
			list->node, &list->spots[list->next_spot++], list->code, gather_row, &g);
	} else {
		list->by_hand = true;
		(void)snprintf(prefix, sizeof prefix, "%s|", list->code);
		rc = kl_document_visit(
			list->node->store, KL_OBSERVATION_KIND, prefix, true, gather_document, &g);
	}
	return rc < 0 ? rc : end_run(list, begin);
}

/* ---- sorting ------------------------------------------------------------------------------- */

/* Runs [begin, middle) and [middle, end) become one. */
static void merge(struct kl_observation_list *list, size_t begin, size_t middle, size_t end)
{
	struct item *items = list->items;
	size_t a = begin, b = middle, n = 0;

	while (a < middle || b < end) {
		bool first = b == end || (a < middle && by_key(&items[a], &items[b]) <= 0);

		list->merged[n++] = items[first ? a++ : b++];
	}
	memcpy(items + begin, list->merged, n * sizeof *items);
}

/* Two neighbours become one run; behind the last pair it begins anew with the longer ones. */
static int merge_a_pair(struct kl_observation_list *list)
{
	size_t *runs = list->runs, end;

	if (!list->merged) {
		list->merged = malloc(list->n * sizeof *list->merged);
		if (!list->merged)
			return KL_E_NOMEM;
	}
	if (list->run + 1 >= list->n_runs) {
		list->run = 0;
		list->run_begin = 0;
	}
	end = runs[list->run + 1];
	merge(list, list->run_begin, runs[list->run], end);
	memmove(&runs[list->run], &runs[list->run + 1],
		(list->n_runs - list->run - 1) * sizeof *runs);
	list->n_runs--;
	list->run++;
	list->run_begin = end;
	return KL_OK;
}

/* ---- the list ------------------------------------------------------------------------------ */

static int cannot_be_read(int rc, struct kl_fault *fault)
{
	if (rc == KL_E_NOT_FOUND)
		return kl_fault(fault, KL_E_BUSY, "a table was taken back meanwhile: ask again");
	if (!fault->code)
		kl_fault(fault, rc, "the observations cannot be read: %s", kl_error_text(rc));
	return rc;
}

int kl_observation_list_begin(struct kl_node *node, const char *code,
	struct kl_observation_list **ret_list, struct kl_fault *fault)
{
	struct kl_observation_list *list = calloc(1, sizeof *list);
	int rc = KL_E_NOMEM;

	if (list) {
		list->node = node;
		(void)kl_copy_text(list->code, sizeof list->code, code);
		rc = kl_imported_spots(node, code, &list->spots, &list->n_spots);
	}
	if (rc) {
		kl_observation_list_destroy(list);
		return cannot_be_read(rc, fault);
	}
	*ret_list = list;
	return KL_OK;
}

int kl_observation_list_step(struct kl_observation_list *list, struct kl_fault *fault)
{
	int rc = KL_OK;

	if (!list->by_hand)
		rc = gather(list, fault);
	else if (list->n_runs > 1)
		rc = merge_a_pair(list);
	if (rc)
		return cannot_be_read(rc, fault);
	return !list->by_hand || list->n_runs > 1;
}

int kl_observation_list_new(struct kl_node *node, const char *code,
	struct kl_observation_list **ret_list, struct kl_fault *fault)
{
	struct kl_observation_list *list;
	int rc = kl_observation_list_begin(node, code, &list, fault);

	if (rc)
		return rc;
	while ((rc = kl_observation_list_step(list, fault)) == 1)
		;
	if (rc) {
		kl_observation_list_destroy(list);
		return rc;
	}
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
	free(list->merged);
	free(list->runs);
	free(list->spots);
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
		.revision = item->order > BY_HAND ? item->order - BY_HAND : 0,
		.superseded = index + 1 < list->n && !strcmp(item[1].key, item->key)};
	int rc = kl_doc_observation_decode(
		kl_bytes(item->bytes, item->len), &listed.observation, fault);

	if (rc)
		return rc;
	listed.begins = !index || item[-1].period != item->period ||
			memcmp(item[-1].key, item->key, item->period) != 0;
	*ret_listed = listed;
	return KL_OK;
}
