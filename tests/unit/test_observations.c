/* Tables of observations, as people bring them. */
#include "client/observations.h"
#include "core/words.h"
#include "protocol/doc_observation.h"
#include "protocol/part.h"
#include "tests/unit/tempfile.h"

static struct kl_fault fault;
static unsigned asked;

/* What a daemon would say: the bank, and one definition of a member. */
static int mean(void *arg, const char *name, struct kl_meaning *ret, struct kl_fault *f)
{
	struct kl_meaning m = {.defined = false};
	const struct kl_indicator *it;
	size_t index;
	int rc;

	(void)arg;
	asked++;
	if (kl_words_contain("meals shared", name)) {
		m.defined = true;
		m.id = (struct kl_id){{7}};
		m.definition = (struct kl_definition){.name = "Meals shared",
			.form = KL_BOTH_FORMS,
			.part_count = 1,
			.parts = {{"", "plates", KL_UNIT_COUNT, KL_HIGHER_BETTER}}};
		(void)kl_copy_text(m.code, sizeof m.code, "d.abcd000000000000.meals");
		*ret = m;
		return KL_OK;
	}
	if (!strcmp(name, "nobody"))
		return kl_fault(f, KL_E_UNREACHABLE, "no daemon answers");
	rc = kl_indicator_find(name, &it, f);
	if (!rc)
		(void)kl_copy_text(m.code, sizeof m.code, it->code);
	if (rc == KL_E_NOT_FOUND && !kl_metric_index(name, &index)) {
		(void)kl_copy_text(m.code, sizeof m.code, name);
		rc = KL_OK;
	}
	if (!rc)
		*ret = m;
	return rc;
}

static int read_table(const char *text, struct kl_observations **ret)
{
	fault = (struct kl_fault){0};
	asked = 0;
	return kl_observations_read(temp_text(text), NULL, mean, NULL, &fault, ret);
}

/* The rows of all parts. */
static size_t rows_of(struct kl_observations *table, struct kl_observation *out, size_t max)
{
	struct kl_writer w;
	size_t n = 0;
	int rc;

	kl_writer_init(&w);
	while ((rc = kl_observations_part(table, &w, &fault)) == 1) {
		struct kl_cursor rows;
		struct kl_value row;
		struct kl_bytes part;

		assert_int_equal(kl_writer_bytes(&w, &part), 0);
		assert_int_equal(kl_part_open(part, &rows), 0);
		for (; kl_cursor_next(&rows, &row); n++)
			if (n < max)
				assert_int_equal(
					kl_doc_observation_decode(row.raw, &out[n], &fault), 0);
		kl_writer_reset(&w);
	}
	assert_int_equal(rc, 0);
	kl_writer_deinit(&w);
	return n;
}

static void rows_become_observations(void **state)
{
	struct kl_observations *table = NULL;
	struct kl_observation o[8] = {{.has_number = false}};

	(void)state;
	assert_int_equal(
		read_table("Our figures;;;;;\n"
			   "Indicator;Which number;Year;Ward;Figure;Story;Method;Confidence\n"
			   "smoking;;2016;;18%;;survey;high\n"
			   "enabled contribution of tenants;gva;2016;;£1.2m;;;\n"
			   "\n"
			   "trust that people express;;2016-Q3;Keighley;;neighbours keep keys;;\n"
			   "smoking;;2017;;0.17;fewer than last year;survey;\n"
			   "meals;;2016;;120;;plates;\n"
			   "meals;;2017;;many people came;;plates;\n"
			   "lm3.score;;2016/17;;2.43;;;moderate\n",
			&table),
		0);
	assert_int_equal(kl_observations_count(table), 7);
	assert_int_equal(asked, 5); /* once for each name */
	assert_int_equal(rows_of(table, o, 8), 7);
	assert_string_equal(o[0].code, "c7.smoking");
	assert_int_equal(o[0].number, 1800);
	assert_string_equal(o[0].method, "survey");
	assert_int_equal(o[0].confidence, KL_CONFIDENCE_HIGH);
	assert_string_equal(o[1].component, "gva");
	assert_int_equal(o[1].number, 120000000);
	assert_false(o[2].has_number);
	assert_string_equal(o[2].text, "neighbours keep keys");
	assert_string_equal(o[2].place, "Keighley");
	assert_true(o[3].has_number);
	assert_string_equal(o[3].text, "fewer than last year");
	assert_true(o[4].defined);
	assert_int_equal(o[4].definition.b[0], 7);
	assert_int_equal(o[4].number, 120);
	assert_false(o[5].has_number);
	assert_string_equal(o[5].text, "many people came");
	assert_string_equal(o[6].code, "lm3.score");
	kl_observations_destroy(table);
}

static void bad_cells_are_told(void **state)
{
	static const struct {
		const char *row, *words;
	} cases[] = {{"gibberish,,2016,,1,,", "line 2, column 'indicator': no indicator fits"},
		{"trust,,2016,,45%,,", "column 'indicator': more than one"},
		{",,2016,,1,,", "the name of an indicator"},
		{"smoking,,16,,1%,,", "column 'period': found '16'"},
		{"lm3.score,,2016-Q1,,2.4,,", "column 'period'"},
		{"smoking,,2016,,45,,",
			"column 'value': c7.smoking (Smoking): \"45\" is not a share"},
		{"smoking,,2016,,often,,", "is not a share"},
		{"smoking,,2016,,,,", "a value, or words"},
		{"smoking,,2016,,,often,", "column 'text': c7.smoking is a number"},
		{"c2.enabled,,2016,,1,,", "column 'component': c2.enabled"},
		{"c2.enabled,plates,2016,,1,,", "column 'component'"},
		{"smoking,,2016,,45%,,sure", "column 'confidence'"},
		{"c1.lm3,,2016,,7,,", "not a possible value"}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kl_observations *table = NULL;
		char text[512];

		(void)snprintf(text, sizeof text,
			"indicator,component,period,place,value,text,confidence\n%s\n",
			cases[i].row);
		assert_int_equal(read_table(text, &table), KL_E_MALFORMED);
		assert_null(table);
		if (!strstr(fault.message, cases[i].words))
			fail_msg("%s: %s", cases[i].row, fault.message);
	}
}

static void all_bad_lines_are_named(void **state)
{
	struct kl_observations *table = NULL;

	(void)state;
	assert_int_equal(read_table("indicator,period,value\nsmoking,2016,x\nsmoking,2017,5%\n"
				    "smoking,18,5%\nnonsense,2016,5%\n",
				 &table),
		KL_E_MALFORMED);
	assert_non_null(strstr(fault.message, "line 2"));
	assert_non_null(strstr(fault.hint, "lines 4, 5"));
	assert_int_equal(read_table("indicator,period,value\nnonsense,2016,5%\nnonsense,2017,5%\n"
				    "nonsense,2018,5%\n",
				 &table),
		KL_E_MALFORMED);
	assert_non_null(strstr(fault.message, "nonsense"));
	assert_int_equal(asked, 1); /* what means nothing is asked once, too */
}

static void no_row_stands_twice(void **state)
{
	struct kl_observations *table = NULL;

	(void)state;
	assert_int_equal(read_table("indicator,period,place,value\nsmoking,2016,Example Ward,5%\n"
				    "smoking,2016,Other Ward,5%\nc7.smoking,2016,example ward,6%\n",
				 &table),
		KL_E_MALFORMED);
	assert_non_null(strstr(fault.message, "line 4"));
	assert_non_null(strstr(fault.message, "stands in line 2 already"));
	assert_int_equal(read_table("indicator,period,value\n", &table), KL_E_MALFORMED);
	assert_non_null(strstr(fault.message, "no observations"));
	assert_int_equal(read_table("indicator,value\nsmoking,5%\n", &table), KL_E_MALFORMED);
	assert_non_null(strstr(fault.message, "period"));
}

static void who_cannot_be_asked_ends_it_at_once(void **state)
{
	struct kl_observations *table = NULL;

	(void)state;
	assert_int_equal(
		read_table("indicator,period,value\nnobody,2016,5%\nnobody,2017,5%\n", &table),
		KL_E_UNREACHABLE);
	assert_string_equal(fault.message, "no daemon answers");
	assert_int_equal(asked, 1);
}

static void many_rows_make_several_parts(void **state)
{
	struct kl_observations *table = NULL;
	char *text = malloc(4000000), *at = text;
	size_t rows = 20000;

	(void)state;
	assert_non_null(text);
	at += sprintf(at, "indicator,period,place,value,source\n");
	for (size_t i = 0; i < rows; i++)
		at += sprintf(at, "smoking,2016,Example ward %zu,5%%,example survey\n", i);
	assert_int_equal(read_table(text, &table), 0);
	free(text);
	assert_int_equal(rows_of(table, NULL, 0), rows);
	assert_true(kl_observations_bytes(table) > 4 * KL_PART_MAX);
	assert_int_equal(asked, 1);
	kl_observations_destroy(table);
}

static int cleanup(void **state)
{
	(void)state;
	temp_file(NULL, 0);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_become_observations),
		cmocka_unit_test(bad_cells_are_told),
		cmocka_unit_test(all_bad_lines_are_named),
		cmocka_unit_test(no_row_stands_twice),
		cmocka_unit_test(who_cannot_be_asked_ends_it_at_once),
		cmocka_unit_test(many_rows_make_several_parts),
	};

	return cmocka_run_group_tests(tests, NULL, cleanup);
}
