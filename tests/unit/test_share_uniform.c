/* Fewer than t seats learn nothing: shown by trying everything.
 *
 * The dealing of core/share.c is compiled once more over the field of p = 7. There are then so few
 * draws that all of them can be tried: whatever the answer is, the shares of any t - 1 seats take
 * every possible value equally often. */
#define KL_FIELD_BITS 3
#include "core/field.c"
#include "core/share.c"

#include "tests/unit/harness.h"

enum { P = 7, SEATS = 6, CELLS = 1, ROW = CELLS + KL_SHARE_EXTRA, DRAWS_MAX = 2401 };

static uint64_t rows[(SEATS + 1) * ROW];

/* The digits of `draw` in base p: one way in which the random elements can fall. */
static void digits_of(unsigned draw, uint64_t *ret_digits, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		ret_digits[i] = draw % P;
		draw /= P;
	}
}

static unsigned power(unsigned exponent)
{
	return exponent ? P * power(exponent - 1) : 1;
}

/* Counts how often each joint value of the seats in `mask` occurs at `column` over all draws; each
 * must occur equally often. */
static void assert_uniform(
	const uint64_t shares[DRAWS_MAX][SEATS + 1], unsigned draws, unsigned mask)
{
	unsigned counts[DRAWS_MAX] = {0};
	unsigned values = power((unsigned)__builtin_popcount(mask));

	for (unsigned d = 0; d < draws; d++) {
		unsigned joint = 0;

		for (unsigned seat = 1; seat <= SEATS; seat++)
			if (mask >> seat & 1)
				joint = joint * P + (unsigned)shares[d][seat];
		counts[joint]++;
	}
	for (unsigned v = 0; v < values; v++)
		assert_int_equal(counts[v], draws / values);
}

static void assert_uniform_below_t(
	const uint64_t shares[DRAWS_MAX][SEATS + 1], unsigned draws, unsigned t)
{
	for (unsigned mask = 2; mask < 2u << SEATS; mask += 2)
		if ((unsigned)__builtin_popcount(mask) < t)
			assert_uniform(shares, draws, mask);
}

/* All shares of one cell whose value is `secret`, over all draws of seats 1..t-1. */
static void deal_everything(unsigned t, uint64_t secret, uint64_t shares[DRAWS_MAX][SEATS + 1])
{
	struct kl_dealing dealing = {
		.committee = {.n = SEATS, .t = (uint8_t)t}, .cells = CELLS, .rows = rows};
	uint64_t drawn[KL_THRESHOLD_MAX];

	for (unsigned d = 0; d < power(t - 1); d++) {
		memset(rows, 0, sizeof rows);
		digits_of(d, drawn, t - 1);
		rows[0] = secret;
		for (unsigned seat = 1; seat < t; seat++)
			row_of(&dealing, seat)[0] = drawn[seat - 1];
		deal_low(&dealing);
		for (unsigned seat = 1; seat <= SEATS; seat++)
			shares[d][seat] = row_of(&dealing, seat)[0];
	}
}

static void fewer_than_t_shares_are_uniform(void **state)
{
	static uint64_t shares[DRAWS_MAX][SEATS + 1];

	(void)state;
	for (unsigned t = 3; t <= 4; t++)
		for (uint64_t secret = 0; secret < P; secret++) {
			deal_everything(t, secret, shares);
			assert_uniform_below_t(
				(const uint64_t(*)[SEATS + 1]) shares, power(t - 1), t);
		}
}

/* The proof that the test above can fail: t seats together are not uniform, they know it all. */
static void t_shares_tell_the_secret(void **state)
{
	static uint64_t shares[DRAWS_MAX][SEATS + 1];
	uint64_t points[] = {2, 4, 5}, weights[3];

	(void)state;
	kl_field_weights(points, 3, 0, weights);
	for (uint64_t secret = 0; secret < P; secret++) {
		deal_everything(3, secret, shares);
		for (unsigned d = 0; d < power(2); d++) {
			uint64_t seen[] = {shares[d][2], shares[d][4], shares[d][5]};

			assert_int_equal(kl_field_dot(weights, seen, 1, 3), secret);
		}
	}
}

/* w blinds a reply of degree 2t - 2 and is 0 at 0: any 2t - 2 seats see uniform values, so nothing
 * but the claim at 0 can be read from it. */
static void shares_of_w_are_uniform(void **state)
{
	static uint64_t shares[DRAWS_MAX][SEATS + 1];
	struct kl_dealing dealing = {
		.committee = {.n = SEATS, .t = 3}, .cells = CELLS, .rows = rows};

	(void)state;
	for (unsigned d = 0; d < power(4); d++) {
		uint64_t drawn[4], high[KL_SHARE_TESTS * 2] = {0};

		memset(rows, 0, sizeof rows);
		digits_of(d, drawn, 4);
		row_of(&dealing, 1)[CELLS] = drawn[0];
		row_of(&dealing, 2)[CELLS] = drawn[1];
		high[0] = drawn[2];
		high[1] = drawn[3];
		deal_high(&dealing, high);
		for (unsigned seat = 1; seat <= SEATS; seat++)
			shares[d][seat] = row_of(&dealing, seat)[CELLS];
		assert_int_equal(shares[d][3], drawn[2]);
		assert_int_equal(shares[d][4], drawn[3]);
	}
	assert_uniform_below_t((const uint64_t(*)[SEATS + 1]) shares, power(4), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fewer_than_t_shares_are_uniform),
		cmocka_unit_test(t_shares_tell_the_secret),
		cmocka_unit_test(shares_of_w_are_uniform),
	};

	return RUN(tests);
}
