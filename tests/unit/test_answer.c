/* Answers as tables: what becomes a row, what a sheet, what is money. */
#include "client/answer.h"
#include "client/answer_words.h"
#include "client/sheet.h"
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char dir[64], path[96];
static struct kl_fault fault;

static int make_dir(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/keeplocal-answer-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int empty_dir(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

/* Writes JSON to "DIR/a" with this ending; what was left out is as said. */
static void write_answer(const char *json, const char *ending, const char *left_out)
{
	json_t *answer = json_loads(json, JSON_DECODE_ANY, NULL);
	char got[KL_ANSWER_LIST_MAX];

	assert_non_null(answer);
	unlink(path);
	snprintf(path, sizeof path, "%s/a%s", dir, ending);
	if (kl_answer_book(answer, "keeplocal a b", path, &fault, got))
		fail_msg("%s", fault.message);
	assert_string_equal(got, left_out);
	json_decref(answer);
}

static void is_csv(const char *json, const char *left_out, const char *expected)
{
	char text[4096];
	FILE *file;
	size_t n;

	write_answer(json, ".csv", left_out);
	file = fopen(path, "r");
	assert_non_null(file);
	n = fread(text, 1, sizeof text - 1, file);
	text[n] = '\0';
	fclose(file);
	assert_string_equal(text, expected);
}

static void facts(void **state)
{
	(void)state;
	is_csv("{\"project\":\"=x\",\"in_use\":true,\"round2_pence\":{\"low\":8125050,\"central\":"
	       "null},"
	       "\"gva_pence\":{\"exact\":5,\"published\":\"about\",\"left_out\":3},"
	       "\"lm3\":{\"low\":1.5},\"warnings\":[\"a, b\",\"c\"],\"none\":[],"
	       "\"day\":\"2016-04-05\"}",
		"",
		"what,value\r\nProject,'=x\r\nIn use,yes\r\nRound 2 low (\xc2\xa3),81250.50\r\n"
		"Round 2 central,\r\nGVA exact (\xc2\xa3),0.05\r\nGVA published,about\r\n"
		"GVA left out,3\r\nLM3 low,1.5\r\nWarnings,\"a, b\"\r\nWarnings,c\r\n"
		"Day,2016-04-05\r\n");
}

static const char two[] =
	"{\"n\":2,\"members\":[{\"name\":\"A\",\"spend_pence\":150,\"q1\":{\"value\":0.5}},"
	"{\"name\":\"B\",\"local_share\":0.25,\"list\":[1,2],\"deep\":[{\"a\":1,\"b\":true}]}],"
	"\"other\":{\"rows\":[{\"x\":1}]}}";

static void parts(void **state)
{
	(void)state;
	is_csv(two, "what holds for all rows, Other rows",
		"Name,Spend (\xc2\xa3),First quartile value,Local share,List,Deep\r\n"
		"A,1.50,0.5,,,\r\n"
		"B,,,0.25,\"1; 2\",\"A 1, B yes\"\r\n");
	is_csv("[{\"a\":1},{\"a\":2}]", "", "A\r\n1\r\n2\r\n");
	is_csv("[{\"supplier\":\"A\",\"pence\":204640}]", "",
		"Supplier,Amount (\xc2\xa3)\r\nA,2046.40\r\n");
	is_csv("[{\"why\":[{\"pence\":204640,\"local_share\":0.45,\"none\":null,\"rows\":2}]}]", "",
		"Why\r\n\"Value \xc2\xa3"
		"2,046.40, Local share 45%, Rows 2\"\r\n");
	/* a map in one row and nothing in another; an amount that nobody has */
	is_csv("[{\"back_pence\":null},{\"back_pence\":{\"low\":100,\"high\":null}}]", "",
		"Back low (\xc2\xa3),Back high (\xc2\xa3)\r\n,\r\n1.00,\r\n");
	is_csv("[\"x\",\"y\"]", "", "Value\r\nx\r\ny\r\n");
	is_csv("[]", "", "Value\r\n");
	is_csv("{}", "", "what,value\r\n");
	is_csv("7", "", "what,value\r\n");
}

/* The cell of a column in the first row of a sheet. */
static void cell_is(const char *tab, const char *column, const char *expected)
{
	struct kl_column columns[] = {{column, {NULL}, true}};
	struct kl_sheet *sheet = NULL;

	if (kl_sheet_open(path, tab, columns, 1, &fault, &sheet))
		fail_msg("%s", fault.message);
	assert_int_equal(kl_sheet_next(sheet, &fault), 1);
	assert_string_equal(kl_sheet_cell(sheet, 0), expected);
	kl_sheet_close(sheet);
}

static void all_sheets(void **state)
{
	(void)state;
	write_answer(two, ".xlsx", "");
	cell_is("Answer", "what", "Number of members");
	cell_is("Answer", "value", "2");
	cell_is("Members", "name", "A");
	cell_is("Members", "spend (\xc2\xa3)", "1.5");
	cell_is("Other rows", "x", "1");
	write_answer("[{\"respent\":0.45}]", ".xlsx", "");
	cell_is(NULL, "respent", "45%");
	write_answer("[{\"s_share\":0.45,\"day\":\"2016-04-05\",\"t\":\"-1\"}]", ".xlsx", "");
	cell_is(NULL, "s share", "45%");
	cell_is(NULL, "day", "2016-04-05");
	cell_is(NULL, "t", "-1");
}

static void what_cannot_be(void **state)
{
	json_t *answer = json_object();
	char left_out[KL_ANSWER_LIST_MAX];

	(void)state;
	snprintf(path, sizeof path, "%s/a.txt", dir);
	assert_int_equal(kl_answer_book(answer, "t", path, &fault, left_out), KL_E_USAGE);
	json_decref(answer);
}

/* A list that is longer than a cell may be ends with dots. */
static void long_lists(void **state)
{
	char text[32768], *json = strcpy(text, "[{\"a\":["), *to = json + strlen(json);
	struct kl_column columns[] = {{"a", {NULL}, true}};
	struct kl_sheet *sheet = NULL;
	const char *cell;

	(void)state;
	for (int i = 0; i < 2000; i++)
		to += sprintf(to, "%s\"word %d\"", i ? "," : "", i);
	strcpy(to, "]}]");
	write_answer(json, ".xlsx", "");
	assert_int_equal(kl_sheet_open(path, NULL, columns, 1, &fault, &sheet), 0);
	assert_int_equal(kl_sheet_next(sheet, &fault), 1);
	cell = kl_sheet_cell(sheet, 0);
	assert_true(strlen(cell) > 8000);
	assert_string_equal(cell + strlen(cell) - 4, " ...");
	kl_sheet_close(sheet);
}

/* Nobody's answer nests without end; one that does is cut. */
static void depth(void **state)
{
	char json[4096] = "";
	int n = 100;

	(void)state;
	for (int i = 0; i < n; i++)
		strcat(json, "{\"k\":");
	strcat(json, "1");
	for (int i = 0; i < n; i++)
		strcat(json, "}");
	write_answer(json, ".csv", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(facts, make_dir, empty_dir),
		cmocka_unit_test_setup_teardown(parts, make_dir, empty_dir),
		cmocka_unit_test_setup_teardown(all_sheets, make_dir, empty_dir),
		cmocka_unit_test_setup_teardown(what_cannot_be, make_dir, empty_dir),
		cmocka_unit_test_setup_teardown(long_lists, make_dir, empty_dir),
		cmocka_unit_test_setup_teardown(depth, make_dir, empty_dir),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
