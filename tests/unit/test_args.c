/* A table of commands of its own: the parser knows no other. */
#include "client/args.h"
#include "core/error.h"
#include "tests/unit/harness.h"

#include <stdio.h>

static const struct kl_option new_options[] = {
	{"area", "GSS", "where"},
	{"payroll-local", "POUNDS", "wages"},
	{"share", "SHARE", "a share"},
	{"weight", "NUMBER", "a number"},
	{"n", "COUNT", "how many"},
	{"note", "TEXT", "a note", .many = true},
	{"yes", NULL, "ask nothing"},
	{NULL},
};

static const struct kl_command status = {.words = "status"};
static const struct kl_command lm3_new = {.words = "lm3 new",
	.operands = "NAME",
	.example = "keeplocal lm3 new jubilee",
	.options = new_options,
	.operands_min = 1,
	.operands_max = 2};
static const struct kl_command lm3_result = {
	.words = "lm3 result", .operands = "NAME", .operands_max = 1, .tables = true};
static const struct kl_command record = {
	.words = "record", .operands = "NAME VALUE", .operands_max = 2};

const struct kl_command *const kl_commands[] = {&status, &lm3_new, &lm3_result, &record, NULL};

const struct kl_option kl_table_options[] = {{"out", "FILE", "a table"}, {NULL}};

const struct kl_option kl_global_options[] = {
	{"home", "DIR", "home"},
	{"json", NULL, "JSON"},
	{"help", NULL, "help"},
	{"version", NULL, "version"},
	{NULL},
};

enum { WORDS_MAX = 16 };

/* Splits at blanks, as a shell would; `line` must live as long as the arguments. */
static int parse(char *line, struct kl_fault *fault, struct kl_args *args)
{
	char *argv[WORDS_MAX] = {line};
	static char *kept[WORDS_MAX];
	int argc = 1;

	memset(fault, 0, sizeof *fault);
	for (char *word = strtok(line, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	memcpy(kept, argv, sizeof kept);
	return kl_args_parse(argc, kept, fault, args);
}

static void good(struct kl_args *args, char *line)
{
	struct kl_fault fault;

	if (parse(line, &fault, args))
		fail_msg("%s", fault.message);
}

static void options_stand_in_both_forms_and_global_ones_anywhere(void **state)
{
	char line[] = "--home /h lm3 --json new jubilee --area=E08 --payroll-local 80,000 --yes";
	struct kl_args args;
	struct kl_fault fault;
	int64_t pence;
	bool given;

	(void)state;
	good(&args, line);
	assert_ptr_equal(args.command, &lm3_new);
	assert_int_equal(args.operand_count, 1);
	assert_string_equal(args.operands[0], "jubilee");
	assert_string_equal(kl_args_option(&args, "home"), "/h");
	assert_string_equal(kl_args_option(&args, "area"), "E08");
	assert_true(kl_args_flag(&args, "json"));
	assert_true(kl_args_flag(&args, "yes"));
	assert_false(kl_args_flag(&args, "help"));
	assert_null(kl_args_option(&args, "share"));
	assert_int_equal(kl_args_money(&args, "payroll-local", &fault, &given, &pence), 0);
	assert_true(given);
	assert_int_equal(pence, 8000000);
	kl_args_deinit(&args);
}

static void amounts_are_operands(void **state)
{
	static const char *const amounts[] = {"-3.2", "-.5", "-£5", "£-5", "£12", "-", "-0"};

	(void)state;
	for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
		struct kl_args args;
		char line[64];

		snprintf(line, sizeof line, "record balance %s", amounts[i]);
		good(&args, line);
		assert_int_equal(args.operand_count, 2);
		assert_string_equal(args.operands[1], amounts[i]);
		kl_args_deinit(&args);
		snprintf(line, sizeof line, "lm3 new x --weight %s", amounts[i]);
		good(&args, line);
		assert_string_equal(kl_args_option(&args, "weight"), amounts[i]);
		kl_args_deinit(&args);
	}
}

static void behind_two_dashes_all_are_operands(void **state)
{
	char line[] = "lm3 new -- --area -h";
	struct kl_args args;

	(void)state;
	good(&args, line);
	assert_int_equal(args.operand_count, 2);
	assert_string_equal(args.operands[0], "--area");
	assert_false(kl_args_flag(&args, "help"));
	kl_args_deinit(&args);
}

static void some_options_may_stand_more_than_once(void **state)
{
	char line[] = "lm3 new x --note one --note=two";
	struct kl_args args;

	(void)state;
	good(&args, line);
	assert_string_equal(kl_args_option_at(&args, "note", 0), "one");
	assert_string_equal(kl_args_option_at(&args, "note", 1), "two");
	assert_null(kl_args_option_at(&args, "note", 2));
	kl_args_deinit(&args);
}

/* An empty value is one: --area= takes something away. */
static void an_empty_value_is_a_value(void **state)
{
	char line[] = "lm3 new x --area=";
	struct kl_args args;

	(void)state;
	good(&args, line);
	assert_string_equal(kl_args_option(&args, "area"), "");
	kl_args_deinit(&args);
}

static void what_is_wrong_is_said_with_what_was_meant(void **state)
{
	static const struct {
		const char *line, *message, *hint;
	} cases[] = {
		{"statsu", "there is no command statsu", "did you mean keeplocal status?"},
		{"lm3 nwe x", "there is no command lm3 nwe", "did you mean keeplocal lm3 new?"},
		{"lm3", "keeplocal lm3 wants one more word", "keeplocal lm3 --help lists them"},
		{"lm3 new x --aera E08", "lm3 new: there is no option --aera",
			"did you mean --area?"},
		{"status --jso", "status: there is no option --jso", "did you mean --json?"},
		{"status -x", "status: there is no option -x",
			"keeplocal status --help lists the options"},
		{"lm3 new x --payroll 1", "lm3 new: there is no option --payroll", NULL},
		{"lm3 new x --area", "--area wants a value: --area GSS", ""},
		{"lm3 new x --area --yes", "--area wants a value: --area GSS", ""},
		{"status --json=1", "--json takes no value", ""},
		{"lm3 new x --area a --area b", "--area stands twice", ""},
		{"lm3 new", "lm3 new: something is missing, it wants NAME",
			"for example: keeplocal lm3 new jubilee"},
		{"lm3 new a b c", "lm3 new: c is too much", NULL},
		{"--area x lm3 new y", "there is no option --area", NULL},
		{"-- status", "there is no command status", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kl_args args = {.operand_count = 77};
		struct kl_fault fault;
		char line[128];

		strcpy(line, cases[i].line);
		assert_int_equal(parse(line, &fault, &args), KL_E_USAGE);
		assert_string_equal(fault.message, cases[i].message);
		if (cases[i].hint)
			assert_string_equal(fault.hint, cases[i].hint);
		assert_int_equal(args.operand_count, 77);
	}
}

static void help_never_complains_about_what_is_missing(void **state)
{
	char lines[][32] = {"lm3 new -h", "lm3 --help", "--help", "", "--version", "lm3 x --help"};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct kl_args args;

		good(&args, lines[i]);
		if (i == 0)
			assert_ptr_equal(args.command, &lm3_new);
		else
			assert_null(args.command);
		if (i == 1)
			assert_string_equal(args.group, "lm3");
		kl_args_deinit(&args);
	}
}

static void numbers_are_read_or_refused(void **state)
{
	char line[] = "lm3 new x --share 45% --weight -1.5e3 --n 10";
	char bad[] = "lm3 new x --share 45 --weight much";
	struct kl_args args;
	struct kl_fault fault;
	double share = 0, weight = 0;
	uint64_t n = 0;
	bool given;

	(void)state;
	good(&args, line);
	assert_int_equal(kl_args_share(&args, "share", &fault, &given, &share), 0);
	assert_true(share == 0.45);
	assert_int_equal(kl_args_double(&args, "weight", &fault, &given, &weight), 0);
	assert_true(weight == -1500);
	assert_int_equal(kl_args_uint(&args, "n", 10, &fault, &given, &n), 0);
	assert_int_equal(n, 10);
	assert_int_equal(kl_args_uint(&args, "n", 9, &fault, &given, &n), KL_E_USAGE);
	assert_string_equal(fault.message, "--n: 10 is more than 9");
	assert_int_equal(kl_args_uint(&args, "n", 0, &fault, &given, &n), KL_E_USAGE);
	assert_int_equal(kl_args_money(&args, "area", &fault, &given, &(int64_t){0}), 0);
	assert_false(given);
	kl_args_deinit(&args);

	good(&args, bad);
	assert_int_equal(kl_args_share(&args, "share", &fault, &given, &share), KL_E_USAGE);
	assert_string_equal(fault.message, "--share: 45 is not a share: write 0.45 or 45%");
	assert_int_equal(kl_args_double(&args, "weight", &fault, &given, &weight), KL_E_USAGE);
	assert_string_equal(fault.message, "--weight: much is not a number");
	kl_args_deinit(&args);
}

static void what_is_no_number(void **state)
{
	static const char *const numbers[] = {
		"", "abc", "0x10", "inf", "nan", "1 ", "1,5", "--1", "1e"};
	static const char *const shares[] = {"1.1", "-0.1", "101%", "%", "half", "45%%"};
	struct kl_fault fault;
	double value = 77;

	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		assert_int_equal(kl_read_double("x", numbers[i], &fault, &value), KL_E_USAGE);
	for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
		assert_int_equal(kl_read_share("x", shares[i], &fault, &value), KL_E_USAGE);
	assert_int_equal(kl_read_double("x", "1e999", &fault, &value), KL_E_USAGE);
	assert_string_equal(fault.message, "x: 1e999 is too large");
	assert_true(value == 77);
}

static void only_answers_that_are_tables_go_out(void **state)
{
	struct kl_args args;
	struct kl_fault fault = {0};
	char result[] = "lm3 result hall --out a.csv", other[] = "status --out a.csv";

	(void)state;
	good(&args, result);
	assert_string_equal(kl_args_option(&args, "out"), "a.csv");
	kl_args_deinit(&args);
	assert_int_equal(parse(other, &fault, &args), KL_E_USAGE);
	assert_non_null(strstr(fault.message, "there is no option --out"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_stand_in_both_forms_and_global_ones_anywhere),
		cmocka_unit_test(amounts_are_operands),
		cmocka_unit_test(behind_two_dashes_all_are_operands),
		cmocka_unit_test(some_options_may_stand_more_than_once),
		cmocka_unit_test(an_empty_value_is_a_value),
		cmocka_unit_test(what_is_wrong_is_said_with_what_was_meant),
		cmocka_unit_test(help_never_complains_about_what_is_missing),
		cmocka_unit_test(numbers_are_read_or_refused),
		cmocka_unit_test(what_is_no_number),
		cmocka_unit_test(only_answers_that_are_tables_go_out),
	};

	return RUN(tests);
}
