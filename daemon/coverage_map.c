#include "daemon/coverage_map.h"
#include "core/hash.h"
#include "core/names.h"
#include "core/words.h"
#include "daemon/ask_args.h"
#include "daemon/find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is asked for ----------------------------------------------------------------------- */

static int read_kind(struct kl_coverage_map *map, struct kl_ask *ask)
{
	enum kl_member_kind kind;
	int rc = kl_ask_text(ask, "kind", map->kind, sizeof map->kind);

	if (!rc && !map->kind[0])
		(void)kl_copy_text(map->kind, sizeof map->kind, "anchor");
	if (rc || !strcmp(map->kind, "any") ||
		(!kl_member_kind_parse(map->kind, &kind) && kind != KL_MEMBER_CONVENOR))
		return rc;
	kl_fault(&ask->fault, KL_E_USAGE, "no kind of member is called \"%s\"", map->kind);
	return kl_fault_hint(&ask->fault, "kinds: anchor, council, any");
}

/* Without a word on it, rows are characteristics as long as neither a place nor a thing is asked for. */
static int read_rows(struct kl_coverage_map *map, struct kl_ask *ask)
{
	char by[KL_SLUG_MAX];
	int rc = kl_ask_text(ask, "by", by, sizeof by);

	map->wanted.characteristics =
		by[0] ? kl_words_equal(by, "characteristic")
		      : map->place.kind == KL_PLACE_ANY && !map->activity[0] && !map->service[0];
	if (rc || !by[0] || kl_words_equal(by, "characteristic") || kl_words_equal(by, "activity"))
		return rc;
	return kl_fault(&ask->fault, KL_E_USAGE,
		"rows can be by characteristic or by activity, not by \"%s\"", by);
}

static int read_wanted(struct kl_coverage_map *map, struct kl_ask *ask)
{
	int rc = kl_ask_text(ask, "activity", map->activity, sizeof map->activity);

	if (!rc)
		rc = kl_ask_text(ask, "service", map->service, sizeof map->service);
	if (!rc)
		rc = read_kind(map, ask);
	if (!rc)
		rc = read_rows(map, ask);
	map->wanted.activity = map->activity[0] ? map->activity : NULL;
	map->wanted.service = map->service[0] ? map->service : NULL;
	return rc;
}

/* ---- who and where --------------------------------------------------------------------------- */

static bool is_wanted(const struct kl_coverage_map *map, const struct kl_placed *who)
{
	return who->member->state == KL_MEMBER_ACTIVE &&
	       (!strcmp(map->kind, "any") ||
		       !strcmp(map->kind, kl_member_kind_name(who->member->attributes.kind)));
}

/* Active members of that kind, by name, and which of them are here. */
static int choose_members(struct kl_coverage_map *map)
{
	const struct kl_roster_order *order = &map->network->order;

	if (kl_roster_order_make(&map->network->order, &map->network->roster))
		return KL_E_NOMEM;
	map->who = calloc(order->n + 1, sizeof *map->who);
	map->here = calloc(order->n + 1, sizeof *map->here);
	if (!map->who || !map->here)
		return KL_E_NOMEM;
	for (size_t i = 0; i < order->n; i++) {
		const struct kl_placed who = kl_placed_at(map->network, i);

		if (!is_wanted(map, &who))
			continue;
		map->here[map->n] = kl_place_has(map->node, &map->place, &who);
		map->n_here += map->here[map->n];
		map->who[map->n++] = who;
	}
	return KL_OK;
}

/* The number of a council area: its code, of a letter and eight digits, as it is. */
static uint64_t area_number(const char *gss)
{
	return (uint64_t)(unsigned char)gss[0] << 32 | strtoul(gss + 1, NULL, 10);
}

/* The number of a neighbourhood in an area: never that of an area. */
static uint64_t neighbourhood_number(const char *gss, const char *neighbourhood)
{
	char loose[KL_NAME_MAX];
	const struct kl_bytes parts[] = {
		kl_bytes_str(gss), kl_bytes_str(kl_name_loose(neighbourhood, loose))};
	struct kl_id hash;

	kl_hash_of("keeplocal/place", parts, 2, &hash);
	return kl_get_u64(hash.b) | UINT64_C(1) << 63;
}

static bool is_column(const struct kl_coverage_map *map, const char *neighbourhood)
{
	return map->place.kind == KL_PLACE_AREA ||
	       (map->place.kind == KL_PLACE_NEIGHBOURHOOD &&
		       kl_words_contain(neighbourhood, map->place.text));
}

/* The columns that a member is in; returns how many. */
static size_t places_of(
	const struct kl_coverage_map *map, const struct kl_placed *who, uint64_t *out)
{
	const struct kl_text_list *named = who->said ? &who->said->profile.neighbourhoods : NULL;
	const char *gss = who->gss;
	size_t n = 0;

	if (gss[0] && map->place.kind != KL_PLACE_NEIGHBOURHOOD)
		out[n++] = area_number(gss);
	if (map->place.kind != KL_PLACE_AREA && map->place.kind != KL_PLACE_NEIGHBOURHOOD)
		return n;
	for (size_t i = 0; named && i < named->n; i++)
		if (is_column(map, named->items[i]))
			out[n++] = neighbourhood_number(gss, named->items[i]);
	return n;
}

static void describe(const struct kl_placed *who, struct kl_coverage_member *out)
{
	static const struct kl_text_list nothing;
	const struct kl_member *said = who->said;

	out->services = said ? &said->profile.services : &nothing;
	out->activities = said ? &said->profile.activities : &nothing;
	out->pursuits = said ? said->pursuits : NULL;
}

static int describe_members(struct kl_coverage_map *map)
{
	size_t room = 0, used = 0;

	for (size_t i = 0; i < map->n; i++)
		room += 1 + (map->who[i].said ? map->who[i].said->profile.neighbourhoods.n : 0);
	map->members = calloc(map->n + 1, sizeof *map->members);
	map->places = calloc(room + 1, sizeof *map->places);
	if (!map->members || !map->places)
		return KL_E_NOMEM;
	for (size_t i = 0; i < map->n; i++) {
		struct kl_coverage_member *m = &map->members[i];

		describe(&map->who[i], m);
		m->places = &map->places[used];
		if (map->here[i])
			m->n_places = places_of(map, &map->who[i], &map->places[used]);
		used += m->n_places;
	}
	return KL_OK;
}

/* What the answer says about those whom it cannot place, or who do not say what they do. */
static void count_unknown(struct kl_coverage_map *map)
{
	for (size_t i = 0; i < map->n; i++) {
		const struct kl_coverage_member *m = &map->members[i];
		const size_t items = m->services->n + m->activities->n;
		size_t of_bank = 0;

		for (size_t k = 0; m->pursuits && k < items; k++)
			of_bank += m->pursuits[k] < KL_PURSUIT_OWN;
		map->without_area += map->here[i] && !map->who[i].gss[0];
		map->silent += map->here[i] && !items;
		map->own_only += map->here[i] && items && !of_bank;
	}
}

/* ---- the map --------------------------------------------------------------------------------- */

/* Words that mean nothing to anybody here are said, with what they may have been meant for. */
static int check_words(const struct kl_coverage_map *map, struct kl_fault *fault)
{
	const char *words = map->activity[0] ? map->activity : map->service;
	const struct kl_activity *nearest;
	struct kl_fault near = {0};

	if (!words[0] || map->grid.n_rows || map->wanted.characteristics)
		return KL_OK;
	(void)kl_activity_find(words, &nearest, &near);
	kl_fault(fault, KL_E_NOT_FOUND,
		"no member here names \"%.80s\", and no activity of the report is called so",
		words);
	return kl_fault_hint(fault, "%s", near.hint[0] ? near.hint : "keeplocal activity list");
}

static struct kl_pursuits *bank_of(struct kl_network *network)
{
	if (!network->members.bank)
		network->members.bank = kl_pursuits_new();
	return network->members.bank;
}

int kl_coverage_map_make(struct kl_node *node, struct kl_ask *ask, struct kl_coverage_map *ret_map)
{
	struct kl_coverage_map *map = ret_map;
	struct kl_pursuits *bank;
	int rc;

	*map = (struct kl_coverage_map){.node = node};
	rc = kl_need_network(node, &map->network, &ask->fault);
	if (!rc)
		rc = kl_ask_place(node, ask, &map->place);
	if (!rc)
		rc = read_wanted(map, ask);
	if (rc)
		return rc;
	bank = bank_of(map->network);
	rc = bank ? choose_members(map) : KL_E_NOMEM;
	if (!rc)
		rc = describe_members(map);
	if (!rc) {
		count_unknown(map);
		rc = kl_coverage_make(bank, map->members, map->n, &map->wanted, &map->grid);
	}
	return rc ? kl_fault(&ask->fault, rc, "out of memory") : check_words(map, &ask->fault);
}

void kl_coverage_map_free(struct kl_coverage_map *map)
{
	kl_coverage_deinit(&map->grid);
	free(map->who);
	free(map->here);
	free(map->members);
	free(map->places);
}

/* ---- words ----------------------------------------------------------------------------------- */

/* The neighbourhood that stands at place number `which` of a member, or NULL for the area itself. */
static const char *neighbourhood_at(
	const struct kl_coverage_map *map, const struct kl_placed *who, size_t which)
{
	const struct kl_text_list *named = who->said ? &who->said->profile.neighbourhoods : NULL;
	size_t n = map->place.kind != KL_PLACE_NEIGHBOURHOOD && who->gss[0];

	if (which < n)
		return NULL;
	for (size_t i = 0; named && i < named->n; i++)
		if (is_column(map, named->items[i]) && n++ == which)
			return named->items[i];
	return NULL;
}

const char *kl_coverage_map_place(
	const struct kl_coverage_map *map, size_t place, char out[KL_PLACE_WORDS_MAX])
{
	const struct kl_coverage_place *it = &map->grid.places[place];
	const struct kl_placed *who = &map->who[it->member];
	const char *neighbourhood = neighbourhood_at(map, who, it->which), *gss = who->gss;
	char area[KL_AREA_NAME_MAX];

	kl_area_name(map->node, gss, area);
	if (!neighbourhood)
		(void)kl_copy_text(out, KL_PLACE_WORDS_MAX, area);
	else if (map->place.kind == KL_PLACE_AREA || !gss[0])
		(void)kl_copy_text(out, KL_PLACE_WORDS_MAX, neighbourhood);
	else
		(void)snprintf(out, KL_PLACE_WORDS_MAX, "%s, %s", neighbourhood, area);
	return out;
}

struct kl_row_words kl_coverage_map_row(const struct kl_coverage_map *map, size_t row)
{
	const struct kl_coverage_row *it = &map->grid.rows[row];
	const struct kl_activity *activity;
	const char *code;

	if (map->wanted.characteristics) {
		code = kl_characteristic_at((size_t)it->pursuit)->code;
		return (struct kl_row_words){
			kl_characteristic_at((size_t)it->pursuit)->name, code, code};
	}
	activity = kl_pursuit_activity(it->pursuit);
	if (!activity)
		return (struct kl_row_words){it->words, NULL, NULL};
	return (struct kl_row_words){activity->name, activity->code,
		kl_characteristic_at(activity->characteristic)->code};
}
