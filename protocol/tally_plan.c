/* What of a tally is released: which cohorts, how finely, together with all that came out before.
 *
 * A plan is made metric after metric and cohort after cohort, as many in one go as there is time for:
 * hundreds of members in dozens of cohorts take a while, and whoever waits for a turn of the machine
 * must not wait for all of it. */
#include "core/hash.h"
#include "protocol/tally_book.h"

#include <stdlib.h>
#include <string.h>

/* Somebody in one of the rosters that take part. */
struct column {
	struct kl_id id, control;
	bool verified;
};

struct kl_tally_plan {
	const struct kl_tally_call *call;
	const struct kl_tally_roster *roster;
	struct kl_id key;
	struct kl_set *sets; /* as in the input; owned */
	struct kl_id earlier[KL_TALLY_EARLIER_MAX];
	size_t earlier_count;
	struct column *columns; /* of this roster and of those of earlier tallies; ascending */
	size_t column_count, column_capacity;
	uint16_t controls[KL_SET_MEMBERS_MAX];
	struct kl_set *cohorts; /* columns that the rules take in */

	struct kl_outcome_cell *cells;
	struct kl_id families[KL_TALLY_METRICS_MAX]; /* what a metric was planned from */

	unsigned first, metric,
		end;     /* metrics: the first, the one at hand, the one after the last */
	unsigned cohort; /* the next one of the metric at hand */
	bool begun;
	uint16_t counting[KL_SET_MEMBERS_MAX]; /* control groups, without whom the metric hides */
	struct kl_population population;
	struct kl_release *releases;
	size_t release_count, release_capacity;
	struct kl_plan_candidate *candidates;
	struct kl_audit audit;
};

void kl_tally_plan_free(struct kl_tally_plan *plan)
{
	if (!plan)
		return;
	free(plan->sets);
	free(plan->columns);
	free(plan->cohorts);
	free(plan->cells);
	free(plan->releases);
	free(plan->candidates);
	free(plan);
}

/* ---- who is who ----------------------------------------------------------------------------- */

struct grouped {
	const struct kl_id *control;
	uint16_t column;
};

static int by_control(const void *a, const void *b)
{
	const struct grouped *x = a, *y = b;

	return kl_id_compare(x->control, y->control);
}

/* Gives all of one control group the same number. */
static void number_groups(struct grouped *grouped, size_t count, uint16_t *ret_controls)
{
	qsort(grouped, count, sizeof(*grouped), by_control);
	for (size_t i = 0, number = 0; i < count; i++) {
		if (i > 0 && !kl_id_equal(grouped[i].control, grouped[i - 1].control))
			number++;
		ret_controls[grouped[i].column] = (uint16_t)number;
	}
}

void kl_tally_controls(
	const struct kl_tally_roster *roster, uint16_t ret_controls[KL_SET_MEMBERS_MAX])
{
	struct grouped grouped[KL_TALLY_MEMBERS_MAX];
	size_t count = 0;

	for (unsigned i = 0; i < roster->count; i++) {
		ret_controls[i] = KL_CONTROL_NONE;
		if (roster->members[i].verified)
			grouped[count++] =
				(struct grouped){&roster->members[i].control, (uint16_t)i};
	}
	number_groups(grouped, count, ret_controls);
}

static void number_columns(struct kl_tally_plan *plan)
{
	struct grouped grouped[KL_SET_MEMBERS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < plan->column_count; i++) {
		plan->controls[i] = KL_CONTROL_NONE;
		if (plan->columns[i].verified)
			grouped[count++] = (struct grouped){&plan->columns[i].control, (uint16_t)i};
	}
	number_groups(grouped, count, plan->controls);
}

/* Place of a member among the columns, or where it would stand. */
static size_t place_of(const struct kl_tally_plan *plan, const struct kl_id *id)
{
	size_t low = 0, high = plan->column_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (kl_id_compare(&plan->columns[middle].id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int add_columns(struct kl_tally_plan *plan, const struct kl_tally_roster *roster)
{
	size_t most = plan->column_count + roster->count;
	struct column *memory;

	if (most > plan->column_capacity) {
		memory = realloc(plan->columns, (most + 1) * sizeof(*memory));
		if (!memory)
			return KL_E_NOMEM;
		plan->columns = memory;
		plan->column_capacity = most;
	}
	for (unsigned i = 0; i < roster->count; i++) {
		const struct kl_tally_member *member = &roster->members[i];
		size_t place = place_of(plan, &member->id);
		struct column *column = &plan->columns[place];

		if (place < plan->column_count && kl_id_equal(&column->id, &member->id))
			continue;
		if (plan->column_count == KL_SET_MEMBERS_MAX)
			return KL_E_TOO_BIG;
		memmove(column + 1, column, (plan->column_count++ - place) * sizeof(*column));
		*column = (struct column){member->id, member->control, member->verified};
	}
	return KL_OK;
}

/* Members of a roster as members of all rosters. */
static void move_set(const struct kl_tally_plan *plan, const struct kl_tally_roster *roster,
	const struct kl_set *from, struct kl_set *ret_set)
{
	struct kl_set set = {{0}};

	for (size_t i = kl_set_next(from, 0); i < roster->count; i = kl_set_next(from, i + 1))
		kl_set_add(&set, place_of(plan, &roster->members[i].id));
	*ret_set = set;
}

/* ---- beginning ------------------------------------------------------------------------------ */

void kl_tally_plan_key(const struct kl_id *tally, struct kl_id *ret_key)
{
	const struct kl_bytes part = kl_bytes(tally->b, KL_ID_BYTES);

	kl_hash_of("QB1/plan", &part, 1, ret_key);
}

static int gather_columns(const struct kl_tallies *book, struct kl_tally_plan *plan)
{
	int rc = add_columns(plan, plan->roster);

	for (size_t i = 0; i < plan->earlier_count && !rc; i++) {
		struct kl_tally *t = NULL;
		const struct kl_tally_proposal *p =
			kl_tallies_proposal(book, &plan->earlier[i], &t);

		rc = p && p->verdict == KL_VERDICT_GOOD ? add_columns(plan, &t->roster) : KL_E_BUSY;
	}
	return rc;
}

static void place_cohorts(struct kl_tally_plan *plan)
{
	for (unsigned c = 0; c < plan->call->cohort_count; c++) {
		struct kl_set set;

		kl_cohort_members(plan->roster, &plan->call->cohorts[c], NULL, &set);
		move_set(plan, plan->roster, &set, &plan->cohorts[c]);
	}
}

int kl_tally_plan_new(const struct kl_tallies *book, const struct kl_plan_input *input,
	struct kl_tally_plan **ret_plan)
{
	const struct kl_tally_call *call = input->call;
	struct kl_tally_plan *plan = calloc(1, sizeof(*plan));
	int rc = KL_E_NOMEM;

	if (!plan)
		return rc;
	plan->call = call;
	plan->roster = input->roster;
	plan->first = plan->metric = input->first;
	plan->end = input->end;
	kl_tally_plan_key(&input->tally, &plan->key);
	plan->earlier_count = input->earlier_count;
	memcpy(plan->earlier, input->earlier, input->earlier_count * sizeof(*plan->earlier));
	plan->sets = calloc(2U * call->metric_count, sizeof(*plan->sets));
	plan->cohorts = calloc(call->cohort_count, sizeof(*plan->cohorts));
	plan->cells = calloc((size_t)call->metric_count * call->cohort_count, sizeof(*plan->cells));
	plan->candidates = calloc(call->cohort_count, sizeof(*plan->candidates));
	if (plan->sets && plan->cohorts && plan->cells && plan->candidates)
		rc = gather_columns(book, plan);
	if (rc) {
		kl_tally_plan_free(plan);
		return rc;
	}
	memcpy(plan->sets, input->sets, 2U * call->metric_count * sizeof(*plan->sets));
	number_columns(plan);
	place_cohorts(plan);
	*ret_plan = plan;
	return KL_OK;
}

bool kl_tally_plan_is_of(const struct kl_tally_plan *plan, const struct kl_plan_input *input)
{
	return plan->call == input->call && plan->first == input->first &&
	       plan->end == input->end && plan->earlier_count == input->earlier_count &&
	       memcmp(plan->earlier, input->earlier,
		       input->earlier_count * sizeof(*input->earlier)) == 0 &&
	       memcmp(plan->sets, input->sets,
		       2U * input->call->metric_count * sizeof(*input->sets)) == 0;
}

/* ---- one metric ----------------------------------------------------------------------------- */

static int add_release(struct kl_tally_plan *plan, const struct kl_tally *t,
	const struct kl_set *set, uint8_t level)
{
	struct kl_release *release;

	if (plan->release_count == plan->release_capacity) {
		size_t more = plan->release_capacity ? 2 * plan->release_capacity : 64;
		struct kl_release *memory = realloc(plan->releases, more * sizeof(*memory));

		if (!memory)
			return KL_E_NOMEM;
		plan->releases = memory;
		plan->release_capacity = more;
	}
	release = &plan->releases[plan->release_count++];
	memset(release, 0, sizeof(*release));
	release->level = level;
	move_set(plan, &t->roster, set, &release->set);
	return KL_OK;
}

/* Who published the figure under its name hides nobody. */
static void hide_nobody(struct kl_tally_plan *plan, const struct kl_tally_call *call,
	const struct kl_tally_roster *roster, unsigned metric)
{
	struct kl_set named;

	if (!call->named)
		return;
	move_set(plan, roster, &call->named[metric], &named);
	for (size_t i = kl_set_next(&named, 0); i < plan->column_count;
		i = kl_set_next(&named, i + 1))
		plan->counting[i] = KL_CONTROL_NONE;
}

static int add_earlier(const struct kl_tallies *book, struct kl_tally_plan *plan,
	const struct kl_id *id, const char *code)
{
	struct kl_tally *t = NULL;
	const struct kl_tally_proposal *p = kl_tallies_proposal(book, id, &t);
	int metric, rc = KL_OK;

	if (!p)
		return KL_E_BUSY;
	metric = kl_call_metric(&t->call, code);
	if (metric < 0 || !kl_tally_near(code, t->call.period, plan->call->period))
		return KL_OK;
	hide_nobody(plan, &t->call, &t->roster, (unsigned)metric);
	for (size_t r = 0; r < p->row_count && !rc; r++) {
		struct kl_set set;

		if (p->rows[r].metric != metric)
			continue;
		kl_tally_cohort_set(t, &p->outcome, p->rows[r].metric, p->rows[r].cohort, &set);
		rc = add_release(plan, t, &set, p->rows[r].level);
	}
	return rc;
}

/* Metrics of which all this is the same fare alike, since the audit looks at nothing else. */
static void family_of(const struct kl_tally_plan *plan, struct kl_id *ret_family)
{
	const struct kl_set *sets = &plan->sets[2 * (size_t)plan->metric];
	struct kl_hash hash;

	kl_hash_init(&hash, "family");
	kl_hash_add(&hash, kl_bytes(sets, 2 * sizeof(*sets)));
	kl_hash_add(&hash, kl_bytes(plan->counting, plan->column_count * sizeof(*plan->counting)));
	for (size_t i = 0; i < plan->release_count; i++) {
		kl_hash_add_u8(&hash, plan->releases[i].level);
		kl_hash_add(&hash, kl_bytes(&plan->releases[i].set, sizeof(plan->releases[i].set)));
	}
	kl_hash_final(&hash, ret_family);
}

static struct kl_outcome_cell *cells_of(const struct kl_tally_plan *plan, unsigned metric)
{
	return &plan->cells[(size_t)metric * plan->call->cohort_count];
}

static void place_candidates(struct kl_tally_plan *plan)
{
	const struct kl_set *sets = &plan->sets[2 * (size_t)plan->metric];
	struct kl_set base, accepted;

	move_set(plan, plan->roster, &sets[0], &base);
	move_set(plan, plan->roster, &sets[1], &accepted);
	for (unsigned c = 0; c < plan->call->cohort_count; c++) {
		struct kl_plan_candidate *candidate = &plan->candidates[c];
		struct kl_outcome_cell *cell = &cells_of(plan, plan->metric)[c];

		kl_set_meet(&base, &plan->cohorts[c], &candidate->base);
		kl_set_meet(&accepted, &plan->cohorts[c], &candidate->set);
		candidate->has_base = true;
		cell->n = (uint16_t)kl_set_count(&candidate->set);
		cell->counted = (uint16_t)kl_audit_support(&plan->population, &candidate->set);
		cell->why = KL_PLAN_SUBTRACTABLE; /* until it was looked at */
	}
}

static void next_metric(struct kl_tally_plan *plan)
{
	plan->metric++;
	plan->cohort = 0;
	plan->begun = false;
}

/* Gathers what the metric is planned from. If it is the same as for an earlier one, that is all. */
static int begin_metric(const struct kl_tallies *book, struct kl_tally_plan *plan)
{
	const char *code = plan->call->metrics[plan->metric].code;
	struct kl_id *family = &plan->families[plan->metric];
	int rc = KL_OK;

	plan->release_count = 0;
	memcpy(plan->counting, plan->controls, sizeof(plan->counting));
	plan->population = (struct kl_population){plan->counting, plan->column_count};
	hide_nobody(plan, plan->call, plan->roster, plan->metric);
	for (size_t i = 0; i < plan->earlier_count && !rc; i++)
		rc = add_earlier(book, plan, &plan->earlier[i], code);
	if (rc)
		return rc;
	family_of(plan, family);
	for (unsigned m = plan->first; m < plan->metric; m++) {
		if (!kl_id_equal(&plan->families[m], family))
			continue;
		memcpy(cells_of(plan, plan->metric), cells_of(plan, m),
			plan->call->cohort_count * sizeof(*plan->cells));
		next_metric(plan);
		return KL_OK;
	}
	place_candidates(plan);
	plan->begun = true;
	/* What cannot be taken into account as a whole proves nothing: all of it is withheld. */
	if (plan->release_count + plan->call->cohort_count > KL_AUDIT_ROWS_MAX) {
		next_metric(plan);
		return KL_OK;
	}
	return kl_audit_begin(&plan->audit, &plan->population, plan->call->minimum, &plan->key,
		plan->releases, plan->release_count);
}

static int next_cohort(struct kl_tally_plan *plan)
{
	struct kl_outcome_cell *cell = &cells_of(plan, plan->metric)[plan->cohort];
	struct kl_plan_row row;
	int rc = kl_audit_next(&plan->audit, &plan->candidates[plan->cohort], &row);

	if (rc)
		return rc;
	cell->why = row.why;
	cell->level = row.why == KL_PLAN_RELEASED ? row.level : 0;
	cell->smallest = row.smallest;
	if (++plan->cohort == plan->call->cohort_count)
		next_metric(plan);
	return KL_OK;
}

/* A cohort is tested against all rows so far, each over all members and against all others. */
static uint64_t effort(const struct kl_tally_plan *plan)
{
	uint64_t rows = plan->audit.count + 1;

	return rows * rows * (plan->column_count + 1);
}

int kl_tally_plan_go_on(
	const struct kl_tallies *book, struct kl_tally_plan *plan, uint64_t *effort_left)
{
	int rc = KL_OK;

	while (plan->metric < plan->end && !rc) {
		uint64_t cost;

		if (*effort_left == 0)
			return KL_E_BUSY;
		if (!plan->begun) {
			cost = plan->column_count + 1;
			rc = begin_metric(book, plan);
		} else {
			cost = effort(plan);
			rc = next_cohort(plan);
		}
		*effort_left -= cost < *effort_left ? cost : *effort_left;
	}
	return rc;
}

const struct kl_outcome_cell *kl_tally_plan_cells(const struct kl_tally_plan *plan)
{
	return plan->cells;
}

/* ---- in the machine ------------------------------------------------------------------------- */

/* One plan of a tally is in the making at a time. It is carried through before another one begins, also
 * if nobody asks for it any more: so of two that are asked for in turn, both come to an end. */
int kl_tally_planned(struct kl_tallies *book, struct kl_tally *t, const struct kl_plan_input *input,
	struct kl_outcome_cell *ret_cells)
{
	const size_t cells = (size_t)t->call.metric_count * t->call.cohort_count;
	int rc = KL_OK;

	if (t->plan)
		rc = kl_tally_plan_go_on(book, t->plan, &book->effort_left);
	if (!rc && !(t->plan && kl_tally_plan_is_of(t->plan, input))) {
		kl_tally_plan_free(t->plan);
		t->plan = NULL;
		rc = kl_tally_plan_new(book, input, &t->plan);
		if (!rc)
			rc = kl_tally_plan_go_on(book, t->plan, &book->effort_left);
	}
	if (!rc)
		memcpy(ret_cells, kl_tally_plan_cells(t->plan), cells * sizeof(*ret_cells));
	else if (rc == KL_E_BUSY && t->plan) {
		book->planning = true;
		kl_tally_wake(book, 1);
	}
	return rc;
}
