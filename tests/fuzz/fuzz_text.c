/* What people type or paste: numbers, periods, areas, ids and tickets. What is read and written
 * again must be read as the same. */
#include "core/area.h"
#include "core/enabled.h"
#include "core/factors.h"
#include "core/harmless.h"
#include "core/lm3.h"
#include "core/money.h"
#include "core/names.h"
#include "core/period.h"
#include "core/unit.h"
#include "core/words.h"
#include "protocol/memberid.h"
#include "protocol/ticket.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/nasty.h"

#include <stdlib.h>
#include <string.h>

static void seeds(struct fuzz_corpus *corpus, const char *const *texts)
{
	for (; *texts; texts++)
		fuzz_sample_text(corpus, *texts);
}

/* A fault has the code that was returned, and can be shown. */
static void is_told(const struct kl_fault *fault, int rc)
{
	FUZZ_CHECK(rc < 0 && fault->code == rc);
	FUZZ_CHECK(memchr(fault->message, 0, sizeof fault->message));
	FUZZ_CHECK(memchr(fault->hint, 0, sizeof fault->hint));
	FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(fault->message), true));
	FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(fault->hint), true));
}

/* ---- amounts ------------------------------------------------------------------------------- */

void kl_fuzz_samples_money(struct fuzz_corpus *corpus)
{
	static const char *const texts[] = {"1234.5", "£1,234.56", "(1,234.56)", "-£1,234",
		"1,234.56-", "12.00 CR", "7 DR", "0", "£100,000,000,000.00", "-0.05", " 12.3000 ",
		NULL};

	seeds(corpus, texts);
}

int kl_fuzz_money(const uint8_t *data, size_t len)
{
	char *text = fuzz_text(data, len), out[KL_MONEY_TEXT_MAX];
	int64_t pence = 42, again;
	int rc = kl_money_parse(text, &pence);

	free(text);
	if (rc) {
		FUZZ_CHECK(rc == KL_E_INVALID || rc == KL_E_RANGE);
		FUZZ_CHECK(pence == 42);
		return 0;
	}
	FUZZ_CHECK(pence >= -KL_MONEY_MAX && pence <= KL_MONEY_MAX);
	FUZZ_CHECK(kl_money_parse(kl_money_format(pence, out), &again) == 0);
	FUZZ_CHECK(again == pence);
	FUZZ_CHECK(strlen(kl_money_about(pence, out)) < sizeof out);
	return 1;
}

/* The first byte chooses the unit in its lower five bits, the scale in the others. */
void kl_fuzz_samples_number(struct fuzz_corpus *corpus)
{
	static const char *const texts[] = {"\x40"
					    "2.43",
		"\x22"
		"45%",
		"\x01"
		"0.45",
		"\x04"
		"£1.2m",
		"\x44"
		"£617,010",
		"\x05"
		"26",
		"\x02"
		"7.5%",
		"\x29"
		"12.50",
		"\x04"
		"3bn",
		"\x42"
		"-3.5",
		NULL};

	seeds(corpus, texts);
}

int kl_fuzz_number(const uint8_t *data, size_t len)
{
	static const uint32_t scales[] = {1, 10, 100, 1000, 10000, KL_SCALE_MAX};
	enum kl_unit unit = len ? (data[0] & 31u) % KL_UNIT_COUNT_ALL : 0;
	unsigned choice = len ? data[0] >> 5 : 0;
	uint32_t scale = choice ? scales[choice % 6] : kl_unit_scale(unit);
	char *text = fuzz_text(data + (len > 0), len - (len > 0)), out[KL_NUMBER_TEXT_MAX];
	struct kl_fault fault = {0};
	int64_t value = 42, again;
	int rc = kl_number_parse(text, unit, scale, &value, &fault);

	free(text);
	if (rc) {
		is_told(&fault, rc);
		FUZZ_CHECK(value == 42);
		return 0;
	}
	FUZZ_CHECK(value >= -KL_NUMBER_MAX && value <= KL_NUMBER_MAX);
	kl_number_format(value, unit, scale, out);
	FUZZ_CHECK(strlen(out) < sizeof out && kl_text_is_plain(kl_bytes_str(out), false));
	FUZZ_CHECK(kl_number_parse(out, unit, scale, &again, NULL) == 0);
	FUZZ_CHECK(again == value);
	return 1;
}

/* Smaller readers that take any text, tried all at once. */
void kl_fuzz_samples_amounts(struct fuzz_corpus *corpus)
{
	static const char *const texts[] = {"12", "4.5", "1,401", "1,250.5", "120 m2", "120 sqm",
		"2.43", "£2.43", "87.90", "C", "1.0", "3", NULL};

	seeds(corpus, texts);
	fuzz_seed_text(corpus, "97000");
	fuzz_seed_text(corpus, "\xe2\x88\x92"
			       "40");
}

int kl_fuzz_amounts(const uint8_t *data, size_t len)
{
	char *text = fuzz_text(data, len), out[KL_FTE_TEXT_MAX], section = 0;
	int64_t tenths, again;
	int thousandths, accepted = 0;

	if (!kl_fte_parse(text, &tenths)) {
		FUZZ_CHECK(tenths >= 0 && tenths <= KL_FTE_MAX);
		FUZZ_CHECK(kl_fte_parse(kl_fte_format(tenths, out), &again) == 0);
		FUZZ_CHECK(again == tenths);
		accepted++;
	}
	if (!kl_floor_parse(text, &tenths)) {
		FUZZ_CHECK(tenths >= 0 && tenths <= KL_FLOOR_MAX);
		accepted++;
	}
	if (!kl_lm3_score_parse(text, &thousandths)) {
		FUZZ_CHECK(thousandths >= KL_LM3_THOUSANDTHS_MIN);
		FUZZ_CHECK(thousandths <= KL_LM3_THOUSANDTHS_MAX);
		accepted++;
	}
	if (!kl_sic_section_parse(text, &section)) {
		FUZZ_CHECK(section >= 'A' && section <= 'U');
		accepted++;
	}
	free(text);
	return accepted;
}

void kl_fuzz_samples_period(struct fuzz_corpus *corpus)
{
	static const char *const texts[] = {"2016", "2016/17", "2016/2017", "2016-17", "2016-Q3",
		"2016-04", " 1999/2000 ", NULL};

	seeds(corpus, texts);
}

int kl_fuzz_period(const uint8_t *data, size_t len)
{
	char *text = fuzz_text(data, len), out[KL_PERIOD_TEXT_MAX];
	struct kl_period period, again;
	int rc = kl_period_parse(text, &period);

	free(text);
	if (rc)
		return 0;
	FUZZ_CHECK(period.year >= KL_PERIOD_YEAR_MIN && period.year <= KL_PERIOD_YEAR_MAX);
	FUZZ_CHECK(kl_period_parse(kl_period_format(period, out), &again) == 0);
	FUZZ_CHECK(kl_period_equal(period, again) && !kl_period_compare(period, again));
	FUZZ_CHECK(kl_period_compare(kl_period_previous(period), period) < 0);
	return 1;
}

/* ---- places and names ---------------------------------------------------------------------- */

void kl_fuzz_samples_area(struct fuzz_corpus *corpus)
{
	static const char *const texts[] = {"E08000033", "E06000059 E10000009", "HX1, HX2",
		"12km 50.80,-1.90", "hx1;hx2;bd11", "0.5 km 51.5,-0.1", "HX1 5LA (53.72,-1.86)",
		"50.8 -1.9", NULL};

	seeds(corpus, texts);
}

int kl_fuzz_area(const uint8_t *data, size_t len)
{
	char *text = fuzz_text(data, len), out[KL_AREA_TEXT_MAX], second[KL_AREA_TEXT_MAX];
	struct kl_fault fault = {0};
	struct kl_area area, again;
	int rc = kl_area_parse(text, &fault, &area);
	double latitude, longitude;
	bool place = !kl_area_coordinates(text, &latitude, &longitude);

	if (place) {
		FUZZ_CHECK(latitude >= -90 && latitude <= 90 && longitude >= -180);
		FUZZ_CHECK(kl_area_distance(50, 0, latitude, longitude) <= 20016);
	}
	free(text);
	if (rc) {
		is_told(&fault, rc);
		return place;
	}
	FUZZ_CHECK(area.count <= KL_AREA_CODES_MAX);
	FUZZ_CHECK(strlen(kl_area_format(&area, out)) < sizeof out);
	FUZZ_CHECK(kl_area_parse(out, NULL, &again) == 0);
	FUZZ_CHECK(area.kind == KL_AREA_RADIUS || kl_area_equal(&area, &again));
	FUZZ_CHECK(!strcmp(out, kl_area_format(&again, second)));
	for (unsigned i = 0; i < area.count; i++)
		FUZZ_CHECK(kl_area_holds(&area, area.codes[i]) == KL_WHERE_LOCAL);
	return 1;
}

/* Names, folded texts and cut copies: anything goes in, something sound comes out. */
void kl_fuzz_samples_names(struct fuzz_corpus *corpus)
{
	static const char *const texts[] = {"Bradford  Bakers Limited", "Café du Nord LTD",
		"Łódź Street Co-operative", "  A ", "Æsir & Sons (Wales) Limited", NULL};

	seeds(corpus, texts);
}

int kl_fuzz_names(const uint8_t *data, size_t len)
{
	char *text = fuzz_text(data, len), key[KL_NAME_MAX], again[KL_NAME_MAX], cut[9];
	struct kl_bytes whole = kl_bytes_str(text);
	bool plain = kl_text_is_plain(whole, true);

	kl_name_key(text, key);
	FUZZ_CHECK(memchr(key, 0, sizeof key));
	kl_name_key(key, again);
	FUZZ_CHECK(!strcmp(key, again));
	if (plain)
		FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(key), true));
	FUZZ_CHECK(kl_copy_text(cut, sizeof cut, text) == (whole.len < sizeof cut));
	FUZZ_CHECK(!strncmp(cut, text, strlen(cut)));
	if (plain)
		FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(cut), true));
	FUZZ_CHECK(kl_words_equal(text, text));
	FUZZ_CHECK(kl_words_distance(text, text) == 0);
	free(text);
	return 1;
}

/* ---- characters ---------------------------------------------------------------------------- */

/* A second opinion on UTF-8, written from the table of RFC 3629: bytes that the character at the
 * front takes, 0 if there is none. */
static size_t character(const uint8_t *p, size_t len, uint32_t *code)
{
	static const struct {
		uint8_t first, last, low, high; /* first bytes, and what may follow them at once */
		uint8_t more;
	} rows[] = {{0x00, 0x7f, 0, 0, 0}, {0xc2, 0xdf, 0x80, 0xbf, 1}, {0xe0, 0xe0, 0xa0, 0xbf, 2},
		{0xe1, 0xec, 0x80, 0xbf, 2}, {0xed, 0xed, 0x80, 0x9f, 2},
		{0xee, 0xef, 0x80, 0xbf, 2}, {0xf0, 0xf0, 0x90, 0xbf, 3},
		{0xf1, 0xf3, 0x80, 0xbf, 3}, {0xf4, 0xf4, 0x80, 0x8f, 3}};

	for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
		if (p[0] < rows[r].first || p[0] > rows[r].last)
			continue;
		if (len <= rows[r].more)
			return 0;
		*code = rows[r].more ? p[0] & (0x3fu >> rows[r].more) : p[0];
		for (size_t i = 1; i <= rows[r].more; i++) {
			uint8_t low = i == 1 ? rows[r].low : 0x80,
				high = i == 1 ? rows[r].high : 0xbf;

			if (p[i] < low || p[i] > high)
				return 0;
			*code = *code << 6 | (p[i] & 0x3f);
		}
		return (size_t)rows[r].more + 1;
	}
	return 0;
}

static bool is_plain(const uint8_t *data, size_t len, bool lines)
{
	for (size_t at = 0; at < len;) {
		uint32_t code = 0;
		size_t n = character(data + at, len - at, &code);

		if (!n)
			return false;
		if ((code < 0x20 && !(lines && code == '\n')) || (code >= 0x7f && code < 0xa0))
			return false;
		if ((code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069))
			return false;
		at += n;
	}
	return true;
}

void kl_fuzz_samples_utf8(struct fuzz_corpus *corpus)
{
	fuzz_sample_text(corpus, "plain");
	fuzz_sample_text(corpus, "£ é ł € 中 \xf0\x9f\x8c\x8d");
	fuzz_sample_text(corpus, "two\nlines");
	fuzz_seed_text(corpus, "\x1b[31mred");
	for (size_t i = 0; i < NASTY_COUNT; i++)
		fuzz_seed_text(corpus, nasty[i].text);
	fuzz_seed_text(corpus, "\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80\xc2\x85");
}

/* What is shown is harmless, what may be typed is plain and shown as it is. */
static void check_harmless(const uint8_t *data, size_t len)
{
	char *text = fuzz_text(data, len);
	size_t size = 3 * strlen(text) + 1;
	char *shown = malloc(size), *again = malloc(size);

	FUZZ_CHECK(shown && again);
	kl_text_show(text, false, shown, size);
	FUZZ_CHECK(kl_text_is_harmless(kl_bytes_str(shown), false));
	FUZZ_CHECK(!strcmp(kl_text_show(shown, false, again, size), shown));
	if (kl_text_is_harmless(kl_bytes_str(text), false)) {
		FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(text), false));
		FUZZ_CHECK(!strcmp(shown, text));
	}
	if (kl_text_is_plain(kl_bytes_str(text), false)) {
		kl_text_drop_unseen(text);
		FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(text), false));
		memcpy(again, text, strlen(text) + 1);
		kl_text_drop_unseen(again);
		FUZZ_CHECK(!strcmp(text, again));
	}
	free(shown);
	free(again);
	free(text);
}

int kl_fuzz_utf8(const uint8_t *data, size_t len)
{
	struct kl_bytes bytes = kl_bytes(data, len);

	FUZZ_CHECK(kl_text_is_plain(bytes, true) == is_plain(data, len, true));
	FUZZ_CHECK(kl_text_is_plain(bytes, false) == is_plain(data, len, false));
	check_harmless(data, len);
	return kl_text_is_plain(bytes, true);
}

/* The first byte says how many bytes the text should stand for. */
void kl_fuzz_samples_letters(struct fuzz_corpus *corpus)
{
	fuzz_sample_text(corpus, "\x04"
				 "0badCAFE");
	fuzz_sample_text(corpus, "\x05"
				 "MZXW6YTB");
	fuzz_sample_text(corpus, "\x03"
				 "mz xw-6");
}

int kl_fuzz_letters(const uint8_t *data, size_t len)
{
	size_t n = len ? data[0] % 80 : 0;
	char *text = fuzz_text(data + (len > 0), len - (len > 0));
	char *again = malloc(2 * n + 2);
	uint8_t *bytes = calloc(1, n + 1), *second = calloc(1, n + 1);
	int accepted = 0;

	FUZZ_CHECK(again && bytes && second);
	if (!kl_hex_parse(text, bytes, n)) {
		kl_hex(bytes, n, again);
		FUZZ_CHECK(strlen(again) == 2 * n && strlen(text) == 2 * n);
		FUZZ_CHECK(!kl_hex_parse(again, second, n) && !memcmp(bytes, second, n));
		accepted++;
	}
	if (!kl_base32_parse(text, bytes, n)) {
		kl_base32(bytes, n, again);
		FUZZ_CHECK(strlen(again) == KL_BASE32_LEN(n));
		FUZZ_CHECK(!kl_base32_parse(again, second, n) && !memcmp(bytes, second, n));
		accepted++;
	}
	free(text);
	free(again);
	free(bytes);
	free(second);
	return accepted;
}

/* ---- ids and tickets ----------------------------------------------------------------------- */

void kl_fuzz_samples_memberid(struct fuzz_corpus *corpus)
{
	struct kl_memberid member = {.kind = KL_MEMBER_COUNCIL};
	char text[KL_MEMBERID_TEXT_MAX];

	memset(member.identity.b, 0x5a, KL_ID_BYTES);
	memset(member.curve_key, 0xc3, sizeof member.curve_key);
	kl_memberid_format(&member, text);
	fuzz_sample_text(corpus, text);
	member.kind = KL_MEMBER_CONVENOR;
	kl_memberid_format(&member, text);
	fuzz_sample_text(corpus, text);
}

int kl_fuzz_memberid(const uint8_t *data, size_t len)
{
	char *text = fuzz_text(data, len), out[KL_MEMBERID_TEXT_MAX];
	struct kl_memberid member, again;
	struct kl_fault fault = {0};
	int rc = kl_memberid_parse(text, &member, &fault);

	free(text);
	if (rc) {
		is_told(&fault, rc);
		return 0;
	}
	kl_memberid_format(&member, out);
	FUZZ_CHECK(strlen(out) == sizeof out - 1);
	FUZZ_CHECK(kl_memberid_parse(out, &again, &fault) == 0);
	FUZZ_CHECK(kl_id_equal(&member.identity, &again.identity) && member.kind == again.kind);
	FUZZ_CHECK(!memcmp(member.curve_key, again.curve_key, sizeof member.curve_key));
	return 1;
}

void kl_fuzz_samples_ticket(struct fuzz_corpus *corpus)
{
	static const char *const addresses[] = {
		"tcp://hub.example:7700", "tcp://[2001:db8::1]:65535", "tcp://192.0.2.7:1"};
	struct kl_ticket ticket = {.n_endpoints = 1};
	char text[KL_TICKET_TEXT_MAX];

	memset(ticket.network.b, 1, KL_ID_BYTES);
	memset(ticket.convenor.b, 2, KL_ID_BYTES);
	for (size_t i = 0; i < 3; i++) {
		kl_copy_text(ticket.endpoints[i].address, KL_ENDPOINT_MAX, addresses[i]);
		memset(ticket.endpoints[i].curve_key, (int)i + 3, KL_CURVE_KEY_BYTES);
		ticket.n_endpoints = i + 1;
		FUZZ_CHECK(kl_ticket_format(&ticket, text) == 0);
		fuzz_sample_text(corpus, text);
	}
}

int kl_fuzz_ticket(const uint8_t *data, size_t len)
{
	char *text = fuzz_text(data, len), out[KL_TICKET_TEXT_MAX], second[KL_TICKET_TEXT_MAX];
	struct kl_ticket ticket, again;
	struct kl_fault fault = {0};
	int rc = kl_ticket_parse(text, &ticket, &fault);

	free(text);
	if (rc) {
		is_told(&fault, rc);
		return 0;
	}
	FUZZ_CHECK(ticket.n_endpoints >= 1 && ticket.n_endpoints <= KL_TICKET_ENDPOINTS_MAX);
	for (size_t i = 0; i < ticket.n_endpoints; i++)
		FUZZ_CHECK(kl_endpoint_is_valid(ticket.endpoints[i].address));
	FUZZ_CHECK(kl_ticket_format(&ticket, out) == 0);
	FUZZ_CHECK(kl_ticket_parse(out, &again, &fault) == 0);
	FUZZ_CHECK(kl_ticket_format(&again, second) == 0 && !strcmp(out, second));
	return 1;
}

void kl_fuzz_samples_endpoint(struct fuzz_corpus *corpus)
{
	static const char *const texts[] = {"tcp://hub.example:7700", "tcp://[::1]:1",
		"tcp://192.0.2.7:65535", "tcp://a-b_c:80", NULL};

	seeds(corpus, texts);
	fuzz_seed_text(corpus, "ipc:///tmp/x");
	fuzz_seed_text(corpus, "tcp://[fe80::1%eth0]:70000");
}

int kl_fuzz_endpoint(const uint8_t *data, size_t len)
{
	char *text = fuzz_text(data, len);
	bool valid = kl_endpoint_is_valid(text);

	if (valid) {
		FUZZ_CHECK(!strncmp(text, "tcp://", 6) && strlen(text) < KL_ENDPOINT_MAX);
		FUZZ_CHECK(kl_text_is_plain(kl_bytes_str(text), false));
		FUZZ_CHECK(!strpbrk(text, " ;,*\"'"));
	}
	free(text);
	return valid;
}
