#include "client/suppliers.h"
#include "client/part_feed.h"
#include "client/share_column.h"
#include "client/words_in.h"
#include "core/money.h"
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
	uint32_t odd_mails;
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

static int read_row(const struct kl_sheet *sheet, struct kl_share_column *shares,
	struct kl_supplier *s, struct kl_fault *fault)
{
	const char *respent = kl_sheet_cell(sheet, RESPENT);
	int rc;

	if ((rc = kl_sheet_check_row(sheet, fault)) || (rc = read_texts(sheet, s, fault)) ||
		(rc = add_coordinates(sheet, s, fault)))
		return rc;
	rc = kl_money_parse(kl_sheet_cell(sheet, SPEND), &s->spend);
	if (rc == KL_E_RANGE)
		return kl_sheet_fault(sheet, fault, rc, SPEND, "at most a hundred billion pounds");
	if (rc)
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, SPEND,
			"an amount in pounds such as 1,234.56 or -20");
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

	return read_row(sheet, data, &supplier, NULL);
}

static int check_end(struct kl_suppliers *s, struct kl_fault *fault)
{
	char sum[KL_MONEY_TEXT_MAX];

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

int kl_suppliers_next(
	struct kl_suppliers *s, struct kl_fault *fault, struct kl_supplier *ret_supplier)
{
	struct kl_supplier supplier = {.answered = false};
	struct kl_fault own = {0};
	int rc;

	if (s->ended)
		return 0;
	fault = fault ? fault : &own;
	rc = kl_sheet_next(s->sheet, fault);
	if (rc != 1) {
		s->ended = true;
		return rc ? rc : check_end(s, fault);
	}
	rc = read_row(s->sheet, &s->shares, &supplier, fault);
	if (rc) {
		s->ended = true;
		return kl_sheet_look_on(s->sheet, try_row, &s->shares, fault);
	}
	if (kl_money_add(s->total, supplier.spend, &s->total)) {
		s->ended = true;
		return kl_fault(fault, KL_E_RANGE, "%s: the sum of all suppliers is too large",
			kl_sheet_name(s->sheet));
	}
	s->rows++;
	s->odd_mails += supplier.email[0] && !strchr(supplier.email, '@');
	*ret_supplier = supplier;
	return 1;
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
