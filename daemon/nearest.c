#include "daemon/nearest.h"
#include "core/succession.h"
#include "daemon/find.h"
#include "daemon/network.h"
#include "daemon/own_profile.h"
#include "daemon/reference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct kl_nearest_tables {
	struct kl_nearest_rows councils, anchors;
	struct kl_profile own; /* likenesses point into it */
	bool made;
};

static void clear(struct kl_nearest_tables *tables)
{
	kl_similar_clear(&tables->councils.similar);
	kl_similar_clear(&tables->anchors.similar);
	kl_profile_deinit(&tables->own);
	kl_profile_init(&tables->own);
	tables->made = false;
}

void kl_nearest_forget(struct kl_node *node)
{
	if (node->nearest)
		clear(node->nearest);
}

void kl_nearest_destroy(struct kl_nearest_tables *tables)
{
	if (!tables)
		return;
	clear(tables);
	kl_similar_deinit(&tables->councils.similar);
	kl_similar_deinit(&tables->anchors.similar);
	free(tables->councils.items);
	free(tables->anchors.items);
	free(tables);
}

/* ---- rows ---------------------------------------------------------------------------------- */

static int add(struct kl_nearest_tables *tables, const struct kl_nearest_row *one)
{
	struct kl_nearest_rows *table =
		one->likeness.kind == KL_MEMBER_COUNCIL ? &tables->councils : &tables->anchors;

	if (table->similar.n == table->capacity) {
		size_t capacity = table->capacity ? 2 * table->capacity : 64;
		struct kl_nearest_row *items = realloc(table->items, capacity * sizeof *items);

		if (!items)
			return KL_E_NOMEM;
		table->items = items;
		table->capacity = capacity;
	}
	table->items[table->similar.n] = *one;
	return kl_similar_add(&table->similar, &one->likeness, one->member);
}

/* Whether there is no such council any more; one that was only coded anew is the same. */
static bool is_no_more(const char *gss)
{
	const struct kl_succession *change = gss[0] ? kl_succession_of(gss) : NULL;

	return change && change->how != KL_SUCCESSION_RECODED;
}

/* Completes what a council says by its row in the reference table. */
static void complete(struct kl_nearest_row *one, const struct kl_council *council)
{
	one->likeness = one->said;
	if (!council)
		return;
	kl_likeness_of_council(council, &one->likeness);
	one->differ = kl_likeness_complete(&one->likeness, &one->said) &
		      kl_features_of(KL_MEMBER_COUNCIL);
	if (one->said.type[0])
		(void)kl_copy_text(one->likeness.type, sizeof one->likeness.type, one->said.type);
}

/* An anchor is in the region in which the council area lies where it works. */
static void complete_region(struct kl_nearest_row *one, const struct kl_council *area)
{
	struct kl_likeness there;

	one->likeness = one->said;
	if (!area)
		return;
	kl_likeness_of_council(area, &there);
	there.known &= UINT32_C(1) << KL_FEATURE_REGION;
	(void)kl_likeness_complete(&one->likeness, &there);
	one->likeness.type[0] = '\0';
}

/* What is known of a member that has said so much of itself: see "what counts" in the header. */
static void describe(struct kl_node *node, const struct kl_attributes *confirmed, const char *gss,
	struct kl_nearest_row *one)
{
	kl_likeness_confirm(&one->said, confirmed);
	one->said.kind = confirmed->kind;
	if (confirmed->gss[0])
		gss = confirmed->gss;
	if (confirmed->kind != KL_MEMBER_COUNCIL) {
		complete_region(one, kl_reference_gss(node, gss));
		return;
	}
	(void)kl_copy_text(one->gss, sizeof one->gss, gss);
	one->claimed = !one->self && gss[0] && !confirmed->gss[0];
	one->council = kl_reference_gss(node, gss);
	complete(one, one->council);
}

/* This member before it is on a roster: nobody has confirmed anything. */
static int add_self(struct kl_node *node, struct kl_nearest_tables *tables)
{
	struct kl_nearest_row one = {.self = true, .name = tables->own.name};

	if (tables->own.attributes.kind == KL_MEMBER_CONVENOR)
		return KL_OK;
	one.id = node->home.identity.sign.public_key;
	kl_likeness_of_profile(&tables->own, NULL, NULL, &one.said);
	describe(node, &tables->own.attributes, "", &one);
	return add(tables, &one);
}

/* False if another council took its place. */
static bool describe_member(struct kl_node *node, const struct kl_nearest_tables *tables,
	const struct kl_roster_member *m, struct kl_nearest_row *one)
{
	const struct kl_member *said = kl_members_find(&node->network->members, &m->identity);
	const struct kl_profile *profile = said && said->has_profile ? &said->profile : NULL;

	if (one->self)
		kl_likeness_of_profile(profile = &tables->own, NULL, NULL, &one->said);
	else if (profile)
		kl_likeness_of_profile(profile, &said->services, &said->activities, &one->said);
	if (!one->self && profile && profile->replaced_by[0])
		return false;
	describe(node, &m->attributes, profile ? profile->attributes.gss : "", one);
	return one->self || !is_no_more(one->gss);
}

static int add_members(struct kl_node *node, struct kl_nearest_tables *tables)
{
	const struct kl_roster *roster = &node->network->roster;
	int rc = KL_OK;

	for (size_t i = 0; !rc && i < roster->n_members; i++) {
		const struct kl_roster_member *m = &roster->members[i];
		struct kl_nearest_row one = {.member = true, .id = m->identity, .name = m->name};

		one.self = kl_id_equal(&m->identity, &node->network->own.author);
		if (m->attributes.kind != KL_MEMBER_CONVENOR &&
			(one.self || kl_roster_contributes(m)) &&
			describe_member(node, tables, m, &one))
			rc = add(tables, &one);
	}
	return rc;
}

/* ---- councils that are no members ---------------------------------------------------------- */

/* Marks the row of a code, if the reference table has it. */
static void mark(
	struct kl_node *node, const struct kl_reference *reference, bool *gone, const char *gss)
{
	const struct kl_council *row = kl_reference_gss(node, gss);

	if (row)
		gone[row - reference->items] = true;
}

/* Rows of members by their confirmed codes (also if such a member says that another council took its
 * place), that of this member, and that of which it says itself that it took its place. */
static void mark_members(struct kl_node *node, const struct kl_nearest_tables *tables,
	const struct kl_reference *reference, bool *gone)
{
	const struct kl_nearest_rows *councils = &tables->councils;

	mark(node, reference, gone, tables->own.replaces);
	for (size_t i = 0; i < councils->similar.n; i++)
		if (councils->items[i].self)
			mark(node, reference, gone, councils->items[i].gss);
	for (size_t i = 0; node->network && i < node->network->roster.n_members; i++) {
		const struct kl_roster_member *m = &node->network->roster.members[i];

		if (m->attributes.kind == KL_MEMBER_COUNCIL && kl_roster_contributes(m))
			mark(node, reference, gone, m->attributes.gss);
	}
}

/* Rows of councils that are no more, or that stand there a second time under the code that they have
 * now. */
static void mark_outdated(struct kl_node *node, const struct kl_reference *reference, bool *gone)
{
	for (size_t i = 0; i < kl_successions_count; i++) {
		const struct kl_succession *change = &kl_successions[i];
		const struct kl_council *row = kl_reference_gss(node, change->from);

		if (row && !strcmp(row->gss, change->from) &&
			(is_no_more(row->gss) || kl_reference_gss(node, change->to) != row))
			gone[row - reference->items] = true;
	}
}

static int add_others(struct kl_node *node, struct kl_nearest_tables *tables,
	const struct kl_reference *reference)
{
	bool *gone = calloc(reference->n + 1, sizeof *gone);
	int rc = gone ? KL_OK : KL_E_NOMEM;

	if (gone) {
		mark_members(node, tables, reference, gone);
		mark_outdated(node, reference, gone);
	}
	for (size_t i = 0; !rc && i < reference->n; i++) {
		const struct kl_council *row = &reference->items[i];
		struct kl_nearest_row one = {.name = row->name, .council = row};

		if (gone[i])
			continue;
		(void)kl_copy_text(one.gss, sizeof one.gss, row->gss);
		kl_likeness_of_council(row, &one.likeness);
		rc = add(tables, &one);
	}
	free(gone);
	return rc;
}

/* ---- the tables ---------------------------------------------------------------------------- */

static int make(struct kl_node *node, struct kl_nearest_tables *tables, struct kl_fault *fault)
{
	const struct kl_reference *reference;
	int rc = kl_reference_get(node, &reference, fault);

	if (rc || (rc = kl_own_profile(node, &tables->own, fault)))
		return rc;
	if (!node->network || !kl_network_self(node->network))
		rc = add_self(node, tables);
	if (!rc && node->network)
		rc = add_members(node, tables);
	if (!rc)
		rc = add_others(node, tables, reference);
	if (rc)
		return kl_fault(fault, rc, "out of memory");
	tables->made = true;
	return KL_OK;
}

int kl_nearest_table(struct kl_node *node, enum kl_member_kind kind,
	const struct kl_nearest_rows **ret_table, struct kl_fault *fault)
{
	struct kl_nearest_tables *tables = node->nearest;
	int rc = KL_OK;

	if (!tables) {
		tables = node->nearest = calloc(1, sizeof *tables);
		if (!tables) {
			kl_fault(fault, KL_E_NOMEM, "out of memory");
			return KL_E_NOMEM;
		}
		kl_similar_init(&tables->councils.similar, KL_MEMBER_COUNCIL);
		kl_similar_init(&tables->anchors.similar, KL_MEMBER_ANCHOR);
	}
	if (!tables->made) {
		clear(tables);
		rc = make(node, tables, fault);
	}
	if (!rc)
		*ret_table = kind == KL_MEMBER_COUNCIL ? &tables->councils : &tables->anchors;
	return rc;
}

int kl_nearest_self(struct kl_node *node, const struct kl_nearest_rows **ret_table, size_t *ret_row,
	struct kl_fault *fault)
{
	static const enum kl_member_kind kinds[] = {KL_MEMBER_COUNCIL, KL_MEMBER_ANCHOR};

	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
		int rc = kl_nearest_table(node, kinds[k], ret_table, fault);

		if (rc)
			return rc;
		for (size_t i = 0; i < (*ret_table)->similar.n; i++)
			if ((*ret_table)->items[i].self) {
				*ret_row = i;
				return KL_OK;
			}
	}
	kl_fault(fault, KL_E_NOT_FOUND, "the convenor is neither council nor anchor");
	(void)kl_fault_hint(fault, "ask for a member: keeplocal similar NAME");
	return KL_E_NOT_FOUND;
}

long kl_nearest_member(const struct kl_nearest_rows *table, const struct kl_id *id)
{
	for (size_t i = 0; i < table->similar.n; i++)
		if (table->items[i].member && kl_id_equal(&table->items[i].id, id))
			return (long)i;
	return -1;
}

long kl_nearest_gss(const struct kl_nearest_rows *table, const char *gss)
{
	long claimed = -1;

	for (size_t i = 0; i < table->similar.n; i++) {
		if (strcmp(table->items[i].gss, gss) != 0)
			continue;
		if (!table->items[i].claimed)
			return (long)i;
		if (claimed < 0)
			claimed = (long)i;
	}
	return claimed;
}

/* ---- asked --------------------------------------------------------------------------------- */

/* What a profile could still tell of a row, by the codes of the fields. */
static void list_missing(const struct kl_nearest_row *one, char *out, size_t size)
{
	uint32_t missing = kl_features_missing(one->likeness.kind, one->likeness.known);

	out[0] = '\0';
	for (unsigned f = 0; f < KL_FEATURES; f++) {
		const struct kl_feature_info *info = kl_feature_info(f);
		size_t len = strlen(out);

		if (missing >> f & 1 && info->in_profile)
			(void)snprintf(out + len, size - len, "%s%s", len ? ", " : "", info->code);
	}
}

int kl_nearest_enough(const struct kl_nearest_rows *table, size_t row, struct kl_fault *fault)
{
	const struct kl_nearest_row *one = &table->items[row];
	uint32_t features = kl_features_of(one->likeness.kind);
	unsigned known = kl_features_count(one->likeness.known & features),
		 all = kl_features_count(features);
	char missing[KL_FAULT_HINT_MAX - 64];

	if (2 * known >= all)
		return KL_OK;
	kl_fault(fault, KL_E_NOT_FOUND,
		"too little is known of %s to compare it: %u of %u things, and half of them are "
		"needed",
		one->name, known, all);
	list_missing(one, missing, sizeof missing);
	kl_fault_hint(fault, "its profile can still tell: %s%s%s", missing,
		one->self ? " (keeplocal profile set)" : "",
		one->likeness.kind == KL_MEMBER_COUNCIL
			? "; a table of councils tells most of it (keeplocal reference import)"
			: "");
	return KL_E_NOT_FOUND;
}

int kl_nearest_members(struct kl_node *node, size_t n, struct kl_nearest *ret, size_t *ret_n,
	struct kl_fault *fault)
{
	struct kl_near near[KL_SIMILAR_SHOWN_MAX];
	const struct kl_nearest_rows *table;
	struct kl_vantage vantage;
	struct kl_network *network;
	struct kl_found found;
	size_t self;
	int rc = kl_need_network(node, &network, fault);

	if (rc || (rc = kl_nearest_self(node, &table, &self, fault)) ||
		(rc = kl_nearest_enough(table, self, fault)))
		return rc;
	kl_similar_look(&table->similar, self, false, &vantage);
	kl_similar_nearest(
		&vantage, true, n < KL_SIMILAR_SHOWN_MAX ? n : KL_SIMILAR_SHOWN_MAX, near, &found);
	for (size_t i = 0; i < found.n; i++)
		ret[i] = (struct kl_nearest){table->items[near[i].row].id, near[i].distance};
	*ret_n = found.n;
	return KL_OK;
}
