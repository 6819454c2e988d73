#include "daemon/spend_work.h"
#include "core/day.h"
#include "core/period.h"
#include "daemon/ask_args.h"
#include "daemon/rows.h"
#include "daemon/which_area.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void kl_spend_work_destroy(struct kl_spend_work *work)
{
	if (!work)
		return;
	free(work->files.items);
	kl_spend_sum_destroy(work->sum);
	free(work);
}

/* ---- what is asked for --------------------------------------------------------------------- */

static void whole_period(struct kl_spend_query *query, struct kl_period period)
{
	uint32_t first = kl_period_first_month(period), end = first + kl_period_months(period);

	query->all = false;
	query->from = kl_day_from((int)(first / 12), (int)(first % 12) + 1, 1);
	query->to = kl_day_from((int)(end / 12), (int)(end % 12) + 1, 1) - 1;
}

static int read_day(struct kl_ask *ask, const char *key, int32_t *ret_day, bool *ret_given)
{
	int32_t days[KL_DATES_ORDERS];
	char text[32];
	unsigned fits;
	int rc = kl_ask_text(ask, key, text, sizeof text);

	*ret_given = text[0];
	if (rc || !text[0])
		return rc;
	if (kl_dates_read(text, days, &fits) || !(fits & 1U << KL_DATES_DMY))
		return kl_fault(&ask->fault, KL_E_USAGE,
			"--%s: found '%.31s', expected a day such as 2016-04-01", key, text);
	*ret_day = days[KL_DATES_DMY];
	return KL_OK;
}

static int read_span(struct kl_ask *ask, struct kl_spend_query *query)
{
	struct kl_period period;
	bool from, to;
	char year[32];
	int rc = kl_ask_text(ask, "year", year, sizeof year);

	query->from = KL_DAY_MIN;
	query->to = KL_DAY_MAX;
	if (rc || (rc = read_day(ask, "from", &query->from, &from)) ||
		(rc = read_day(ask, "to", &query->to, &to)))
		return rc;
	query->all = !from && !to;
	if (query->from > query->to)
		return kl_fault(&ask->fault, KL_E_USAGE, "--from is after --to");
	if (!year[0])
		return KL_OK;
	if (from || to)
		return kl_fault(&ask->fault, KL_E_USAGE, "either --year, or --from and --to");
	if (kl_period_parse(year, &period))
		return kl_fault(&ask->fault, KL_E_USAGE,
			"--year: found '%.31s', expected a year 2016, a financial year 2016/17, a "
			"quarter 2016-Q3 or a month 2016-04",
			year);
	whole_period(query, period);
	return KL_OK;
}

static int read_area(struct kl_ask *ask, struct kl_spend_work *work)
{
	char area[KL_AREA_TEXT_MAX];
	int rc = kl_ask_text(ask, "area", area, sizeof area);

	if (rc)
		return rc;
	work->whole = !area[0];
	if (area[0]) {
		work->area_from = KL_SPEND_AREA_SAID;
		rc = kl_which_area(work->node, area, &work->query.area, &ask->fault);
	} else {
		rc = kl_spend_area_get(
			work->node, &work->query.area, &work->area_from, &ask->fault);
	}
	work->query.has_area = work->area_from != KL_SPEND_AREA_NONE;
	return rc;
}

static bool is_wanted(const struct kl_spend_entry *entry, const char *wanted)
{
	char *end;
	unsigned long long number = strtoull(wanted, &end, 10);

	if (isdigit((unsigned char)wanted[0]) && !*end)
		return number == entry->number;
	return strcasestr(entry->file.name, wanted);
}

/* Drops the files that are not asked for. */
static int choose_files(struct kl_spend_work *work, const char *wanted, struct kl_fault *fault)
{
	struct kl_spend_files *files = &work->files;
	size_t kept = 0;

	if (!files->count) {
		kl_fault(fault, KL_E_NOT_FOUND, "no spending file is in yet");
		return kl_fault_hint(fault, "keeplocal spend import FILE brings one in");
	}
	for (size_t i = 0; i < files->count; i++)
		if (!wanted[0] || is_wanted(&files->items[i], wanted))
			files->items[kept++] = files->items[i];
	files->count = kept;
	if (kept)
		return KL_OK;
	kl_fault(fault, KL_E_NOT_FOUND, "no spending file is called '%.100s'", wanted);
	return kl_fault_hint(fault, "keeplocal spend list shows those that are in");
}

static int new_work(struct kl_node *node, struct kl_spend_work **ret_work)
{
	struct kl_spend_work *work = calloc(1, sizeof *work);

	if (!work)
		return KL_E_NOMEM;
	work->node = node;
	*ret_work = work;
	return KL_OK;
}

int kl_spend_work_new(struct kl_node *node, struct kl_ask *ask, struct kl_spend_work **ret_work)
{
	struct kl_spend_work *work = NULL;
	char file[KL_SPEND_FILE_NAME_MAX];
	int rc = new_work(node, &work);

	if (rc)
		return rc;
	if ((rc = read_span(ask, &work->query)) || (rc = read_area(ask, work)) ||
		(rc = kl_ask_text(ask, "file", file, sizeof file)) ||
		(rc = kl_spend_files_load(node, &work->files, &ask->fault)) ||
		(rc = choose_files(work, file, &ask->fault)))
		goto fail;
	work->whole = work->whole && work->query.all && !file[0];
	work->sum = kl_spend_sum_new(&work->query);
	rc = work->sum ? KL_OK : KL_E_NOMEM;
	if (rc)
		goto fail;
	*ret_work = work;
	return KL_OK;
fail:
	kl_spend_work_destroy(work);
	return rc;
}

/* Begins anew with another query. */
static int ask_anew(struct kl_spend_work *work)
{
	struct kl_spend_sum *sum = kl_spend_sum_new(&work->query);

	if (!sum)
		return KL_E_NOMEM;
	kl_spend_sum_destroy(work->sum);
	work->sum = sum;
	work->whole = false;
	return KL_OK;
}

int kl_spend_work_within(struct kl_spend_work *work, struct kl_period period)
{
	whole_period(&work->query, period);
	return ask_anew(work);
}

int kl_spend_work_around(struct kl_spend_work *work, const struct kl_area *area)
{
	work->query.area = *area;
	work->query.has_area = true;
	work->area_from = KL_SPEND_AREA_SAID;
	return ask_anew(work);
}

/* ---- reading ------------------------------------------------------------------------------- */

static int begin_table(void *data, size_t index, struct kl_fault *fault)
{
	struct kl_spend_work *work = data;

	(void)fault;
	work->in_places = work->has_places && index == 0;
	if (!work->in_places)
		kl_spend_sum_file(work->sum);
	return KL_OK;
}

static int take_place(struct kl_spend_work *work, const struct kl_value *row)
{
	struct kl_place place;
	int rc = kl_doc_place_decode(row, &place);

	if (rc)
		return rc;
	work->places++;
	return kl_spend_sum_place(work->sum, &place);
}

static int take_block(struct kl_spend_work *work, const struct kl_value *row)
{
	char text[KL_SPEND_TEXT_MAX];
	struct kl_spend_view view;
	struct kl_payment payment;
	int rc = kl_spend_view_open(row, &view);

	while (!rc && (rc = kl_spend_view_text(&view, text)) == 1)
		rc = kl_spend_sum_text(work->sum, text);
	while (!rc && (rc = kl_spend_view_payment(&view, &payment)) == 1)
		rc = kl_spend_sum_add(work->sum, &payment);
	return rc;
}

static int take_row(void *data, const struct kl_value *row, struct kl_fault *fault)
{
	struct kl_spend_work *work = data;
	int rc = work->in_places ? take_place(work, row) : take_block(work, row);

	return rc ? kl_fault(fault, rc, "a spending file cannot be added up: %s", kl_error_text(rc))
		  : KL_OK;
}

static int end(void *data, struct kl_ask *ask)
{
	struct kl_spend_work *work = data;

	return work->answer(work, ask);
}

static void destroy(void *data)
{
	kl_spend_work_destroy(data);
}

static const struct kl_rows_sink sink = {
	.table = begin_table, .row = take_row, .end = end, .destroy = destroy};

/* The tables to read, the places first; malloc'd. */
static int list_tables(struct kl_spend_work *work, struct kl_import **ret_imports,
	size_t *ret_count, struct kl_fault *fault)
{
	struct kl_import *imports = calloc(work->files.count + 1, sizeof *imports);
	size_t n = 0;
	int rc = imports ? kl_import_latest(
				   work->node->store, KL_SPEND_PLACES, KL_SPEND_OWN, &imports[0])
			 : KL_E_NOMEM;

	if (rc && rc != KL_E_NOT_FOUND) {
		free(imports);
		return kl_fault(fault, rc, "the table of places cannot be read");
	}
	work->has_places = !rc;
	n += !rc;
	for (size_t i = 0; i < work->files.count; i++)
		imports[n++] = work->files.items[i].import;
	*ret_imports = imports;
	*ret_count = n;
	return KL_OK;
}

int kl_spend_work_answer(struct kl_spend_work *work, struct kl_ask *ask,
	int (*answer)(struct kl_spend_work *work, struct kl_ask *ask))
{
	struct kl_import *imports = NULL;
	size_t count = 0;
	int rc = list_tables(work, &imports, &count, &ask->fault);

	if (rc) {
		kl_spend_work_destroy(work);
		return rc;
	}
	work->answer = answer;
	rc = kl_rows_read_all(work->node, ask, imports, count, "adding up payments", &sink, work);
	free(imports);
	return rc;
}

/* ---- within one call ----------------------------------------------------------------------- */

static bool reaches_into(const struct kl_spend_file *file, const struct kl_spend_query *query)
{
	return file->has_days && file->first <= query->to && file->last >= query->from;
}

/* Drops the files that have no payment of that time. */
static int choose_by_days(
	struct kl_spend_work *work, struct kl_period period, struct kl_fault *fault)
{
	struct kl_spend_files *files = &work->files;
	char text[KL_PERIOD_TEXT_MAX];
	size_t kept = 0;

	for (size_t i = 0; i < files->count; i++)
		if (reaches_into(&files->items[i].file, &work->query))
			files->items[kept++] = files->items[i];
	files->count = kept;
	if (kept)
		return KL_OK;
	kl_fault(fault, KL_E_NOT_FOUND, "no spending file has payments of %s",
		kl_period_format(period, text));
	return kl_fault_hint(fault, "keeplocal spend import FILE");
}

static int read_all_now(struct kl_spend_work *work, struct kl_fault *fault)
{
	struct kl_import *imports = NULL;
	size_t count = 0;
	int rc = list_tables(work, &imports, &count, fault);

	if (!rc)
		rc = kl_rows_each(work->node, imports, count, &sink, work, fault);
	free(imports);
	return rc;
}

int kl_spend_work_now(struct kl_node *node, struct kl_period period,
	struct kl_spend_work **ret_work, struct kl_fault *fault)
{
	struct kl_spend_work *work = NULL;
	int rc = new_work(node, &work);

	if (rc)
		return kl_fault(fault, rc, "no memory to add up payments");
	rc = kl_spend_area_get(node, &work->query.area, &work->area_from, fault);
	work->query.has_area = work->area_from != KL_SPEND_AREA_NONE;
	if (!rc)
		rc = kl_spend_files_load(node, &work->files, fault);
	if (!rc && kl_spend_work_within(work, period))
		rc = kl_fault(fault, KL_E_NOMEM, "no memory to add up payments");
	if (!rc)
		rc = choose_by_days(work, period, fault);
	if (!rc)
		rc = read_all_now(work, fault);
	if (rc) {
		kl_spend_work_destroy(work);
		return rc;
	}
	*ret_work = work;
	return KL_OK;
}
