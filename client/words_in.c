#include "client/words_in.h"
#include "core/error.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { WORD_MAX = 48, SHARE_DIGITS_MAX = 20 };

int kl_share_number(const char *text, double *ret_number, bool *ret_percent)
{
	size_t n = strspn(text, "0123456789.");
	const char *rest = text + n;
	bool percent = false;
	char *end;
	double value;

	/* strtod() alone would also take 1e-3, inf and hexadecimal. */
	if (!n || n > SHARE_DIGITS_MAX)
		return KL_E_INVALID;
	value = strtod(text, &end);
	if (end != rest)
		return KL_E_INVALID;
	while (isspace((unsigned char)*rest))
		rest++;
	if (*rest == '%') {
		percent = true;
		rest++;
	}
	if (*rest)
		return KL_E_INVALID;
	*ret_number = value;
	*ret_percent = percent;
	return KL_OK;
}

int kl_share_parse(const char *text, double *ret_share)
{
	bool percent;
	double number;

	if (kl_share_number(text, &number, &percent))
		return KL_E_INVALID;
	if (percent)
		number /= 100.0;
	if (!(number >= 0.0 && number <= 1.0))
		return KL_E_INVALID;
	*ret_share = number;
	return KL_OK;
}

struct word {
	const char *text; /* folded: small letters only */
	int value;
};

static int look_up(const struct word *words, size_t count, const char *text, int *ret_value)
{
	char folded[WORD_MAX];
	size_t n = 0;

	for (; *text; text++) {
		if (!isalnum((unsigned char)*text))
			continue;
		if (n + 1 == sizeof folded)
			return KL_E_INVALID;
		folded[n++] = (char)tolower((unsigned char)*text);
	}
	folded[n] = '\0';
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i].text, folded) == 0) {
			*ret_value = words[i].value;
			return KL_OK;
		}
	return KL_E_INVALID;
}

int kl_local_parse(const char *text, enum kl_where *ret_where)
{
	static const struct word words[] = {{"yes", KL_WHERE_LOCAL}, {"y", KL_WHERE_LOCAL},
		{"true", KL_WHERE_LOCAL}, {"1", KL_WHERE_LOCAL}, {"local", KL_WHERE_LOCAL},
		{"no", KL_WHERE_ELSEWHERE}, {"n", KL_WHERE_ELSEWHERE},
		{"false", KL_WHERE_ELSEWHERE}, {"0", KL_WHERE_ELSEWHERE},
		{"elsewhere", KL_WHERE_ELSEWHERE}, {"notlocal", KL_WHERE_ELSEWHERE},
		{"nonlocal", KL_WHERE_ELSEWHERE}, {"", KL_WHERE_UNKNOWN},
		{"unknown", KL_WHERE_UNKNOWN}, {"notknown", KL_WHERE_UNKNOWN},
		{"dontknow", KL_WHERE_UNKNOWN}, {"na", KL_WHERE_UNKNOWN}};
	int value, rc = look_up(words, sizeof words / sizeof *words, text, &value);

	if (!rc)
		*ret_where = (enum kl_where)value;
	return rc;
}

int kl_sector_parse(const char *text, enum kl_sector *ret_sector)
{
	static const struct word words[] = {{"", KL_SECTOR_UNKNOWN}, {"unknown", KL_SECTOR_UNKNOWN},
		{"na", KL_SECTOR_UNKNOWN}, {"voluntary", KL_SECTOR_VOLUNTARY},
		{"voluntaryorcommunity", KL_SECTOR_VOLUNTARY},
		{"voluntaryandcommunity", KL_SECTOR_VOLUNTARY},
		{"voluntarysector", KL_SECTOR_VOLUNTARY}, {"community", KL_SECTOR_VOLUNTARY},
		{"communityorganisation", KL_SECTOR_VOLUNTARY}, {"charity", KL_SECTOR_VOLUNTARY},
		{"thirdsector", KL_SECTOR_VOLUNTARY}, {"vcs", KL_SECTOR_VOLUNTARY},
		{"vcse", KL_SECTOR_VOLUNTARY}, {"vcfs", KL_SECTOR_VOLUNTARY},
		{"socialenterprise", KL_SECTOR_SOCIAL}, {"social", KL_SECTOR_SOCIAL},
		{"cic", KL_SECTOR_SOCIAL}, {"cooperative", KL_SECTOR_SOCIAL},
		{"small", KL_SECTOR_SMALL}, {"smallbusiness", KL_SECTOR_SMALL},
		{"sme", KL_SECTOR_SMALL}, {"micro", KL_SECTOR_SMALL}, {"large", KL_SECTOR_LARGE},
		{"largebusiness", KL_SECTOR_LARGE}, {"corporate", KL_SECTOR_LARGE},
		{"plc", KL_SECTOR_LARGE}, {"public", KL_SECTOR_PUBLIC},
		{"publicsector", KL_SECTOR_PUBLIC}, {"council", KL_SECTOR_PUBLIC},
		{"nhs", KL_SECTOR_PUBLIC}};
	int value, rc = look_up(words, sizeof words / sizeof *words, text, &value);

	if (!rc)
		*ret_sector = (enum kl_sector)value;
	return rc;
}
