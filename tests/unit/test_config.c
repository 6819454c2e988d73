#include "daemon/config.h"
#include "daemon/log.h"
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int read_text(const char *text, struct kl_config *config, struct kl_fault *fault)
{
	char path[] = "/tmp/keeplocal-config-XXXXXX";
	int fd = mkstemp(path), rc;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	kl_config_init(config);
	rc = kl_config_read(config, path, fault);
	unlink(path);
	return rc;
}

static void all_settings(void **state)
{
	struct kl_config c;
	struct kl_fault f = {0};

	(void)state;
	assert_int_equal(read_text("# ours\n"
				   "bind = tcp://0.0.0.0:7700\n"
				   "  connect=tcp://hub.example:7700\n"
				   "connect = tcp://[::1]:7701\n"
				   "advertise = tcp://council.example:7700\n"
				   "control = /run/keeplocal/control\n"
				   "\n"
				   "beat = 500ms\n"
				   "log = debug\n"
				   "max_store = 4G\n"
				   "veto = Somebody Else\n"
				   "consent = always\n"
				   "seat = no",
				 &c, &f),
		0);
	assert_string_equal(c.bind, "tcp://0.0.0.0:7700");
	assert_int_equal(c.connects, 2);
	assert_string_equal(c.connect[0], "tcp://hub.example:7700");
	assert_int_equal(c.beat_ms, 500);
	assert_int_equal(c.log, KL_LOG_DEBUG);
	assert_true(c.max_store == UINT64_C(4) << 30);
	assert_string_equal(c.veto[0], "Somebody Else");
	assert_true(c.consent_always);
	assert_false(c.seat);
}

static void an_unknown_key_names_its_line_and_the_nearest(void **state)
{
	struct kl_config c;
	struct kl_fault f = {0};

	(void)state;
	assert_int_equal(read_text("beat = 1s\nconect = tcp://a:1\n", &c, &f), KL_E_CONFIG);
	assert_non_null(strstr(f.message, "line 2"));
	assert_non_null(strstr(f.message, "\"conect\""));
	assert_non_null(strstr(f.hint, "\"connect\""));
}

static void a_bad_value_says_what_is_expected(void **state)
{
	static const char *const bad[] = {"bind = 7700", "beat = soon", "beat = 1ms",
		"consent = maybe", "veto =", "seat = perhaps", "max_store = 3 apples",
		"control = relative/path", "log = loud", "bind = tcp://host:0", "no equals sign"};
	struct kl_config c;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct kl_fault f = {0};

		assert_int_equal(read_text(bad[i], &c, &f), KL_E_CONFIG);
		assert_non_null(strstr(f.message, "expected"));
		assert_non_null(strstr(f.message, "line 1"));
	}
}

static void no_file_is_no_error(void **state)
{
	struct kl_config c;

	(void)state;
	kl_config_init(&c);
	assert_int_equal(kl_config_read(&c, "/nonexistent/keeplocald.conf", NULL), 0);
	assert_int_equal(c.beat_ms, 15000);
	assert_true(c.seat);
	assert_false(c.consent_always);
}

static void durations(void **state)
{
	uint64_t ms = 7;

	(void)state;
	assert_int_equal(kl_duration_parse("90", &ms), 0);
	assert_int_equal(ms, 90000);
	assert_int_equal(kl_duration_parse("3w", &ms), 0);
	assert_true(ms == UINT64_C(3) * 7 * 24 * 3600 * 1000);
	assert_int_equal(kl_duration_parse("5 m", &ms), 0);
	assert_int_equal(ms, 300000);
	assert_int_equal(kl_duration_parse("-5s", &ms), KL_E_INVALID);
	assert_int_equal(kl_duration_parse("5y", &ms), KL_E_INVALID);
	assert_int_equal(kl_duration_parse("", &ms), KL_E_INVALID);
	assert_int_equal(kl_duration_parse("99999999999999999999w", &ms), KL_E_INVALID);
	assert_int_equal(ms, 300000);
}

static void where_to_listen(void **state)
{
	static const char *const good[] = {"tcp://127.0.0.1:*", "tcp://*:7700", "tcp://*:*",
		"tcp://[::1]:7700", "tcp://council.example:7700"};
	static const char *const bad[] = {"tcp://", "tcp://:7700", "tcp://a", "ipc://x",
		"tcp://a:b", "tcp://a:**", "tcp://**:1", "*"};
	struct kl_config c;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		kl_config_init(&c);
		assert_int_equal(kl_config_set(&c, "bind", good[i], NULL), 0);
		assert_string_equal(c.bind, good[i]);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(kl_config_set(&c, "bind", bad[i], NULL), KL_E_CONFIG);
}

static void lists_have_their_limits(void **state)
{
	struct kl_config c;
	struct kl_fault f = {0};

	(void)state;
	kl_config_init(&c);
	for (int i = 0; i < KL_CONNECTS_MAX; i++)
		assert_int_equal(kl_config_set(&c, "connect", "tcp://a:1", &f), 0);
	assert_int_equal(kl_config_set(&c, "connect", "tcp://a:1", &f), KL_E_CONFIG);
	assert_int_equal(c.connects, KL_CONNECTS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_settings),
		cmocka_unit_test(an_unknown_key_names_its_line_and_the_nearest),
		cmocka_unit_test(a_bad_value_says_what_is_expected),
		cmocka_unit_test(no_file_is_no_error),
		cmocka_unit_test(durations),
		cmocka_unit_test(where_to_listen),
		cmocka_unit_test(lists_have_their_limits),
	};

	return RUN(tests);
}
