/* Sums of suppliers that are kept: the same result as from all rows, there and back. */
#include "core/lm3_classes.h"
#include "protocol/doc_lm3_sums.h"
#include "tests/unit/lm3_sums.h"

#include <math.h>

static struct kl_lm3_sum *example(struct kl_lm3_ledger *l)
{
	struct kl_lm3_sum *sum;

	*l = lm3_ledger(800, 200);
	sum = lm3_sum(l);
	lm3_add(sum, "Example A", 100, KL_WHERE_LOCAL, 20);
	lm3_add(sum, "Example B", 150, KL_WHERE_ELSEWHERE, LM3_SILENT);
	lm3_add(sum, "Example C", 70, KL_WHERE_UNKNOWN, 55);
	lm3_add(sum, "Example D", -30, KL_WHERE_LOCAL, LM3_SILENT);
	return sum;
}

static void same_shares(const struct kl_lm3_shares *a, const struct kl_lm3_shares *b)
{
	assert_true(a->low == b->low && a->central == b->central && a->high == b->high);
	assert_int_equal(a->has_central, b->has_central);
}

static void the_same_result(void **state)
{
	struct kl_lm3_classes c, back;
	struct kl_lm3_result all, kept;
	struct kl_lm3_ledger l;
	struct kl_lm3_sum *sum = example(&l);
	const struct kl_id stamp = {.b = {7}};
	struct kl_id again;
	struct kl_bytes bytes;
	struct kl_writer w;

	(void)state;
	assert_int_equal(kl_lm3_sum_result(sum, NULL, &all), 0);
	assert_int_equal(kl_lm3_classify(sum, &c), 0);
	kl_writer_init(&w);
	kl_doc_lm3_sums_encode(&w, &stamp, &c);
	assert_int_equal(kl_writer_bytes(&w, &bytes), 0);
	assert_int_equal(kl_doc_lm3_sums_decode(bytes, &again, &back), 0);
	assert_true(kl_id_equal(&stamp, &again));
	assert_int_equal(kl_lm3_classes_result(&l, &back, NULL, &kept), 0);
	same_shares(&all.lm3, &kept.lm3);
	same_shares(&all.local_supplier, &kept.local_supplier);
	assert_int_equal(all.round2.central, kept.round2.central);
	assert_int_equal(all.round3.high, kept.round3.high);
	assert_int_equal(all.suppliers, kept.suppliers);
	assert_int_equal(all.rating, kept.rating);
	assert_int_equal(all.income, kept.income);

	l.payroll_local *= 2; /* of another ledger it is another result, from the same sums */
	assert_int_equal(kl_lm3_classes_result(&l, &back, NULL, &kept), 0);
	assert_true(kept.lm3.central > all.lm3.central);
	for (size_t n = 0; n < bytes.len; n++)
		assert_true(kl_doc_lm3_sums_decode(kl_bytes(bytes.data, n), &again, &back) < 0);
	kl_writer_deinit(&w);
	kl_lm3_sum_destroy(sum);
}

static void sums_of_nobody(void **state)
{
	static const struct kl_lm3_classes bad[] = {
		{.of = {{10, 11, 0}}, .suppliers = 1},
		{.of = {{10, -1, 0}}, .suppliers = 1},
		{.of = {{10, 5, 6}}, .suppliers = 1},
		{.of = {{10, 5, -1}}, .suppliers = 1},
		{.of = {{10, 5, NAN}}, .suppliers = 1},
		{.of = {{INT64_MAX, 0, 0}, {1, 0, 0}}, .suppliers = 2},
		{.suppliers = 1, .negative = 1, .negatives = 1},
		{.suppliers = 1, .negative = -1},
		{.suppliers = 1, .negatives = 1},
		{.suppliers = 1, .negative = -1, .negatives = 2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct kl_lm3_classes c = bad[i];

		assert_int_equal(kl_lm3_classes_check(&c), KL_E_MALFORMED);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_result),
		cmocka_unit_test(sums_of_nobody),
	};

	return RUN(tests);
}
