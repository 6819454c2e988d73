#include "core/places.h"
#include "core/bytes.h"

#include <stdlib.h>
#include <string.h>

#define NOBODY UINT32_MAX /* a loose key that contradicting rows share */

enum { DIFFER_WHERE = 1, DIFFER_SECTOR = 2, DIFFER_SIZE = 4 };

struct row {
	uint32_t places[KL_PLACES_OF_ONE]; /* numbers of texts in `texts` */
	uint8_t count;                     /* of places; KL_PLACES_OF_ONE + 1: more */
	uint8_t where, sector, size;
	uint8_t differ; /* what rows of this name do not agree on */
};

struct kl_places {
	struct kl_names *names, *loose, *texts;
	struct row *rows;
	uint32_t *of_loose; /* row of each loose key, or NOBODY */
	size_t row_size, loose_size, differing;
};

const char *kl_size_name(enum kl_size size)
{
	static const char *const names[] = {"unknown", "micro", "small", "medium", "large"};

	return size < KL_SIZE_COUNT ? names[size] : "unknown";
}

int kl_place_check(const struct kl_place *p, struct kl_fault *fault)
{
	char key[KL_NAME_MAX];

	if (!kl_text_is_plain(kl_bytes_str(p->supplier), false) ||
		!kl_name_key(p->supplier, key)[0])
		return kl_fault(fault, KL_E_MALFORMED, "a place needs the name of its supplier");
	if (!kl_text_is_plain(kl_bytes_str(p->place), false))
		return kl_fault(fault, KL_E_MALFORMED, "a place is one line of text");
	if ((unsigned)p->where > KL_WHERE_ELSEWHERE || (unsigned)p->sector >= KL_SECTOR_COUNT ||
		(unsigned)p->size >= KL_SIZE_COUNT)
		return kl_fault(fault, KL_E_MALFORMED, "no such sector, size or place");
	return KL_OK;
}

struct kl_places *kl_places_new(void)
{
	struct kl_places *p = calloc(1, sizeof *p);

	if (!p)
		return NULL;
	p->names = kl_names_new();
	p->loose = kl_names_new();
	p->texts = kl_names_new();
	if (p->names && p->loose && p->texts)
		return p;
	kl_places_destroy(p);
	return NULL;
}

void kl_places_destroy(struct kl_places *p)
{
	if (!p)
		return;
	kl_names_destroy(p->names);
	kl_names_destroy(p->loose);
	kl_names_destroy(p->texts);
	free(p->rows);
	free(p->of_loose);
	free(p);
}

/* The same array with room for one more of `each` bytes, or NULL; sizes double. */
static void *room(void *items, size_t *size, size_t count, size_t each)
{
	size_t wanted = *size ? *size * 2 : 256;
	void *more;

	if (count < *size)
		return items;
	more = realloc(items, wanted * each);
	if (more)
		*size = wanted;
	return more;
}

static bool same_row(const struct row *a, const struct row *b)
{
	return a->count == b->count && a->where == b->where && a->sector == b->sector &&
	       a->size == b->size && !memcmp(a->places, b->places, sizeof a->places);
}

static bool differs(const struct row *row)
{
	return row->differ || row->count > 1;
}

static void add_text(struct row *row, uint32_t text)
{
	for (unsigned i = 0; i < row->count && i < KL_PLACES_OF_ONE; i++)
		if (row->places[i] == text)
			return;
	if (row->count < KL_PLACES_OF_ONE)
		row->places[row->count] = text;
	if (row->count <= KL_PLACES_OF_ONE)
		row->count++;
}

/* What one row says (0: nothing) joins what those before it said. */
static void agree(struct row *row, unsigned bit, uint8_t *said, unsigned says)
{
	if (!says || row->differ & bit)
		return;
	if (*said && *said != says) {
		row->differ |= (uint8_t)bit;
		*said = 0;
	} else {
		*said = (uint8_t)says;
	}
}

static void join_row(
	struct kl_places *p, struct row *row, const struct kl_place *place, const uint32_t *text)
{
	bool before = differs(row);

	if (text)
		add_text(row, *text);
	agree(row, DIFFER_WHERE, &row->where, place->where);
	agree(row, DIFFER_SECTOR, &row->sector, place->sector);
	agree(row, DIFFER_SIZE, &row->size, place->size);
	p->differing += differs(row) && !before;
}

static int add_loose(struct kl_places *p, const char *name, uint32_t row)
{
	struct kl_names_found found;
	char key[KL_NAME_MAX];
	int rc = kl_names_add(p->loose, kl_name_loose(name, key), &found);
	void *more;

	if (rc)
		return rc;
	more = room(p->of_loose, &p->loose_size, found.number, sizeof *p->of_loose);
	if (!more)
		return KL_E_NOMEM;
	p->of_loose = more;
	if (found.added)
		p->of_loose[found.number] = row;
	else if (p->of_loose[found.number] != NOBODY && p->of_loose[found.number] != row &&
		 !same_row(&p->rows[p->of_loose[found.number]], &p->rows[row]))
		p->of_loose[found.number] = NOBODY;
	return KL_OK;
}

int kl_places_add(struct kl_places *p, const struct kl_place *place)
{
	const char *trading = kl_name_trading(place->supplier);
	struct kl_names_found found;
	uint32_t text = 0;
	void *more;
	int rc;

	if (place->place[0]) {
		rc = kl_names_add(p->texts, place->place, &found);
		if (rc)
			return rc;
		text = found.number;
	}
	rc = kl_names_add(p->names, place->supplier, &found);
	if (rc)
		return rc;
	more = room(p->rows, &p->row_size, found.number, sizeof *p->rows);
	if (!more)
		return KL_E_NOMEM;
	p->rows = more;
	if (found.added)
		p->rows[found.number] = (struct row){.count = 0};
	join_row(p, &p->rows[found.number], place, place->place[0] ? &text : NULL);
	rc = add_loose(p, place->supplier, found.number);
	return rc || !*trading ? rc : add_loose(p, trading, found.number);
}

size_t kl_places_count(const struct kl_places *p)
{
	return kl_names_count(p->names);
}

size_t kl_places_differing(const struct kl_places *p)
{
	return p->differing;
}

struct kl_place_view kl_places_at(const struct kl_places *p, uint32_t number)
{
	const struct row *row = &p->rows[number];

	return (struct kl_place_view){kl_names_at(p->names, number),
		row->count == 1 ? kl_names_at(p->texts, row->places[0]) : "",
		(enum kl_where)row->where, (enum kl_sector)row->sector, (enum kl_size)row->size};
}

enum kl_where kl_places_where(
	const struct kl_places *p, uint32_t number, const struct kl_area *area)
{
	const struct row *row = &p->rows[number];
	enum kl_where where = KL_WHERE_UNKNOWN;

	if (row->where != KL_WHERE_UNKNOWN || row->differ & DIFFER_WHERE || !area ||
		row->count > KL_PLACES_OF_ONE)
		return (enum kl_where)row->where;
	for (unsigned i = 0; i < row->count; i++) {
		enum kl_where told = kl_area_holds(area, kl_names_at(p->texts, row->places[i]));

		if (i && told != where)
			return KL_WHERE_UNKNOWN;
		where = told;
	}
	return where;
}

static bool find_loose(const struct kl_places *p, const char *name, uint32_t *ret_number)
{
	char key[KL_NAME_MAX];
	uint32_t n;

	if (!*name || kl_names_find(p->loose, kl_name_loose(name, key), &n) ||
		p->of_loose[n] == NOBODY)
		return false;
	*ret_number = p->of_loose[n];
	return true;
}

int kl_places_find(
	const struct kl_places *p, const char *supplier, uint32_t *ret_number, bool *ret_loose)
{
	*ret_loose = false;
	if (!kl_names_find(p->names, supplier, ret_number))
		return KL_OK;
	*ret_loose = true;
	return find_loose(p, supplier, ret_number) ||
			       find_loose(p, kl_name_trading(supplier), ret_number)
		       ? KL_OK
		       : KL_E_NOT_FOUND;
}
