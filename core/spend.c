#include "core/spend.h"
#include "core/bytes.h"
#include "core/day.h"
#include "core/money.h"

#include <ctype.h>
#include <string.h>

const char *kl_reject_text(enum kl_reject reason)
{
	static const char *const texts[] = {
#define X(name, text) text,
		KL_REJECT_MAP(X)
#undef X
	};

	return reason < KL_REJECT_COUNT ? texts[reason] : "not known";
}

/* ---- amounts ------------------------------------------------------------------------------- */

enum { AMOUNT_MAX = 48 };

/* Most amounts are digits with a point, and commas before groups of three: those need no second
 * look. */
static bool read_plain(const char *at, int64_t *ret_pence)
{
	bool minus = *at == '-';
	int64_t pence = 0;
	int digits = 0, comma = 0; /* digits before the first comma */

	for (at += minus; ((*at >= '0' && *at <= '9') || *at == ',') && digits < 11; at++) {
		if (*at == ',') {
			if (comma ? (digits - comma) % 3 : !digits || digits > 3)
				return false;
			comma = comma ? comma : digits;
			if (at[1] < '0' || at[1] > '9')
				return false;
			continue;
		}
		pence = pence * 10 + (*at - '0');
		digits++;
	}
	if (!digits || (*at && *at != '.') || (comma && (digits - comma) % 3))
		return false;
	pence *= 100;
	if (*at == '.') {
		if (at[1] < '0' || at[1] > '9')
			return false;
		pence += (int64_t)(at[1] - '0') * 10;
		if (at[2] && (at[2] < '0' || at[2] > '9' || at[3]))
			return false;
		pence += at[2] ? at[2] - '0' : 0;
	}
	*ret_pence = minus ? -pence : pence;
	return true;
}

/* Cuts the decimals after the third, if digits to the end or a bracket follow; the third rounds. */
static bool cut_decimals(char text[AMOUNT_MAX], bool *ret_up)
{
	char *point = strchr(text, '.');
	size_t digits;

	if (!point)
		return false;
	digits = strspn(point + 1, "0123456789");
	if (digits < 3)
		return false;
	*ret_up = point[3] >= '5';
	memmove(point + 3, point + 1 + digits, strlen(point + 1 + digits) + 1);
	return true;
}

int kl_spend_amount(const char *text, int64_t *ret_pence, bool *ret_rounded)
{
	char copy[AMOUNT_MAX];
	const char *at = text;
	int64_t pence;
	bool up;
	int rc;

	*ret_rounded = false;
	if (read_plain(text, ret_pence))
		return KL_OK;
	if (!strncmp(at, "£", strlen("£")))
		at += strlen("£");
	at += strspn(at, " ");
	if (!strcmp(at, "-")) {
		*ret_pence = 0;
		return KL_OK;
	}
	rc = kl_money_parse(*at == '(' ? at : text, ret_pence);
	if (rc != KL_E_INVALID || !kl_copy_text(copy, sizeof copy, *at == '(' ? at : text) ||
		!cut_decimals(copy, &up))
		return rc;
	rc = kl_money_parse(copy, &pence);
	if (rc)
		return rc;
	if (up)
		pence += strpbrk(copy, "-(") || pence < 0 ? -1 : 1;
	if (pence > KL_MONEY_MAX || pence < -KL_MONEY_MAX)
		return KL_E_RANGE;
	*ret_pence = pence;
	*ret_rounded = true;
	return KL_OK;
}

/* ---- words --------------------------------------------------------------------------------- */

enum { PLAIN_MAX = 128 };

/* Small letters and digits in words parted by one blank each, with a blank before and behind, so
 * that " redacted " is found only as a word. */
static const char *plain(const char *text, char out[PLAIN_MAX])
{
	size_t n = 1;

	out[0] = ' ';
	for (; *text && n + 2 < PLAIN_MAX; text++) {
		unsigned char c = (unsigned char)*text;

		if (isalnum(c) || c >= 0x80)
			out[n++] = (char)tolower(c);
		else if (c != '\'' && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	if (out[n - 1] != ' ')
		out[n++] = ' ';
	out[n] = '\0';
	return out;
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && !strcmp(text + n - m, end);
}

static bool is_one_of(const char *text, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(text, *list))
			return true;
	return false;
}

static bool is_company(const char *words)
{
	static const char *const forms[] = {" ltd ", " limited ", " plc ", " llp ", " cic ", NULL};

	for (size_t i = 0; forms[i]; i++)
		if (ends_with(words, forms[i]))
			return true;
	return false;
}

bool kl_spend_is_redacted(const char *supplier)
{
	static const char *const whole[] = {" private individual ", " individual ",
		" named individual ", " private person ", " confidential ", " not disclosed ",
		" name not disclosed ", " undisclosed ", " anonymised ", " sensitive data ",
		" not for publication ", " gdpr ", NULL};
	static const char *const hidden[] = {
		" redacted ", " withheld ", " personal data ", " personal information ", NULL};
	char words[PLAIN_MAX];

	plain(supplier, words);
	if (is_one_of(words, whole))
		return true;
	for (size_t i = 0; hidden[i]; i++)
		if (strstr(words, hidden[i]))
			return !is_company(words);
	return false;
}

/* ---- totals -------------------------------------------------------------------------------- */

bool kl_spend_is_total(const char *supplier)
{
	static const char *const whole[] = {" total ", " totals ", " grand total ", " sub total ",
		" subtotal ", " total amount ", " total spend ", " total value ", " overall total ",
		" total payments ", " total expenditure ", NULL};
	char words[PLAIN_MAX];

	/* most names begin with another letter: they need no closer look */
	while (*supplier && !isalnum((unsigned char)*supplier))
		supplier++;
	if (!*supplier || !strchr("tTgGsSoO", *supplier))
		return false;
	return is_one_of(plain(supplier, words), whole);
}

bool kl_spend_says_total(const char *cell)
{
	char words[PLAIN_MAX];

	if (kl_spend_is_total(cell))
		return true;
	plain(cell, words);
	return ends_with(words, " total ") || ends_with(words, " subtotal ") ||
	       !strncmp(words, " total for ", strlen(" total for ")) ||
	       !strncmp(words, " total of ", strlen(" total of ")) ||
	       !strncmp(words, " grand total ", strlen(" grand total "));
}

/* ---- payments ------------------------------------------------------------------------------ */

int kl_payment_check(const struct kl_payment *p, uint32_t texts)
{
	if (!p->supplier || p->supplier > texts || p->department > texts || p->category > texts ||
		p->body > texts || p->reference_len >= KL_SPEND_REFERENCE_MAX)
		return KL_E_MALFORMED;
	if (p->pence > KL_MONEY_MAX || p->pence < -KL_MONEY_MAX || p->day < KL_DAY_MIN ||
		p->day > KL_DAY_MAX)
		return KL_E_RANGE;
	return KL_OK;
}

static uint64_t stir(uint64_t h)
{
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	return h ^ h >> 32;
}

static uint64_t hash(const char *text, size_t len)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
	return stir(h);
}

uint64_t kl_spend_hash(const char *text)
{
	return hash(text, strlen(text));
}

uint64_t kl_payment_print(const struct kl_payment *p, uint64_t supplier)
{
	uint64_t h = stir(supplier ^ (uint64_t)p->pence * UINT64_C(0x9e3779b97f4a7c15));

	h = stir(h ^ (uint64_t)(uint32_t)p->day);
	return p->reference_len ? stir(h ^ hash(p->reference, p->reference_len)) : h;
}
