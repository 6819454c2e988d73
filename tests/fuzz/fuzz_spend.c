/* Spending: files as people bring them, blocks of payments as they come from a client or the disk, and
 * the dates, amounts and names in them. */
#include "client/places_file.h"
#include "client/spend_file.h"
#include "core/day.h"
#include "core/error.h"
#include "core/money.h"
#include "core/names.h"
#include "core/spend_sum.h"
#include "protocol/doc_spend.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct kl_spend_part part; /* 64 KiB */

static const char *file_of(const void *data, size_t len)
{
	static char path[40];
	static int file = -1;

	if (file < 0)
		file = memfd_create("fuzz", MFD_CLOEXEC);
	FUZZ_CHECK(file >= 0 && !ftruncate(file, 0));
	FUZZ_CHECK(pwrite(file, data, len, 0) == (ssize_t)len);
	snprintf(path, sizeof path, "/proc/self/fd/%d", file);
	return path;
}

/* ---- blocks -------------------------------------------------------------------------------- */

static void write_sample(struct kl_writer *w, uint32_t payments)
{
	struct kl_payment p = {2, 17000, 12345, 1, 2, 0, 0, "A1", 2};
	const struct kl_rejected r = {9, KL_REJECT_TOTAL, true, -5, "Total | -0.05"};

	kl_spend_part_init(&part);
	kl_spend_part_text(&part, "Example Ltd");
	kl_spend_part_text(&part, "Adults");
	for (; payments; payments--, p.line++, p.day -= 3, p.pence = -p.pence * 3)
		kl_spend_part_payment(&part, &p);
	kl_spend_part_reject(&part, &r);
	kl_spend_part_write(&part, w);
	kl_spend_part_deinit(&part);
}

void kl_fuzz_samples_spend_part(struct fuzz_corpus *corpus)
{
	struct kl_writer w;

	kl_writer_init(&w);
	write_sample(&w, 1);
	fuzz_sample_written(corpus, &w);
	write_sample(&w, 9);
	fuzz_sample_written(corpus, &w);
	write_sample(&w, 0);
	fuzz_sample_written(corpus, &w);
	kl_writer_deinit(&w);
}

/* Reads a block into the part, and its payments into the sum; 0 or what was wrong. */
static int read_block(const struct kl_value *block, struct kl_spend_sum *sum, int64_t *pence)
{
	char text[KL_SPEND_TEXT_MAX];
	struct kl_spend_view view;
	struct kl_payment p;
	struct kl_rejected r;
	int rc = kl_spend_view_open(block, &view);

	while (!rc && (rc = kl_spend_view_text(&view, text)) == 1) {
		FUZZ_CHECK(text[0] && kl_text_is_plain(kl_bytes_str(text), false));
		kl_spend_part_text(&part, text);
		rc = kl_spend_sum_text(sum, text);
	}
	while (!rc && (rc = kl_spend_view_payment(&view, &p)) == 1) {
		rc = kl_spend_sum_add(sum, &p);
		if (!rc)
			kl_spend_part_payment(&part, &p);
		*pence += rc ? 0 : p.pence;
	}
	while (!rc && (rc = kl_spend_view_rejected(&view, &r)) == 1) {
		kl_spend_part_reject(&part, &r);
		rc = KL_OK;
	}
	return rc;
}

/* What is accepted is what the encoder writes, and adds up. */
int kl_fuzz_spend_part(const uint8_t *data, size_t len)
{
	struct kl_spend_query query = {.all = true};
	struct kl_spend_sum *sum = kl_spend_sum_new(&query);
	struct kl_cursor blocks;
	struct kl_value block;
	struct kl_writer w;
	int64_t pence = 0;
	int rc = kl_part_open(kl_bytes(data, len), &blocks);

	FUZZ_CHECK(sum);
	kl_spend_part_init(&part);
	kl_writer_init(&w);
	if (!rc && blocks.left != 1)
		rc = KL_E_MALFORMED;
	if (!rc && kl_cursor_next(&blocks, &block))
		rc = read_block(&block, sum, &pence);
	if (!rc) {
		struct kl_bytes again;

		kl_spend_part_write(&part, &w);
		FUZZ_CHECK(!kl_writer_bytes(&w, &again) && again.len <= len);
		FUZZ_CHECK(kl_spend_pence(kl_spend_sum_total(sum)) == pence);
	}
	kl_writer_deinit(&w);
	kl_spend_part_deinit(&part);
	kl_spend_sum_destroy(sum);
	return rc == 0;
}

void kl_fuzz_samples_doc_spend_file(struct fuzz_corpus *corpus)
{
	struct kl_spend_file file = {.name = "april.csv",
		.amount_column = "Net",
		.dates = "day first",
		.accepted = 3,
		.has_days = true,
		.first = 17000,
		.last = 17001};
	struct kl_writer w;

	kl_writer_init(&w);
	kl_doc_spend_file_encode(&w, &file);
	fuzz_sample_written(corpus, &w);
	file.has_days = false;
	file.rejected[KL_REJECT_TOTAL] = 7;
	kl_doc_spend_file_encode(&w, &file);
	fuzz_sample_written(corpus, &w);
	kl_writer_deinit(&w);
}

int kl_fuzz_doc_spend_file(const uint8_t *data, size_t len)
{
	struct kl_spend_file file, again;
	struct kl_bytes bytes;
	struct kl_writer w;

	if (kl_doc_spend_file_decode(kl_bytes(data, len), &file))
		return 0;
	kl_writer_init(&w);
	kl_doc_spend_file_encode(&w, &file);
	FUZZ_CHECK(!kl_writer_bytes(&w, &bytes));
	FUZZ_CHECK(!kl_doc_spend_file_decode(bytes, &again));
	FUZZ_CHECK(kl_spend_file_rejected_pence(&file) == kl_spend_file_rejected_pence(&again));
	kl_writer_deinit(&w);
	return 1;
}

void kl_fuzz_samples_doc_spend_months(struct fuzz_corpus *corpus)
{
	struct kl_spend_query query = {.all = true};
	struct kl_spend_sum *sum = kl_spend_sum_new(&query);
	struct kl_payment p = {.pence = 500, .supplier = 1, .reference = ""};
	const struct kl_id stamp = {{1, 2, 3}};
	struct kl_writer w;

	FUZZ_CHECK(sum && !kl_spend_sum_text(sum, "Example Ltd"));
	kl_writer_init(&w);
	for (int month = 1; month <= 3; month++) {
		p.day = kl_day_from(2016, month, 2);
		FUZZ_CHECK(!kl_spend_sum_add(sum, &p));
		kl_doc_spend_months_encode(&w, &stamp, sum);
		fuzz_sample_written(corpus, &w);
	}
	kl_writer_deinit(&w);
	kl_spend_sum_destroy(sum);
}

int kl_fuzz_doc_spend_months(const uint8_t *data, size_t len)
{
	struct kl_spend_in_month month;
	struct kl_cursor months;
	struct kl_id stamp;
	int rc = kl_doc_spend_months_open(kl_bytes(data, len), &stamp, &months);

	while (!rc && (rc = kl_doc_spend_months_next(&months, &month)) == 1) {
		FUZZ_CHECK(month.month >= 1 && month.month <= 12 && month.year >= 1900);
		rc = 0;
	}
	return rc == 0;
}

/* ---- files --------------------------------------------------------------------------------- */

void kl_fuzz_samples_spend_file(struct fuzz_corpus *corpus)
{
	fuzz_sample_text(corpus,
		"Example Council\n\nDirectorate,Supplier,Date,Net Amount,Gross,Ref\n"
		"Adults,Example Ltd,13/04/2016,\"(1,234.56)\",9,A1\n,,,,,\n"
		"Adults,REDACTED,01/04/2016,£5 CR,,\nTotal,,,-1239.56,,\n");
	fuzz_sample_text(corpus, "Vendor Name;Amount;Payment Date\nCaf\xe9;12.5049999;2016-04-01\n"
				 "X;abc;nodate\nB;-;13-Nov-2012\n");
	fuzz_sample_text(corpus, "Supplier,Date,Amount,DR/CR,Postcode\nA,2016-04-13,5,CR,HX1 1AA\n"
				 "B,2016-04-13,5,DR,\nTotal for April,0,2016-04-13,,\n");
	fuzz_seed_text(corpus, "supplier,amount,date\nA,1,4/13/2016\nB,1,13/4/2016\n");
	fuzz_seed_text(corpus, "supplier,amount\nA,1\n");
}

static int told(int rc, const struct kl_fault *fault)
{
	if (rc >= 0)
		return rc;
	FUZZ_CHECK(fault->code == rc && fault->message[0]);
	FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(fault->message), true));
	FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(fault->hint), true));
	return rc;
}

/* Payments and rejected rows of one part: what they come to. */
static void take_part(struct kl_bytes bytes, uint32_t *texts, uint64_t *rows, int64_t *pence)
{
	char text[KL_SPEND_TEXT_MAX];
	struct kl_spend_view view;
	struct kl_payment p;
	struct kl_rejected r;
	struct kl_cursor blocks;
	struct kl_value block;
	int rc;

	FUZZ_CHECK(!kl_part_open(bytes, &blocks) && kl_cursor_next(&blocks, &block));
	FUZZ_CHECK(!kl_spend_view_open(&block, &view));
	while ((rc = kl_spend_view_text(&view, text)) == 1)
		++*texts;
	FUZZ_CHECK(!rc);
	for (; (rc = kl_spend_view_payment(&view, &p)) == 1; ++*rows) {
		FUZZ_CHECK(!kl_payment_check(&p, *texts));
		*pence += p.pence;
	}
	FUZZ_CHECK(!rc);
	for (; (rc = kl_spend_view_rejected(&view, &r)) == 1; ++*rows)
		*pence += r.pence;
	FUZZ_CHECK(!rc);
}

/* Whatever stands in a file: every row is a payment or rejected, and no penny is lost. */
int kl_fuzz_spend_file(const uint8_t *data, size_t len)
{
	struct kl_spend_options options = {.has_day = len % 5 == 0, .day = 17000};
	struct kl_spend_reader *reader;
	struct kl_spend_read read;
	struct kl_fault fault = {0};
	struct kl_bytes bytes;
	struct kl_writer w;
	uint32_t texts = 0;
	uint64_t rows = 0;
	int64_t pence = 0;
	int rc;

	options.has_order = len % 3 == 0;
	options.order = (enum kl_date_order)(len / 3 % 3);
	if (told(kl_spend_reader_open(file_of(data, len), &options, &fault, &reader), &fault))
		return 0;
	kl_writer_init(&w);
	while ((rc = told(kl_spend_reader_part(reader, &w, &fault), &fault)) == 1) {
		FUZZ_CHECK(!kl_writer_bytes(&w, &bytes));
		take_part(bytes, &texts, &rows, &pence);
		kl_writer_reset(&w);
	}
	if (!rc) {
		read = kl_spend_reader_read(reader);
		FUZZ_CHECK(read.rows == rows && read.pence == pence);
	}
	kl_writer_deinit(&w);
	kl_spend_reader_close(reader);
	return rc == 0;
}

void kl_fuzz_samples_places_file(struct fuzz_corpus *corpus)
{
	fuzz_sample_text(corpus,
		"supplier,postcode,local,sector,size\nExample Ltd,HX1 1AA,yes,VCSE,SME\n"
		"B,,,,\n");
	fuzz_sample_text(corpus, "Supplier;Sector\nA t/a B;large\nA;small\nA plc;\n");
	fuzz_sample_text(
		corpus, "Supplier,Place,Local\nA,LS1,yes\nA,HX1,no\na,,\n\xc3\xa9 Ltd,HX1,\n");
}

/* Whatever was taken is found again under its own name. */
int kl_fuzz_places_file(const uint8_t *data, size_t len)
{
	struct kl_places *places = kl_places_new();
	struct kl_place_view view;
	struct kl_places_file *file;
	struct kl_fault fault = {0};
	struct kl_place place;
	uint32_t number;
	bool loose;
	int rc = told(kl_places_file_open(file_of(data, len), NULL, &fault, &file), &fault);

	FUZZ_CHECK(places);
	if (!rc) {
		while ((rc = told(kl_places_file_next(file, &fault, &place), &fault)) == 1) {
			FUZZ_CHECK(!kl_place_check(&place, NULL));
			FUZZ_CHECK(!kl_places_add(places, &place));
			FUZZ_CHECK(!kl_places_find(places, place.supplier, &number, &loose));
			view = kl_places_at(places, number);
			FUZZ_CHECK(!loose);
			FUZZ_CHECK(view.sector == place.sector || !view.sector || !place.sector);
		}
		kl_places_file_close(file);
	}
	kl_places_destroy(places);
	return rc == 0;
}

/* ---- cells --------------------------------------------------------------------------------- */

void kl_fuzz_samples_dates(struct fuzz_corpus *corpus)
{
	static const char *const texts[] = {"13/11/2012", "11/13/12", "2012-11-13T00:00:00Z",
		"13-Nov-2012", "Nov 13, 2012", "41226", "20121113", "1.2.70 13:45"};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		fuzz_sample_text(corpus, texts[i]);
	fuzz_seed_text(corpus, "99999999999");
}

int kl_fuzz_dates(const uint8_t *data, size_t len)
{
	char *text = fuzz_text(data, len), out[KL_DAY_TEXT_MAX];
	int32_t days[KL_DATES_ORDERS], again[KL_DATES_ORDERS];
	unsigned fits, all;
	int rc = kl_dates_read(text, days, &fits);

	if (!rc)
		FUZZ_CHECK(fits && fits <= KL_DATES_ALL);
	for (int i = 0; !rc && i < KL_DATES_ORDERS; i++) {
		if (!(fits & 1U << i))
			continue;
		FUZZ_CHECK(days[i] >= KL_DAY_MIN && days[i] <= KL_DAY_MAX);
		FUZZ_CHECK(!kl_dates_read(kl_day_format(days[i], out), again, &all));
		FUZZ_CHECK(all == KL_DATES_ALL && again[i] == days[i]);
	}
	free(text);
	return rc == 0;
}

void kl_fuzz_samples_spend_cell(struct fuzz_corpus *corpus)
{
	static const char *const texts[] = {"12.50", "£(1,234.565)", "-", "500 CR", "1,234.56-"};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		fuzz_sample_text(corpus, texts[i]);
	fuzz_seed_text(corpus, "Total for April");
	fuzz_seed_text(corpus, "REDACTED PERSONAL DATA");
	fuzz_seed_text(corpus, "The A & B Co. Ltd t/a C");
}

/* Any cell as an amount, and as a name. */
int kl_fuzz_spend_cell(const uint8_t *data, size_t len)
{
	char *text = fuzz_text(data, len), key[KL_NAME_MAX], twice[KL_NAME_MAX], plain[KL_NAME_MAX];
	int64_t pence = 0;
	bool rounded;
	int rc = kl_spend_amount(text, &pence, &rounded);

	FUZZ_CHECK(rc || (pence <= KL_MONEY_MAX && pence >= -KL_MONEY_MAX));
	FUZZ_CHECK(!kl_spend_is_total(text) || kl_spend_says_total(text));
	(void)kl_spend_is_redacted(text);
	kl_name_loose(text, key);
	FUZZ_CHECK(strlen(key) < KL_NAME_MAX && (key[0] || !kl_name_key(text, plain)[0]));
	(void)kl_name_loose(key, twice);
	free(text);
	return rc == 0;
}
