/* spend result: where the money goes, in as many cuts as the files allow. */
#include "core/day.h"
#include "core/money.h"
#include "daemon/ask_args.h"
#include "daemon/commands.h"
#include "daemon/reference.h"
#include "daemon/spend_answer.h"
#include "daemon/spend_months.h"
#include "daemon/spend_work.h"

#include <stdlib.h>
#include <string.h>

enum { LEAKS = 10, SHOWN = 20, GROUPS_SHOWN = 50, YEARS_MAX = 302, TARGET_POINTS = 10 };

/* Rules that no publication states; shown with every result. */
static const char *const our_rules[] = {
	"shares are of everything that was paid: what is unknown is never counted as local",
	"redacted payees count with their amounts, and their place is unknown",
	"credit notes lower the value of their supplier, and are no payments where payments are "
	"counted",
	"a supplier is where the table of places says; names are joined without regard to case, "
	"punctuation, accents, Ltd and the like, and what was joined so loosely is listed",
	"where rows of that table differ about one name, what they differ in is unknown; several "
	"places count if the area tells them alike",
};

static void put_class(struct kl_writer *w, const char *key, const struct kl_spend_cut *cut,
	enum kl_spend_class class)
{
	kl_put_map(w, key, 4);
	kl_put_int(w, "pence", cut->pence[class]);
	kl_put_uint(w, "payments", cut->payments[class]);
	kl_put_spend_share(w, "value_share", cut, class);
	kl_put_spend_count_share(w, "count_share", cut, class);
}

/* What is local of what is known, and what would be if all that is unknown were. */
static void put_local_bounds(struct kl_writer *w, const struct kl_spend_cut *cut)
{
	struct kl_spend_cut known = *cut, high = *cut;

	known.pence[KL_SPEND_UNKNOWN] = known.pence[KL_SPEND_REDACTED] = 0;
	high.pence[KL_SPEND_LOCAL] += cut->pence[KL_SPEND_UNKNOWN] + cut->pence[KL_SPEND_REDACTED];
	high.pence[KL_SPEND_UNKNOWN] = high.pence[KL_SPEND_REDACTED] = 0;
	kl_put_spend_share(w, "local_share_of_known", &known, KL_SPEND_LOCAL);
	kl_put_spend_share(w, "local_share_at_most", &high, KL_SPEND_LOCAL);
}

/* All whose place is not known, redacted ones too. */
static void put_unknown_share(struct kl_writer *w, const struct kl_spend_cut *cut)
{
	struct kl_spend_cut all = *cut;

	all.pence[KL_SPEND_UNKNOWN] += all.pence[KL_SPEND_REDACTED];
	all.pence[KL_SPEND_REDACTED] = 0;
	kl_put_spend_share(w, "unknown_value_share", &all, KL_SPEND_UNKNOWN);
}

/* ---- years --------------------------------------------------------------------------------- */

struct years {
	int first; /* of the array */
	struct kl_spend_month of[YEARS_MAX];
};

static void add_cut(struct kl_spend_cut *to, const struct kl_spend_cut *from)
{
	for (int c = 0; c < KL_SPEND_CLASSES; c++) {
		to->pence[c] += from->pence[c];
		to->payments[c] += from->payments[c];
	}
}

/* Years that begin with April are named by the year that they begin in. */
static void add_up_years(const struct kl_spend_sum *sum, bool financial, struct years *years)
{
	memset(years, 0, sizeof *years);
	years->first = KL_PERIOD_YEAR_MIN - 1;
	for (size_t i = 0; i < kl_spend_sum_months(sum); i++) {
		const struct kl_spend_month *m = kl_spend_sum_month(sum, i);
		int year = m->year - (financial && m->month < 4);
		struct kl_spend_month *y = &years->of[year - years->first];

		y->year = year;
		add_cut(&y->all, &m->all);
		add_cut(&y->sector_known, &m->sector_known);
		add_cut(&y->voluntary, &m->voluntary);
	}
}

static void put_voluntary_share(struct kl_writer *w, const struct kl_spend_month *y)
{
	int64_t part = kl_spend_pence(&y->voluntary), whole = kl_spend_pence(&y->all);

	if (whole > 0 && part >= 0 && part <= whole && kl_spend_payments(&y->sector_known))
		kl_put_double(w, "voluntary_value_share", kl_share(part, whole));
	else
		kl_put_nil(w, "voluntary_value_share");
}

static void put_years(
	struct kl_writer *w, const char *key, const struct years *years, bool financial)
{
	char text[KL_PERIOD_TEXT_MAX];
	size_t count = 0;

	for (int i = 0; i < YEARS_MAX; i++)
		count += years->of[i].year > 0;
	kl_put_array(w, key, count);
	for (int i = 0; i < YEARS_MAX; i++) {
		const struct kl_spend_month *y = &years->of[i];

		if (!y->year)
			continue;
		kl_write_map(w, 7);
		if (financial)
			kl_put_text(w, "year",
				kl_period_format((struct kl_period){KL_PERIOD_FINANCIAL,
							 (uint16_t)y->year, 0},
					text));
		else
			kl_put_uint(w, "year", (uint64_t)y->year);
		kl_put_int(w, "total_pence", kl_spend_pence(&y->all));
		kl_put_uint(w, "payments", kl_spend_payments(&y->all));
		kl_put_spend_share(w, "local_value_share", &y->all, KL_SPEND_LOCAL);
		kl_put_spend_count_share(w, "local_count_share", &y->all, KL_SPEND_LOCAL);
		put_unknown_share(w, &y->all);
		put_voluntary_share(w, y);
	}
}

static int put_all_years(struct kl_writer *w, const struct kl_spend_sum *sum)
{
	struct years *years = malloc(sizeof *years);

	if (!years)
		return KL_E_NOMEM;
	add_up_years(sum, false, years);
	put_years(w, "by_year", years, false);
	add_up_years(sum, true, years);
	put_years(w, "by_financial_year", years, true);
	free(years);
	return KL_OK;
}

/* ---- cuts ---------------------------------------------------------------------------------- */

static void put_cut(struct kl_writer *w, const char *label, const char *name,
	const struct kl_spend_cut *cut, const struct kl_spend_cut *total)
{
	int64_t part = kl_spend_pence(cut), whole = kl_spend_pence(total);
	uint64_t payments = kl_spend_payments(total);

	kl_write_map(w, 6);
	kl_put_text(w, label, name);
	kl_put_int(w, "total_pence", part);
	kl_put_uint(w, "payments", kl_spend_payments(cut));
	if (whole > 0 && part >= 0 && part <= whole)
		kl_put_double(w, "value_share", kl_share(part, whole));
	else
		kl_put_nil(w, "value_share");
	if (payments)
		kl_put_double(w, "count_share", (double)kl_spend_payments(cut) / (double)payments);
	else
		kl_put_nil(w, "count_share");
	kl_put_spend_share(w, "local_value_share", cut, KL_SPEND_LOCAL);
}

static bool is_empty(const struct kl_spend_cut *cut)
{
	for (int c = 0; c < KL_SPEND_CLASSES; c++)
		if (cut->pence[c] || cut->payments[c])
			return false;
	return true;
}

static void put_sectors(struct kl_writer *w, const struct kl_spend_sum *sum)
{
	const struct kl_spend_cut *total = kl_spend_sum_total(sum);

	kl_put_array(w, "by_sector", KL_SECTOR_COUNT);
	for (int s = KL_SECTOR_COUNT - 1; s >= 0; s--)
		put_cut(w, "sector", kl_sector_name((enum kl_sector)s),
			kl_spend_sum_sector(sum, (enum kl_sector)s), total);
	kl_put_array(w, "by_size", KL_SIZE_COUNT);
	for (int s = KL_SIZE_COUNT - 1; s >= 0; s--)
		put_cut(w, "size", kl_size_name((enum kl_size)s),
			kl_spend_sum_size(sum, (enum kl_size)s), total);
}

struct largest {
	const struct kl_spend_sum *sum;
	enum kl_spend_group group;
};

static int larger(const void *a, const void *b, void *arg)
{
	const struct largest *l = arg;
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	int64_t p = kl_spend_pence(kl_spend_sum_group(l->sum, l->group, x));
	int64_t q = kl_spend_pence(kl_spend_sum_group(l->sum, l->group, y));

	return p != q ? (p < q) - (p > q) : (x > y) - (x < y);
}

/* The largest groups, and all others together as one without a name of its own. */
static int put_groups(struct kl_writer *w, const char *key, const char *label,
	const struct kl_spend_sum *sum, enum kl_spend_group group)
{
	size_t count = kl_spend_sum_groups(sum, group), n = 0, shown;
	struct largest largest = {sum, group};
	size_t *order = malloc(count * sizeof *order);
	struct kl_spend_cut others = {.payments = {0}};

	if (!order)
		return KL_E_NOMEM;
	for (size_t i = 0; i < count; i++)
		if (!is_empty(kl_spend_sum_group(sum, group, i)))
			order[n++] = i;
	if (n == 1 && order[0] == 0)
		n = 0; /* the files do not say it at all */
	qsort_r(order, n, sizeof *order, larger, &largest);
	shown = n > GROUPS_SHOWN ? GROUPS_SHOWN : n;
	for (size_t i = shown; i < n; i++)
		add_cut(&others, kl_spend_sum_group(sum, group, order[i]));
	kl_put_array(w, key, shown + (n > shown));
	for (size_t i = 0; i < shown; i++)
		put_cut(w, label,
			order[i] ? kl_spend_sum_group_name(sum, group, order[i]) : "(not said)",
			kl_spend_sum_group(sum, group, order[i]), kl_spend_sum_total(sum));
	if (n > shown)
		put_cut(w, label, "(all others)", &others, kl_spend_sum_total(sum));
	free(order);
	return KL_OK;
}

/* ---- suppliers ----------------------------------------------------------------------------- */

static bool leaks(const struct kl_spend_supplier *s)
{
	return s->class == KL_SPEND_ELSEWHERE && s->net > 0;
}

static bool not_matched(const struct kl_spend_supplier *s)
{
	return s->class == KL_SPEND_UNKNOWN && !s->matched[0];
}

static bool matched_loosely(const struct kl_spend_supplier *s)
{
	return s->loose;
}

static bool place_says_nothing(const struct kl_spend_supplier *s)
{
	return s->class == KL_SPEND_UNKNOWN && s->matched[0];
}

static int put_suppliers(struct kl_writer *w, const char *key, const struct kl_spend_sum *sum,
	kl_spend_want_fn *want, size_t max)
{
	uint32_t numbers[SHOWN];
	size_t n;
	int rc = kl_spend_sum_largest(sum, want, max, numbers, &n);

	if (rc)
		return rc;
	kl_put_array(w, key, n);
	for (size_t i = 0; i < n; i++) {
		struct kl_spend_supplier s = kl_spend_sum_supplier(sum, numbers[i]);
		int64_t total = kl_spend_pence(kl_spend_sum_total(sum));

		kl_write_map(w, 5);
		kl_put_text(w, "supplier", s.name);
		kl_put_int(w, "pence", s.net);
		if (total > 0 && s.net >= 0 && s.net <= total)
			kl_put_double(w, "value_share", kl_share(s.net, total));
		else
			kl_put_nil(w, "value_share");
		kl_put_said(w, "place", s.place);
		kl_put_said(w, "matched", s.matched);
	}
	return KL_OK;
}

struct joined {
	uint64_t exact, loose, nobody, redacted, silent; /* silent: a place that tells nothing */
	uint64_t negative;
	int64_t nobody_pence, negative_pence;
};

static struct joined count_joined(const struct kl_spend_sum *sum)
{
	struct joined j = {.exact = 0};

	for (size_t i = 0; i < kl_spend_sum_suppliers(sum); i++) {
		struct kl_spend_supplier s = kl_spend_sum_supplier(sum, i);

		if (s.class == KL_SPEND_REDACTED)
			j.redacted++;
		else if (!s.matched[0])
			j.nobody++;
		else if (s.loose)
			j.loose++;
		else
			j.exact++;
		j.silent += place_says_nothing(&s);
		if (not_matched(&s))
			j.nobody_pence += s.net;
		if (s.net < 0) {
			j.negative++;
			j.negative_pence += s.net;
		}
	}
	return j;
}

static int put_places(struct kl_writer *w, const struct kl_spend_work *work, const struct joined *j)
{
	int rc;

	kl_put_map(w, "places", 7);
	kl_put_uint(w, "rows", work->places);
	kl_put_uint(w, "suppliers_matched", j->exact);
	kl_put_uint(w, "suppliers_matched_loosely", j->loose);
	kl_put_uint(w, "suppliers_not_matched", j->nobody);
	kl_put_int(w, "not_matched_pence", j->nobody_pence);
	rc = put_suppliers(w, "loosely", work->sum, matched_loosely, SHOWN);
	return rc ? rc : put_suppliers(w, "not_matched", work->sum, not_matched, LEAKS);
}

/* ---- words --------------------------------------------------------------------------------- */

struct warnings {
	unsigned count;
	char text[4][320];
};

static void warn_of_places(
	const struct kl_spend_work *work, const struct joined *j, struct warnings *warnings)
{
	char area[KL_AREA_TEXT_MAX], count[KL_MONEY_TEXT_MAX];

	if (!work->query.has_area)
		snprintf(warnings->text[warnings->count++], sizeof warnings->text[0],
			"no area was said, so places tell nothing: --area E08000033, or postcode "
			"districts such as --area \"HX1 HX2\"");
	else if (j->silent)
		snprintf(warnings->text[warnings->count++], sizeof warnings->text[0],
			"%s supplier%s of the table of places cannot be told local or elsewhere by "
			"the area %.80s: say there whether they are (column 'local'), or the area "
			"as postcode districts",
			kl_count_format((int64_t)j->silent, count), j->silent == 1 ? "" : "s",
			kl_area_format(&work->query.area, area));
}

static void warn_of_credits(const struct joined *j, struct warnings *warnings)
{
	char count[KL_MONEY_TEXT_MAX], money[KL_MONEY_TEXT_MAX];

	if (j->negative)
		snprintf(warnings->text[warnings->count++], sizeof warnings->text[0],
			"%s supplier%s more credit notes than invoices, %s together: they lower "
			"the totals",
			kl_count_format((int64_t)j->negative, count),
			j->negative == 1 ? " has" : "s have",
			kl_money_format(j->negative_pence, money));
}

static void put_words(struct kl_writer *w, const struct kl_spend_work *work, const struct joined *j)
{
	struct warnings warnings = {.count = 0};

	warn_of_places(work, j, &warnings);
	warn_of_credits(j, &warnings);
	kl_put_array(w, "warnings", warnings.count);
	for (unsigned i = 0; i < warnings.count; i++)
		kl_write_text(w, warnings.text[i]);
	kl_put_array(w, "our_rules", sizeof our_rules / sizeof *our_rules);
	for (size_t i = 0; i < sizeof our_rules / sizeof *our_rules; i++)
		kl_write_text(w, our_rules[i]);
}

/* ---- the answer ---------------------------------------------------------------------------- */

static void put_head(struct kl_writer *w, const struct kl_spend_work *work)
{
	static const char *const from[] = {"none", "said", "profile"};
	uint64_t accepted = 0, rejected = 0, unreadable = 0;
	int64_t pence = 0;
	int32_t first = 0, last = 0;
	bool any = kl_spend_sum_days(work->sum, &first, &last);

	for (size_t i = 0; i < work->files.count; i++) {
		const struct kl_spend_file *f = &work->files.items[i].file;

		accepted += f->accepted;
		rejected += kl_spend_file_rejected(f);
		unreadable += f->unreadable;
		pence += kl_spend_file_rejected_pence(f);
	}
	kl_put_uint(w, "files", work->files.count);
	kl_put_spend_rows(w, accepted, rejected);
	kl_put_int(w, "rejected_pence", pence);
	kl_put_uint(w, "rejected_without_amount", unreadable);
	kl_put_day(w, "from", !work->query.all, work->query.from);
	kl_put_day(w, "to", !work->query.all, work->query.to);
	kl_put_day(w, "first_day", any, first);
	kl_put_day(w, "last_day", any, last);
	kl_put_area(w, work->node, work->query.has_area ? &work->query.area : NULL);
	kl_put_text(w, "area_from", from[work->area_from]);
}

static void put_totals(struct kl_writer *w, const struct kl_spend_sum *sum, uint64_t points)
{
	const struct kl_spend_cut *total = kl_spend_sum_total(sum);
	int64_t pence = kl_spend_pence(total), credit_pence;
	uint64_t credits = kl_spend_sum_credits(sum, &credit_pence);

	kl_put_int(w, "total_pence", pence);
	kl_put_uint(w, "payments", kl_spend_payments(total));
	kl_put_uint(w, "suppliers", kl_spend_sum_suppliers(sum));
	kl_put_map(w, "credit_notes", 2);
	kl_put_uint(w, "count", credits);
	kl_put_int(w, "pence", credit_pence);
	put_class(w, "local", total, KL_SPEND_LOCAL);
	put_class(w, "elsewhere", total, KL_SPEND_ELSEWHERE);
	put_class(w, "unknown", total, KL_SPEND_UNKNOWN);
	put_class(w, "redacted", total, KL_SPEND_REDACTED);
	put_unknown_share(w, total);
	put_local_bounds(w, total);
	kl_put_map(w, "target", 2);
	kl_put_uint(w, "points", points);
	kl_put_int(w, "pence", kl_money_times(pence > 0 ? pence : 0, (double)points / 100));
}

static int answer(struct kl_spend_work *work, struct kl_ask *ask)
{
	const struct joined joined = count_joined(work->sum);
	struct kl_writer *w = &ask->out;
	int rc = work->whole ? kl_spend_months_keep(work, &ask->fault) : KL_OK;

	if (rc)
		return rc;
	kl_write_map(w, 11 + 12 + 2 + 2 + 3 + 1 + 1 + 2);
	put_head(w, work);
	put_totals(w, work->sum, work->n);
	if ((rc = put_all_years(w, work->sum)))
		return rc;
	put_sectors(w, work->sum);
	if ((rc = put_groups(w, "by_category", "category", work->sum, KL_SPEND_CATEGORY)) ||
		(rc = put_groups(
			 w, "by_department", "department", work->sum, KL_SPEND_DEPARTMENT)) ||
		(rc = put_groups(w, "by_body", "body", work->sum, KL_SPEND_BODY)) ||
		(rc = put_suppliers(w, "leaks", work->sum, leaks, LEAKS)) ||
		(rc = put_places(w, work, &joined)))
		return rc;
	put_words(w, work, &joined);
	return KL_OK;
}

int kl_cmd_spend_result(void *data, struct kl_ask *ask)
{
	struct kl_spend_work *work;
	int rc = kl_spend_work_new(data, ask, &work);

	if (rc)
		return rc;
	rc = kl_ask_number(ask, "points", 100, TARGET_POINTS, &work->n);
	if (rc) {
		kl_spend_work_destroy(work);
		return rc;
	}
	return kl_spend_work_answer(work, ask, answer);
}
