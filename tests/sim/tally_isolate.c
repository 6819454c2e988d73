/* Whom could somebody tell apart that has every sum that was ever opened? Worked out here from the
 * definition, with nothing of core/audit: all sums are rows of a matrix over the members; what can be
 * told apart is the members in which some combination of rows is not zero. A combination with a
 * smallest such set vanishes on as many independent groups of members as it can, which is one fewer
 * than the rank: so all choices of these are tried. */
#include "tests/sim/tally_end.h"

#include "core/field.h"
#include "core/period.h"

#include <string.h>

enum {
	ROWS_MAX = 64,
	ATOMS_MAX = NET_NODES_MAX,
	TRIES_MAX = 20000 /* beyond so many choices a family is passed over, and counted */
};

struct family {
	uint64_t rows[ROWS_MAX]; /* who stands in each */
	unsigned row_count;
	uint64_t atoms[ATOMS_MAX]; /* members that stand in the same rows */
	unsigned atom_count;
	uint64_t matrix[ROWS_MAX][ATOMS_MAX]; /* reduced: `rank` rows */
	unsigned rank;
};

unsigned net_passed_over;

/* ---- who counts ----------------------------------------------------------------------------- */

static bool is_named(int tally, int column, const char *code)
{
	const struct kl_tally_call *call = net_terms_of(tally);

	for (unsigned m = 0; m < call->metric_count && call->named; m++) {
		if (!strcmp(call->metrics[m].code, code))
			return kl_set_has(&call->named[m], (size_t)column);
	}
	return false;
}

/* The control group of a node as the last of these tallies froze it that knows it; -1 if it hides nobody,
 * because nothing was confirmed, or since a call of them says that its figure is published by name. */
static int group_of(int node, const bool tallies[NET_TALLIES_MAX], const char *code)
{
	const struct kl_tally_member *member = NULL;

	for (int i = 0; i < net_tallies(); i++) {
		int column = kl_tally_roster_find(net_roster_of(i), net_id(node));

		if (!tallies[i] || column < 0)
			continue;
		if (is_named(i, column, code))
			return -1;
		member = &net_roster_of(i)->members[column];
	}
	if (!member || !member->verified)
		return -1;
	return net_node_of(&member->control) >= 0 ? net_node_of(&member->control)
						  : 64 + member->control.b[0];
}

static unsigned support(uint64_t nodes, const int groups[NET_NODES_MAX])
{
	bool seen[64 + 256] = {false};
	unsigned count = 0;

	for (int i = 0; i < net_nodes(); i++) {
		if (!(nodes & NET_BIT(i)) || groups[i] < 0 || seen[groups[i]])
			continue;
		seen[groups[i]] = true;
		count++;
	}
	return count;
}

unsigned net_counted(int tally, unsigned metric, uint64_t nodes)
{
	const char *code = net_terms_of(tally)->metrics[metric].code;
	bool tallies[NET_TALLIES_MAX] = {false};
	int groups[NET_NODES_MAX];

	tallies[tally] = true;
	for (int i = 0; i < net_nodes(); i++)
		groups[i] = group_of(i, tallies, code);
	return support(nodes, groups);
}

/* ---- linear algebra ------------------------------------------------------------------------- */

/* Brings rows to reduced echelon form; gives the rank. */
static unsigned reduce(uint64_t (*m)[ATOMS_MAX], unsigned rows, unsigned columns)
{
	unsigned rank = 0;

	for (unsigned c = 0; c < columns && rank < rows; c++) {
		unsigned p = rank;
		uint64_t inverse, row[ATOMS_MAX];

		while (p < rows && m[p][c] == 0)
			p++;
		if (p == rows)
			continue;
		memcpy(row, m[p], sizeof(row));
		memcpy(m[p], m[rank], sizeof(row));
		inverse = kl_field_inverse(row[c]);
		for (unsigned i = 0; i < columns; i++)
			m[rank][i] = kl_field_mul(row[i], inverse);
		for (unsigned r = 0; r < rows; r++) {
			uint64_t factor = m[r][c];

			for (unsigned i = 0; i < columns && r != rank && factor; i++)
				m[r][i] = kl_field_sub(m[r][i], kl_field_mul(factor, m[rank][i]));
		}
		rank++;
	}
	return rank;
}

/* The combination of the family's rows that vanishes on these atoms, if there is but one; gives the
 * members in which it does not. */
static bool vanishing(const struct family *f, const unsigned *chosen, uint64_t *ret_nodes)
{
	static uint64_t m[ATOMS_MAX][ATOMS_MAX]; /* an equation for each chosen atom */
	uint64_t y[ROWS_MAX] = {0};
	unsigned pivot[ROWS_MAX] = {0}, free_one = 0, r = f->rank;
	bool is_pivot[ROWS_MAX] = {false};

	for (unsigned e = 0; e + 1 < r; e++) {
		for (unsigned i = 0; i < r; i++)
			m[e][i] = f->matrix[i][chosen[e]];
	}
	if (reduce(m, r - 1, r) < r - 1)
		return false; /* these atoms are not independent: others will do */
	for (unsigned e = 0; e + 1 < r; e++) {
		while (m[e][pivot[e]] == 0)
			pivot[e]++;
		is_pivot[pivot[e]] = true;
	}
	while (is_pivot[free_one])
		free_one++;
	y[free_one] = 1;
	for (unsigned e = 0; e + 1 < r; e++)
		y[pivot[e]] = kl_field_sub(0, m[e][free_one]);
	*ret_nodes = 0;
	for (unsigned a = 0; a < f->atom_count; a++) {
		uint64_t sum = 0;

		for (unsigned i = 0; i < r; i++)
			sum = kl_field_add(sum, kl_field_mul(y[i], f->matrix[i][a]));
		if (sum)
			*ret_nodes |= f->atoms[a];
	}
	return true;
}

static bool next_choice(unsigned *chosen, unsigned size, unsigned count)
{
	for (unsigned i = size; i-- > 0;) {
		if (chosen[i] >= count - size + i)
			continue;
		chosen[i]++;
		while (++i < size)
			chosen[i] = chosen[i - 1] + 1;
		return true;
	}
	return false;
}

/* ---- families ------------------------------------------------------------------------------- */

/* Of those that count: whoever knows the others takes them off. */
static void find_atoms(struct family *f, const int groups[NET_NODES_MAX])
{
	for (int i = 0; i < net_nodes(); i++) {
		uint64_t column[ROWS_MAX] = {0};
		unsigned a = 0;
		bool any = false;

		if (groups[i] < 0)
			continue;
		for (unsigned r = 0; r < f->row_count; r++) {
			column[r] = f->rows[r] >> i & 1;
			any |= column[r];
		}
		for (; any && a < f->atom_count; a++) {
			bool same = true;

			for (unsigned r = 0; r < f->row_count; r++)
				same &= f->matrix[r][a] == column[r];
			if (same)
				break;
		}
		if (!any)
			continue;
		if (a == f->atom_count) {
			f->atoms[f->atom_count++] = 0;
			for (unsigned r = 0; r < f->row_count; r++)
				f->matrix[r][a] = column[r];
		}
		f->atoms[a] |= NET_BIT(i);
	}
	f->rank = reduce(f->matrix, f->row_count, f->atom_count);
}

static double choices(unsigned count, unsigned size)
{
	double product = 1;

	for (unsigned i = 0; i < size; i++)
		product = product * (count - i) / (i + 1);
	return product;
}

/* Fewest members that anybody can tell apart; UINT_MAX if there is nothing. */
static unsigned fewest(struct family *f, const int groups[NET_NODES_MAX], uint64_t *ret_nodes)
{
	unsigned chosen[ROWS_MAX], least = (unsigned)-1;

	find_atoms(f, groups);
	if (f->rank == 0)
		return least;
	if (choices(f->atom_count, f->rank - 1) > TRIES_MAX) {
		net_passed_over++;
		return least;
	}
	for (unsigned i = 0; i < f->rank; i++)
		chosen[i] = i;
	do {
		uint64_t nodes;

		if (vanishing(f, chosen, &nodes) && support(nodes, groups) < least) {
			least = support(nodes, groups);
			*ret_nodes = nodes;
		}
	} while (next_choice(chosen, f->rank - 1, f->atom_count));
	return least;
}

/* ---- all that was opened -------------------------------------------------------------------- */

static unsigned floor_of(unsigned minimum, unsigned level)
{
	static const unsigned floors[] = {5, 10, 30};

	return minimum > floors[level] ? minimum : floors[level];
}

static const char *code_of(const struct net_opened *o)
{
	return net_terms_of(o->tally)->metrics[o->metric].code;
}

/* Whether a member's answer to the question is the same in both periods, or hardly another one. */
static bool near(const char *code, struct kl_period a, struct kl_period b)
{
	bool slow = !strncmp(code, "maturity.", 9);

	return kl_period_equal(a, b) || (slow && kl_periods_near(a, b));
}

/* Whether a sum had to be taken into account when a tally released something of the question. */
static bool counts_for(const struct net_opened *o, int tally, const char *code)
{
	return o->tally <= tally && !strcmp(code_of(o), code) &&
	       near(code, net_terms_of(o->tally)->period, net_terms_of(tally)->period);
}

static void check_level(
	const struct net_opened *all, unsigned count, int tally, const char *code, unsigned level)
{
	static struct family f;
	bool tallies[NET_TALLIES_MAX] = {false};
	int groups[NET_NODES_MAX];
	unsigned minimum = (unsigned)-1, least;
	uint64_t nodes = 0;
	bool own = false; /* it released something as fine as that itself */

	memset(&f, 0, sizeof(f));
	for (unsigned i = 0; i < count; i++) {
		if (!counts_for(&all[i], tally, code) || all[i].level < level)
			continue;
		KL_ASSERT(f.row_count < ROWS_MAX);
		f.rows[f.row_count++] = all[i].nodes;
		tallies[all[i].tally] = true;
		own |= all[i].tally == tally;
		if (net_terms_of(all[i].tally)->minimum < minimum)
			minimum = net_terms_of(all[i].tally)->minimum;
	}
	if (!own)
		return;
	for (int i = 0; i < net_nodes(); i++)
		groups[i] = group_of(i, tallies, code);
	least = fewest(&f, groups, &nodes);
	NET_CHECK(least >= floor_of(minimum, level),
		"%u members can be told apart in %s at level %u (nodes %llx), and %u are the least",
		least, code, level, (unsigned long long)nodes, floor_of(minimum, level));
}

void net_check_isolation(void)
{
	unsigned count;
	const struct net_opened *all = net_opened(&count);

	for (unsigned i = 0; i < count; i++) {
		bool first = true;

		for (unsigned j = 0; j < i; j++)
			first &= all[i].tally != all[j].tally ||
				 strcmp(code_of(&all[i]), code_of(&all[j])) != 0;
		for (unsigned level = 0; first && level < 3; level++)
			check_level(all, count, all[i].tally, code_of(&all[i]), level);
	}
}
