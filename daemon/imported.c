#include "daemon/imported.h"
#include "core/words.h"
#include "protocol/doc_observation.h"
#include "protocol/part.h"
#include "store/imports.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { IMPORTS_MAX = 1000 }; /* files in force */

struct table {
	uint64_t id, order;
	uint32_t parts;
	char name[KL_STORE_NAME_MAX + 1];
};

/* That rows of a code stand in a part. */
struct spot {
	uint32_t code, table, part;
};

struct code {
	char code[KL_METRIC_CODE_MAX];
	size_t distinct;
	struct kl_period latest; /* of all its rows */
};

struct kl_imported {
	struct table *tables;
	size_t n_tables;
	struct code *codes; /* in the order in which they were met */
	size_t n_codes, codes_capacity;
	struct spot *spots; /* by table, then part */
	size_t n_spots, spots_capacity;
	uint64_t *hashes; /* an open table; 0: free */
	size_t n_hashes, hashes_size;
	uint32_t table, part; /* what is indexed next */
};

void kl_imported_destroy(struct kl_imported *imported)
{
	if (!imported)
		return;
	free(imported->tables);
	free(imported->codes);
	free(imported->spots);
	free(imported->hashes);
	free(imported);
}

uint64_t kl_observation_hash(
	const char *code, const char *component, const char *period, const char *place)
{
	char folded[KL_WORDS_TEXT_MAX + 1];
	const char *const texts[] = {code, "|", component, "|", period, "|", folded};
	uint64_t hash = UINT64_C(14695981039346656037);

	kl_words_fold(place, folded);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		for (const char *c = texts[i]; *c; c++)
			hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
	return hash ? hash : 1;
}

/* ---- which are in force -------------------------------------------------------------------- */

static int note_table(void *arg, const struct kl_import *import)
{
	struct kl_imported *im = arg;
	struct table table = {.id = import->id, .order = import->order, .parts = import->parts};
	struct table *tables;
	size_t at = 0;

	memcpy(table.name, import->name, sizeof table.name);
	while (at < im->n_tables && strcmp(im->tables[at].name, table.name) != 0)
		at++;
	if (at < im->n_tables) { /* the newer one, behind the others */
		memmove(&im->tables[at], &im->tables[at + 1],
			(im->n_tables - at - 1) * sizeof *im->tables);
		im->tables[im->n_tables - 1] = table;
		return KL_VISIT_ON;
	}
	if (im->n_tables == IMPORTS_MAX)
		return KL_E_TOO_BIG;
	tables = realloc(im->tables, (im->n_tables + 1) * sizeof *tables);
	if (!tables)
		return KL_E_NOMEM;
	im->tables = tables;
	tables[im->n_tables++] = table;
	return KL_VISIT_ON;
}

static bool same_tables(const struct kl_imported *a, const struct kl_imported *b)
{
	bool same = a->n_tables == b->n_tables;

	for (size_t i = 0; same && i < a->n_tables; i++)
		same = a->tables[i].id == b->tables[i].id &&
		       a->tables[i].order == b->tables[i].order;
	return same;
}

/* ---- the index ----------------------------------------------------------------------------- */

static size_t slot_of(const uint64_t *hashes, size_t size, uint64_t hash)
{
	size_t i = hash & (size - 1);

	while (hashes[i] && hashes[i] != hash)
		i = (i + 1) & (size - 1);
	return i;
}

static int grow_hashes(struct kl_imported *im)
{
	size_t size = im->hashes_size ? 2 * im->hashes_size : 4096;
	uint64_t *hashes;

	if (2 * im->n_hashes < im->hashes_size)
		return KL_OK;
	hashes = calloc(size, sizeof *hashes);
	if (!hashes)
		return KL_E_NOMEM;
	for (size_t i = 0; i < im->hashes_size; i++)
		if (im->hashes[i])
			hashes[slot_of(hashes, size, im->hashes[i])] = im->hashes[i];
	free(im->hashes);
	im->hashes = hashes;
	im->hashes_size = size;
	return KL_OK;
}

static int note_hash(struct kl_imported *im, uint64_t hash, struct code *code)
{
	size_t slot;

	if (grow_hashes(im))
		return KL_E_NOMEM;
	slot = slot_of(im->hashes, im->hashes_size, hash);
	if (im->hashes[slot])
		return KL_OK;
	im->hashes[slot] = hash;
	im->n_hashes++;
	code->distinct++;
	return KL_OK;
}

/* Makes room for one more behind `n`. NULL: out of memory, and the items stay where they are. */
static void *room_for(void *items, size_t n, size_t *capacity, size_t size)
{
	size_t wanted = *capacity ? 2 * *capacity : 64;
	void *more = n < *capacity ? items : realloc(items, wanted * size);

	if (more && n == *capacity)
		*capacity = wanted;
	return more;
}

static int find_code(struct kl_imported *im, const char *text, uint32_t *ret_code)
{
	struct code *codes;

	for (size_t i = 0; i < im->n_codes; i++)
		if (!strcmp(im->codes[i].code, text)) {
			*ret_code = (uint32_t)i;
			return KL_OK;
		}
	codes = room_for(im->codes, im->n_codes, &im->codes_capacity, sizeof *codes);
	if (!codes)
		return KL_E_NOMEM;
	im->codes = codes;
	im->codes[im->n_codes] = (struct code){.distinct = 0};
	(void)kl_copy_text(im->codes[im->n_codes].code, KL_METRIC_CODE_MAX, text);
	*ret_code = (uint32_t)im->n_codes++;
	return KL_OK;
}

static int note_spot(struct kl_imported *im, struct spot spot)
{
	struct spot *spots;

	for (size_t i = im->n_spots; i > 0; i--) {
		const struct spot *s = &im->spots[i - 1];

		if (s->table != spot.table || s->part != spot.part)
			break;
		if (s->code == spot.code)
			return KL_OK;
	}
	spots = room_for(im->spots, im->n_spots, &im->spots_capacity, sizeof *spots);
	if (!spots)
		return KL_E_NOMEM;
	im->spots = spots;
	im->spots[im->n_spots++] = spot;
	return KL_OK;
}

/* A row of that period stands in the table. */
static int note_period(struct code *code, const char *text, bool first)
{
	struct kl_period period;

	if (kl_period_parse(text, &period))
		return KL_E_DAMAGED;
	if (first || kl_period_compare(period, code->latest) > 0)
		code->latest = period;
	return KL_OK;
}

/* A text of the row's map; "" for nil. */
static int text_of(const struct kl_value *row, const char *key, char *out, size_t size)
{
	return kl_get_text_or(row, key, "", out, size) ? KL_E_DAMAGED : KL_OK;
}

static int note_row(
	struct kl_imported *im, const struct kl_value *row, uint32_t table, uint32_t part)
{
	char code[KL_METRIC_CODE_MAX], component[KL_OBSERVATION_COMPONENT_MAX];
	char period[KL_PERIOD_TEXT_MAX], place[KL_OBSERVATION_PLACE_MAX];
	struct spot spot = {.table = table, .part = part};
	size_t codes = im->n_codes;
	int rc = text_of(row, "code", code, sizeof code);

	if (!rc)
		rc = text_of(row, "component", component, sizeof component);
	if (!rc)
		rc = text_of(row, "period", period, sizeof period);
	if (!rc)
		rc = text_of(row, "place", place, sizeof place);
	if (!rc)
		rc = find_code(im, code, &spot.code);
	if (!rc)
		rc = note_period(&im->codes[spot.code], period, im->n_codes > codes);
	if (!rc)
		rc = note_spot(im, spot);
	return rc ? rc
		  : note_hash(im, kl_observation_hash(code, component, period, place),
			    &im->codes[spot.code]);
}

/* Calls for the rows of one part. */
static int each_row(struct kl_node *node, uint64_t id, uint32_t part,
	int (*visit)(void *arg, const struct kl_value *row), void *arg)
{
	struct kl_cursor rows;
	struct kl_value row;
	uint8_t *bytes;
	size_t len;
	int rc = kl_import_read_part(node->store, id, part, &bytes, &len);

	if (rc)
		return rc;
	rc = kl_part_open(kl_bytes(bytes, len), &rows);
	while (!rc && kl_cursor_next(&rows, &row))
		rc = visit(arg, &row);
	free(bytes);
	return rc;
}

struct indexing {
	struct kl_imported *im;
	uint32_t table, part;
};

static int index_row(void *arg, const struct kl_value *row)
{
	struct indexing *x = arg;

	return note_row(x->im, row, x->table, x->part);
}

static bool is_whole(const struct kl_imported *im)
{
	return im->table == im->n_tables;
}

/* Takes in one part, or goes on to the next table. */
static int index_a_part(struct kl_node *node, struct kl_imported *im)
{
	const struct table *table = &im->tables[im->table];
	struct indexing x = {im, im->table, im->part};
	int rc = KL_OK;

	if (im->part < table->parts)
		rc = each_row(node, table->id, im->part++, index_row, &x);
	if (!rc && im->part >= table->parts) {
		im->table++;
		im->part = 0;
	}
	return rc;
}

static void forget(struct kl_node *node)
{
	kl_imported_destroy(node->imported);
	node->imported = NULL;
}

/* node->imported is the index of what is in force now, as far as it was made; NULL if nothing came in,
 * or all of it was taken back. */
static int look_again(struct kl_node *node)
{
	struct kl_imported *im = calloc(1, sizeof *im);
	int rc = im ? kl_import_visit(node->store, KL_OBSERVATIONS_IMPORT, note_table, im)
		    : KL_E_NOMEM;

	if (rc || (node->imported && same_tables(im, node->imported))) {
		kl_imported_destroy(im);
		return rc;
	}
	forget(node);
	if (im->n_tables)
		node->imported = im;
	else
		kl_imported_destroy(im);
	return KL_OK;
}

/* The whole index as it is now: what kl_imported_begin() has not got to yet is made at once. */
static int obtain(struct kl_node *node, const struct kl_imported **ret)
{
	static const struct kl_imported nothing;
	int rc = look_again(node);

	while (!rc && node->imported && !is_whole(node->imported))
		rc = index_a_part(node, node->imported);
	if (rc) {
		forget(node);
		return rc;
	}
	*ret = node->imported ? node->imported : &nothing;
	return KL_OK;
}

/* ---- beforehand ---------------------------------------------------------------------------- */

static void index_on(uv_idle_t *idle)
{
	struct kl_node *node = idle->data;

	if (node->imported && !is_whole(node->imported) && !index_a_part(node, node->imported))
		return;
	if (node->imported && !is_whole(node->imported))
		forget(node); /* whoever asks is told what is wrong */
	uv_idle_stop(idle);
}

void kl_imported_begin(struct kl_node *node)
{
	if (look_again(node) || !node->imported || is_whole(node->imported))
		return;
	node->indexing.data = node;
	uv_idle_start(&node->indexing, index_on); /* cannot fail with a callback */
}

/* ---- asking -------------------------------------------------------------------------------- */

struct asking {
	const char *code;
	kl_imported_fn *visit;
	void *arg;
	uint64_t order;
};

static int give_row(void *arg, const struct kl_value *row)
{
	struct asking *a = arg;
	char code[KL_METRIC_CODE_MAX];

	if (text_of(row, "code", code, sizeof code))
		return KL_E_DAMAGED;
	return strcmp(code, a->code) ? KL_OK : a->visit(a->arg, row->raw, a->order);
}

static const struct code *known_code(const struct kl_imported *im, const char *code)
{
	for (size_t i = 0; i < im->n_codes; i++)
		if (!strcmp(im->codes[i].code, code))
			return &im->codes[i];
	return NULL;
}

int kl_imported_spots(struct kl_node *node, const char *code, struct kl_imported_spot **ret_spots,
	size_t *ret_count)
{
	struct kl_imported_spot *spots;
	const struct kl_imported *im;
	const struct code *known;
	int rc = obtain(node, &im);

	*ret_spots = NULL;
	*ret_count = 0;
	known = rc ? NULL : known_code(im, code);
	if (!known)
		return rc;
	spots = calloc(im->n_spots, sizeof *spots);
	if (!spots)
		return KL_E_NOMEM;
	*ret_spots = spots;
	for (size_t i = 0; i < im->n_spots; i++) {
		const struct spot *s = &im->spots[i];

		if (&im->codes[s->code] == known)
			spots[(*ret_count)++] = (struct kl_imported_spot){
				im->tables[s->table].id, im->tables[s->table].order, s->part};
	}
	return KL_OK;
}

int kl_imported_rows(struct kl_node *node, const struct kl_imported_spot *spot, const char *code,
	kl_imported_fn *visit, void *arg)
{
	struct asking a = {code, visit, arg, spot->order};

	return each_row(node, spot->id, spot->part, give_row, &a);
}

int kl_imported_count(struct kl_node *node, const char *code, size_t *ret_count)
{
	const struct kl_imported *im;
	const struct code *known;
	int rc = obtain(node, &im);

	if (rc)
		return rc;
	known = known_code(im, code);
	*ret_count = known ? known->distinct : 0;
	return KL_OK;
}

int kl_imported_latest(
	struct kl_node *node, const char *code, bool *ret_any, struct kl_period *ret_latest)
{
	const struct kl_imported *im;
	const struct code *known;
	int rc = obtain(node, &im);

	if (rc)
		return rc;
	known = known_code(im, code);
	*ret_any = known;
	if (known)
		*ret_latest = known->latest;
	return KL_OK;
}

int kl_imported_has(struct kl_node *node, uint64_t hash, bool *ret_has)
{
	const struct kl_imported *im;
	int rc = obtain(node, &im);

	if (rc)
		return rc;
	*ret_has = im->hashes_size && im->hashes[slot_of(im->hashes, im->hashes_size, hash)];
	return KL_OK;
}
