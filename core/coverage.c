#include "core/coverage.h"
#include "core/biggest.h"
#include "core/words.h"

#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX

/* ---- numbers by key -------------------------------------------------------------------------- */

/* Gives each key a number in order of first appearance. `slots` hold number + 1. */
struct numbers {
	uint64_t *keys;
	uint32_t *slots;
	size_t n, slot_count;
};

static bool numbers_init(struct numbers *numbers)
{
	*numbers = (struct numbers){.slot_count = 256};
	numbers->keys = calloc(numbers->slot_count / 2, sizeof *numbers->keys);
	numbers->slots = calloc(numbers->slot_count, sizeof *numbers->slots);
	return numbers->keys && numbers->slots;
}

static void numbers_deinit(struct numbers *numbers)
{
	free(numbers->keys);
	free(numbers->slots);
}

/* Keys may follow each other (codes of areas do), so they are stirred. */
static size_t slot_of(const struct numbers *numbers, uint64_t key)
{
	size_t slot =
		(size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 20) & (numbers->slot_count - 1);

	while (numbers->slots[slot] && numbers->keys[numbers->slots[slot] - 1] != key)
		slot = (slot + 1) & (numbers->slot_count - 1);
	return slot;
}

static uint32_t number_of(const struct numbers *numbers, uint64_t key)
{
	return numbers->slots[slot_of(numbers, key)] - 1; /* NONE for an empty slot */
}

static bool grow(struct numbers *numbers)
{
	size_t count = 2 * numbers->slot_count;
	uint64_t *keys = realloc(numbers->keys, count / 2 * sizeof *keys);
	uint32_t *slots = keys ? calloc(count, sizeof *slots) : NULL;

	if (keys)
		numbers->keys = keys;
	if (!slots)
		return false;
	free(numbers->slots);
	numbers->slots = slots;
	numbers->slot_count = count;
	for (size_t i = 0; i < numbers->n; i++)
		slots[slot_of(numbers, keys[i])] = (uint32_t)i + 1;
	return true;
}

/* Finds or adds; NONE when out of memory. */
static uint32_t take_number(struct numbers *numbers, uint64_t key)
{
	size_t slot = slot_of(numbers, key);

	if (numbers->slots[slot])
		return numbers->slots[slot] - 1;
	if (numbers->n == numbers->slot_count / 2) {
		if (!grow(numbers))
			return NONE;
		slot = slot_of(numbers, key);
	}
	numbers->keys[numbers->n++] = key;
	numbers->slots[slot] = (uint32_t)numbers->n;
	return (uint32_t)numbers->n - 1;
}

/* ---- pursuits -------------------------------------------------------------------------------- */

/* One pursuit: those of the bank come first, then own words as they appear. */
struct pursuit {
	const char *words;      /* NULL in the bank */
	uint32_t members, last; /* who does it, and the last of them that was counted */
	uint32_t row;           /* NONE: not in the grid */
	bool fits_activity, fits_service;
};

struct kl_coverage_table {
	struct kl_coverage_wanted wanted;
	uint64_t activity_is, service_is; /* the pursuit that the wanted texts name as a whole */
	struct numbers own, places;
	uint32_t *shown; /* of each place its column, or NONE */
	struct pursuit *items;
	size_t capacity;
	uint32_t *said; /* of each item of each member, one after the other, its place in `items` */
};

static size_t bank_count(void)
{
	return kl_activity_count();
}

/* Items have numbers, services first. */
static bool is_service(const struct kl_coverage_member *member, size_t item)
{
	return item < member->services->n;
}

static const char *text_of(const struct kl_coverage_member *member, size_t item)
{
	return is_service(member, item) ? member->services->items[item]
					: member->activities->items[item - member->services->n];
}

static size_t items_of(const struct kl_coverage_member *member)
{
	return member->services->n + member->activities->n;
}

static bool fits(const char *wanted, uint64_t wanted_is, uint64_t pursuit, const char *words)
{
	const struct kl_activity *activity = kl_pursuit_activity(pursuit);

	if (!wanted)
		return false;
	if (pursuit == wanted_is)
		return true;
	return activity ? kl_words_contain(activity->name, wanted) ||
				  kl_words_contain(activity->code, wanted)
			: kl_words_contain(words, wanted);
}

static struct pursuit describe(
	const struct kl_coverage_table *table, uint64_t pursuit, const char *words)
{
	const struct kl_coverage_wanted *w = &table->wanted;

	return (struct pursuit){.words = words,
		.last = NONE,
		.row = NONE,
		.fits_activity = fits(w->activity, table->activity_is, pursuit, words),
		.fits_service = fits(w->service, table->service_is, pursuit, words)};
}

static struct pursuit *find(const struct kl_coverage_table *table, uint64_t pursuit)
{
	uint32_t number;

	if (pursuit < bank_count())
		return &table->items[pursuit];
	number = number_of(&table->own, pursuit);
	return number == NONE ? NULL : &table->items[bank_count() + number];
}

/* The place of a pursuit, which is added if it was not there; NONE when out of memory. */
static uint32_t obtain(struct kl_coverage_table *table, uint64_t pursuit, const char *words)
{
	const size_t before = table->own.n;
	struct pursuit *items;
	uint32_t number;

	if (pursuit < bank_count())
		return (uint32_t)pursuit;
	number = take_number(&table->own, pursuit);
	if (number == NONE)
		return NONE;
	number += (uint32_t)bank_count();
	if (table->own.n == before)
		return number;
	if (number >= table->capacity) {
		items = realloc(table->items, 2 * table->capacity * sizeof *items);
		if (!items)
			return NONE;
		table->items = items;
		table->capacity *= 2;
	}
	table->items[number] = describe(table, pursuit, words);
	return number;
}

/* Whether an item that was said like this counts in the grid. */
static bool counts(const struct kl_coverage_table *table, const struct pursuit *it, bool service)
{
	if (!table->wanted.activity && !table->wanted.service)
		return true;
	return (it->fits_activity && (!service || !it->words)) ||
	       (it->fits_service && (service || !it->words));
}

static struct kl_coverage_table *new_table(
	struct kl_pursuits *pursuits, const struct kl_coverage_wanted *wanted)
{
	struct kl_coverage_table *table = calloc(1, sizeof *table);

	if (!table)
		return NULL;
	table->wanted = *wanted;
	if (wanted->activity)
		table->activity_is = kl_pursuit_of(pursuits, wanted->activity);
	if (wanted->service)
		table->service_is = kl_pursuit_of(pursuits, wanted->service);
	table->capacity = 2 * bank_count();
	table->items = calloc(table->capacity, sizeof *table->items);
	if (!numbers_init(&table->own) || !numbers_init(&table->places) || !table->items)
		return table; /* its owner looks, and frees it */
	for (size_t i = 0; i < bank_count(); i++)
		table->items[i] = describe(table, i, NULL);
	return table;
}

static bool is_whole(const struct kl_coverage_table *table)
{
	return table && table->items && table->own.keys && table->own.slots && table->places.keys &&
	       table->places.slots;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Counts the members of each pursuit. */
static int count_pursuits(struct kl_coverage *c, const struct kl_coverage_member *members, size_t n)
{
	size_t room = 0, at = 0;

	for (size_t m = 0; m < n; m++)
		room += items_of(&members[m]);
	c->table->said = malloc((room + 1) * sizeof *c->table->said);
	if (!c->table->said)
		return KL_E_NOMEM;
	for (size_t m = 0; m < n; m++)
		for (size_t i = 0; i < items_of(&members[m]); i++, at++) {
			const char *words = text_of(&members[m], i);
			uint32_t number = obtain(c->table, members[m].pursuits[i], words);
			struct pursuit *it = &c->table->items[number == NONE ? 0 : number];

			if (number == NONE)
				return KL_E_NOMEM;
			c->table->said[at] = number;
			if (it->last == m || !counts(c->table, it, is_service(&members[m], i)))
				continue;
			it->last = (uint32_t)m;
			it->members++;
		}
	return KL_OK;
}

static void add_row(struct kl_coverage *c, uint64_t pursuit, struct pursuit *it)
{
	it->row = (uint32_t)c->n_rows;
	c->rows[c->n_rows++] = (struct kl_coverage_row){pursuit, it->words, it->members};
}

static int choose_own(struct kl_coverage *c)
{
	const size_t bank = bank_count();
	struct kl_big *own = malloc((c->table->own.n + 1) * sizeof *own);
	size_t n = 0;

	if (!own)
		return KL_E_NOMEM;
	for (size_t i = 0; i < c->table->own.n; i++)
		if (c->table->items[bank + i].members)
			own[n++] = (struct kl_big){c->table->items[bank + i].members, (uint32_t)i};
	c->all_rows = c->n_rows + n;
	kl_biggest_begin(own, n);
	while (n && c->n_rows < KL_COVERAGE_ROWS_MAX) {
		uint32_t number = kl_biggest_take(own, &n).number;

		add_row(c, c->table->own.keys[number], &c->table->items[bank + number]);
	}
	free(own);
	return KL_OK;
}

static int choose_rows(struct kl_coverage *c)
{
	const struct kl_coverage_wanted *wanted = &c->table->wanted;
	const bool all = !wanted->activity && !wanted->service;

	c->rows = calloc(KL_COVERAGE_ROWS_MAX, sizeof *c->rows);
	if (!c->rows)
		return KL_E_NOMEM;
	for (size_t i = 0; !wanted->characteristics && i < bank_count(); i++)
		if (all || c->table->items[i].fits_activity || c->table->items[i].fits_service)
			add_row(c, i, &c->table->items[i]);
	if (!wanted->characteristics)
		return choose_own(c);
	for (size_t i = 0; i < bank_count(); i++)
		c->table->items[i].row = kl_activity_at(i)->characteristic;
	for (size_t i = 0; i < KL_CHARACTERISTICS; i++)
		c->rows[c->n_rows++] = (struct kl_coverage_row){.pursuit = i};
	c->all_rows = c->n_rows;
	return KL_OK;
}

/* ---- places ---------------------------------------------------------------------------------- */

static bool said_before(const struct kl_coverage_member *member, size_t which)
{
	for (size_t i = 0; i < which; i++)
		if (member->places[i] == member->places[which])
			return true;
	return false;
}

/* Every place that is named, in order of first appearance; to be freed. */
static struct kl_coverage_place *count_places(
	struct kl_coverage_table *table, const struct kl_coverage_member *members, size_t n)
{
	struct kl_coverage_place *places;

	for (size_t m = 0; m < n; m++)
		for (size_t k = 0; k < members[m].n_places; k++)
			if (take_number(&table->places, members[m].places[k]) == NONE)
				return NULL;
	places = calloc(table->places.n + 1, sizeof *places);
	for (size_t m = 0; places && m < n; m++)
		for (size_t k = 0; k < members[m].n_places; k++) {
			struct kl_coverage_place *it =
				&places[number_of(&table->places, members[m].places[k])];

			if (!it->members)
				*it = (struct kl_coverage_place){
					members[m].places[k], 0, (uint32_t)m, (uint32_t)k};
			it->members += !said_before(&members[m], k);
		}
	return places;
}

/* Those with most members become columns. */
static int choose_places(struct kl_coverage *c, const struct kl_coverage_member *members, size_t n)
{
	struct kl_coverage_place *places = count_places(c->table, members, n);
	struct kl_big *order = NULL;
	size_t left;

	if (!places)
		return KL_E_NOMEM;
	left = c->all_places = c->table->places.n;
	order = malloc((left + 1) * sizeof *order);
	c->places = calloc(KL_COVERAGE_PLACES_MAX, sizeof *c->places);
	c->table->shown = malloc((left + 1) * sizeof *c->table->shown);
	if (!order || !c->places || !c->table->shown) {
		free(order);
		free(places);
		return KL_E_NOMEM;
	}
	for (size_t i = 0; i < left; i++) {
		order[i] = (struct kl_big){places[i].members, (uint32_t)i};
		c->table->shown[i] = NONE;
	}
	kl_biggest_begin(order, left);
	while (left && c->n_places < KL_COVERAGE_PLACES_MAX) {
		uint32_t number = kl_biggest_take(order, &left).number;

		c->table->shown[number] = (uint32_t)c->n_places;
		c->places[c->n_places++] = places[number];
	}
	free(order);
	free(places);
	return KL_OK;
}

/* ---- cells ----------------------------------------------------------------------------------- */

/* The columns that a member is in; returns how many. */
static size_t columns_of(const struct kl_coverage_table *table,
	const struct kl_coverage_member *member, uint32_t columns[KL_COVERAGE_MEMBER_PLACES_MAX])
{
	size_t n = 0;

	KL_ASSERT(member->n_places <= KL_COVERAGE_MEMBER_PLACES_MAX);
	for (size_t k = 0; k < member->n_places; k++) {
		uint32_t column = table->shown[number_of(&table->places, member->places[k])];

		if (column != NONE)
			columns[n++] = column;
	}
	return n;
}

/* Calls for every cell that a member is in, perhaps several times. */
typedef void take_fn(void *arg, size_t cell, uint32_t number);

static void each_cell(const struct kl_coverage *c, const struct kl_coverage_member *members,
	size_t n, take_fn *take, void *arg)
{
	const struct kl_coverage_table *table = c->table;
	size_t at = 0;

	for (size_t m = 0; m < n; m++) {
		uint32_t columns[KL_COVERAGE_MEMBER_PLACES_MAX];
		const size_t n_columns = columns_of(table, &members[m], columns);

		for (size_t i = 0; i < items_of(&members[m]); i++, at++) {
			const struct pursuit *it = &table->items[table->said[at]];

			if (it->row == NONE || !counts(table, it, is_service(&members[m], i)))
				continue;
			for (size_t k = 0; k < n_columns; k++)
				take(arg, columns[k] * c->n_rows + it->row, (uint32_t)m);
		}
	}
}

/* Who was the last to be counted in a cell, or in a row of a characteristic. */
struct counting {
	struct kl_coverage *c;
	uint32_t *last; /* number + 1 of a member; 0: none yet */
};

static void count_cell(void *arg, size_t cell, uint32_t number)
{
	struct counting *counting = arg;

	if (counting->last[cell] == number + 1)
		return;
	counting->last[cell] = number + 1;
	counting->c->counts[cell]++;
}

/* A characteristic has the members that do anything of it. */
static void count_characteristics(
	struct kl_coverage *c, const struct kl_coverage_member *members, size_t n)
{
	size_t at = 0;

	for (size_t m = 0; m < n; m++) {
		bool seen[KL_CHARACTERISTICS] = {false};

		for (size_t i = 0; i < items_of(&members[m]); i++, at++) {
			const struct pursuit *it = &c->table->items[c->table->said[at]];

			if (it->row == NONE || seen[it->row] ||
				!counts(c->table, it, is_service(&members[m], i)))
				continue;
			seen[it->row] = true;
			c->rows[it->row].members++;
		}
	}
}

static int count_cells(struct kl_coverage *c, const struct kl_coverage_member *members, size_t n)
{
	const size_t cells = c->n_rows * c->n_places + 1;
	struct counting counting = {c, calloc(cells, sizeof *counting.last)};

	c->counts = calloc(cells, sizeof *c->counts);
	if (!counting.last || !c->counts) {
		free(counting.last);
		return KL_E_NOMEM;
	}
	each_cell(c, members, n, count_cell, &counting);
	if (c->table->wanted.characteristics)
		count_characteristics(c, members, n);
	free(counting.last);
	return KL_OK;
}

/* ---- the grid -------------------------------------------------------------------------------- */

int kl_coverage_make(struct kl_pursuits *pursuits, const struct kl_coverage_member *members,
	size_t n, const struct kl_coverage_wanted *wanted, struct kl_coverage *ret_coverage)
{
	struct kl_coverage c = {.table = new_table(pursuits, wanted)};
	int rc = is_whole(c.table) ? KL_OK : KL_E_NOMEM;

	if (!rc)
		rc = count_pursuits(&c, members, n);
	if (!rc)
		rc = choose_rows(&c);
	if (!rc)
		rc = choose_places(&c, members, n);
	if (!rc)
		rc = count_cells(&c, members, n);
	if (rc)
		kl_coverage_deinit(&c);
	else
		*ret_coverage = c;
	return rc;
}

void kl_coverage_deinit(struct kl_coverage *coverage)
{
	struct kl_coverage_table *table = coverage->table;

	if (table) {
		numbers_deinit(&table->own);
		numbers_deinit(&table->places);
		free(table->shown);
		free(table->items);
		free(table->said);
	}
	free(table);
	free(coverage->rows);
	free(coverage->places);
	free(coverage->counts);
	*coverage = (struct kl_coverage){0};
}

struct naming {
	size_t from, to;
	uint32_t *filled; /* of each cell, how many are named */
	uint32_t (*who)[KL_COVERAGE_WHO_MAX];
};

static void name_cell(void *arg, size_t cell, uint32_t number)
{
	struct naming *naming = arg;
	uint32_t *filled;

	if (cell < naming->from || cell >= naming->to)
		return;
	filled = &naming->filled[cell - naming->from];
	if (*filled == KL_COVERAGE_WHO_MAX ||
		(*filled && naming->who[cell - naming->from][*filled - 1] == number))
		return;
	naming->who[cell - naming->from][(*filled)++] = number;
}

int kl_coverage_who(const struct kl_coverage *coverage, const struct kl_coverage_member *members,
	size_t n, size_t from, size_t to, uint32_t (*ret_who)[KL_COVERAGE_WHO_MAX])
{
	struct naming naming = {from, to, calloc(to - from + 1, sizeof *naming.filled), ret_who};

	if (!naming.filled)
		return KL_E_NOMEM;
	each_cell(coverage, members, n, name_cell, &naming);
	free(naming.filled);
	return KL_OK;
}

bool kl_coverage_fits(const struct kl_coverage *coverage, const struct kl_coverage_member *member)
{
	const struct kl_coverage_wanted *wanted = &coverage->table->wanted;
	bool activity = !wanted->activity, offered = !wanted->service;

	for (size_t i = 0; i < items_of(member); i++) {
		const struct pursuit *it = find(coverage->table, member->pursuits[i]);
		const bool service = is_service(member, i);

		activity |= it && it->fits_activity && (!service || !it->words);
		offered |= it && it->fits_service && (service || !it->words);
	}
	return activity && offered;
}
