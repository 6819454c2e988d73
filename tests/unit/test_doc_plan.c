#include "protocol/doc_plan.h"
#include "tests/unit/harness.h"

static int decode(const struct kl_plan *plan, struct kl_plan *ret, struct kl_fault *fault)
{
	struct kl_writer w;
	struct kl_bytes bytes;
	int rc;

	kl_writer_init(&w);
	kl_doc_plan_encode(&w, plan);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	rc = kl_doc_plan_decode(bytes, ret, fault);
	kl_writer_deinit(&w);
	return rc;
}

static void what_is_written_is_read(void **state)
{
	struct kl_plan plan = {.indicator_count = 2}, back;
	struct kl_fault fault = {0};

	(void)state;
	strcpy(plan.name, "Youth work");
	strcpy(plan.texts[KL_PLAN_CHANGE], "two\nlines");
	strcpy(plan.texts[KL_PLAN_NEXT], "go on");
	strcpy(plan.indicators[0], "c1.lm3");
	strcpy(plan.indicators[1], "c2.enabled");
	assert_int_equal(decode(&plan, &back, &fault), 0);
	assert_memory_equal(&plan, &back, sizeof plan);
	memset(&plan, 0, sizeof plan);
	strcpy(plan.name, "p");
	assert_int_equal(decode(&plan, &back, &fault), 0);
	assert_memory_equal(&plan, &back, sizeof plan);
}

static void what_breaks_a_rule_is_refused(void **state)
{
	struct kl_plan plan = {.indicator_count = 2}, back;
	struct kl_fault fault = {0};

	(void)state;
	assert_int_equal(decode(&plan, &back, &fault), KL_E_MALFORMED); /* no name */
	strcpy(plan.name, "p");
	strcpy(plan.indicators[0], "a");
	strcpy(plan.indicators[1], "a");
	assert_int_equal(decode(&plan, &back, &fault), KL_E_MALFORMED);
	assert_non_null(strstr(fault.message, "twice"));
	plan.indicator_count = 1;
	strcpy(plan.texts[KL_PLAN_REPORTED], "soon");
	assert_int_equal(decode(&plan, &back, &fault), KL_E_INVALID);
}

/* A map with a key too many inside of texts, another version, and one that is cut short. */
static void other_forms_are_refused(void **state)
{
	struct kl_writer w;
	struct kl_bytes bytes;
	struct kl_plan back;
	struct kl_fault fault = {0};

	(void)state;
	kl_writer_init(&w);
	for (unsigned version = 1; version <= 2; version++) {
		kl_writer_reset(&w);
		kl_write_map(&w, 4);
		kl_put_uint(&w, "v", version);
		kl_put_text(&w, "name", "p");
		kl_put_map(&w, "texts", 1);
		kl_put_text(&w, "wishes", "x");
		kl_put_array(&w, "indicators", 0);
		assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
		assert_int_equal(kl_doc_plan_decode(bytes, &back, &fault),
			version == 1 ? KL_E_MALFORMED : KL_E_VERSION);
	}
	bytes.len--;
	assert_int_equal(kl_doc_plan_decode(bytes, &back, &fault), KL_E_MALFORMED);
	kl_writer_deinit(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(what_breaks_a_rule_is_refused),
		cmocka_unit_test(other_forms_are_refused),
	};

	return RUN(tests);
}
