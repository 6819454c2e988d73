#include "daemon/nearest_find.h"
#include "core/org_id.h"
#include "core/succession.h"
#include "core/words.h"
#include "daemon/find.h"
#include "daemon/reference.h"
#include "protocol/memberid.h"

#include <stdio.h>
#include <string.h>

/* ---- names ----------------------------------------------------------------------------------- */

/* Everybody who can be named, councils first. */
struct all {
	const struct kl_nearest_rows *councils, *anchors;
};

static const struct kl_nearest_row *row_at(const struct all *all, size_t index)
{
	size_t n = all->councils->similar.n;

	return index < n ? &all->councils->items[index] : &all->anchors->items[index - n];
}

/* The names of the table are those of whom they are confirmed of alone. */
static const char *spelling(const void *context, size_t index, size_t which)
{
	const struct kl_nearest_row *row = row_at(context, index);
	const struct kl_council *council = row->claimed ? NULL : row->council;

	switch (which) {
	case 0:
		return row->name;
	case 1:
		return row->gss[0] ? row->gss : NULL;
	case 2:
		return council ? council->name : NULL;
	case 3:
		return council && council->short_name[0] ? council->short_name : NULL;
	default:
		return NULL;
	}
}

static struct kl_words words_of(const struct all *all)
{
	return (struct kl_words){
		all->councils->similar.n + all->anchors->similar.n, spelling, all, true};
}

static void point_at(const struct all *all, size_t index, struct kl_nearest_named *named)
{
	size_t n = all->councils->similar.n;

	named->table = index < n ? all->councils : all->anchors;
	named->row = index < n ? index : index - n;
}

/* Whether the words are a whole name of it. */
static bool is_whole(const struct all *all, const char *text, size_t index)
{
	const char *name;

	for (size_t k = 0; (name = spelling(all, index, k)); k++)
		if (kl_words_equal(name, text))
			return true;
	return false;
}

/* Who else has these words in the name: nobody if they are a part of this one's, for that is the only
 * one then. */
static void find_others(
	const struct all *all, const char *text, size_t index, struct kl_nearest_named *named)
{
	struct kl_words words = words_of(all);
	size_t fits[KL_NEAREST_ALSO_MAX + 1], count;

	if (!is_whole(all, text, index))
		return;
	count = kl_words_matches(&words, text, KL_NEAREST_ALSO_MAX + 1, fits);
	named->others = count - 1;
	for (size_t i = 0; i < count && i <= KL_NEAREST_ALSO_MAX; i++)
		if (fits[i] != index && named->n_also < KL_NEAREST_ALSO_MAX)
			named->also[named->n_also++] = row_at(all, fits[i])->name;
}

/* ---- what is no row --------------------------------------------------------------------------- */

/* Says what came of a council that is no more. */
static int no_more(const struct kl_succession *change, struct kl_fault *fault)
{
	const char *today[KL_SUCCESSORS_MAX] = {change->to};
	char words[KL_SUCCESSION_WORDS_MAX];

	(void)kl_succession_today(change->from, today);
	kl_fault(fault, KL_E_NOT_FOUND, "%s", kl_succession_words(change, words));
	(void)kl_fault_hint(fault, "ask for today's council: keeplocal similar %s", today[0]);
	return KL_E_NOT_FOUND;
}

/* A member of the roster that has no row, but a name with these words in it; NULL. */
static const struct kl_roster_member *absent(
	const struct kl_node *node, const struct all *all, const char *text)
{
	const struct kl_roster *roster = node->network ? &node->network->roster : NULL;

	for (size_t i = 0; roster && i < roster->n_members; i++) {
		const struct kl_roster_member *m = &roster->members[i];

		if (kl_words_contain(m->name, text) &&
			kl_nearest_member(all->councils, &m->identity) < 0 &&
			kl_nearest_member(all->anchors, &m->identity) < 0)
			return m;
	}
	return NULL;
}

/* A member of the roster that has a row, or takes no part. */
static int member_row(const struct all *all, const struct kl_roster_member *member,
	struct kl_nearest_named *named, struct kl_fault *fault)
{
	bool council = member->attributes.kind == KL_MEMBER_COUNCIL;
	long row;

	named->table = council ? all->councils : all->anchors;
	row = kl_nearest_member(named->table, &member->identity);
	if (row < 0) {
		kl_fault(fault, KL_E_NOT_FOUND,
			"%s takes no part any more, or another council took its place",
			member->name);
		return kl_fault_hint(fault, "who takes part: keeplocal network members");
	}
	named->row = (size_t)row;
	return KL_OK;
}

/* Adds to a message what to do: what would bring in those that are no members, or where to look. */
static void tell_of_table(struct kl_node *node, struct kl_fault *fault)
{
	const struct kl_reference *reference;
	char before[KL_FAULT_HINT_MAX];

	if (!fault || kl_reference_get(node, &reference, NULL))
		return;
	if (reference->n) {
		if (!fault->hint[0])
			(void)kl_fault_hint(fault, "who there is: keeplocal network members, and "
						   "keeplocal reference list");
		return;
	}
	(void)kl_copy_text(before, sizeof before, fault->hint);
	(void)kl_fault_hint(fault,
		"%s%scouncils that are no members need a table of councils: keeplocal reference "
		"import FILE",
		before, before[0] ? "; " : "");
}

/* A code is a council's, though anchors name the area in which they work by it. */
static bool coded(const struct all *all, const char *text, struct kl_nearest_named *named)
{
	const struct kl_succession *change = kl_succession_of(text);
	long row = kl_nearest_gss(all->councils, text);

	if (row < 0 && change && change->how == KL_SUCCESSION_RECODED)
		row = kl_nearest_gss(all->councils, change->to);
	if (row < 0)
		return false;
	named->table = all->councils;
	named->row = (size_t)row;
	return true;
}

int kl_nearest_find(struct kl_node *node, const char *text, struct kl_nearest_named *ret_named,
	struct kl_fault *fault)
{
	const struct kl_roster_member *member;
	const struct kl_succession *change;
	struct kl_memberid id;
	struct all all;
	struct kl_words words;
	size_t index;
	int rc;

	*ret_named = (struct kl_nearest_named){0};
	if ((rc = kl_nearest_table(node, KL_MEMBER_COUNCIL, &all.councils, fault)) ||
		(rc = kl_nearest_table(node, KL_MEMBER_ANCHOR, &all.anchors, fault)))
		return rc;
	if (coded(&all, text, ret_named))
		return KL_OK;
	if (!kl_memberid_parse(text, &id, NULL) || kl_org_id_is_valid(text)) {
		rc = kl_find_member(node, text, &member, fault);
		return rc ? rc : member_row(&all, member, ret_named, fault);
	}
	words = words_of(&all);
	rc = kl_words_find(&words, "member or council", text, &index, fault);
	if (!rc) {
		point_at(&all, index, ret_named);
		find_others(&all, text, index, ret_named);
		return KL_OK;
	}
	if (rc != KL_E_NOT_FOUND)
		return rc;
	change = kl_succession_find(text);
	if (change)
		return no_more(change, fault);
	member = absent(node, &all, text);
	if (member)
		return member_row(&all, member, ret_named, fault);
	tell_of_table(node, fault);
	return rc;
}
