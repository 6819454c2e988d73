/* What can be isolated by adding and subtracting everything that was released for the question and
 * period: looked at as a whole, and not as it was planned, one cohort after the other. It is asked of this
 * tally with all before it, and of each later one that has to count it, with all before that. */
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
	struct kl_id ids[KL_TALLY_EARLIER_MAX]; /* what counts as released, of it and before it */
	size_t id_count;
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

/* Whether the answer of a member to a question is public by name: then it hides nobody. */
static bool is_named(const struct kl_tally *t, const char *code, const struct kl_id *member)
{
	int metric = kl_call_metric(&t->call, code);
	int column = kl_tally_roster_find(&t->roster, member);

	return metric >= 0 && column >= 0 && t->call.named &&
	       kl_set_has(&t->call.named[metric], (size_t)column);
}

static bool hides(const struct kl_auditor *a, const struct family *f,
	const struct kl_tally_member *member, const char *code)
{
	if (!member->verified || is_named(f->last, code, &member->id))
		return false;
	for (size_t i = 0; i < f->id_count; i++) {
		struct kl_tally *t = NULL;

		if (kl_tallies_proposal(a->fold, &f->ids[i], &t) &&
			kl_tally_near(code, t->call.period, f->last->call.period) &&
			is_named(t, code, &member->id))
			return false;
	}
	return true;
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
		int column = column_of(f, member, hides(a, f, member, code));

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

	if (metric < 0 || !kl_tally_near(code, t->call.period, f->last->call.period))
		return;
	for (size_t r = 0; r < p->row_count && !a->rc; r++) {
		const struct kl_proposal_row *row = &p->rows[r];
		struct kl_set set;

		if (row->metric != metric)
			continue;
		kl_tally_cohort_set(t, &p->outcome, row->metric, row->cohort, &set);
		add_release(a, f, t, &set, row->level, code);
	}
}

/* Most questions were answered by the same members, so that their families are the same. */
static void hash_family(const struct family *f, struct kl_id *ret_hash)
{
	struct kl_hash hash;

	kl_hash_init(&hash, "audit/family");
	kl_hash_add_u16(&hash, f->last->call.minimum);
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

static void test_family(struct kl_auditor *a, struct family *f, const char *code)
{
	const struct kl_set **sets = NULL;

	for (size_t i = 0; i < f->id_count && !a->rc; i++)
		add_proposal(a, f, &f->ids[i], code);
	if (f->count > 0 && !a->rc && !was_tested(a, f)) {
		sets = calloc(f->count, sizeof(const struct kl_set *));
		if (!sets)
			a->rc = KL_E_NOMEM;
		for (unsigned level = 0; level < KL_LEVELS && !a->rc; level++)
			test_level(a, f, level, sets, code);
	}
	free(sets);
	free(f->releases);
}

/* One question, as the tally number `index` of the fold had to count it. */
static void look_from(struct kl_auditor *a, size_t index, const char *code)
{
	const struct kl_tally *last = a->fold->tallies[index];
	const struct kl_tally *next =
		index + 1 < a->fold->count ? a->fold->tallies[index + 1] : NULL;
	struct family *f;

	if (last->gate == KL_GATE_INVALID || kl_call_metric(&last->call, code) < 0 ||
		!kl_tally_near(code, a->t->call.period, last->call.period))
		return;
	f = calloc(1, sizeof *f);
	if (!f) {
		a->rc = KL_E_NOMEM;
		return;
	}
	f->last = last;
	(void)kl_tally_earlier(a->fold, &last->call, next, f->ids, &f->id_count);
	test_family(a, f, code);
	free(f);
}

void kl_auditor_test_family(struct kl_auditor *a, unsigned metric)
{
	size_t index = 0;

	while (a->fold->tallies[index] != a->t)
		index++;
	for (; index < a->fold->count && !a->rc; index++)
		look_from(a, index, a->t->call.metrics[metric].code);
}
