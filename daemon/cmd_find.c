/* find: who does what where, as a list, as a grid, and as its gaps. Each is asked for by itself, and in
 * parts: what did not fit into an answer is asked for with what it calls "next". */
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/coverage_map.h"

#include <stdlib.h>
#include <string.h>

enum {
	MEMBERS_IN_PART = 200,
	ROW_BYTES_MAX = 32 * 1024, /* more than the longest row takes */
	LIST_BYTES_MAX = KL_CONTROL_BODY_MAX - 2 * ROW_BYTES_MAX,
	CELLS_BYTES_MAX = 96 * 1024, /* what places and rows leave */
	CELLS_LOOKED_AT = 4096,      /* in one part: names are gathered for all of them */
};

static const char *const our_rules[] = {
	"what a profile names counts as an activity of the report if it has the words of one of "
	"them alone, in any order and form; everything else stands in the member's own words",
	"own words belong to no characteristic",
	"a gap says that no member here says it does this, not that nobody does",
};

static void put_rules(struct kl_writer *w)
{
	kl_put_array(w, "our_rules", sizeof our_rules / sizeof *our_rules);
	for (size_t i = 0; i < sizeof our_rules / sizeof *our_rules; i++)
		kl_write_text(w, our_rules[i]);
}

enum { ASKED_PUT = 10 };

/* What was asked for, and what was taken into account. */
static void put_asked(struct kl_writer *w, const struct kl_coverage_map *map)
{
	char text[KL_PLACE_WORDS_MAX];

	kl_put_said(w, "place", kl_place_words(map->node, &map->place, text));
	kl_put_said(w, "activity", map->activity);
	kl_put_said(w, "service", map->service);
	kl_put_text(w, "kind", map->kind);
	kl_put_text(w, "by", map->wanted.characteristics ? "characteristic" : "activity");
	kl_put_uint(w, "looked_at", map->n_here);
	kl_put_uint(w, "without_area", map->without_area);
	kl_put_uint(w, "silent", map->silent);
	kl_put_uint(w, "own_words_only", map->own_only);
	put_rules(w);
}

/* A list that is written row by row: how many there are, and whether it is full. */
struct list {
	struct kl_writer rows;
	size_t n, most;
};

static bool is_full(const struct list *list, size_t bytes)
{
	struct kl_bytes written;

	return list->n == list->most ||
	       (!kl_writer_bytes(&list->rows, &written) && written.len > bytes);
}

/* The list under `key`, and the number to go on with under "next" (nil: all is told). */
static int put_list(struct kl_ask *ask, struct list *list, const char *key, bool more, size_t next)
{
	struct kl_bytes written;
	int rc = kl_writer_bytes(&list->rows, &written);

	if (rc)
		return kl_fault(&ask->fault, rc, "out of memory");
	if (more)
		kl_put_uint(&ask->out, "next", next);
	else
		kl_put_nil(&ask->out, "next");
	kl_put_array(&ask->out, key, list->n);
	kl_write_raw(&ask->out, written);
	return KL_OK;
}

static int read_after(struct kl_ask *ask, size_t *ret_from)
{
	uint64_t from;

	if (kl_get_uint_or(&ask->args, "after", UINT32_MAX, 0, &from))
		return kl_fault(&ask->fault, KL_E_USAGE,
			"after: expected what the last answer called \"next\"");
	*ret_from = (size_t)from;
	return KL_OK;
}

/* ---- the list -------------------------------------------------------------------------------- */

static void put_texts(struct kl_writer *w, const char *key, const struct kl_text_list *list)
{
	kl_put_array(w, key, list->n);
	for (size_t i = 0; i < list->n; i++)
		kl_write_text(w, list->items[i]);
}

/* The characteristics that what it does belongs to. */
static void put_characteristics(struct kl_writer *w, const struct kl_coverage_member *m)
{
	bool has[KL_CHARACTERISTICS] = {false};
	size_t n = 0;

	for (size_t i = 0; i < m->services->n + m->activities->n; i++) {
		const struct kl_activity *it = kl_pursuit_activity(m->pursuits[i]);

		if (it)
			has[it->characteristic] = true;
	}
	for (size_t i = 0; i < KL_CHARACTERISTICS; i++)
		n += has[i];
	kl_put_array(w, "characteristics", n);
	for (size_t i = 0; i < KL_CHARACTERISTICS; i++)
		if (has[i])
			kl_write_text(w, kl_characteristic_at(i)->code);
}

static void put_member(struct kl_writer *w, const struct kl_coverage_map *map, size_t i)
{
	static const struct kl_text_list nothing;
	const struct kl_placed *who = &map->who[i];
	char area[KL_AREA_NAME_MAX];

	kl_write_map(w, 9);
	kl_put_text(w, "member", who->member->name);
	kl_put_text(w, "kind", kl_member_kind_name(who->member->attributes.kind));
	kl_put_said(w, "place", kl_area_name(map->node, who->gss, area));
	kl_put_said(w, "gss", who->gss);
	kl_put_said(w, "region", kl_region_of(map->node, who));
	put_texts(w, "neighbourhoods", who->said ? &who->said->profile.neighbourhoods : &nothing);
	put_texts(w, "activities", map->members[i].activities);
	put_texts(w, "services", map->members[i].services);
	put_characteristics(w, &map->members[i]);
}

static bool is_found(const struct kl_coverage_map *map, size_t i)
{
	return map->here[i] && kl_coverage_fits(&map->grid, &map->members[i]);
}

static int put_members(struct kl_ask *ask, const struct kl_coverage_map *map)
{
	struct list list = {.most = MEMBERS_IN_PART};
	size_t from = 0, found = 0, i;
	int rc = read_after(ask, &from);

	if (rc)
		return rc;
	kl_writer_init(&list.rows);
	for (i = from; i < map->n && !is_full(&list, LIST_BYTES_MAX); i++)
		if (is_found(map, i)) {
			put_member(&list.rows, map, i);
			list.n++;
		}
	for (size_t k = 0; k < map->n; k++)
		found += is_found(map, k);
	kl_write_map(&ask->out, ASKED_PUT + 3);
	put_asked(&ask->out, map);
	kl_put_uint(&ask->out, "found", found);
	rc = put_list(ask, &list, "members", i < map->n, i);
	kl_writer_deinit(&list.rows);
	return rc;
}

/* ---- the grid -------------------------------------------------------------------------------- */

static void put_places(struct kl_writer *w, const struct kl_coverage_map *map)
{
	const struct kl_coverage *grid = &map->grid;
	char text[KL_PLACE_WORDS_MAX];

	kl_put_uint(w, "places_left_out", grid->all_places - grid->n_places);
	kl_put_array(w, "places", grid->n_places);
	for (size_t i = 0; i < grid->n_places; i++) {
		kl_write_map(w, 3);
		kl_put_text(w, "place", kl_coverage_map_place(map, i, text));
		kl_put_said(w, "gss", map->who[grid->places[i].member].gss);
		kl_put_uint(w, "members", grid->places[i].members);
	}
}

static void put_row_words(struct kl_writer *w, const struct kl_coverage_map *map, size_t row)
{
	const struct kl_row_words words = kl_coverage_map_row(map, row);

	kl_put_text(w, "what", words.what);
	kl_put_text(w, "code", words.code);
	kl_put_text(w, "characteristic", words.characteristic);
}

/* Own words that are said elsewhere only are no row of this grid. */
static bool is_row(const struct kl_coverage_map *map, size_t row)
{
	for (size_t i = 0; i < map->grid.n_places; i++)
		if (kl_coverage_at(&map->grid, i, row))
			return true;
	return !map->grid.rows[row].words;
}

static void put_rows(struct kl_writer *w, const struct kl_coverage_map *map)
{
	size_t n = 0;

	for (size_t i = 0; i < map->grid.n_rows; i++)
		n += is_row(map, i);
	kl_put_uint(w, "rows_left_out", map->grid.all_rows - map->grid.n_rows);
	kl_put_array(w, "rows", n);
	for (size_t i = 0; i < map->grid.n_rows; i++) {
		if (!is_row(map, i))
			continue;
		kl_write_map(w, 4);
		put_row_words(w, map, i);
		kl_put_uint(w, "members", map->grid.rows[i].members);
	}
}

static void put_cell(struct kl_writer *w, const struct kl_coverage_map *map, size_t cell,
	const uint32_t who[KL_COVERAGE_WHO_MAX])
{
	const size_t place = cell / map->grid.n_rows, row = cell % map->grid.n_rows;
	const uint32_t count = map->grid.counts[cell];
	const uint32_t named = count < KL_COVERAGE_WHO_MAX ? count : KL_COVERAGE_WHO_MAX;
	char text[KL_PLACE_WORDS_MAX];

	kl_write_map(w, 5);
	kl_put_uint(w, "column", place);
	kl_put_text(w, "place", kl_coverage_map_place(map, place, text));
	kl_put_text(w, "what", kl_coverage_map_row(map, row).what);
	kl_put_uint(w, "members", count);
	kl_put_array(w, "who", named);
	for (uint32_t i = 0; i < named; i++)
		kl_write_text(w, map->who[who[i]].member->name);
}

/* Which cells a list holds, and how it writes them. */
struct cells {
	const char *key;
	size_t bytes; /* room for them */
	bool (*wanted)(const struct kl_coverage_map *map, size_t cell);
	void (*put)(struct kl_writer *w, const struct kl_coverage_map *map, size_t cell,
		const uint32_t who[KL_COVERAGE_WHO_MAX]);
};

/* The wanted ones from cell number `from`, as many as have room. */
static int put_cells(struct kl_ask *ask, const struct kl_coverage_map *map, size_t from,
	const struct cells *what)
{
	const size_t all = map->grid.n_places * map->grid.n_rows;
	const size_t to = all - from > CELLS_LOOKED_AT ? from + CELLS_LOOKED_AT : all;
	uint32_t(*who)[KL_COVERAGE_WHO_MAX] = calloc(to - from + 1, sizeof *who);
	struct list list = {.most = CELLS_LOOKED_AT};
	size_t cell;
	int rc =
		who ? kl_coverage_who(&map->grid, map->members, map->n, from, to, who) : KL_E_NOMEM;

	kl_writer_init(&list.rows);
	for (cell = from; !rc && cell < to && !is_full(&list, what->bytes); cell++)
		if (what->wanted(map, cell)) {
			what->put(&list.rows, map, cell, who[cell - from]);
			list.n++;
		}
	rc = rc ? kl_fault(&ask->fault, rc, "out of memory")
		: put_list(ask, &list, what->key, cell < all, cell);
	kl_writer_deinit(&list.rows);
	free(who);
	return rc;
}

static int read_from_cell(struct kl_ask *ask, const struct kl_coverage_map *map, size_t *ret_from)
{
	const size_t all = map->grid.n_places * map->grid.n_rows;
	int rc = read_after(ask, ret_from);

	if (!rc && *ret_from > all)
		*ret_from = all;
	return rc;
}

static bool has_somebody(const struct kl_coverage_map *map, size_t cell)
{
	return map->grid.counts[cell] > 0;
}

/* Places and rows stand in the first part. */
static int put_grid(struct kl_ask *ask, const struct kl_coverage_map *map)
{
	static const struct cells cells = {"cells", CELLS_BYTES_MAX, has_somebody, put_cell};
	size_t from = 0;
	int rc = read_from_cell(ask, map, &from);

	if (rc)
		return rc;
	kl_write_map(&ask->out, from ? 2 : ASKED_PUT + 6);
	if (!from) {
		put_asked(&ask->out, map);
		put_places(&ask->out, map);
		put_rows(&ask->out, map);
	}
	return put_cells(ask, map, from, &cells);
}

/* ---- gaps ------------------------------------------------------------------------------------ */

static void put_gap(struct kl_writer *w, const struct kl_coverage_map *map, size_t cell,
	const uint32_t who[KL_COVERAGE_WHO_MAX])
{
	const size_t place = cell / map->grid.n_rows, row = cell % map->grid.n_rows;
	const uint32_t count = map->grid.counts[cell];
	char text[KL_PLACE_WORDS_MAX];

	kl_write_map(w, 7);
	kl_put_text(w, "place", kl_coverage_map_place(map, place, text));
	put_row_words(w, map, row);
	kl_put_uint(w, "members", count);
	kl_put_text(w, "only", count ? map->who[who[0]].member->name : NULL);
	kl_put_uint(w, "elsewhere", map->grid.rows[row].members - count);
}

/* Own words are a gap where somebody else has them, too: what one member alone does in its own words is
 * no gap of the others. */
static bool is_gap(const struct kl_coverage_map *map, size_t cell)
{
	const struct kl_coverage_row *row = &map->grid.rows[cell % map->grid.n_rows];

	return map->grid.counts[cell] < 2 && (!row->words || row->members > 1);
}

static int put_gaps(struct kl_ask *ask, const struct kl_coverage_map *map)
{
	static const struct cells cells = {"gaps", LIST_BYTES_MAX, is_gap, put_gap};
	size_t from = 0;
	int rc = read_from_cell(ask, map, &from);

	if (rc)
		return rc;
	kl_write_map(&ask->out, ASKED_PUT + 2);
	put_asked(&ask->out, map);
	return put_cells(ask, map, from, &cells);
}

/* ---- commands -------------------------------------------------------------------------------- */

static int answer(void *data, struct kl_ask *ask,
	int (*put)(struct kl_ask *ask, const struct kl_coverage_map *map))
{
	struct kl_coverage_map map;
	int rc = kl_coverage_map_make(data, ask, &map);

	if (!rc)
		rc = put(ask, &map);
	kl_coverage_map_free(&map);
	return rc ? rc : kl_ask_answer(ask);
}

int kl_cmd_find(void *data, struct kl_ask *ask)
{
	return answer(data, ask, put_members);
}

int kl_cmd_find_grid(void *data, struct kl_ask *ask)
{
	return answer(data, ask, put_grid);
}

int kl_cmd_find_gaps(void *data, struct kl_ask *ask)
{
	return answer(data, ask, put_gaps);
}
