/* What of a tally is released: which cohorts, how finely, together with all that came out before. */
#include "core/hash.h"
#include "protocol/tally_book.h"

#include <stdlib.h>
#include <string.h>

/* ---- control groups ------------------------------------------------------------------------- */

void kl_tally_controls(
	const struct kl_tally_roster *roster, uint16_t ret_controls[KL_SET_MEMBERS_MAX])
{
	for (unsigned i = 0; i < roster->count; i++) {
		ret_controls[i] = KL_CONTROL_NONE;
		if (!roster->members[i].verified)
			continue;
		ret_controls[i] = (uint16_t)i;
		for (unsigned j = 0; j < i; j++) {
			if (ret_controls[j] == j && kl_id_equal(&roster->members[j].control,
							    &roster->members[i].control)) {
				ret_controls[i] = (uint16_t)j;
				break;
			}
		}
	}
}

void kl_tally_plan_key(const struct kl_id *tally, struct kl_id *ret_key)
{
	const struct kl_bytes part = kl_bytes(tally->b, KL_ID_BYTES);

	kl_hash_of("QB1/plan", &part, 1, ret_key);
}

/* ---- planning one metric -------------------------------------------------------------------- */

/* The members of this roster, then those that stood in earlier releases and left since. */
struct pool {
	uint16_t control[KL_SET_MEMBERS_MAX];
	struct kl_id extra[KL_SET_MEMBERS_MAX];
	struct kl_id extra_control[KL_SET_MEMBERS_MAX];
	size_t members, own;
	const struct kl_tally_roster *roster;
	struct kl_release *earlier;
	size_t earlier_count, earlier_capacity;
};

static uint16_t control_of_former(const struct pool *pool, const struct kl_tally_member *member)
{
	if (!member->verified)
		return KL_CONTROL_NONE;
	for (unsigned i = 0; i < pool->own; i++) {
		if (pool->control[i] == i &&
			kl_id_equal(&pool->roster->members[i].control, &member->control))
			return (uint16_t)i;
	}
	for (size_t i = pool->own; i < pool->members; i++) {
		if (kl_id_equal(&pool->extra_control[i], &member->control))
			return pool->control[i];
	}
	return (uint16_t)pool->members;
}

static int column_of(struct pool *pool, const struct kl_tally_member *member, size_t *ret_column)
{
	int place = kl_tally_roster_find(pool->roster, &member->id);

	if (place >= 0) {
		*ret_column = (size_t)place;
		return KL_OK;
	}
	for (size_t i = pool->own; i < pool->members; i++) {
		if (kl_id_equal(&pool->extra[i], &member->id)) {
			*ret_column = i;
			return KL_OK;
		}
	}
	if (pool->members == KL_SET_MEMBERS_MAX)
		return KL_E_TOO_BIG;
	pool->control[pool->members] = control_of_former(pool, member);
	pool->extra[pool->members] = member->id;
	pool->extra_control[pool->members] = member->control;
	*ret_column = pool->members++;
	return KL_OK;
}

static int add_release(
	struct pool *pool, const struct kl_tally *t, const struct kl_set *set, uint8_t level)
{
	struct kl_release *release;

	if (pool->earlier_count == pool->earlier_capacity) {
		size_t more = pool->earlier_capacity ? 2 * pool->earlier_capacity : 16;
		struct kl_release *memory = realloc(pool->earlier, more * sizeof(*memory));

		if (!memory)
			return KL_E_NOMEM;
		pool->earlier = memory;
		pool->earlier_capacity = more;
	}
	release = &pool->earlier[pool->earlier_count++];
	memset(release, 0, sizeof(*release));
	release->level = level;
	for (size_t i = kl_set_next(set, 0); i < t->roster.count; i = kl_set_next(set, i + 1)) {
		size_t column = 0;
		int rc = column_of(pool, &t->roster.members[i], &column);

		if (rc)
			return rc;
		kl_set_add(&release->set, column);
	}
	return KL_OK;
}

static int add_earlier(
	const struct kl_tallies *book, struct pool *pool, const struct kl_id *id, const char *code)
{
	struct kl_tally *t = NULL;
	struct kl_tally_proposal *p = kl_tallies_proposal(book, id, &t);
	int metric, rc = KL_OK;

	if (!p || p->verdict != KL_VERDICT_GOOD)
		return KL_E_BUSY;
	metric = kl_call_metric(&t->call, code);
	for (size_t r = 0; r < p->row_count && !rc; r++) {
		struct kl_set set;

		if (p->rows[r].metric != metric)
			continue;
		kl_tally_cohort_set(t, &p->outcome, p->rows[r].metric, p->rows[r].cohort, &set);
		rc = add_release(pool, t, &set, p->rows[r].level);
	}
	return rc;
}

static int plan_pool(const struct kl_plan_input *input, const struct pool *pool,
	const struct kl_set *base, const struct kl_set *accepted, struct kl_outcome_cell *ret_cells)
{
	const struct kl_population population = {pool->control, pool->members};
	const struct kl_tally_call *call = input->call;
	struct kl_plan_candidate *candidates = calloc(call->cohort_count, sizeof(*candidates));
	struct kl_plan_row *rows = calloc(call->cohort_count, sizeof(*rows));
	int rc = KL_E_NOMEM;

	if (!candidates || !rows)
		goto out;
	for (unsigned c = 0; c < call->cohort_count; c++) {
		kl_cohort_members(input->roster, &call->cohorts[c], accepted, &candidates[c].set);
		kl_cohort_members(input->roster, &call->cohorts[c], base, &candidates[c].base);
		candidates[c].has_base = true;
	}
	rc = kl_audit_plan(&population, call->minimum, &input->key, pool->earlier,
		pool->earlier_count, candidates, call->cohort_count, rows);
	for (unsigned c = 0; c < call->cohort_count && !rc; c++) {
		ret_cells[c].why = rows[c].why;
		ret_cells[c].level = rows[c].why == KL_PLAN_RELEASED ? rows[c].level : 0;
		ret_cells[c].n = (uint16_t)kl_set_count(&candidates[c].set);
		ret_cells[c].counted = (uint16_t)kl_audit_support(&population, &candidates[c].set);
		ret_cells[c].smallest = rows[c].smallest;
	}
out:
	free(candidates);
	free(rows);
	return rc;
}

int kl_tally_plan(const struct kl_tallies *book, const struct kl_plan_input *input, unsigned metric,
	const struct kl_set *base, const struct kl_set *accepted, struct kl_outcome_cell *ret_cells)
{
	struct pool *pool = calloc(1, sizeof(*pool));
	int rc = KL_OK;

	if (!pool)
		return KL_E_NOMEM;
	pool->roster = input->roster;
	pool->own = pool->members = input->roster->count;
	memcpy(pool->control, input->controls, pool->own * sizeof(pool->control[0]));
	for (size_t i = 0; i < input->earlier_count && !rc; i++)
		rc = add_earlier(book, pool, &input->earlier[i], input->call->metrics[metric].code);
	/* Who published the figure under its name hides nobody. */
	for (size_t i = 0; i < pool->own && input->call->named; i++) {
		if (kl_set_has(&input->call->named[metric], i))
			pool->control[i] = KL_CONTROL_NONE;
	}
	if (!rc)
		rc = plan_pool(input, pool, base, accepted, ret_cells);
	free(pool->earlier);
	free(pool);
	return rc;
}

/* ---- earlier releases ----------------------------------------------------------------------- */

struct id_list {
	struct kl_id *ids;
	size_t count;
	bool full; /* one more did not fit */
};

static void add_id(struct id_list *list, const struct kl_id *id)
{
	size_t place = 0;

	while (place < list->count && kl_id_compare(&list->ids[place], id) < 0)
		place++;
	if (place < list->count && kl_id_equal(&list->ids[place], id))
		return;
	if (list->count == KL_TALLY_EARLIER_MAX) {
		list->full = true;
		return;
	}
	memmove(&list->ids[place + 1], &list->ids[place],
		(list->count - place) * sizeof(*list->ids));
	list->ids[place] = *id;
	list->count++;
}

static bool names(const struct kl_quit_said *quit, const struct kl_id *proposal)
{
	for (unsigned i = 0; i < quit->vote_count; i++) {
		if (kl_id_equal(&quit->votes[i].proposal, proposal))
			return true;
	}
	return false;
}

static bool named_in_quit(const struct kl_tally *t, const struct kl_id *proposal)
{
	for (unsigned j = 0; j < t->committee.n; j++) {
		for (unsigned k = 0; k < t->seats[j].quit_count; k++) {
			if (names(&t->seats[j].quits[k], proposal))
				return true;
		}
	}
	return false;
}

int kl_tally_earlier(const struct kl_tallies *book, const struct kl_tally_call *call,
	const struct kl_tally *before, struct kl_id ret_ids[KL_TALLY_EARLIER_MAX],
	size_t *ret_count)
{
	struct id_list list = {ret_ids, 0, false};

	for (size_t i = 0; i < book->count && book->tallies[i] != before; i++) {
		const struct kl_tally *t = book->tallies[i];

		if (t->gate == KL_GATE_INVALID || !kl_calls_overlap(&t->call, call))
			continue;
		for (size_t k = 0; k < t->proposal_count; k++) {
			const struct kl_tally_proposal *p = t->proposals[k];
			const struct kl_id *id;

			if (p->verdict != KL_VERDICT_GOOD || p->row_count == 0)
				continue;
			id = kl_chain_id(&p->chain);
			if ((t->has_certified && kl_id_equal(id, &t->certified)) ||
				named_in_quit(t, id))
				add_id(&list, id);
		}
	}
	*ret_count = list.count;
	return list.full ? KL_E_TOO_BIG : KL_OK;
}
