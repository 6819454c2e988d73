#include "core/metric.h"
#include "core/bytes.h"
#include "core/words.h"

#include <stdio.h>
#include <string.h>

/* ---- the catalogue ------------------------------------------------------------------------- */

enum flags { CLOSED = 0, DISCRETE = 1, OPEN_HIGH = 2, SLOW = 4 };

struct row {
	const char *code, *name;
	enum kl_unit unit;
	uint32_t scale;
	uint8_t periods;
	unsigned flags; /* enum flags */
	int64_t open_mid;
	const char *rule, *caution;
	int64_t edges[KL_METRIC_BINS_MAX + 1];
	uint8_t bins;
};

#define COUNT_OF(...) (sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

static const struct row rows[] = {
#define METRIC(code, name, unit, scale, periods, flags, open_mid, rule, caution, ...)              \
	{code, name, KL_UNIT_##unit, scale, periods, flags, open_mid, rule, caution,               \
		{__VA_ARGS__}, COUNT_OF(__VA_ARGS__) - 1},
#include "core/metric.def"
#undef METRIC
};

size_t kl_metric_count(void)
{
	return sizeof rows / sizeof *rows;
}

void kl_metric_at(size_t index, struct kl_metric *ret_metric)
{
	const struct row *row = &rows[index];
	struct kl_metric m = {0};

	KL_ASSERT(index < kl_metric_count());
	(void)kl_copy_text(m.code, sizeof m.code, row->code);
	(void)kl_copy_text(m.name, sizeof m.name, row->name);
	m.unit = row->unit;
	m.scale = row->scale;
	m.periods = row->periods;
	m.discrete = row->flags & DISCRETE;
	m.open_high = row->flags & OPEN_HIGH;
	m.bins = row->bins;
	memcpy(m.edges, row->edges, sizeof m.edges);
	if (m.open_high)
		m.mids[m.bins - 1] = row->open_mid;
	kl_metric_complete(&m);
	*ret_metric = m;
}

const char *kl_metric_code(size_t index)
{
	KL_ASSERT(index < kl_metric_count());
	return rows[index].code;
}

const char *kl_metric_name(size_t index)
{
	KL_ASSERT(index < kl_metric_count());
	return rows[index].name;
}

static const char *spelling(const void *context, size_t index, size_t which)
{
	(void)context;
	return which == 0 ? rows[index].code : which == 1 ? rows[index].name : NULL;
}

int kl_metric_find(const char *text, struct kl_metric *ret_metric, struct kl_fault *fault)
{
	const struct kl_words list = {kl_metric_count(), spelling, NULL};
	size_t index;
	int rc = kl_words_find(&list, "metric", text, &index, fault);

	if (rc)
		return rc;
	kl_metric_at(index, ret_metric);
	return KL_OK;
}

int kl_metric_index(const char *code, size_t *ret_index)
{
	for (size_t i = 0; i < kl_metric_count(); i++)
		if (!strcmp(rows[i].code, code)) {
			*ret_index = i;
			return KL_OK;
		}
	return KL_E_NOT_FOUND;
}

bool kl_metric_is_slow(const char *code)
{
	size_t i;

	return kl_metric_index(code, &i) || rows[i].flags & SLOW;
}

const char *kl_metric_rule(const char *code)
{
	size_t i;

	return kl_metric_index(code, &i) ? "" : rows[i].rule;
}

const char *kl_metric_caution(const char *code)
{
	size_t i;

	return kl_metric_index(code, &i) ? "" : rows[i].caution;
}

/* ---- building ------------------------------------------------------------------------------ */

static int64_t floor_half(int64_t sum)
{
	return sum >= 0 ? sum / 2 : -((1 - sum) / 2);
}

static bool bin_is_open(const struct kl_metric *m, uint8_t bin)
{
	return (bin == 0 && m->open_low) || (bin == m->bins - 1 && m->open_high);
}

/* Runs of `length`, the last one shorter where the bins do not divide. */
static void fill_runs(struct kl_metric *m, enum kl_level level, uint8_t length)
{
	uint8_t left = m->bins;

	m->level_bins[level] = 0;
	while (left) {
		uint8_t run = left < length ? left : length;

		m->runs[level][m->level_bins[level]++] = run;
		left = (uint8_t)(left - run);
	}
}

void kl_metric_complete(struct kl_metric *metric)
{
	static const uint8_t of_scores[] = {2, 1, 2};

	for (uint8_t i = 0; i < metric->bins; i++)
		if (!bin_is_open(metric, i))
			metric->mids[i] = floor_half(metric->edges[i] + metric->edges[i + 1]);
	fill_runs(metric, KL_LEVEL_FINE, 1);
	if (metric->discrete && metric->bins == 5) {
		fill_runs(metric, KL_LEVEL_MIDDLE, 1);
		memset(metric->runs[KL_LEVEL_COARSE], 0, sizeof metric->runs[KL_LEVEL_COARSE]);
		memcpy(metric->runs[KL_LEVEL_COARSE], of_scores, sizeof of_scores);
		metric->level_bins[KL_LEVEL_COARSE] = sizeof of_scores;
		return;
	}
	fill_runs(metric, KL_LEVEL_MIDDLE, 2);
	fill_runs(metric, KL_LEVEL_COARSE, 4);
}

void kl_metric_bins(const struct kl_metric *metric, enum kl_level level, struct kl_bins *ret_bins)
{
	struct kl_bins bins = {.count = metric->level_bins[level],
		.open_low = metric->open_low,
		.open_high = metric->open_high};
	uint8_t fine = 0;

	for (uint8_t i = 0; i < bins.count; i++) {
		uint8_t run = metric->runs[level][i];
		int64_t sum = 0;

		KL_ASSERT(run > 0); /* kl_metric_check() saw to it */
		bins.edges[i] = metric->edges[fine];
		for (uint8_t k = 0; k < run; k++)
			sum += metric->mids[fine++];
		bins.mids[i] = sum >= 0 ? sum / run : -((run - 1 - sum) / run);
	}
	bins.edges[bins.count] = metric->edges[fine];
	*ret_bins = bins;
}

/* ---- checking ------------------------------------------------------------------------------ */

static bool code_is_good(const char *code, size_t size)
{
	size_t len = strnlen(code, size);

	if (!len || len == size)
		return false;
	return strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789._") == len;
}

static bool scale_is_good(uint32_t scale)
{
	for (uint32_t s = 1; s <= KL_SCALE_MAX; s *= 10)
		if (s == scale)
			return true;
	return false;
}

static const char *trouble_with_head(const struct kl_metric *m)
{
	size_t len = strnlen(m->name, sizeof m->name);

	if (!len || len == sizeof m->name || !kl_text_is_plain(kl_bytes(m->name, len), false))
		return "its name is not plain text";
	if ((unsigned)m->unit >= KL_UNIT_COUNT_ALL)
		return "its unit is not known";
	if (!scale_is_good(m->scale))
		return "its scale is not a power of ten";
	if (!m->periods || m->periods >> (KL_PERIOD_MONTH + 1))
		return "its kinds of period are not known";
	if (m->bins < 2 || m->bins > KL_METRIC_BINS_MAX)
		return "it has not 2 to 16 bins";
	return NULL;
}

static bool in_range(int64_t value)
{
	return value >= -KL_NUMBER_MAX && value <= KL_NUMBER_MAX;
}

static const char *trouble_with_edges(const struct kl_metric *m)
{
	uint8_t first = m->open_low ? 1 : 0;
	uint8_t last = m->open_high ? m->bins - 1 : m->bins;

	if ((m->open_low && m->edges[0]) || (m->open_high && m->edges[m->bins]))
		return "an open end has an edge";
	for (uint8_t i = first; i <= last; i++) {
		if (!in_range(m->edges[i]))
			return "an edge is out of range";
		if (i > first && m->edges[i] <= m->edges[i - 1])
			return "its edges do not ascend";
		if (m->discrete && i > first && m->edges[i] != m->edges[i - 1] + 1)
			return "its scores do not follow one another";
	}
	if (m->discrete && (m->open_low || m->open_high || m->scale != 1))
		return "its scores are not whole or have an open end";
	return NULL;
}

static const char *trouble_with_mids(const struct kl_metric *m)
{
	for (uint8_t i = 0; i < m->bins; i++) {
		int64_t mid = m->mids[i];

		if (!in_range(mid))
			return "a mid is out of range";
		if (!bin_is_open(m, i)) {
			if (mid != floor_half(m->edges[i] + m->edges[i + 1]))
				return "a mid is not half-way between its edges";
		} else if (i == 0 ? mid > m->edges[1] : mid < m->edges[i]) {
			return "the mid of an open bin is not in it";
		}
	}
	return NULL;
}

/* Bit b of *ret_cuts: a bin of this level begins at fine bin b. */
static bool runs_are_good(const struct kl_metric *m, enum kl_level level, uint32_t *ret_cuts)
{
	unsigned at = 0;

	if (m->level_bins[level] < 2 || m->level_bins[level] > m->bins)
		return false;
	*ret_cuts = 0;
	for (uint8_t i = 0; i < m->level_bins[level]; i++) {
		*ret_cuts |= UINT32_C(1) << at;
		at += m->runs[level][i];
		if (!m->runs[level][i] || at > m->bins)
			return false;
	}
	return at == m->bins;
}

static const char *trouble_with_levels(const struct kl_metric *m)
{
	uint32_t cuts[KL_METRIC_LEVELS];

	for (int level = 0; level < KL_METRIC_LEVELS; level++)
		if (!runs_are_good(m, (enum kl_level)level, &cuts[level]))
			return "the runs of a level do not add up to its bins";
	if (m->level_bins[KL_LEVEL_FINE] != m->bins)
		return "its fine level is not its bins";
	if (cuts[KL_LEVEL_COARSE] & ~cuts[KL_LEVEL_MIDDLE])
		return "its levels are not nested";
	return NULL;
}

int kl_metric_check(const struct kl_metric *metric, struct kl_fault *fault)
{
	const char *trouble;

	if (!code_is_good(metric->code, sizeof metric->code))
		return kl_fault(fault, KL_E_MALFORMED,
			"a metric's code is not made of a-z, 0-9, . "
			"and _");
	trouble = trouble_with_head(metric);
	if (!trouble)
		trouble = trouble_with_edges(metric);
	if (!trouble)
		trouble = trouble_with_mids(metric);
	if (!trouble)
		trouble = trouble_with_levels(metric);
	if (trouble)
		return kl_fault(fault, KL_E_MALFORMED, "metric %s: %s", metric->code, trouble);
	return KL_OK;
}

/* ---- values -------------------------------------------------------------------------------- */

bool kl_metric_same_bins(const struct kl_metric *a, const struct kl_metric *b)
{
	if (a->unit != b->unit || a->scale != b->scale || a->discrete != b->discrete ||
		a->bins != b->bins || a->open_low != b->open_low || a->open_high != b->open_high)
		return false;
	for (unsigned i = 0; i <= a->bins; i++) {
		if (a->edges[i] != b->edges[i])
			return false;
	}
	for (unsigned l = 0; l < KL_METRIC_LEVELS; l++) {
		if (a->level_bins[l] != b->level_bins[l] ||
			memcmp(a->runs[l], b->runs[l], a->level_bins[l]) != 0)
			return false;
	}
	return true;
}

int kl_metric_bin(const struct kl_metric *metric, int64_t value, uint8_t *ret_bin)
{
	uint8_t last = metric->bins - 1;
	uint8_t bin = 0;

	if (!metric->open_low && value < metric->edges[0])
		return KL_E_RANGE;
	if (!metric->open_high && value > metric->edges[metric->bins] - (metric->discrete ? 1 : 0))
		return KL_E_RANGE;
	while (bin < last && value >= metric->edges[bin + 1])
		bin++;
	*ret_bin = bin;
	return KL_OK;
}

int kl_metric_value_check(const struct kl_metric *metric, int64_t value, struct kl_fault *fault)
{
	char low[KL_NUMBER_TEXT_MAX], high[KL_NUMBER_TEXT_MAX], own[KL_NUMBER_TEXT_MAX];
	int64_t top = metric->edges[metric->bins] - (metric->discrete ? 1 : 0);
	uint8_t bin;

	if (in_range(value) && !kl_metric_bin(metric, value, &bin))
		return KL_OK;
	kl_metric_format(metric, value, own);
	kl_metric_format(metric, metric->edges[0], low);
	kl_metric_format(metric, top, high);
	kl_fault(fault, KL_E_RANGE, "%s is not a possible value of %s (%s)", own, metric->code,
		metric->name);
	if (metric->open_high && !metric->open_low)
		(void)kl_fault_hint(fault, "it is %s or more", low);
	else if (metric->open_low && !metric->open_high)
		(void)kl_fault_hint(fault, "it is at most %s", high);
	else if (!metric->open_low)
		(void)kl_fault_hint(fault, "it lies between %s and %s", low, high);
	return KL_E_RANGE;
}

int kl_metric_parse(const struct kl_metric *metric, const char *text, int64_t *ret_value,
	struct kl_fault *fault)
{
	int64_t value;
	int rc;

	rc = kl_number_parse(text, metric->unit, metric->scale, &value, fault);
	if (rc) {
		(void)kl_fault_at(fault, "%s (%s)", metric->code, metric->name);
		return rc;
	}
	if (metric->discrete && strchr(text, '.')) {
		kl_fault(fault, KL_E_INVALID, "%s (%s): \"%.64s\" is not a whole score",
			metric->code, metric->name, text);
		(void)kl_fault_hint(fault, "half points are not given; decide for one of the two");
		return KL_E_INVALID;
	}
	rc = kl_metric_value_check(metric, value, fault);
	if (rc)
		return rc;
	*ret_value = value;
	return KL_OK;
}

const char *kl_metric_format(
	const struct kl_metric *metric, int64_t value, char out[KL_NUMBER_TEXT_MAX])
{
	return kl_number_format(value, metric->unit, metric->scale, out);
}

const char *kl_metric_periods(const struct kl_metric *metric, char out[KL_METRIC_PERIODS_MAX])
{
	static const char *const kinds[] = {[KL_PERIOD_YEAR] = "a year such as 2016",
		[KL_PERIOD_FINANCIAL] = "a financial year such as 2016/17",
		[KL_PERIOD_QUARTER] = "a quarter such as 2016-Q3",
		[KL_PERIOD_MONTH] = "a month such as 2016-04"};
	size_t len = 0;

	out[0] = '\0';
	for (int kind = KL_PERIOD_YEAR; kind <= KL_PERIOD_MONTH; kind++)
		if (metric->periods >> kind & 1)
			len += (size_t)snprintf(out + len, KL_METRIC_PERIODS_MAX - len, "%s%s",
				len ? ", or " : "", kinds[kind]);
	return out;
}

int kl_metric_period_check(
	const struct kl_metric *metric, struct kl_period period, struct kl_fault *fault)
{
	char text[KL_PERIOD_TEXT_MAX], allowed[KL_METRIC_PERIODS_MAX];

	if (metric->periods >> period.kind & 1)
		return KL_OK;
	kl_fault(fault, KL_E_INVALID, "%s (%s) has no figure for %s", metric->code, metric->name,
		kl_period_format(period, text));
	(void)kl_fault_hint(fault, "it is given for %s", kl_metric_periods(metric, allowed));
	return KL_E_INVALID;
}
