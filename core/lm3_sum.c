#include "core/lm3.h"
#include "core/money.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_LINES = 256 };

struct line {
	int64_t net;
	double respent;
	uint8_t where, sector;
	bool answered;
	bool counted_style; /* already counted as spelled in two ways */
	bool counted_clash; /* already counted as contradicting itself */
};

struct kl_lm3_sum {
	struct kl_lm3_ledger ledger;
	struct kl_names *names;
	struct line *lines; /* by number of the name */
	size_t room;
	size_t styles, clashes;
	uint32_t first_style, first_clash;
};

int kl_lm3_sum_new(
	const struct kl_lm3_ledger *ledger, struct kl_fault *fault, struct kl_lm3_sum **ret_sum)
{
	struct kl_lm3_sum *sum;
	int rc = kl_lm3_ledger_check(ledger, fault);

	if (rc)
		return rc;
	sum = calloc(1, sizeof *sum);
	if (!sum)
		return kl_fault(fault, KL_E_NOMEM, "no memory for the suppliers");
	sum->ledger = *ledger;
	sum->room = FIRST_LINES;
	sum->names = kl_names_new();
	sum->lines = calloc(sum->room, sizeof *sum->lines);
	if (!sum->names || !sum->lines) {
		kl_lm3_sum_destroy(sum);
		return kl_fault(fault, KL_E_NOMEM, "no memory for the suppliers");
	}
	*ret_sum = sum;
	return KL_OK;
}

void kl_lm3_sum_destroy(struct kl_lm3_sum *sum)
{
	if (!sum)
		return;
	kl_names_destroy(sum->names);
	free(sum->lines);
	free(sum);
}

static int room_for_line(struct kl_lm3_sum *sum)
{
	struct line *lines;

	if (kl_names_count(sum->names) < sum->room)
		return KL_OK;
	lines = realloc(sum->lines, 2 * sum->room * sizeof *lines);
	if (!lines)
		return KL_E_NOMEM;
	sum->lines = lines;
	sum->room *= 2;
	return KL_OK;
}

static enum kl_where where_of(const struct kl_lm3_sum *sum, const struct kl_supplier *supplier)
{
	if (supplier->where != KL_WHERE_UNKNOWN || !supplier->place[0])
		return supplier->where;
	return kl_area_holds(&sum->ledger.area, supplier->place);
}

/* What this row says is taken where nothing was known, and noted where it contradicts. */
static void merge(struct kl_lm3_sum *sum, uint32_t number, const struct kl_supplier *supplier)
{
	struct line *line = &sum->lines[number];
	enum kl_where where = where_of(sum, supplier);
	bool clash = false;

	if (line->where == KL_WHERE_UNKNOWN)
		line->where = (uint8_t)where;
	else if (where != KL_WHERE_UNKNOWN && where != line->where)
		clash = true;
	if (line->sector == KL_SECTOR_UNKNOWN)
		line->sector = (uint8_t)supplier->sector;
	if (supplier->answered && line->answered && supplier->respent != line->respent)
		clash = true;
	if (supplier->answered && !line->answered) {
		line->answered = true;
		line->respent = supplier->respent;
	}
	if (clash && !line->counted_clash) {
		line->counted_clash = true;
		if (sum->clashes++ == 0)
			sum->first_clash = number;
	}
}

static void note_style(struct kl_lm3_sum *sum, uint32_t number)
{
	if (sum->lines[number].counted_style)
		return;
	sum->lines[number].counted_style = true;
	if (sum->styles++ == 0)
		sum->first_style = number;
}

int kl_lm3_sum_add(
	struct kl_lm3_sum *sum, const struct kl_supplier *supplier, struct kl_fault *fault)
{
	struct kl_names_found found;
	int64_t net = 0;
	int rc = kl_supplier_check(supplier, fault);

	if (rc)
		return rc;
	rc = room_for_line(sum);
	if (rc)
		return kl_fault(fault, rc, "no memory for more suppliers");
	rc = kl_names_add(sum->names, supplier->name, &found);
	if (rc == KL_E_TOO_BIG)
		return kl_fault(fault, rc, "more than %d suppliers in one project", KL_NAMES_MAX);
	if (rc)
		return kl_fault(fault, rc, "no memory for more suppliers");
	if (found.added)
		sum->lines[found.number] = (struct line){0};
	if (kl_money_add(sum->lines[found.number].net, supplier->spend, &net))
		return kl_fault(
			fault, KL_E_RANGE, "supplier '%s': the sum is too large", supplier->name);
	sum->lines[found.number].net = net;
	if (found.other_style)
		note_style(sum, found.number);
	merge(sum, found.number, supplier);
	return KL_OK;
}

size_t kl_lm3_sum_count(const struct kl_lm3_sum *sum)
{
	return kl_names_count(sum->names);
}

struct kl_lm3_line kl_lm3_sum_line(const struct kl_lm3_sum *sum, size_t index)
{
	const struct line *line = &sum->lines[index];

	return (struct kl_lm3_line){kl_names_at(sum->names, (uint32_t)index), line->net,
		(enum kl_where)line->where, (enum kl_sector)line->sector, line->answered,
		line->respent};
}

/* ---- the result ------------------------------------------------------------------------------ */

/* Suppliers of one place, by whether they answered. */
struct class
{
	int64_t value, answered;
	double respent; /* of what was answered: sum of net * share, in pence */
};

struct classes {
	struct class of[3]; /* by enum kl_where */
	int64_t value, answered, negative;
	size_t negatives;
	uint32_t first_negative;
};

static int classify(const struct kl_lm3_sum *sum, struct classes *c)
{
	*c = (struct classes){0};
	for (uint32_t i = 0; i < kl_names_count(sum->names); i++) {
		const struct line *line = &sum->lines[i];
		struct class *of = &c->of[line->where];

		if (line->net < 0) {
			if (c->negatives++ == 0)
				c->first_negative = i;
			if (kl_money_add(c->negative, line->net, &c->negative))
				return KL_E_RANGE;
			continue;
		}
		if (kl_money_add(c->value, line->net, &c->value))
			return KL_E_RANGE;
		of->value += line->net;
		if (!line->answered)
			continue;
		c->answered += line->net;
		of->answered += line->net;
		of->respent += (double)line->net * line->respent;
	}
	return KL_OK;
}

static int64_t to_pence(double value)
{
	return (int64_t)(value + 0.5); /* rounds are never negative */
}

/* The three cases side by side, before any rounding. */
struct cases {
	double low, central, high;
	bool has_central;
};

static struct kl_lm3_amounts amounts(const struct cases *c)
{
	struct kl_lm3_amounts a = {.low = to_pence(c->low), .high = to_pence(c->high)};

	if (c->has_central) {
		a.has_central = true;
		a.central = to_pence(c->central);
	}
	return a;
}

static struct kl_lm3_shares shares(const struct cases *c)
{
	return (struct kl_lm3_shares){
		c->low, c->has_central ? c->central : 0, c->high, c->has_central};
}

/* Value of the suppliers that are local. Unknown places split as the known ones. */
static struct cases local_value(const struct classes *c)
{
	int64_t local = c->of[KL_WHERE_LOCAL].value, elsewhere = c->of[KL_WHERE_ELSEWHERE].value;
	int64_t unknown = c->of[KL_WHERE_UNKNOWN].value;
	struct cases v = {.low = (double)local, .high = (double)local + (double)unknown};

	v.has_central = unknown == 0 || local + elsewhere > 0;
	if (v.has_central)
		v.central = (double)local + (double)unknown * kl_share(local, local + elsewhere);
	return v;
}

/* Mean share of those of a known class who answered; of the other known class if none did; of those
 * whose place is unknown if only they answered. */
static double mean_of(const struct classes *c, enum kl_where where)
{
	const struct class *of = &c->of[where];

	if (!of->answered)
		of = &c->of[where == KL_WHERE_LOCAL ? KL_WHERE_ELSEWHERE : KL_WHERE_LOCAL];
	if (!of->answered)
		of = &c->of[KL_WHERE_UNKNOWN];
	return of->answered ? of->respent / (double)of->answered : 0.0;
}

/* What suppliers spend again locally. */
static struct cases respent(const struct classes *c)
{
	int64_t local = c->of[KL_WHERE_LOCAL].value, elsewhere = c->of[KL_WHERE_ELSEWHERE].value;
	int64_t silent = c->value - c->answered, silent_of[3];
	double share, answered = 0;
	struct cases r;

	for (int w = 0; w < 3; w++) {
		silent_of[w] = c->of[w].value - c->of[w].answered;
		answered += c->of[w].respent;
	}
	r = (struct cases){.low = answered, .high = answered + (double)silent};
	r.has_central =
		silent == 0 ||
		(c->answered > 0 && (silent_of[KL_WHERE_UNKNOWN] == 0 || local + elsewhere > 0));
	if (!r.has_central)
		return r;
	share = kl_share(local, local + elsewhere);
	r.central =
		answered +
		((double)silent_of[KL_WHERE_LOCAL] + share * (double)silent_of[KL_WHERE_UNKNOWN]) *
			mean_of(c, KL_WHERE_LOCAL) +
		((double)silent_of[KL_WHERE_ELSEWHERE] +
			(1 - share) * (double)silent_of[KL_WHERE_UNKNOWN]) *
			mean_of(c, KL_WHERE_ELSEWHERE);
	return r;
}

static void shift(struct cases *c, double by)
{
	c->low += by;
	c->central += by;
	c->high += by;
}

__attribute__((format(printf, 2, 3))) static void warn(
	struct kl_lm3_result *r, const char *format, ...)
{
	va_list args;

	KL_ASSERT(r->warning_count < KL_LM3_WARNINGS_MAX);
	va_start(args, format);
	vsnprintf(r->warnings[r->warning_count++], KL_LM3_WARNING_MAX, format, args);
	va_end(args);
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void warn_of_suppliers(
	const struct kl_lm3_sum *sum, const struct classes *c, struct kl_lm3_result *r)
{
	if (sum->styles)
		warn(r,
			"probable duplicates: %zu supplier%s spelled in more than one way (Ltd or "
			"Limited, "
			"capitals) and added up as one, such as '%.100s'",
			sum->styles, plural(sum->styles),
			kl_names_at(sum->names, sum->first_style));
	if (sum->clashes)
		warn(r,
			"%zu supplier%s with rows that contradict each other on place or answer; "
			"the first "
			"row counts: '%.100s'",
			sum->clashes, plural(sum->clashes),
			kl_names_at(sum->names, sum->first_clash));
	if (c->negatives)
		warn(r,
			"%zu supplier%s with more credit notes than invoices, counted as nothing, "
			"such as "
			"'%.100s'",
			c->negatives, plural(c->negatives),
			kl_names_at(sum->names, c->first_negative));
}

static void warn_of_score(int64_t spent, const struct classes *c, struct kl_lm3_result *r)
{
	char a[KL_MONEY_TEXT_MAX], b[KL_MONEY_TEXT_MAX];

	if (spent > r->income)
		warn(r, "spending of %s is above the income of %s", kl_money_format(spent, a),
			kl_money_format(r->income, b));
	if (c->value == 0 && r->lm3.high > 2 + KL_LM3_PROXY_LOCAL + 1e-9)
		warn(r,
			"with payroll only, a score above %.2f cannot be: staff spend %.2f of "
			"their pay "
			"locally at most",
			2 + KL_LM3_PROXY_LOCAL, KL_LM3_PROXY_LOCAL);
	if (!r->lm3.has_central)
		warn(r, c->answered ? "no central value: no supplier's place is known"
				    : "no central value: no supplier has answered");
}

static int spending(const struct kl_lm3_ledger *l, int64_t suppliers, int64_t *ret_spent)
{
	/* Four amounts of at most KL_MONEY_MAX each cannot leave int64_t. */
	return kl_money_add(
		l->payroll_local + l->payroll_elsewhere + l->other_local + l->other_elsewhere,
		suppliers, ret_spent);
}

static void divide(struct cases *c, double by)
{
	c->low /= by;
	c->central /= by;
	c->high /= by;
}

static void fill_scores(
	const struct kl_lm3_ledger *l, const struct classes *c, struct kl_lm3_result *r)
{
	struct cases round2 = local_value(c), round3 = respent(c), part = round2, score;

	if (c->value > 0)
		divide(&part, (double)c->value);
	r->local_supplier = shares(&part);
	shift(&round2, (double)(l->payroll_local + l->other_local));
	shift(&round3, l->proxy_local * (double)l->payroll_local +
			       l->proxy_elsewhere * (double)l->payroll_elsewhere);
	r->round2 = amounts(&round2);
	r->round3 = amounts(&round3);
	score = (struct cases){round2.low + round3.low, round2.central + round3.central,
		round2.high + round3.high, round2.has_central && round3.has_central};
	divide(&score, (double)r->income);
	shift(&score, 1.0);
	r->lm3 = shares(&score);
}

static int check_sums(const struct classes *c, struct kl_fault *fault)
{
	char text[KL_MONEY_TEXT_MAX];

	if (c->value >= -c->negative)
		return KL_OK;
	kl_fault(fault, KL_E_INVALID, "all suppliers together come to %s",
		kl_money_format(c->value + c->negative, text));
	kl_fault_hint(fault,
		"credit notes are negative, invoices positive: check the sign of the amounts");
	return KL_E_INVALID;
}

int kl_lm3_sum_result(
	const struct kl_lm3_sum *sum, struct kl_fault *fault, struct kl_lm3_result *ret_result)
{
	const struct kl_lm3_ledger *l = &sum->ledger;
	struct kl_lm3_result r = {
		.proxy_local = l->proxy_local, .proxy_elsewhere = l->proxy_elsewhere};
	int64_t payroll = l->payroll_local + l->payroll_elsewhere, spent;
	struct classes c;
	int rc;

	if (classify(sum, &c) || spending(l, c.value, &spent))
		return kl_fault(fault, KL_E_RANGE, "the sum of all suppliers is too large");
	rc = check_sums(&c, fault);
	if (rc)
		return rc;
	r.income = r.round1 = l->has_income ? l->income : spent;
	if (r.income <= 0)
		return kl_fault(fault, KL_E_INVALID,
			"'%s' has no income: give it, or payroll, other costs or suppliers",
			l->name);
	r.suppliers = kl_names_count(sum->names);
	r.supply_value = c.value;
	r.answered_value = c.answered;
	r.has_suppliers = c.value > 0;
	r.answered_share = c.value ? kl_share(c.answered, c.value) : 1.0;
	r.rating = kl_lm3_rate(c.answered, c.value);
	r.has_payroll = payroll > 0;
	r.local_payroll = kl_share(l->payroll_local, payroll);
	fill_scores(l, &c, &r);
	warn_of_suppliers(sum, &c, &r);
	warn_of_score(spent, &c, &r);
	*ret_result = r;
	return KL_OK;
}
