#include "daemon/reference.h"
#include "core/succession.h"
#include "core/words.h"
#include "daemon/nearest.h"
#include "daemon/network.h"
#include "daemon/rows.h"
#include "protocol/doc_council.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void kl_reference_destroy(struct kl_reference *reference)
{
	if (!reference)
		return;
	free(reference->items);
	free(reference);
}

void kl_reference_forget(struct kl_node *node)
{
	kl_reference_destroy(node->reference);
	node->reference = NULL;
	kl_nearest_forget(node);
}

/* ---- reading ------------------------------------------------------------------------------- */

static int take_row(void *data, const struct kl_value *row, struct kl_fault *fault)
{
	struct kl_reference *r = data;
	struct kl_council *items;
	int rc;

	if (r->n == KL_COUNCILS_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "more than %d councils", KL_COUNCILS_MAX);
	if (!(r->n & (r->n - 1))) { /* full at every power of two */
		items = realloc(r->items, (r->n ? 2 * r->n : 1) * sizeof *items);
		if (!items)
			return kl_fault(fault, KL_E_NOMEM, "no memory for the table of councils");
		r->items = items;
	}
	rc = kl_doc_council_decode(row, &r->items[r->n]);
	if (rc)
		return kl_fault(
			fault, rc, "a row of councils cannot be read: %s", kl_error_text(rc));
	r->n++;
	return KL_OK;
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct kl_council *)a)->gss, ((const struct kl_council *)b)->gss);
}

int kl_reference_get(
	struct kl_node *node, const struct kl_reference **ret_reference, struct kl_fault *fault)
{
	static const struct kl_rows_sink sink = {.row = take_row};
	struct kl_reference *r = node->reference;
	int rc;

	if (!r) {
		r = calloc(1, sizeof *r);
		if (!r)
			return kl_fault(fault, KL_E_NOMEM, "no memory for the table of councils");
		rc = kl_rows_all(node, KL_REFERENCE_KIND, KL_REFERENCE_NAME, &sink, r, fault);
		if (rc && rc != KL_E_NOT_FOUND) {
			kl_reference_destroy(r);
			return rc;
		}
		if (r->n)
			qsort(r->items, r->n, sizeof *r->items, compare);
		node->reference = r;
	}
	*ret_reference = r;
	return KL_OK;
}

/* ---- finding ------------------------------------------------------------------------------- */

static const struct kl_council *row_of(const struct kl_reference *r, const char *gss)
{
	struct kl_council key = {.gss = ""};

	if (!r->n || !kl_copy_text(key.gss, sizeof key.gss, gss))
		return NULL;
	return bsearch(&key, r->items, r->n, sizeof *r->items, compare);
}

const struct kl_council *kl_reference_gss(struct kl_node *node, const char *gss)
{
	const struct kl_reference *r;
	const struct kl_council *row;

	if (kl_reference_get(node, &r, NULL))
		return NULL;
	row = row_of(r, gss);
	for (size_t i = 0; r->n && !row && i < kl_successions_count; i++) {
		const struct kl_succession *s = &kl_successions[i];

		if (s->how != KL_SUCCESSION_RECODED)
			continue;
		if (!strcmp(s->to, gss))
			row = row_of(r, s->from);
		else if (!strcmp(s->from, gss))
			row = row_of(r, s->to);
	}
	return row;
}

static const char *spelling(const void *context, size_t index, size_t which)
{
	const struct kl_council *c = &((const struct kl_reference *)context)->items[index];

	switch (which) {
	case 0:
		return c->name;
	case 1:
		return c->gss;
	case 2:
		return c->short_name[0] ? c->short_name : NULL;
	default:
		return NULL;
	}
}

/* A council that has gone says where to: better than names that sound like it. */
static int is_no_more(const char *text, struct kl_fault *fault)
{
	const struct kl_succession *change = kl_succession_find(text);
	char words[KL_SUCCESSION_WORDS_MAX], today[KL_SUCCESSORS_TEXT_MAX];

	if (!change && fault && !fault->hint[0])
		(void)kl_fault_hint(fault, "keeplocal reference list shows those that are in it");
	if (!change)
		return KL_E_NOT_FOUND;
	kl_fault(fault, KL_E_NOT_FOUND, "the table of councils has it no more: %s",
		kl_succession_words(change, words));
	(void)kl_fault_hint(
		fault, "name today's: %s", kl_succession_today_words(change->from, today));
	return KL_E_NOT_FOUND;
}

int kl_reference_find(struct kl_node *node, const char *text, const struct kl_council **ret_council,
	struct kl_fault *fault)
{
	const struct kl_reference *r;
	struct kl_words words = {.spelling = spelling, .names_first = true};
	char gss[KL_GSS_MAX];
	size_t index;
	int rc = kl_reference_get(node, &r, fault);

	if (rc)
		return rc;
	if (!r->n) {
		kl_fault(fault, KL_E_NOT_FOUND, "there is no table of councils here yet");
		(void)kl_fault_hint(fault, "bring one in: keeplocal reference import FILE");
		return KL_E_NOT_FOUND;
	}
	words.count = r->n;
	words.context = r;
	*ret_council = kl_gss_typed(text, gss) ? kl_reference_gss(node, gss) : NULL;
	if (*ret_council)
		return KL_OK;
	rc = kl_words_find(&words, "council", text, &index, fault);
	if (!rc)
		*ret_council = &r->items[index];
	return rc == KL_E_NOT_FOUND ? is_no_more(text, fault) : rc;
}

/* The council of the roster that has this code. */
static const char *name_on_roster(const struct kl_node *node, const char *gss)
{
	struct kl_network *network = node->network;
	const struct kl_roster_member *council = NULL;

	if (network && !kl_roster_order_make(&network->order, &network->roster))
		council = kl_roster_order_council(&network->order, gss);
	return council ? council->name : NULL;
}

const char *kl_area_name(struct kl_node *node, const char *gss, char out[KL_AREA_NAME_MAX])
{
	const struct kl_council *council = kl_reference_gss(node, gss);
	const struct kl_succession *old = council ? NULL : kl_succession_of(gss);
	const char *name = council ? kl_council_short(council) : name_on_roster(node, gss);

	if (!name && old)
		(void)snprintf(
			out, KL_AREA_NAME_MAX, "%s (%s, until %u)", old->from_name, gss, old->year);
	else if (name)
		(void)snprintf(out, KL_AREA_NAME_MAX, "%s (%s)", name, gss);
	else
		(void)kl_copy_text(out, KL_AREA_NAME_MAX, gss);
	return out;
}

/* ---- answers ------------------------------------------------------------------------------- */

/* False if only the code is known. */
static bool has_name(struct kl_node *node, const char *gss, char out[KL_AREA_NAME_MAX])
{
	return strcmp(kl_area_name(node, gss, out), gss) != 0;
}

void kl_put_area(struct kl_writer *w, struct kl_node *node, const struct kl_area *area)
{
	char codes[KL_AREA_TEXT_MAX], name[KL_AREA_NAME_MAX];
	char names[KL_AREA_NAMED_MAX * (KL_AREA_NAME_MAX + 2) + 32] = "";
	bool any = false;
	size_t len = 0;

	for (unsigned i = 0; area && area->kind == KL_AREA_COUNCILS && i < area->count; i++) {
		if (i == KL_AREA_NAMED_MAX) {
			(void)snprintf(
				names + len, sizeof names - len, " and %u more", area->count - i);
			break;
		}
		any |= has_name(node, area->codes[i], name);
		len += (size_t)snprintf(
			names + len, sizeof names - len, "%s%s", i ? ", " : "", name);
	}
	kl_put_text(w, "area", area ? kl_area_format(area, codes) : NULL);
	kl_put_text(w, "area_name", any ? names : NULL);
}

void kl_put_place_name(struct kl_writer *w, struct kl_node *node, const char *place)
{
	char name[KL_AREA_NAME_MAX];

	kl_put_text(w, "place_name",
		kl_gss_is_valid(place) && has_name(node, place, name) ? name : NULL);
}
