/* How answers are put together and shown: pack, json, table, progress, and the whole program. */
#include "client/cli.h"
#include "client/draw.h"
#include "client/json.h"
#include "client/pack.h"
#include "client/progress.h"
#include "client/table.h"
#include "core/error.h"
#include "tests/unit/harness.h"

#include <stdlib.h>

/* What was written to a stream, as text. */
struct paper {
	FILE *file;
	char *text;
	size_t len;
};

static FILE *paper_open(struct paper *paper)
{
	paper->file = open_memstream(&paper->text, &paper->len);
	assert_non_null(paper->file);
	return paper->file;
}

static void paper_reads(struct paper *paper, const char *expected)
{
	fclose(paper->file);
	assert_string_equal(paper->text, expected);
	free(paper->text);
}

/* ---- JSON ---------------------------------------------------------------------------------- */

static void prints(const struct kl_writer *w, const char *expected)
{
	struct paper paper;
	struct kl_bytes bytes;
	struct kl_value value;
	struct kl_fault fault;

	assert_int_equal(kl_writer_bytes(w, &bytes), 0);
	assert_int_equal(kl_value_open(bytes, &value), 0);
	assert_int_equal(kl_json_print(&value, paper_open(&paper), &fault), 0);
	paper_reads(&paper, expected);
}

static void an_answer_as_json(void **state)
{
	struct kl_pack pack;
	struct kl_writer whole;
	struct kl_bytes bytes;

	(void)state;
	kl_pack_init(&pack);
	kl_writer_init(&whole);
	kl_pack_text(&pack, "project", "jubilee £");
	kl_pack_text(&pack, "left out", NULL);
	kl_pack_int(&pack, "income_pence", 10000000);
	kl_pack_int(&pack, "loss", -5);
	kl_pack_double(&pack, "lm3", 2.43);
	kl_pack_bool(&pack, "yes", true);
	kl_write_nil(kl_pack_value(&pack, "withheld"));
	kl_write_bin(kl_pack_value(&pack, "id"), kl_bytes("\xAB\x01", 2));
	kl_write_array(kl_pack_value(&pack, "warnings"), 2);
	kl_write_text(&pack.pairs, "a \"b\"");
	kl_write_map(&pack.pairs, 0);
	assert_int_equal(kl_pack_bytes(&pack, &bytes), 0);
	kl_write_raw(&whole, bytes);
	prints(&whole, "{\"project\": \"jubilee £\", \"income_pence\": 10000000, \"loss\": -5, "
		       "\"lm3\": 2.43, \"yes\": true, \"withheld\": null, \"id\": \"ab01\", "
		       "\"warnings\": [\"a \\\"b\\\"\", {}]}\n");
	kl_pack_deinit(&pack);
	kl_writer_deinit(&whole);
}

static void numbers_as_json(void **state)
{
	static const struct {
		double number;
		const char *json;
	} cases[] = {{0.1 + 0.2, "0.3\n"}, {2, "2.0\n"}, {1e300 * 1e300, "null\n"},
		{1.0 / 3, "0.333333333333333\n"}};
	struct kl_writer w;

	(void)state;
	kl_writer_init(&w);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		kl_writer_reset(&w);
		kl_write_double(&w, cases[i].number);
		prints(&w, cases[i].json);
	}
	kl_writer_reset(&w);
	kl_write_uint(&w, UINT64_MAX);
	prints(&w, "1.84467440737096e19\n");
	kl_writer_deinit(&w);
}

static void what_is_no_json(void **state)
{
	static const struct kl_bytes cases[] = {
		{(const uint8_t *)"\xa1\xff", 2},         /* a text that is not UTF-8 */
		{(const uint8_t *)"\x81\x01\x02", 3},     /* a key that is a number */
		{(const uint8_t *)"\x91\x91\xa1\xff", 4}, /* deep inside */
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kl_value value;
		json_t *json = NULL;

		assert_int_equal(kl_value_open(cases[i], &value), 0);
		assert_int_equal(kl_json_from_value(&value, &json), KL_E_MALFORMED);
		assert_null(json);
	}
}

/* ---- tables -------------------------------------------------------------------------------- */

static void columns_line_up(void **state)
{
	struct kl_table table;
	struct paper paper;

	(void)state;
	kl_table_init(&table, "<supplier >spend_2016 <place");
	kl_table_cell(&table, "Caf\xc3\xa9 \xc3\x89mile");
	kl_table_cell(&table, "£%d", 12);
	kl_table_cell(&table, "Leeds");
	kl_table_cell(&table, "A");
	kl_table_cell(&table, "£1,234,567.89");
	kl_table_cell(&table, "an escape \033[2J and\nmore");
	kl_table_cell(&table, "short");
	assert_int_equal(kl_table_print(&table, paper_open(&paper)), 0);
	paper_reads(&paper, "supplier       spend 2016  place\n"
			    "Caf\xc3\xa9 \xc3\x89mile            £12  Leeds\n"
			    "A           £1,234,567.89  an escape ?[2J and?more\n"
			    "short\n");
	kl_table_deinit(&table);
}

static void no_line_ends_with_blanks(void **state)
{
	struct kl_table table;
	struct paper paper;

	(void)state;
	kl_table_init(&table, "<name <state <");
	kl_table_cell(&table, "A longer one");
	kl_table_cell(&table, "%s", "");
	kl_table_cell(&table, "%s", "");
	kl_table_cell(&table, "B");
	kl_table_cell(&table, "%s", "");
	kl_table_cell(&table, "linked");
	assert_int_equal(kl_table_print(&table, paper_open(&paper)), 0);
	paper_reads(&paper, "name          state\n"
			    "A longer one\n"
			    "B                    linked\n");
	kl_table_deinit(&table);
}

static void words_for_a_shell(void **state)
{
	char out[KL_DRAW_TEXT_MAX], longest[2 * KL_DRAW_TEXT_MAX];

	(void)state;
	assert_string_equal(kl_draw_word("jubilee-2016", out), "jubilee-2016");
	assert_string_equal(kl_draw_word("Jubilee hall", out), "'Jubilee hall'");
	assert_string_equal(kl_draw_word("Bob's", out), "'Bob'\\''s'");
	assert_string_equal(kl_draw_word("", out), "''");
	memset(longest, '\'', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	assert_true(strlen(kl_draw_word(longest, out)) < sizeof out);
}

static void without_headings_there_is_no_first_line(void **state)
{
	struct kl_table table;
	struct paper paper;

	(void)state;
	kl_table_init(&table, "< <");
	for (int i = 0; i < 100; i++) {
		kl_table_cell(&table, "n");
		kl_table_cell(&table, "%d", i);
	}
	assert_int_equal(kl_table_print(&table, paper_open(&paper)), 0);
	fclose(paper.file);
	assert_memory_equal(paper.text, "n  0\nn  1\n", 10);
	assert_int_equal(paper.len, 10 * 5 + 90 * 6);
	free(paper.text);
	kl_table_deinit(&table);
}

static void the_bar(void **state)
{
	char line[KL_PROGRESS_LINE_MAX];
	struct kl_progress progress;
	struct paper paper;

	(void)state;
	assert_string_equal(kl_progress_line(1, 2, "suppliers", line),
		"suppliers [############............]  50%");
	assert_string_equal(kl_progress_line(9, 2, "x", line), "x [########################] 100%");
	assert_string_equal(kl_progress_line(1234, 0, "records", line), "records: 1,234");
	/* Who is no terminal sees none. */
	kl_progress_init(&progress, paper_open(&paper));
	progress.begun_ms = 0;
	kl_progress_show(&progress, 1, 2, "suppliers");
	kl_progress_clear(&progress);
	paper_reads(&paper, "");
}

/* ---- the program --------------------------------------------------------------------------- */

static int keeplocal(const char *line, struct paper *out, struct paper *err)
{
	char copy[256], *argv[16] = {copy};
	int argc = 1, code;

	strcpy(copy, line);
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	code = kl_cli_main(argc, argv, paper_open(out), paper_open(err));
	return code;
}

static void exit_codes_and_where_things_are_printed(void **state)
{
	struct paper out, err;

	(void)state;
	assert_int_equal(keeplocal("--version", &out, &err), 0);
	paper_reads(&out, "keeplocal " KL_VERSION "\n");
	paper_reads(&err, "");

	assert_int_equal(keeplocal("status --jsno", &out, &err), 64);
	paper_reads(&out, "");
	paper_reads(&err, "keeplocal: status: there is no option --jsno\n  did you mean --json?\n");

	assert_int_equal(keeplocal("--home /nowhere/at/all status", &out, &err), 69);
	paper_reads(&out, "");
	fclose(err.file);
	assert_memory_equal(
		err.text, "keeplocal: no daemon answers at /nowhere/at/all/control\n  ", 58);
	free(err.text);

	assert_int_equal(keeplocal("help no such thing", &out, &err), 64);
	paper_reads(&out, "");
	fclose(err.file);
	free(err.text);
}

/* Every command of the table has what help shows, and its example names it. */
static void every_command_explains_itself(void **state)
{
	(void)state;
	for (size_t i = 0; kl_commands[i]; i++) {
		const struct kl_command *command = kl_commands[i];
		struct paper out, err;
		char line[128];

		snprintf(line, sizeof line, "%s --help", command->words);
		assert_int_equal(keeplocal(line, &out, &err), 0);
		paper_reads(&err, "");
		fclose(out.file);
		assert_memory_equal(out.text, "Example: keeplocal ", 19);
		assert_non_null(strstr(command->example, command->words));
		assert_true(command->help[0] && command->run);
		assert_true(!command->operands == !command->operands_max);
		for (const struct kl_option *o = command->options; o && o->name; o++)
			assert_non_null(strstr(out.text, o->help));
		free(out.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_as_json),
		cmocka_unit_test(numbers_as_json),
		cmocka_unit_test(what_is_no_json),
		cmocka_unit_test(columns_line_up),
		cmocka_unit_test(no_line_ends_with_blanks),
		cmocka_unit_test(words_for_a_shell),
		cmocka_unit_test(without_headings_there_is_no_first_line),
		cmocka_unit_test(the_bar),
		cmocka_unit_test(exit_codes_and_where_things_are_printed),
		cmocka_unit_test(every_command_explains_itself),
	};

	return RUN(tests);
}
