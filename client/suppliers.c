#include "client/suppliers.h"
#include "client/part_feed.h"
#include "client/share_column.h"
#include "client/words_in.h"
#include "core/money.h"
#include "core/spend.h"
#include "protocol/doc_supplier.h"

#include <stdlib.h>
#include <string.h>

enum { NAME, CONTACT, EMAIL, SPEND, PLACE, LOCAL, SECTOR, RESPENT, LATITUDE, LONGITUDE, COLUMNS };

static const struct kl_column columns[COLUMNS] = {
	[NAME] = {"supplier",
		{"supplier name", "name", "vendor", "vendor name", "creditor", "payee",
			"beneficiary", "beneficiary name", "company", "organisation"},
		true},
	[CONTACT] = {"contact", {"contact name", "contact person"}, false},
	[EMAIL] = {"email", {"email address", "e-mail", "contact email", "mail"}, false},
	[SPEND] = {"spend",
		{"value spent", "value", "amount", "net amount", "total", "total spend",
			"spend (£)", "spent", "amount spent"},
		true},
	[PLACE] = {"place", {"postcode", "location", "town", "area", "gss code"}, false},
	[LOCAL] = {"local", {"is local", "local supplier", "local (yes/no)", "where"}, false},
	[SECTOR] = {"sector", {"type", "supplier type", "supplier sector"}, false},
	[RESPENT] = {"respent_locally",
		{"respent", "re-spent locally", "share respent locally", "local respend",
			"respent locally %"},
		false},
	[LATITUDE] = {"latitude", {"lat", "latitude (degrees)"}, false},
	[LONGITUDE] = {"longitude", {"lon", "long", "lng", "longitude (degrees)"}, false},
};

struct kl_suppliers {
	struct kl_sheet *sheet;
	struct kl_share_column shares;
	struct kl_part_feed feed;
	uint32_t rows;
	int64_t total;
	int64_t since_total; /* pence since the last row that is a total */
	uint32_t totals, first_total;
	uint32_t odd_mails;
	uint32_t rounded; /* amounts with fractions of a penny, as formulas leave them */
	bool ended;
};

static int feed_row(void *data, struct kl_writer *row, struct kl_fault *fault)
{
	struct kl_supplier supplier;
	int rc = kl_suppliers_next(data, fault, &supplier);

	if (rc == 1)
		kl_doc_supplier_encode(row, &supplier);
	return rc;
}

int kl_suppliers_open(const char *path, const char *tab, struct kl_fault *fault,
	struct kl_suppliers **ret_suppliers)
{
	struct kl_suppliers *s = calloc(1, sizeof *s);
	int rc;

	if (!s)
		return kl_fault(fault, KL_E_NOMEM, "no memory to read %s", path);
	kl_part_feed_init(&s->feed, feed_row, s);
	rc = kl_sheet_open(path, tab, columns, COLUMNS, fault, &s->sheet);
	if (rc) {
		kl_suppliers_close(s);
		return rc;
	}
	*ret_suppliers = s;
	return KL_OK;
}

void kl_suppliers_close(struct kl_suppliers *suppliers)
{
	if (!suppliers)
		return;
	kl_part_feed_deinit(&suppliers->feed);
	kl_sheet_close(suppliers->sheet);
	free(suppliers);
}

/* A cell as one line of text. */
static int text_cell(const struct kl_sheet *sheet, unsigned column, char *out, size_t size,
	struct kl_fault *fault)
{
	char expected[64];

	if (kl_one_line(kl_sheet_cell(sheet, column), out, size))
		return KL_OK;
	snprintf(expected, sizeof expected, "at most %zu bytes of text", size - 1);
	return kl_sheet_fault(sheet, fault, KL_E_TOO_BIG, column, expected);
}

static int read_texts(const struct kl_sheet *sheet, struct kl_supplier *s, struct kl_fault *fault)
{
	int rc;

	if ((rc = text_cell(sheet, NAME, s->name, sizeof s->name, fault)) ||
		(rc = text_cell(sheet, CONTACT, s->contact, sizeof s->contact, fault)) ||
		(rc = text_cell(sheet, EMAIL, s->email, sizeof s->email, fault)) ||
		(rc = text_cell(sheet, PLACE, s->place, sizeof s->place, fault)))
		return rc;
	if (!s->name[0])
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, NAME, "the name of a supplier");
	return KL_OK;
}

static bool read_degrees(const char *cell, double most, double *ret_degrees)
{
	char *end;

	if (!cell[0] || strspn(cell, "+-.0123456789") != strlen(cell))
		return false;
	*ret_degrees = strtod(cell, &end);
	return !*end && *ret_degrees >= -most && *ret_degrees <= most;
}

/* Coordinates stand behind whatever else is known of the place, where core/area.h finds them. */
static int add_coordinates(
	const struct kl_sheet *sheet, struct kl_supplier *s, struct kl_fault *fault)
{
	const char *north = kl_sheet_cell(sheet, LATITUDE), *east = kl_sheet_cell(sheet, LONGITUDE);
	size_t len = strlen(s->place);
	double latitude, longitude;
	int n;

	if (!north[0] && !east[0])
		return KL_OK;
	if (!read_degrees(north, 90, &latitude))
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, LATITUDE,
			"degrees north of the equator such as 53.72, beside a longitude");
	if (!read_degrees(east, 180, &longitude))
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, LONGITUDE,
			"degrees east of Greenwich such as -1.86, beside a latitude");
	if (kl_area_exchanged(latitude, longitude))
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, LATITUDE,
			"a latitude such as 53.72; it seems to be exchanged with the longitude");
	n = snprintf(s->place + len, sizeof s->place - len, len ? " (%.8g,%.8g)" : "%.8g,%.8g",
		latitude, longitude);
	if (n < 0 || (size_t)n >= sizeof s->place - len)
		return kl_sheet_fault(sheet, fault, KL_E_TOO_BIG, PLACE, "a shorter place");
	return KL_OK;
}

static int read_spend(
	const struct kl_sheet *sheet, int64_t *ret_pence, bool *ret_rounded, struct kl_fault *fault)
{
	const char *cell = kl_sheet_cell(sheet, SPEND);
	int rc = kl_money_parse(cell, ret_pence);

	*ret_rounded = false;
	if (rc == KL_E_INVALID && strcmp(cell, "-") != 0)
		rc = kl_spend_amount(cell, ret_pence, ret_rounded);
	if (rc == KL_E_RANGE)
		return kl_sheet_fault(sheet, fault, rc, SPEND, "at most a hundred billion pounds");
	if (rc)
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, SPEND,
			"an amount in pounds such as 1,234.56 or -20");
	return KL_OK;
}

static int read_row(const struct kl_sheet *sheet, struct kl_share_column *shares,
	struct kl_supplier *s, bool *ret_rounded, struct kl_fault *fault)
{
	const char *respent = kl_sheet_cell(sheet, RESPENT);
	int rc;

	if ((rc = kl_sheet_check_row(sheet, fault)) || (rc = read_texts(sheet, s, fault)) ||
		(rc = add_coordinates(sheet, s, fault)) ||
		(rc = read_spend(sheet, &s->spend, ret_rounded, fault)))
		return rc;
	if (kl_local_parse(kl_sheet_cell(sheet, LOCAL), &s->where))
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, LOCAL, "yes, no or unknown");
	if (kl_sector_parse(kl_sheet_cell(sheet, SECTOR), &s->sector))
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, SECTOR,
			"voluntary, social enterprise, small, large, public or nothing");
	s->answered = respent[0] != '\0';
	return s->answered ? kl_share_column_read(shares, sheet, RESPENT, fault, &s->respent)
			   : KL_OK;
}

static int try_row(const struct kl_sheet *sheet, void *data)
{
	struct kl_supplier supplier = {.answered = false};
	bool rounded;

	return read_row(sheet, data, &supplier, &rounded, NULL);
}

/* ---- totals ---------------------------------------------------------------------------------- */

/* Amounts that were rounded add up to a little more or less. */
static bool is_about(const struct kl_suppliers *s, int64_t found, int64_t sum)
{
	return found >= sum - s->rounded && found <= sum + s->rounded;
}

/* A row that calls itself a total and is the sum of those above it, or of those since the last total,
 * is no supplier: true. One that is another sum leaves open what is meant. */
static int is_total(struct kl_suppliers *s, const struct kl_supplier *row, struct kl_fault *fault,
	bool *ret_total)
{
	char found[KL_MONEY_TEXT_MAX], sum[KL_MONEY_TEXT_MAX];

	*ret_total = kl_spend_is_total(row->name);
	if (!*ret_total)
		return KL_OK;
	if (!is_about(s, row->spend, s->since_total) && !is_about(s, row->spend, s->total)) {
		kl_fault(fault, KL_E_MALFORMED,
			"%s, %s %u: '%s' seems to be the sum of the rows above, but says %s, and "
			"they come to %s",
			kl_sheet_name(s->sheet), kl_sheet_word(s->sheet), kl_sheet_line(s->sheet),
			row->name, kl_money_format(row->spend, found),
			kl_money_format(s->total, sum));
		return kl_fault_hint(fault, "take that row out; a supplier called so is written "
					    "with its full name");
	}
	if (!s->totals++)
		s->first_total = kl_sheet_line(s->sheet);
	s->since_total = 0;
	return KL_OK;
}

static void tell_totals(struct kl_suppliers *s)
{
	const char *word = kl_sheet_word(s->sheet);

	if (s->totals == 1)
		kl_sheet_tell(s->sheet, "%s %u is the sum of the rows above it, and does not count",
			word, s->first_total);
	else if (s->totals)
		kl_sheet_tell(s->sheet,
			"%u rows are sums of those above them, first %s %u, and do not count",
			s->totals, word, s->first_total);
}

/* ---- rows ------------------------------------------------------------------------------------ */

static int check_end(struct kl_suppliers *s, struct kl_fault *fault)
{
	char sum[KL_MONEY_TEXT_MAX];

	tell_totals(s);
	if (s->rounded)
		kl_sheet_tell(s->sheet, "%u amount%s fractions of a penny, and %s rounded",
			s->rounded, s->rounded == 1 ? " has" : "s have",
			s->rounded == 1 ? "was" : "were");
	if (s->odd_mails)
		kl_sheet_tell(s->sheet, "%u e-mail address%s no @", s->odd_mails,
			s->odd_mails == 1 ? " has" : "es have");
	kl_share_column_tell(&s->shares, s->sheet, RESPENT);
	if (!s->rows)
		return kl_fault(fault, KL_E_MALFORMED, "%s: has no suppliers below its header",
			kl_sheet_name(s->sheet));
	if (s->total >= 0)
		return 0;
	kl_fault(fault, KL_E_INVALID, "%s: all suppliers together come to %s",
		kl_sheet_name(s->sheet), kl_money_format(s->total, sum));
	kl_fault_hint(fault, "invoices are positive and credit notes negative: check the signs");
	return KL_E_INVALID;
}

static int count_in(
	struct kl_suppliers *s, const struct kl_supplier *row, bool rounded, struct kl_fault *fault)
{
	if (kl_money_add(s->total, row->spend, &s->total))
		return kl_fault(fault, KL_E_RANGE, "%s: the sum of all suppliers is too large",
			kl_sheet_name(s->sheet));
	s->since_total += row->spend;
	s->rows++;
	s->rounded += rounded;
	s->odd_mails += row->email[0] && !strchr(row->email, '@');
	return 1;
}

/* As kl_suppliers_next(). */
static int read_next(struct kl_suppliers *s, struct kl_fault *fault, struct kl_supplier *ret)
{
	for (;;) {
		bool rounded, total;
		int rc = kl_sheet_next(s->sheet, fault);

		if (rc != 1)
			return rc ? rc : check_end(s, fault);
		*ret = (struct kl_supplier){.answered = false};
		if (read_row(s->sheet, &s->shares, ret, &rounded, fault))
			return kl_sheet_look_on(s->sheet, try_row, &s->shares, fault);
		rc = is_total(s, ret, fault, &total);
		if (rc || !total)
			return rc ? rc : count_in(s, ret, rounded, fault);
	}
}

int kl_suppliers_next(
	struct kl_suppliers *s, struct kl_fault *fault, struct kl_supplier *ret_supplier)
{
	struct kl_supplier supplier;
	struct kl_fault own = {0};
	int rc;

	if (s->ended)
		return 0;
	rc = read_next(s, fault ? fault : &own, &supplier);
	s->ended = rc != 1;
	if (rc == 1)
		*ret_supplier = supplier;
	return rc;
}

int kl_suppliers_part(void *data, struct kl_writer *rows, struct kl_fault *fault)
{
	struct kl_suppliers *suppliers = data;

	return kl_part_feed_next(&suppliers->feed, rows, fault);
}

uint32_t kl_suppliers_rows(const struct kl_suppliers *suppliers)
{
	return suppliers->rows;
}

int64_t kl_suppliers_total(const struct kl_suppliers *suppliers)
{
	return suppliers->total;
}

const struct kl_sheet *kl_suppliers_sheet(const struct kl_suppliers *suppliers)
{
	return suppliers->sheet;
}

const struct kl_column *kl_suppliers_columns(unsigned *ret_count)
{
	*ret_count = COLUMNS;
	return columns;
}
