/* Files are told apart by their columns. */
#include "client/import_kinds.h"
#include "tests/unit/tempfile.h"

static int recognise(const char *text, struct kl_fault *fault, const struct kl_import_kind **ret)
{
	struct kl_sheet_fit fit;

	memset(fault, 0, sizeof *fault);
	return kl_import_recognise(temp_text(text), NULL, fault, ret, &fit);
}

static void each_by_its_columns(void **state)
{
	static const struct {
		const char *header, *command, *table;
	} cases[] = {
		{"Supplier Name,Net Amount,Payment Date\n", "spend import", NULL},
		{"Body;Date;Beneficiary;Amount;Department\n", "spend import", NULL},
		{"supplier,contact,email,spend,place,local,sector,respent_locally\n", "lm3 import",
			"suppliers"},
		{"vendor,value\n", "lm3 import", "suppliers"},
		{"Example Trust asks\nsupplier,respent_locally,local\n", "lm3 import", "answers"},
		{"supplier,spend,respent_locally\n", "lm3 import", "suppliers"},
		{"supplier,place\n", "spend places", NULL},
		{"supplier,postcode,sector\n", "spend places", NULL},
		{"tenant,activity,floor space,turnover,staff\n", "enabled import", NULL},
		{"a title\nQuestion,Answer\n", "enabled import", NULL},
		{"code,question,score,in words\n", "assess import", NULL},
		{"indicator,period,value,source\n", "indicator import", NULL},
		{"Social value policy,Answer,What to write\n", "policy import", NULL},
		{"gss_code,official_name,la_type,region,pop_2020\n", "reference import", NULL},
		{"name,gss code,type\n", "spend places", NULL}, /* suppliers, as before */
	};
	const struct kl_import_kind *kind;
	struct kl_fault fault;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (recognise(cases[i].header, &fault, &kind))
			fail_msg("%s: %s", cases[i].header, fault.message);
		assert_string_equal(kind->command, cases[i].command);
		assert_int_equal(!kind->table, !cases[i].table);
	}
}

static void what_is_not_known_is_told_with_its_columns(void **state)
{
	const struct kl_import_kind *kind = NULL;
	struct kl_fault fault;

	(void)state;
	assert_int_equal(recognise("colour,shape\nred,round\n", &fault, &kind), KL_E_MALFORMED);
	assert_non_null(strstr(fault.message, "colour, shape"));
	assert_non_null(strstr(fault.hint, "template"));
	assert_int_equal(recognise("", &fault, &kind), KL_E_MALFORMED);
	assert_non_null(strstr(fault.message, "is empty"));
	assert_int_equal(recognise("\x01\x02\x00", &fault, &kind), KL_E_MALFORMED);
	assert_null(kind);
}

/* A name alone says too little: what has as many columns as something else is asked back. */
static void what_fits_twice_is_asked_back(void **state)
{
	const struct kl_import_kind *kind = NULL;
	struct kl_fault fault;

	(void)state;
	assert_int_equal(recognise("name\nExample Ltd\n", &fault, &kind), KL_E_AMBIGUOUS);
	assert_non_null(
		strstr(fault.message, "a table of where suppliers are, or a table of tenants"));
	assert_non_null(strstr(fault.hint, "keeplocal spend places, or keeplocal enabled import"));
	assert_null(kind);
}

static int clean(void **state)
{
	(void)state;
	temp_file(NULL, 0);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_by_its_columns),
		cmocka_unit_test(what_is_not_known_is_told_with_its_columns),
		cmocka_unit_test(what_fits_twice_is_asked_back),
	};

	return cmocka_run_group_tests(tests, NULL, clean);
}
