#include "core/lm3.h"
#include "core/money.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const char *const basis_names[] = {"turnover", "contract", "unknown"};
static const char *const rating_names[] = {"green", "amber", "red", "unrated"};
static const char *const where_names[] = {"unknown", "local", "elsewhere"};
static const char *const sector_names[KL_SECTOR_COUNT] = {
	"unknown", "voluntary", "social enterprise", "small", "large", "public"};

const char *kl_lm3_basis_name(enum kl_lm3_basis basis)
{
	return basis_names[basis];
}

const char *kl_lm3_rating_name(enum kl_lm3_rating rating)
{
	return rating_names[rating];
}

const char *kl_sector_name(enum kl_sector sector)
{
	return sector_names[sector];
}

const char *kl_where_name(enum kl_where where)
{
	return where_names[where];
}

static int find(const char *const *names, int count, const char *name)
{
	for (int i = 0; i < count; i++)
		if (strcasecmp(names[i], name) == 0)
			return i;
	return -1;
}

int kl_lm3_basis_parse(const char *name, enum kl_lm3_basis *ret_basis)
{
	int i = find(basis_names, 3, name);

	if (i < 0)
		return KL_E_INVALID;
	*ret_basis = (enum kl_lm3_basis)i;
	return KL_OK;
}

int kl_lm3_rating_parse(const char *name, enum kl_lm3_rating *ret_rating)
{
	int i = find(rating_names, 4, name);

	if (i < 0)
		return KL_E_INVALID;
	*ret_rating = (enum kl_lm3_rating)i;
	return KL_OK;
}

void kl_lm3_ledger_init(struct kl_lm3_ledger *ledger)
{
	*ledger = (struct kl_lm3_ledger){
		.proxy_local = KL_LM3_PROXY_LOCAL, .proxy_elsewhere = KL_LM3_PROXY_ELSEWHERE};
}

static int check_amount(struct kl_fault *fault, const char *what, int64_t pence)
{
	char text[KL_MONEY_TEXT_MAX];

	if (pence < 0)
		return kl_fault(fault, KL_E_RANGE, "%s is %s; it cannot be negative", what,
			kl_money_format(pence, text));
	if (pence > KL_MONEY_MAX)
		return kl_fault(
			fault, KL_E_RANGE, "%s is larger than a hundred billion pounds", what);
	return KL_OK;
}

static bool is_share(double value)
{
	return value >= 0.0 && value <= 1.0;
}

static int check_area(const struct kl_area *area, struct kl_fault *fault)
{
	if (area->kind == KL_AREA_RADIUS ? !(area->km > 0) : area->count == 0)
		return kl_fault(fault, KL_E_INVALID, "no local area is set");
	return KL_OK;
}

int kl_lm3_ledger_check(const struct kl_lm3_ledger *ledger, struct kl_fault *fault)
{
	int rc;

	if (!ledger->name[0])
		return kl_fault(fault, KL_E_INVALID, "a project needs a name");
	if (ledger->basis == KL_LM3_BASIS_UNKNOWN)
		return kl_fault(fault, KL_E_INVALID, "the basis is either turnover or contract");
	if (!is_share(ledger->proxy_local) || !is_share(ledger->proxy_elsewhere))
		return kl_fault(fault, KL_E_RANGE, "a proxy is a share between 0 and 1");
	if ((rc = check_area(&ledger->area, fault)) ||
		(ledger->has_income && (rc = check_amount(fault, "income", ledger->income))) ||
		(rc = check_amount(fault, "local payroll", ledger->payroll_local)) ||
		(rc = check_amount(fault, "payroll elsewhere", ledger->payroll_elsewhere)) ||
		(rc = check_amount(fault, "other local cost", ledger->other_local)) ||
		(rc = check_amount(fault, "other cost elsewhere", ledger->other_elsewhere)))
		return rc;
	return KL_OK;
}

int kl_supplier_check(const struct kl_supplier *supplier, struct kl_fault *fault)
{
	if (!supplier->name[0])
		return kl_fault(fault, KL_E_INVALID, "a supplier has no name");
	if (supplier->spend > KL_MONEY_MAX || supplier->spend < -KL_MONEY_MAX)
		return kl_fault(fault, KL_E_RANGE,
			"supplier '%s': more than a hundred billion pounds", supplier->name);
	if (supplier->answered && !is_share(supplier->respent))
		return kl_fault(fault, KL_E_RANGE,
			"supplier '%s': the share spent again locally lies between 0 and 1",
			supplier->name);
	return KL_OK;
}

enum kl_lm3_rating kl_lm3_rate(int64_t answered_value, int64_t supply_value)
{
	/* Subtracted and divided, not multiplied: four times a large sum could leave int64_t. */
	if (answered_value >= supply_value - answered_value)
		return KL_LM3_GREEN;
	if (answered_value >= supply_value / 4 + (supply_value % 4 != 0))
		return KL_LM3_AMBER;
	return KL_LM3_RED;
}

int kl_lm3_thousandths(double score)
{
	return (int)(score * 1000.0 + 0.5);
}

int kl_lm3_record_check(const struct kl_lm3_record *record, struct kl_fault *fault)
{
	if (!record->name[0])
		return kl_fault(fault, KL_E_INVALID, "a project needs a name");
	if (!record->source[0])
		return kl_fault(fault, KL_E_INVALID,
			"a score worked out elsewhere needs its source: who worked it out, where "
			"it stands");
	if (record->thousandths < KL_LM3_THOUSANDTHS_MIN ||
		record->thousandths > KL_LM3_THOUSANDTHS_MAX)
		return kl_fault(fault, KL_E_RANGE, "an LM3 score lies between 1.00 and 3.00");
	return check_area(&record->area, fault);
}

int kl_lm3_score_parse(const char *text, int *ret_thousandths)
{
	int value, digits = 0;

	while (isspace((unsigned char)*text))
		text++;
	if (strncmp(text, "£", strlen("£")) == 0)
		text += strlen("£");
	if (!isdigit((unsigned char)*text))
		return KL_E_INVALID;
	value = *text++ - '0';
	if (*text == '.')
		for (text++; isdigit((unsigned char)*text) && digits < 3; digits++)
			value = value * 10 + (*text++ - '0');
	while (isspace((unsigned char)*text))
		text++;
	if (isdigit((unsigned char)*text) && digits == 0)
		return KL_E_RANGE;
	if (*text)
		return KL_E_INVALID;
	for (; digits < 3; digits++)
		value *= 10;
	if (value < KL_LM3_THOUSANDTHS_MIN || value > KL_LM3_THOUSANDTHS_MAX)
		return KL_E_RANGE;
	*ret_thousandths = value;
	return KL_OK;
}

const char *kl_lm3_barred(enum kl_lm3_rating rating, bool has_central, const struct kl_area *area,
	enum kl_lm3_basis basis, struct kl_period period)
{
	if (rating != KL_LM3_GREEN)
		return "its confidence is not green: fewer than half of the suppliers, by value, "
		       "answered";
	if (!has_central)
		return "it has no central value";
	if (!kl_area_is_council(area))
		return "its local area is not one council area, so that scores cannot be compared";
	if (basis == KL_LM3_BASIS_UNKNOWN)
		return "it does not say whether turnover or one contract was studied";
	if (period.kind != KL_PERIOD_YEAR && period.kind != KL_PERIOD_FINANCIAL)
		return "it is not about a year or financial year";
	return NULL;
}
