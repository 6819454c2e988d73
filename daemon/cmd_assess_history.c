/* assess history: all revisions, in as many parts as they need. */
#include "daemon/commands.h"
#include "daemon/which_assessment.h"
#include "protocol/part.h"

#include <stdlib.h>
#include <string.h>

enum { PAGES_MAX = 1024 }; /* 64 MiB of rows, some hundred thousand revisions */

struct page {
	uint8_t *bytes;
	size_t len;
};

/* All rows are read at once, since no walk through the store outlives its call. */
struct history {
	struct kl_part part;
	struct page pages[PAGES_MAX];
	size_t count, next;
	uint64_t rows;
	struct kl_fault *fault;
};

static void destroy(struct history *h)
{
	for (size_t i = 0; i < h->count; i++)
		free(h->pages[i].bytes);
	kl_part_deinit(&h->part);
	free(h);
}

/* ---- gathering ----------------------------------------------------------------------------- */

static int end_page(struct history *h)
{
	struct kl_bytes bytes;
	struct page *page = &h->pages[h->count];
	int rc = kl_part_bytes(&h->part, &bytes);

	if (rc)
		return rc;
	if (h->count == PAGES_MAX)
		return KL_E_TOO_BIG;
	page->bytes = malloc(bytes.len);
	if (!page->bytes)
		return KL_E_NOMEM;
	memcpy(page->bytes, bytes.data, bytes.len);
	page->len = bytes.len;
	h->count++;
	return KL_OK;
}

static void write_row(struct kl_writer *w, const struct kl_assessment *a, uint64_t revision)
{
	struct kl_assessed r;

	kl_write_map(w, 5);
	kl_put_period(w, "period", a->period);
	kl_put_said(w, "place", a->place);
	kl_put_uint(w, "revision", revision);
	kl_put_array(w, "assessors", a->assessor_count);
	for (uint8_t i = 0; i < a->assessor_count; i++)
		kl_write_text(w, a->assessors[i].name);
	kl_put_map(w, "medians", KL_SUBJECTS);
	for (size_t s = 0; s < KL_SUBJECTS; s++) {
		kl_assessment_result(a, s, &r);
		kl_put_halves(w, kl_subject_code(s), r.median_doubled);
	}
}

static int put_revision(void *arg, const struct kl_assessment *a, uint64_t revision)
{
	struct history *h = arg;
	bool full = false;
	int rc;

	write_row(kl_part_row(&h->part), a, revision);
	rc = kl_part_end_row(&h->part, &full);
	if (!rc && full)
		rc = end_page(h);
	if (!rc && full)
		rc = kl_part_next(&h->part);
	h->rows += !rc;
	return rc ? kl_fault(h->fault, rc, "the history cannot be told: %s", kl_error_text(rc)) : 0;
}

static int gather(struct kl_node *node, struct kl_ask *ask, struct history *h)
{
	struct kl_period period;
	char place[KL_ASSESSMENT_PLACE_MAX];
	bool given = false;
	int rc = kl_ask_period(ask, &given, &period);

	if (!rc)
		rc = kl_ask_text(ask, "place", place, sizeof place);
	if (!rc)
		rc = kl_own_assessments(node, given ? &period : NULL, place[0] ? place : NULL,
			put_revision, h, &ask->fault);
	if (!rc && h->rows)
		rc = end_page(h);
	return rc;
}

/* ---- telling ------------------------------------------------------------------------------- */

static int more(struct kl_ask *ask, void *data)
{
	struct history *h = data;

	if (h->next < h->count) {
		const struct page *page = &h->pages[h->next++];

		kl_write_raw(&ask->out, kl_bytes(page->bytes, page->len));
		return kl_ask_part(ask);
	}
	kl_write_map(&ask->out, 1);
	kl_put_uint(&ask->out, "revisions", h->rows);
	destroy(h);
	return kl_ask_answer(ask);
}

static void aborted(struct kl_ask *ask, void *data)
{
	(void)ask;
	destroy(data);
}

static const struct kl_ask_hooks hooks = {.more = more, .abort = aborted};

int kl_cmd_assess_history(void *data, struct kl_ask *ask)
{
	struct history *h = calloc(1, sizeof *h);
	int rc;

	if (!h)
		return kl_fault(&ask->fault, KL_E_NOMEM, "out of memory");
	kl_part_init(&h->part);
	h->fault = &ask->fault;
	rc = gather(data, ask, h);
	if (rc) {
		destroy(h);
		return rc;
	}
	(void)kl_ask_later(ask, &hooks, h);
	rc = more(ask, h);
	if (rc)
		kl_ask_refuse(ask); /* and through it aborted() */
	return KL_OK;
}
