#include "core/text.h"
#include "core/bytes.h"
#include "core/day.h"
#include "core/harmless.h"
#include "core/period.h"

#include <string.h>

int kl_text_set(char *out, size_t size, const char *text, bool lines, const char *what,
	struct kl_fault *fault)
{
	size_t len = strlen(text);

	if (kl_text_refuse_harmful(kl_bytes(text, len), lines, what, fault))
		return KL_E_INVALID;
	if (len >= size) {
		kl_fault(fault, KL_E_TOO_BIG, "%s is too long: %zu bytes", what, len);
		(void)kl_fault_hint(fault, "at most %zu bytes are kept", size - 1);
		return KL_E_TOO_BIG;
	}
	memcpy(out, text, len + 1);
	return KL_OK;
}

int kl_text_check(
	const char *array, size_t size, bool lines, const char *what, struct kl_fault *fault)
{
	size_t len = strnlen(array, size);

	if (len == size || !kl_text_is_plain(kl_bytes(array, len), lines))
		return kl_fault(fault, KL_E_MALFORMED, "%s is not plain text", what);
	return KL_OK;
}

static int number(const char *digits, int count)
{
	int value = 0;

	for (int i = 0; i < count; i++)
		value = value * 10 + (digits[i] - '0');
	return value;
}

static bool is_date(const char *text)
{
	static const char form[] = "dddd-dd-dd";
	int year, month, day;

	if (strlen(text) != sizeof form - 1)
		return false;
	for (size_t i = 0; i < sizeof form - 1; i++)
		if (form[i] == '-' ? text[i] != '-' : text[i] < '0' || text[i] > '9')
			return false;
	year = number(text, 4);
	month = number(text + 5, 2);
	day = number(text + 8, 2);
	return year >= KL_PERIOD_YEAR_MIN && year <= KL_PERIOD_YEAR_MAX && month >= 1 &&
	       month <= 12 && day >= 1 && day <= kl_days_of_month(year, month);
}

static int no_date(const char *text, struct kl_fault *fault)
{
	kl_fault(fault, KL_E_INVALID, "\"%.32s\" is not a date", text);
	(void)kl_fault_hint(fault, "the day stands first, such as 31/03/2027; or 2027-03-31");
	return KL_E_INVALID;
}

int kl_date_check(const char *text, struct kl_fault *fault)
{
	return is_date(text) ? KL_OK : no_date(text, fault);
}

int kl_date_set(char out[KL_DATE_MAX], const char *text, struct kl_fault *fault)
{
	int32_t days[KL_DATES_ORDERS];
	unsigned fits;

	if (!*text) {
		out[0] = '\0';
		return KL_OK;
	}
	if (kl_dates_read(text, days, &fits) || !(fits & 1u << KL_DATES_DMY))
		return no_date(text, fault);
	(void)kl_day_format(days[KL_DATES_DMY], out);
	return KL_OK;
}
