#include "protocol/doc_shared.h"
#include "tests/unit/harness.h"

#include <stdlib.h>

static struct kl_sign_keys keys;

static void make(struct kl_shared *s)
{
	static const uint8_t seed[KL_SEED_BYTES] = {7};
	struct kl_assessor *it;

	*s = (struct kl_shared){.for_count = 2, .date = "2026-11-30", .revision = 3, .words = true};
	strcpy(s->from, "Example Trust");
	strcpy(s->for_whom[0], "Example Council");
	strcpy(s->for_whom[1], "Example Farm");
	kl_sign_keys_from_seed(seed, &keys);
	s->member = (struct kl_memberid){.identity = keys.public_key, .kind = KL_MEMBER_ANCHOR};
	s->assessment = kl_assessment_new((struct kl_period){KL_PERIOD_YEAR, 2026, 0});
	assert_non_null(s->assessment);
	assert_int_equal(kl_assessment_assessor(s->assessment, "board", &it, NULL), 0);
	assert_int_equal(kl_assessor_score(it, 0, "2", NULL), 0);
}

static void sign(struct kl_shared *s)
{
	struct kl_id hash;

	assert_int_equal(kl_shared_hash(s, &hash), 0);
	kl_sign(&keys, kl_id_bytes(&hash), s->signature);
}

static int decode(const struct kl_shared *s, struct kl_shared *ret, struct kl_fault *fault)
{
	struct kl_writer w;
	struct kl_bytes bytes;
	int rc;

	kl_writer_init(&w);
	kl_doc_shared_encode(&w, s);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	rc = kl_doc_shared_decode(bytes, ret, fault);
	kl_writer_deinit(&w);
	return rc;
}

static void what_is_signed_is_read(void **state)
{
	struct kl_shared s, back;
	struct kl_fault fault = {0};

	(void)state;
	make(&s);
	sign(&s);
	assert_int_equal(decode(&s, &back, &fault), 0);
	assert_string_equal(back.from, "Example Trust");
	assert_int_equal(back.for_count, 2);
	assert_string_equal(back.for_whom[1], "Example Farm");
	assert_string_equal(back.date, "2026-11-30");
	assert_int_equal(back.revision, 3);
	assert_true(back.words && !back.names);
	assert_true(kl_id_equal(&back.member.identity, &keys.public_key));
	assert_memory_equal(back.assessment->assessors, s.assessment->assessors,
		sizeof s.assessment->assessors);
	kl_assessment_destroy(back.assessment);
	kl_assessment_destroy(s.assessment);
}

static void refused(struct kl_shared *s)
{
	struct kl_shared back;
	struct kl_fault fault = {0};

	assert_int_equal(decode(s, &back, &fault), KL_E_SIGNATURE);
	assert_non_null(strstr(fault.message, "changed"));
	assert_non_null(strstr(fault.hint, "Example"));
	sign(s);
	assert_int_equal(decode(s, &back, &fault), 0);
	kl_assessment_destroy(back.assessment);
}

static void every_part_is_signed(void **state)
{
	struct kl_shared s;

	(void)state;
	make(&s);
	refused(&s); /* no signature yet */
	s.revision++, refused(&s);
	s.names = true, refused(&s);
	s.words = false, refused(&s);
	s.for_count = 1, refused(&s);
	s.date[6] = '2', refused(&s);
	s.from[8] = 't', refused(&s);
	s.member.curve_key[3] ^= 1, refused(&s);
	s.assessment->assessors[0].answers[0].score = 3, refused(&s);
	strcpy(s.assessment->place, "Halifax"), refused(&s);
	kl_assessment_destroy(s.assessment);
}

static void what_cannot_stand_there_is_malformed(void **state)
{
	struct kl_shared s, back;
	struct kl_fault fault = {0};

	(void)state;
	make(&s);
	s.for_count = 0;
	sign(&s);
	assert_int_equal(decode(&s, &back, &fault), KL_E_MALFORMED);
	s.for_count = 1;
	strcpy(s.date, "2026-02-30");
	sign(&s);
	assert_int_equal(decode(&s, &back, &fault), KL_E_MALFORMED);
	strcpy(s.date, "2026-02-28");
	s.from[0] = '\0';
	sign(&s);
	assert_int_equal(decode(&s, &back, &fault), KL_E_MALFORMED);
	kl_assessment_destroy(s.assessment);
}

static void another_version_says_so(void **state)
{
	struct kl_shared back;
	struct kl_writer w;
	struct kl_bytes bytes;
	struct kl_fault fault = {0};

	(void)state;
	kl_writer_init(&w);
	kl_write_map(&w, 1);
	kl_put_uint(&w, "v", 2);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_doc_shared_decode(bytes, &back, &fault), KL_E_VERSION);
	kl_writer_deinit(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_signed_is_read),
		cmocka_unit_test(every_part_is_signed),
		cmocka_unit_test(what_cannot_stand_there_is_malformed),
		cmocka_unit_test(another_version_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
