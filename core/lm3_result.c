#include "core/bytes.h"
#include "core/lm3_inside.h"
#include "core/money.h"

#include <stdarg.h>
#include <stdio.h>

int kl_lm3_classify(const struct kl_lm3_sum *sum, struct kl_lm3_classes *c)
{
	*c = (struct kl_lm3_classes){.suppliers = kl_names_count(sum->names)};
	for (uint32_t i = 0; i < kl_names_count(sum->names); i++) {
		const struct kl_lm3_entry *line = &sum->entries[i];
		struct kl_lm3_class *of = &c->of[line->where];

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

struct kl_lm3_amounts kl_lm3_to_pence(const struct kl_lm3_cases *c)
{
	struct kl_lm3_amounts a = {.low = to_pence(c->low), .high = to_pence(c->high)};

	if (c->has_central) {
		a.has_central = true;
		a.central = to_pence(c->central);
	}
	return a;
}

static struct kl_lm3_shares shares(const struct kl_lm3_cases *c)
{
	return (struct kl_lm3_shares){
		c->low, c->has_central ? c->central : 0, c->high, c->has_central};
}

/* Value of the suppliers that are local. Unknown places split as the known ones. */
static struct kl_lm3_cases local_value(const struct kl_lm3_classes *c)
{
	int64_t local = c->of[KL_WHERE_LOCAL].value, elsewhere = c->of[KL_WHERE_ELSEWHERE].value;
	int64_t unknown = c->of[KL_WHERE_UNKNOWN].value;
	struct kl_lm3_cases v = {.low = (double)local, .high = (double)local + (double)unknown};

	v.has_central = unknown == 0 || local + elsewhere > 0;
	if (v.has_central)
		v.central = (double)local + (double)unknown * kl_share(local, local + elsewhere);
	return v;
}

/* Mean share of those of a known class who answered; of the other known class if none did; of those
 * whose place is unknown if only they answered. */
static double mean_of(const struct kl_lm3_classes *c, enum kl_where where)
{
	const struct kl_lm3_class *of = &c->of[where];

	if (!of->answered)
		of = &c->of[where == KL_WHERE_LOCAL ? KL_WHERE_ELSEWHERE : KL_WHERE_LOCAL];
	if (!of->answered)
		of = &c->of[KL_WHERE_UNKNOWN];
	return of->answered ? of->respent / (double)of->answered : 0.0;
}

/* What suppliers spend again locally. */
static struct kl_lm3_cases respent(const struct kl_lm3_classes *c)
{
	int64_t local = c->of[KL_WHERE_LOCAL].value, elsewhere = c->of[KL_WHERE_ELSEWHERE].value;
	int64_t silent = c->value - c->answered, silent_of[3];
	double share, answered = 0;
	struct kl_lm3_cases r;

	for (int w = 0; w < 3; w++) {
		silent_of[w] = c->of[w].value - c->of[w].answered;
		answered += c->of[w].respent;
	}
	r = (struct kl_lm3_cases){.low = answered, .high = answered + (double)silent};
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

struct kl_lm3_rates kl_lm3_rates(const struct kl_lm3_classes *c)
{
	int64_t local = c->of[KL_WHERE_LOCAL].value, elsewhere = c->of[KL_WHERE_ELSEWHERE].value;

	return (struct kl_lm3_rates){.has_place = local + elsewhere > 0,
		.local_share = kl_share(local, local + elsewhere),
		.has_respent = c->answered > 0,
		.respent_local = mean_of(c, KL_WHERE_LOCAL),
		.respent_elsewhere = mean_of(c, KL_WHERE_ELSEWHERE)};
}

static struct kl_lm3_cases same(double value)
{
	return (struct kl_lm3_cases){value, value, value, true};
}

struct kl_lm3_cases kl_lm3_local_part(
	const struct kl_lm3_rates *rates, const struct kl_lm3_line *line)
{
	if (line->where != KL_WHERE_UNKNOWN)
		return same(line->where == KL_WHERE_LOCAL);
	return (struct kl_lm3_cases){0, rates->local_share, 1, rates->has_place};
}

struct kl_lm3_cases kl_lm3_respent_part(
	const struct kl_lm3_rates *rates, const struct kl_lm3_line *line)
{
	struct kl_lm3_cases r = {0, rates->respent_local, 1, rates->has_respent};

	if (line->answered)
		return same(line->respent);
	if (line->where == KL_WHERE_ELSEWHERE)
		r.central = rates->respent_elsewhere;
	if (line->where != KL_WHERE_UNKNOWN)
		return r;
	r.has_central = rates->has_respent && rates->has_place;
	r.central = rates->local_share * rates->respent_local +
		    (1 - rates->local_share) * rates->respent_elsewhere;
	return r;
}

struct kl_lm3_cases kl_lm3_times(struct kl_lm3_cases cases, double by)
{
	return (struct kl_lm3_cases){
		cases.low * by, cases.central * by, cases.high * by, cases.has_central};
}

static void shift(struct kl_lm3_cases *c, double by)
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
	vsnprintf(r->warnings[r->warning_count], KL_LM3_WARNING_MAX, format, args);
	va_end(args);
	kl_text_make_plain(r->warnings[r->warning_count++], false); /* a name may be cut in two */
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void warn_of_suppliers(
	const struct kl_lm3_sum *sum, const struct kl_lm3_classes *c, struct kl_lm3_result *r)
{
	char text[KL_MONEY_TEXT_MAX];

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
	if (sum->alike)
		warn(r,
			"probable duplicates: %zu name%s fit%s more than one supplier but for "
			"punctuation or legal form (counted apart), such as '%.100s'; "
			"keeplocal lm3 duplicates lists them",
			sum->alike, plural(sum->alike), sum->alike == 1 ? "s" : "",
			kl_names_at(sum->names, sum->groups[sum->first_alike].first));
	if (sum->strays)
		warn(r,
			"%zu answer%s to the survey belong%s to no supplier of the project and "
			"count%s for nothing, such as that of '%.100s'",
			sum->strays, plural(sum->strays), sum->strays == 1 ? "s" : "",
			sum->strays == 1 ? "s" : "", sum->first_stray);
	if (sum->ledger.area.kind == KL_AREA_RADIUS && c->of[KL_WHERE_UNKNOWN].value > 0)
		warn(r,
			"a radius needs coordinates, and suppliers with %s have none: the table "
			"takes "
			"columns latitude and longitude",
			kl_money_format(c->of[KL_WHERE_UNKNOWN].value, text));
	if (sum->credits)
		warn(r, "%zu credit note%s of %s %s netted against the invoices of %s supplier%s",
			sum->credits, plural(sum->credits), kl_money_format(-sum->credit, text),
			sum->credits == 1 ? "is" : "are", sum->credits == 1 ? "its" : "their",
			plural(sum->credits));
	if (c->negatives)
		warn(r,
			"%zu supplier%s with more credit notes than invoices, counted as nothing, "
			"such as "
			"'%.100s'",
			c->negatives, plural(c->negatives),
			kl_names_at(sum->names, c->first_negative));
}

static void warn_of_score(int64_t spent, const struct kl_lm3_classes *c, struct kl_lm3_result *r)
{
	char a[KL_MONEY_TEXT_MAX], b[KL_MONEY_TEXT_MAX];

	if (spent > r->income)
		warn(r, "spending of %s is above the income of %s%s", kl_money_format(spent, a),
			kl_money_format(r->income, b),
			r->lm3.high > 3 ? ": a score above 3.00 cannot be" : "");
	if (kl_lm3_caveat(r))
		warn(r,
			"%s of the income of %s stand in no line (pay, other costs, suppliers) and "
			"count as if they had left the area: a score of the whole needs the rest",
			kl_money_format(r->unaccounted, a), kl_money_format(r->income, b));
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

const char *kl_lm3_caveat(const struct kl_lm3_result *result)
{
	return result->unaccounted > result->income / 2 ? "most of the income stands in no line"
							: NULL;
}

static int spending(const struct kl_lm3_ledger *l, int64_t suppliers, int64_t *ret_spent)
{
	/* Four amounts of at most KL_MONEY_MAX each cannot leave int64_t. */
	return kl_money_add(
		l->payroll_local + l->payroll_elsewhere + l->other_local + l->other_elsewhere,
		suppliers, ret_spent);
}

static void divide(struct kl_lm3_cases *c, double by)
{
	c->low /= by;
	c->central /= by;
	c->high /= by;
}

static void fill_scores(
	const struct kl_lm3_ledger *l, const struct kl_lm3_classes *c, struct kl_lm3_result *r)
{
	struct kl_lm3_cases round2 = local_value(c), round3 = respent(c), part = round2, score;

	if (c->value > 0)
		divide(&part, (double)c->value);
	r->local_supplier = shares(&part);
	shift(&round2, (double)(l->payroll_local + l->other_local));
	shift(&round3, l->proxy_local * (double)l->payroll_local +
			       l->proxy_elsewhere * (double)l->payroll_elsewhere);
	r->round2 = kl_lm3_to_pence(&round2);
	r->round3 = kl_lm3_to_pence(&round3);
	score = (struct kl_lm3_cases){round2.low + round3.low, round2.central + round3.central,
		round2.high + round3.high, round2.has_central && round3.has_central};
	divide(&score, (double)r->income);
	shift(&score, 1.0);
	r->lm3 = shares(&score);
}

static int check_sums(const struct kl_lm3_classes *c, struct kl_fault *fault)
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

static int spent_in_all(const struct kl_lm3_ledger *l, const struct kl_lm3_classes *c,
	struct kl_fault *fault, int64_t *ret_spent)
{
	if (!spending(l, c->value, ret_spent))
		return KL_OK;
	kl_fault(fault, KL_E_RANGE, "the sum of all suppliers is too large");
	return KL_E_RANGE;
}

/* Everything but the warnings. */
static int work_out(const struct kl_lm3_ledger *l, const struct kl_lm3_classes *c, int64_t spent,
	struct kl_fault *fault, struct kl_lm3_result *r)
{
	int64_t payroll = l->payroll_local + l->payroll_elsewhere;
	int rc = check_sums(c, fault);

	if (rc)
		return rc;
	*r = (struct kl_lm3_result){
		.proxy_local = l->proxy_local, .proxy_elsewhere = l->proxy_elsewhere};
	r->income = r->round1 = l->has_income ? l->income : spent;
	if (r->income <= 0) {
		kl_fault(fault, KL_E_INVALID,
			"'%s' has no income: give it, or payroll, other costs or suppliers",
			l->name);
		return KL_E_INVALID;
	}
	r->unaccounted = r->income > spent ? r->income - spent : 0;
	r->suppliers = c->suppliers;
	r->supply_value = c->value;
	r->answered_value = c->answered;
	r->has_suppliers = c->value > 0;
	r->answered_share = c->value ? kl_share(c->answered, c->value) : 1.0;
	r->rating = kl_lm3_rate(c->answered, c->value);
	r->has_payroll = payroll > 0;
	r->local_payroll = kl_share(l->payroll_local, payroll);
	fill_scores(l, c, r);
	return KL_OK;
}

int kl_lm3_classes_result(const struct kl_lm3_ledger *ledger, const struct kl_lm3_classes *classes,
	struct kl_fault *fault, struct kl_lm3_result *ret_result)
{
	struct kl_lm3_result r;
	int64_t spent;
	int rc = spent_in_all(ledger, classes, fault, &spent);

	if (!rc)
		rc = work_out(ledger, classes, spent, fault, &r);
	if (rc)
		return rc;
	warn_of_score(spent, classes, &r);
	*ret_result = r;
	return KL_OK;
}

int kl_lm3_sum_result(
	const struct kl_lm3_sum *sum, struct kl_fault *fault, struct kl_lm3_result *ret_result)
{
	struct kl_lm3_classes c;
	struct kl_lm3_result r;
	int64_t spent;
	int rc;

	if (kl_lm3_classify(sum, &c)) {
		kl_fault(fault, KL_E_RANGE, "the sum of all suppliers is too large");
		return KL_E_RANGE;
	}
	rc = spent_in_all(&sum->ledger, &c, fault, &spent);
	if (!rc)
		rc = work_out(&sum->ledger, &c, spent, fault, &r);
	if (rc)
		return rc;
	warn_of_suppliers(sum, &c, &r);
	warn_of_score(spent, &c, &r);
	*ret_result = r;
	return KL_OK;
}

int kl_lm3_classes_check(struct kl_lm3_classes *classes)
{
	struct kl_lm3_classes c = *classes;

	c.value = c.answered = 0;
	for (int w = 0; w < 3; w++) {
		const struct kl_lm3_class *of = &c.of[w];

		if (of->answered < 0 || of->value < of->answered || !(of->respent >= 0) ||
			of->respent > (double)of->answered ||
			kl_money_add(c.value, of->value, &c.value))
			return KL_E_MALFORMED;
		c.answered += of->answered;
	}
	if (c.negative > 0 || (c.negative == 0) != (c.negatives == 0) ||
		c.negatives > c.suppliers || c.suppliers > KL_NAMES_MAX || c.negative < -INT64_MAX)
		return KL_E_MALFORMED;
	*classes = c;
	return KL_OK;
}
