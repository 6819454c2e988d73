#include "protocol/memberid.h"
#include "protocol/ticket.h"
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>

static struct kl_ticket sample(size_t endpoints)
{
	struct kl_ticket t = {.n_endpoints = endpoints};

	memset(t.network.b, 1, sizeof t.network.b);
	memset(t.convenor.b, 2, sizeof t.convenor.b);
	for (size_t i = 0; i < endpoints; i++) {
		snprintf(t.endpoints[i].address, KL_ENDPOINT_MAX, "tcp://host-%zu.example.org:%zu",
			i, 7700 + i);
		memset(t.endpoints[i].curve_key, (int)(3 + i), KL_CURVE_KEY_BYTES);
	}
	return t;
}

static void endpoints(void **state)
{
	static const char *const good[] = {"tcp://127.0.0.1:7700", "tcp://a:1",
		"tcp://keep.local-council.gov.uk:65535", "tcp://[2001:db8::1]:7700"};
	static const char *const bad[] = {"", "tcp://", "tcp://:7700", "tcp://host",
		"tcp://host:", "tcp://host:0", "tcp://host:65536", "tcp://host:077", "ipc://x",
		"tcp://h h:1", "tcp://host:7700 ", "tcp://[]:1", "tcp://[::1:1", "tcp://*:7700"};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(kl_endpoint_is_valid(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(kl_endpoint_is_valid(bad[i]));
}

static void a_ticket_is_one_line(void **state)
{
	char line[KL_TICKET_TEXT_MAX];

	(void)state;
	for (size_t n = 1; n <= KL_TICKET_ENDPOINTS_MAX; n++) {
		struct kl_ticket t = sample(n), got;

		assert_int_equal(kl_ticket_format(&t, line), 0);
		assert_null(strpbrk(line, " \n"));
		assert_int_equal(kl_ticket_parse(line, &got, NULL), 0);
		assert_int_equal(got.n_endpoints, n);
		assert_true(kl_id_equal(&got.network, &t.network));
		assert_true(kl_id_equal(&got.convenor, &t.convenor));
		assert_string_equal(got.endpoints[n - 1].address, t.endpoints[n - 1].address);
		assert_memory_equal(
			got.endpoints[n - 1].curve_key, t.endpoints[n - 1].curve_key, 32);
	}
}

static void the_longest_ticket_fits(void **state)
{
	struct kl_ticket t = sample(KL_TICKET_ENDPOINTS_MAX), got;
	char line[KL_TICKET_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < t.n_endpoints; i++) {
		memset(t.endpoints[i].address, 'a', KL_ENDPOINT_MAX - 1);
		memcpy(t.endpoints[i].address, "tcp://", 6);
		memcpy(t.endpoints[i].address + KL_ENDPOINT_MAX - 7, ":65535", 7);
	}
	assert_int_equal(kl_ticket_format(&t, line), 0);
	assert_int_equal(kl_ticket_parse(line, &got, NULL), 0);
	t.n_endpoints = 0;
	assert_int_equal(kl_ticket_format(&t, line), KL_E_INVALID);
}

/* Mail programs break lines, and people copy with the blanks around. */
static void what_mail_does_to_a_ticket(void **state)
{
	struct kl_ticket t = sample(1), got;
	char line[KL_TICKET_TEXT_MAX], mailed[2 * KL_TICKET_TEXT_MAX];
	size_t n = 0;

	(void)state;
	assert_int_equal(kl_ticket_format(&t, line), 0);
	mailed[n++] = ' ';
	for (size_t i = 0; line[i]; i++) {
		mailed[n++] = line[i];
		if (i % 40 == 39)
			mailed[n++] = '\n';
	}
	mailed[n] = '\0';
	assert_int_equal(kl_ticket_parse(mailed, &got, NULL), 0);
	assert_true(kl_id_equal(&got.network, &t.network));
}

static void mistakes_in_a_ticket_are_noticed(void **state)
{
	struct kl_ticket t = sample(2), got;
	char line[KL_TICKET_TEXT_MAX];
	struct kl_fault fault;
	size_t len;

	(void)state;
	assert_int_equal(kl_ticket_format(&t, line), 0);
	len = strlen(line);
	for (size_t i = 3; i < len; i++) {
		char was = line[i];

		line[i] = was == 'A' ? 'B' : 'A';
		assert_int_equal(kl_ticket_parse(line, &got, &fault), KL_E_MALFORMED);
		line[i] = was;
	}
	for (size_t i = 0; i < len; i++) {
		char cut[KL_TICKET_TEXT_MAX];

		memcpy(cut, line, i);
		cut[i] = '\0';
		assert_int_equal(kl_ticket_parse(cut, &got, &fault), KL_E_MALFORMED);
	}
	assert_int_equal(kl_ticket_parse("hello", &got, &fault), KL_E_MALFORMED);
	assert_non_null(strstr(fault.message, "no ticket"));
}

static void member_ids(void **state)
{
	struct kl_memberid m = {.kind = KL_MEMBER_ANCHOR}, got;
	char text[KL_MEMBERID_TEXT_MAX], changed[KL_MEMBERID_TEXT_MAX];
	struct kl_fault fault;

	(void)state;
	memset(m.identity.b, 0xa5, 32);
	memset(m.curve_key, 0x5a, 32);
	kl_memberid_format(&m, text);
	assert_int_equal(strlen(text), 108 + 17);
	assert_int_equal(text[6], '-');
	assert_int_equal(kl_memberid_parse(text, &got, NULL), 0);
	assert_true(kl_id_equal(&got.identity, &m.identity));
	assert_memory_equal(got.curve_key, m.curve_key, 32);
	assert_int_equal(got.kind, KL_MEMBER_ANCHOR);
	for (size_t i = 0; text[i]; i++) {
		memcpy(changed, text, sizeof text);
		if (changed[i] == '-')
			continue;
		changed[i] = changed[i] == 'Q' ? 'R' : 'Q';
		assert_int_equal(kl_memberid_parse(changed, &got, &fault), KL_E_MALFORMED);
	}
	assert_int_equal(kl_memberid_parse("ABC", &got, &fault), KL_E_MALFORMED);
	assert_non_null(strstr(fault.message, "108"));
}

static void lower_case_and_no_groups(void **state)
{
	struct kl_memberid m = {.kind = KL_MEMBER_COUNCIL}, got;
	char text[KL_MEMBERID_TEXT_MAX], plain[KL_MEMBERID_TEXT_MAX];
	size_t n = 0;

	(void)state;
	memset(m.identity.b, 0x17, 32);
	kl_memberid_format(&m, text);
	for (size_t i = 0; text[i]; i++)
		if (text[i] != '-')
			plain[n++] = (char)(text[i] >= 'A' ? text[i] + 32 : text[i]);
	plain[n] = '\0';
	assert_int_equal(kl_memberid_parse(plain, &got, NULL), 0);
	assert_true(kl_id_equal(&got.identity, &m.identity));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(endpoints),
		cmocka_unit_test(a_ticket_is_one_line),
		cmocka_unit_test(the_longest_ticket_fits),
		cmocka_unit_test(what_mail_does_to_a_ticket),
		cmocka_unit_test(mistakes_in_a_ticket_are_noticed),
		cmocka_unit_test(member_ids),
		cmocka_unit_test(lower_case_and_no_groups),
	};

	return RUN(tests);
}
