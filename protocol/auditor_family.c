/* What can be isolated by adding and subtracting everything that was released for the question and
 * period, of this tally and all others: looked at as a whole, and not as it was planned, one after the
 * other. */
#include "core/hash.h"
#include "protocol/auditor_in.h"

#include <stdlib.h>
#include <string.h>

/* The released sets of one question, over all members that stand in any of them. */
struct family {
	struct kl_id members[KL_SET_MEMBERS_MAX], groups[KL_SET_MEMBERS_MAX];
	uint16_t control[KL_SET_MEMBERS_MAX];
	size_t member_count;
	struct kl_release *releases;
	size_t count, capacity;
	const struct kl_tally *last; /* the latest of the tallies: its terms are asked for */
};

static uint16_t group_of(const struct family *f, const struct kl_id *control)
{
	size_t i = 0;

	while (i < f->member_count && !kl_id_equal(&f->groups[i], control))
		i++;
	return (uint16_t)i;
}

/* Column of a member; it gets one if it has none. -1: there is no room. */
static int column_of(struct family *f, const struct kl_tally_member *member, bool hides)
{
	size_t i = 0;

	while (i < f->member_count && !kl_id_equal(&f->members[i], &member->id))
		i++;
	if (i < f->member_count)
		return (int)i;
	if (i == KL_SET_MEMBERS_MAX)
		return -1;
	f->control[i] = hides ? group_of(f, &member->control) : KL_CONTROL_NONE;
	f->members[i] = member->id;
	f->groups[i] = member->control;
	return (int)f->member_count++;
}

/* Whether a member counts towards the minimum: not if its answer is public by name. */
static bool hides(const struct family *f, const struct kl_tally_member *member, const char *code)
{
	int metric = kl_call_metric(&f->last->call, code);
	int column = kl_tally_roster_find(&f->last->roster, &member->id);

	return member->verified &&
	       !(metric >= 0 && column >= 0 &&
		       kl_set_has(&f->last->call.named[metric], (size_t)column));
}

static void add_release(struct kl_auditor *a, struct family *f, const struct kl_tally *t,
	const struct kl_set *set, uint8_t level, const char *code)
{
	struct kl_release *release = kl_auditor_grow(
		a, (void **)&f->releases, &f->count, &f->capacity, sizeof *f->releases);

	if (!release)
		return;
	release->level = level;
	for (size_t i = kl_set_next(set, 0); i < t->roster.count; i = kl_set_next(set, i + 1)) {
		const struct kl_tally_member *member = &t->roster.members[i];
		int column = column_of(f, member, hides(f, member, code));

		if (column >= 0)
			kl_set_add(&release->set, (size_t)column);
	}
}

static void add_proposal(
	struct kl_auditor *a, struct family *f, const struct kl_id *id, const char *code)
{
	struct kl_tally *t = NULL;
	const struct kl_tally_proposal *p = kl_tallies_proposal(a->fold, id, &t);
	int metric = p ? kl_call_metric(&t->call, code) : -1;

	for (size_t r = 0; p && r < p->row_count && metric >= 0 && !a->rc; r++) {
		const struct kl_proposal_row *row = &p->rows[r];
		struct kl_set set;

		if (row->metric != metric)
			continue;
		kl_tally_cohort_set(t, &p->outcome, row->metric, row->cohort, &set);
		add_release(a, f, t, &set, row->level, code);
	}
}

/* The latest tally of which something counts as released. */
static const struct kl_tally *latest(
	const struct kl_auditor *a, const struct kl_id *ids, size_t count)
{
	for (size_t i = a->fold->count; i-- > 0;)
		for (size_t k = 0; k < count; k++) {
			struct kl_tally *t = NULL;

			if (kl_tallies_proposal(a->fold, &ids[k], &t) && t == a->fold->tallies[i])
				return t;
		}
	return a->t;
}

/* Most questions were answered by the same members, so that their families are the same. */
static void hash_family(const struct family *f, struct kl_id *ret_hash)
{
	struct kl_hash hash;

	kl_hash_init(&hash, "audit/family");
	for (size_t i = 0; i < f->member_count; i++) {
		kl_hash_add_id(&hash, &f->members[i]);
		kl_hash_add_u16(&hash, f->control[i]);
	}
	for (size_t i = 0; i < f->count; i++) {
		kl_hash_add_u8(&hash, f->releases[i].level);
		kl_hash_add(&hash, kl_bytes(&f->releases[i].set, sizeof f->releases[i].set));
	}
	kl_hash_final(&hash, ret_hash);
}

static bool was_tested(struct kl_auditor *a, const struct family *f)
{
	struct kl_id hash, *place;

	hash_family(f, &hash);
	for (size_t i = 0; i < a->family_count; i++)
		if (kl_id_equal(&a->families[i], &hash))
			return true;
	place = kl_auditor_grow(a, (void **)&a->families, &a->family_count, &a->family_capacity,
		sizeof *a->families);
	if (place)
		*place = hash;
	return false;
}

static void test_level(struct kl_auditor *a, const struct family *f, unsigned level,
	const struct kl_set **sets, const char *code)
{
	static const char *const names[] = {"coarse", "middle", "fine"};
	const struct kl_population population = {f->control, f->member_count};
	size_t least = kl_audit_floor(f->last->call.minimum, level), count = 0, smallest = 0;
	enum kl_audit_test test;
	struct kl_id key;

	for (size_t i = 0; i < f->count; i++)
		if (f->releases[i].level >= level)
			sets[count++] = &f->releases[i].set;
	if (count == 0)
		return;
	kl_tally_plan_key(&f->last->id, &key);
	if (count > KL_AUDIT_ROWS_MAX) {
		kl_auditor_say(a, KL_AUDIT_RELEASES, KL_MARK_NOTE,
			"%s: so much was released that nobody can look at all of it together",
			code);
		return;
	}
	if (kl_audit_test(&population, sets, count, &key, least, true, &test, &smallest)) {
		a->rc = KL_E_NOMEM;
		return;
	}
	if (test == KL_AUDIT_REFUSED)
		kl_auditor_say(a, KL_AUDIT_RELEASES, KL_MARK_WRONG,
			"%s: what was released at the %s level and finer can be combined so that "
			"fewer than %zu members are isolated",
			code, names[level], least);
}

/* One question; what was released of it by any tally of the period. */
void kl_auditor_test_family(struct kl_auditor *a, unsigned metric)
{
	const char *code = a->t->call.metrics[metric].code;
	struct kl_id ids[KL_TALLY_EARLIER_MAX];
	struct family *f = calloc(1, sizeof *f);
	const struct kl_set **sets = NULL;
	size_t count = 0;

	if (!f) {
		a->rc = KL_E_NOMEM;
		return;
	}
	(void)kl_tally_earlier(a->fold, &a->t->call, NULL, ids, &count);
	f->last = latest(a, ids, count);
	for (size_t i = 0; i < count && !a->rc; i++)
		add_proposal(a, f, &ids[i], code);
	if (f->count > 0 && !a->rc && !was_tested(a, f)) {
		sets = calloc(f->count, sizeof(const struct kl_set *));
		if (!sets)
			a->rc = KL_E_NOMEM;
		for (unsigned level = 0; level < KL_LEVELS && !a->rc; level++)
			test_level(a, f, level, sets, code);
	}
	free(sets);
	free(f->releases);
	free(f);
}
