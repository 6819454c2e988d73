/* What is a payment in a spending file, and what is not. */
#include "core/money.h"
#include "core/spend.h"
#include "tests/unit/harness.h"

static void redacted_names_are_known_and_their_false_friends(void **state)
{
	static const char *const redacted[] = {"REDACTED PERSONAL DATA", "Redacted",
		"Name withheld", "Personal Data", "Individual - Personal Data", "GDPR",
		"Payee name redacted (Data Protection)", "REDACTED - INDIVIDUAL",
		"private individual", "Confidential", "Not disclosed", "REDACTED, PERSONAL DATA"};
	static const char *const firms[] = {"Redactive Example Ltd", "Redacted Records Limited",
		"Personal Data Services Ltd", "Individual Care plc", "Confidential Shredding",
		"Unredacted Press", "Personal Data Services Ltd", "", "Individual Solutions"};

	(void)state;
	for (size_t i = 0; i < sizeof redacted / sizeof *redacted; i++)
		if (!kl_spend_is_redacted(redacted[i]))
			fail_msg("'%s' is redacted", redacted[i]);
	for (size_t i = 0; i < sizeof firms / sizeof *firms; i++)
		if (kl_spend_is_redacted(firms[i]))
			fail_msg("'%s' is a firm", firms[i]);
}

static void totals_are_told_from_firms(void **state)
{
	static const char *const totals[] = {"Total", "TOTAL:", "Grand total", "Sub-total",
		"Subtotal", "Total for April", "Adult Care Total", "Total of all payments",
		"Grand Total (£)", "Overall total"};
	static const char *const others[] = {"Total Example Energy Ltd", "Totally Local CIC",
		"Totals Ltd", "Total Fitness", "", "Subtotal Systems"};

	(void)state;
	for (size_t i = 0; i < sizeof totals / sizeof *totals; i++)
		if (!kl_spend_says_total(totals[i]))
			fail_msg("'%s' is a total", totals[i]);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (kl_spend_says_total(others[i]))
			fail_msg("'%s' is none", others[i]);
	assert_true(kl_spend_is_total("Total"));
	assert_false(kl_spend_is_total("Adult Care Total"));
}

static void amount(const char *text, int64_t wanted, bool wanted_rounded)
{
	int64_t pence = 0;
	bool rounded;

	if (kl_spend_amount(text, &pence, &rounded))
		fail_msg("'%s' is no amount", text);
	if (pence != wanted || rounded != wanted_rounded)
		fail_msg("'%s' is %lld, expected %lld", text, (long long)pence, (long long)wanted);
}

static void amounts_are_read_as_spreadsheets_write_them(void **state)
{
	static const char *const none[] = {
		"", "abc", "1,23", "12.3.4", "1.5E+05", "--5", "(5", "£", ".", "1.", "- 5 CR"};
	int64_t pence;
	bool rounded;

	(void)state;
	amount("765", 76500, false);
	amount("0.5", 50, false);
	amount("-12.34", -1234, false);
	amount("(1,234.56)", -123456, false);
	amount("1,234.56-", -123456, false);
	amount("-1,234.56", -123456, false);
	amount("£ 5,616.65", 561665, false);
	amount("£(12.50)", -1250, false);
	amount("500.00 CR", -50000, false);
	amount("500.00DR", 50000, false);
	amount("-", 0, false);
	amount("£ -", 0, false);
	amount("12.3449999", 1234, true);
	amount("1,050.4499999999998", 105045, true);
	amount("-12.345", -1235, true);
	amount("(12.345)", -1235, true);
	amount("0.005", 1, true);
	amount("-0.001", 0, true);
	amount("12.500", 1250, false);
	amount("99999999999.99", 9999999999999, false);
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		if (!kl_spend_amount(none[i], &pence, &rounded))
			fail_msg("'%s' is an amount", none[i]);
	assert_int_equal(kl_spend_amount("100000000001", &pence, &rounded), KL_E_RANGE);
}

static void payments_are_checked_and_told_apart(void **state)
{
	struct kl_payment p = {.day = 16900, .pence = 100, .supplier = 1, .reference = ""};
	uint64_t hash = kl_spend_hash("example ltd"), print;

	(void)state;
	assert_int_equal(kl_payment_check(&p, 1), 0);
	assert_int_equal(kl_payment_check(&p, 0), KL_E_MALFORMED);
	print = kl_payment_print(&p, hash);
	p.line = 7;
	p.category = 3;
	assert_int_equal(kl_payment_print(&p, hash), print);
	p.reference = "A1";
	p.reference_len = 2;
	assert_int_not_equal(kl_payment_print(&p, hash), print);
	p.reference_len = 0;
	p.pence = -100;
	assert_int_not_equal(kl_payment_print(&p, hash), print);
	p.pence = 100;
	p.day++;
	assert_int_not_equal(kl_payment_print(&p, hash), print);
	p.day--;
	assert_int_not_equal(kl_payment_print(&p, kl_spend_hash("example 2 ltd")), print);
	p.pence = KL_MONEY_MAX + 1;
	assert_int_equal(kl_payment_check(&p, 3), KL_E_RANGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(redacted_names_are_known_and_their_false_friends),
		cmocka_unit_test(totals_are_told_from_firms),
		cmocka_unit_test(amounts_are_read_as_spreadsheets_write_them),
		cmocka_unit_test(payments_are_checked_and_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
