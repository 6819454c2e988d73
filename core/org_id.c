#include "core/org_id.h"

#include <ctype.h>
#include <string.h>

static size_t digits(const char *text)
{
	return strspn(text, "0123456789");
}

/* ---- the form of a record ------------------------------------------------------------------ */

/* Charities of England and Wales have six or seven digits, sometimes -1 for a linked one. */
static bool is_charity(const char *number)
{
	size_t n = digits(number);

	if (n < 6 || n > 7)
		return false;
	return !number[n] || (number[n] == '-' && digits(number + n + 1) &&
				     !number[n + 1 + digits(number + n + 1)]);
}

/* SC and six digits; the same with NIC for Northern Ireland. */
static bool is_lettered(const char *number, const char *letters)
{
	size_t n = strlen(letters);

	return !strncmp(number, letters, n) && digits(number + n) == 6 && !number[n + 6];
}

/* Companies have eight characters: digits, or two letters first (SC, NI, OC, IP, RS, ..). */
static bool is_company(const char *number)
{
	if (strlen(number) != 8)
		return false;
	if (number[0] >= 'A' && number[0] <= 'Z' && number[1] >= 'A' && number[1] <= 'Z')
		number += 2;
	else if (number[0] == 'R' && number[1] == '0')
		number += 1;
	return number[digits(number)] == '\0' ||
	       (digits(number) == strlen(number) - 1 && strchr("RC", number[digits(number)]));
}

/* Any other register: a country of two letters (or XI, XM), a list, an identifier. */
static bool is_other(const char *text)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	static const char id[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/";
	size_t list;

	if (strspn(text, letters) != 2 || text[2] != '-')
		return false;
	list = strspn(text + 3, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
	if (!list || text[3 + list] != '-')
		return false;
	text += 4 + list;
	return *text && strspn(text, id) == strlen(text);
}

static bool is_of(const char *text, const char *list)
{
	return !strncmp(text, list, strlen(list));
}

bool kl_org_id_is_valid(const char *text)
{
	if (strlen(text) >= KL_ORG_ID_MAX)
		return false;
	if (is_of(text, "GB-CHC-"))
		return is_charity(text + 7);
	if (is_of(text, "GB-SC-"))
		return is_lettered(text + 6, "SC");
	if (is_of(text, "GB-NIC-"))
		return is_lettered(text + 7, "") || is_lettered(text + 7, "NIC");
	if (is_of(text, "GB-COH-"))
		return is_company(text + 7);
	return is_other(text);
}

const char *kl_org_id_register(const char *org_id)
{
	static const struct kl_slug registers[] = {
		{"GB-CHC-", "charity of England and Wales"},
		{"GB-SC-", "charity of Scotland"},
		{"GB-NIC-", "charity of Northern Ireland"},
		{"GB-COH-", "company"},
		{"GB-MPR-", "mutual"},
		{NULL, NULL},
	};

	for (const struct kl_slug *r = registers; r->slug; r++)
		if (is_of(org_id, r->slug))
			return r->name;
	return "";
}

/* ---- what people type ---------------------------------------------------------------------- */

/* The letters that Companies House puts in front of numbers: its guide to the addresses of its data,
 * and CE, CS, SG and OE, which came later. */
static bool has_known_letters(const char *number)
{
	static const char *const known[] = {"AC", "CE", "CS", "EN", "ES", "FC", "GE", "GN", "GS",
		"IC", "IP", "LP", "NA", "NC", "NF", "NI", "NL", "NO", "NP", "NR", "NV", "NZ", "OC",
		"OE", "PC", "R0", "RC", "RS", "SA", "SC", "SE", "SF", "SG", "SI", "SL", "SO", "SP",
		"SR", "SZ", "ZC"};

	if (digits(number) >= 2)
		return true;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (!strncmp(number, known[i], 2))
			return true;
	return false;
}

static int refuse_company(
	const char *field, const char *id, const char *number, struct kl_fault *fault)
{
	size_t n = strlen(number);

	if (n == 8)
		return kl_fault(fault, KL_E_INVALID,
			"%s: '%s': company numbers are eight digits, or two letters that Companies "
			"House gives (SC, NI, OC, CE, RS, ..) and six digits",
			field, id);
	kl_fault(fault, KL_E_INVALID, "%s: '%s': a company number has eight characters, not %zu",
		field, id, n);
	if (n && n < 8 && digits(number) == n)
		(void)kl_fault_hint(fault, "with noughts in front: GB-COH-%.*s%s", (int)(8 - n),
			"00000000", number);
	return KL_E_INVALID;
}

static int refuse_number(const char *field, const char *id, struct kl_fault *fault)
{
	kl_fault(fault, KL_E_INVALID, "%s: '%s' is a number without its register", field, id);
	(void)kl_fault_hint(fault,
		"GB-CHC-%.20s if it is a charity of England and Wales, GB-SC-.. in Scotland, "
		"GB-NIC-.. in Northern Ireland, GB-COH-.. for the number at Companies House",
		id);
	return KL_E_INVALID;
}

/* Says why it is none, register by register. */
static int refuse(const char *field, const char *id, struct kl_fault *fault)
{
	if (is_of(id, "GB-CHC-"))
		return kl_fault(fault, KL_E_INVALID,
			"%s: '%s': a charity number of England and Wales has six or seven digits: "
			"GB-CHC-1036460",
			field, id);
	if (is_of(id, "GB-SC-"))
		return kl_fault(fault, KL_E_INVALID,
			"%s: '%s': a charity number of Scotland is SC and six digits: "
			"GB-SC-SC012345",
			field, id);
	if (is_of(id, "GB-NIC-"))
		return kl_fault(fault, KL_E_INVALID,
			"%s: '%s': a charity number of Northern Ireland has six digits: "
			"GB-NIC-100012",
			field, id);
	if (is_of(id, "GB-COH-"))
		return refuse_company(field, id, id + 7, fault);
	if (digits(id) >= 5 || (digits(id + 2) >= 5 && !strchr(id, '-')))
		return refuse_number(field, id, fault);
	return kl_fault(fault, KL_E_INVALID,
		"%s: '%s' is no org-id; they look like GB-CHC-1036460 (charities) and "
		"GB-COH-04113525 (companies)",
		field, id);
}

/* The dashes that word processors put for a hyphen: U+2010 to U+2015, and the minus sign. */
static size_t dash(const char *text)
{
	static const char *const dashes[] = {
		"\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212"};

	for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++)
		if (is_of(text, dashes[i]))
			return strlen(dashes[i]);
	return 0;
}

/* In capitals, with hyphens for dashes, without blanks. False if it does not fit. */
static bool tidy(const char *typed, char out[KL_ORG_ID_MAX])
{
	size_t n = 0, wide;

	for (; *typed; typed += wide) {
		wide = dash(typed);
		if (*typed != ' ' && n + 1 == KL_ORG_ID_MAX)
			return false;
		if (*typed != ' ')
			out[n++] = wide ? '-' : (char)toupper((unsigned char)*typed);
		wide += !wide;
	}
	out[n] = '\0';
	return true;
}

/* "GBCHC1036460" was typed with blanks, or with nothing, where hyphens stand: registers of ours only. */
static void hyphenate(char id[KL_ORG_ID_MAX])
{
	static const char *const lists[] = {"CHC", "SC", "NIC", "COH", "MPR"};
	size_t n = strlen(id);

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		size_t len = strlen(lists[i]);

		if (strchr(id, '-') || !is_of(id, "GB") || !is_of(id + 2, lists[i]) ||
			n + 3 > KL_ORG_ID_MAX)
			continue;
		memmove(id + 4 + len, id + 2 + len, n + 1 - 2 - len);
		id[2] = id[3 + len] = '-';
		memcpy(id + 3, lists[i], len);
	}
}

int kl_org_id_set(
	const char *field, const char *typed, char ret_id[KL_ORG_ID_MAX], struct kl_fault *fault)
{
	char id[KL_ORG_ID_MAX];
	size_t n;

	if (!tidy(typed, id))
		return kl_fault(fault, KL_E_INVALID, "%s: an org-id has fewer than %d characters",
			field, KL_ORG_ID_MAX);
	hyphenate(id);
	if (is_of(id, "GB-NIC-NIC")) /* one organisation has one spelling */
		memmove(id + 7, id + 10, strlen(id + 10) + 1);
	n = strlen(id);
	if (!kl_text_is_plain(kl_bytes_str(id), false))
		return kl_fault(
			fault, KL_E_INVALID, "%s: one line of plain text was expected", field);
	if (strlen(id) < 2 || !kl_org_id_is_valid(id) ||
		(is_of(id, "GB-COH-") && !has_known_letters(id + 7)))
		return refuse(field, id[0] && id[1] ? id : "??", fault);
	memcpy(ret_id, id, n + 1);
	return KL_OK;
}
