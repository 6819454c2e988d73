#include "protocol/doc_observation.h"
#include "tests/unit/harness.h"
#include "tests/unit/mutate.h"

#include <stdlib.h>

enum { MUTATIONS = 20000 };

static struct kl_observation sample(void)
{
	struct kl_observation o;
	struct kl_period period;
	struct kl_fault fault;

	assert_int_equal(kl_period_parse("2016/17", &period), 0);
	assert_int_equal(kl_observation_init("c2.enabled", "gva", period, &o, &fault), 0);
	assert_int_equal(kl_observation_value(&o, "£617,010", &fault), 0);
	strcpy(o.place, "E08000033");
	strcpy(o.text, "counted twice\nby two people");
	strcpy(o.method, "survey of tenants");
	strcpy(o.method_version, "2");
	o.confidence = KL_CONFIDENCE_MODERATE;
	strcpy(o.source, "annual review");
	strcpy(o.challenger, "the treasurer");
	return o;
}

static void same(const struct kl_observation *a, const struct kl_observation *b)
{
	assert_string_equal(a->code, b->code);
	assert_string_equal(a->component, b->component);
	assert_true(kl_period_equal(a->period, b->period));
	assert_string_equal(a->place, b->place);
	assert_int_equal(a->has_number, b->has_number);
	assert_int_equal(a->number, b->number);
	assert_string_equal(a->text, b->text);
	assert_string_equal(a->method, b->method);
	assert_string_equal(a->method_version, b->method_version);
	assert_int_equal(a->confidence, b->confidence);
	assert_string_equal(a->source, b->source);
	assert_string_equal(a->challenger, b->challenger);
}

static void round_trip(const struct kl_observation *o)
{
	struct kl_observation back;
	struct kl_writer w;
	struct kl_bytes bytes;
	struct kl_fault fault;

	kl_writer_init(&w);
	kl_doc_observation_encode(&w, o);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_doc_observation_decode(bytes, &back, &fault), 0);
	same(o, &back);
	kl_writer_deinit(&w);
}

static void what_is_written_is_read(void **state)
{
	struct kl_observation o = sample();
	struct kl_fault fault;

	(void)state;
	round_trip(&o);
	assert_int_equal(kl_observation_init("c5.trust", "", o.period, &o, &fault), 0);
	assert_int_equal(kl_observation_value(&o, "people talk", &fault), 0);
	round_trip(&o);
	o.period.kind = KL_PERIOD_YEAR;
	assert_int_equal(kl_observation_init("lm3.score", "", o.period, &o, &fault), 0);
	assert_int_equal(kl_observation_value(&o, "2.43", &fault), 0);
	round_trip(&o);
	(void)kl_copy_text(o.code, sizeof o.code, "d.abcd000000000000.meals_shared");
	o.defined = true;
	o.definition = (struct kl_id){{1, 2, 3}};
	o.unit = KL_UNIT_COUNT;
	o.number = 120;
	round_trip(&o);
}

static void write_with(struct kl_writer *w, uint64_t version, const char *extra)
{
	kl_write_map(w, extra ? 13 : 12);
	kl_put_uint(w, "v", version);
	kl_put_text(w, "code", "c1.lm3");
	kl_put_nil(w, "component");
	kl_put_text(w, "period", "2016");
	kl_put_nil(w, "place");
	kl_put_int(w, "number", 2430);
	for (int i = 0; i < 6; i++) {
		static const char *const keys[] = {
			"text", "method", "method_version", "confidence", "source", "challenger"};

		kl_put_nil(w, keys[i]);
	}
	if (extra)
		kl_put_nil(w, extra);
}

static int outcome(uint64_t version, const char *extra, struct kl_fault *fault)
{
	struct kl_observation o;
	struct kl_writer w;
	struct kl_bytes bytes;
	int rc;

	kl_writer_init(&w);
	write_with(&w, version, extra);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	rc = kl_doc_observation_decode(bytes, &o, fault);
	kl_writer_deinit(&w);
	return rc;
}

static void other_forms_are_refused(void **state)
{
	struct kl_fault fault;

	(void)state;
	assert_int_equal(outcome(1, NULL, &fault), 0);
	assert_int_equal(outcome(2, NULL, &fault), KL_E_MALFORMED); /* lacks its definition */
	assert_int_equal(outcome(3, NULL, &fault), KL_E_VERSION);
	assert_string_equal(
		fault.message, "the observation cannot be read: made by another version");
	assert_int_equal(outcome(1, "mood", &fault), KL_E_MALFORMED);
	assert_int_equal(outcome(1, "text", &fault), KL_E_MALFORMED);
}

/* Whatever happens to the bytes, they are refused or are the proper form of what was read. */
static void damaged_bytes(void **state)
{
	struct kl_observation o = sample();
	struct kl_writer w, again;
	struct kl_bytes bytes, twice;
	uint8_t *copy;

	(void)state;
	kl_writer_init(&w);
	kl_writer_init(&again);
	kl_doc_observation_encode(&w, &o);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	copy = malloc(bytes.len);
	assert_non_null(copy);
	for (uint32_t seed = 0; seed < MUTATIONS; seed++) {
		size_t len = mutate(seed, bytes.data, bytes.len, copy);

		if (kl_doc_observation_decode(kl_bytes(copy, len), &o, NULL))
			continue;
		kl_writer_reset(&again);
		kl_doc_observation_encode(&again, &o);
		assert_int_equal(kl_writer_bytes(&again, &twice), 0);
		if (!kl_bytes_equal(twice, kl_bytes(copy, len)) || kl_observation_check(&o, NULL))
			fail_msg("seed %u", seed);
	}
	free(copy);
	kl_writer_deinit(&again);
	kl_writer_deinit(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(other_forms_are_refused),
		cmocka_unit_test(damaged_bytes),
	};

	return RUN(tests);
}
