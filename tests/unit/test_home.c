#include "daemon/home.h"
#include "tests/unit/harness.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], path[96];

static int setup(void **state)
{
	(void)state;
	umask(0077);
	strcpy(folder, "/tmp/keeplocal-home-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/deep/home", folder);
	return sodium_init() < 0 ? -1 : 0;
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command);
}

static void create(struct kl_fault *fault)
{
	struct kl_identity identity = {.kind = KL_MEMBER_ANCHOR};

	strcpy(identity.name, "Made Up Trust");
	strcpy(identity.gss, "E08000033");
	assert_int_equal(kl_home_create(path, &identity, fault), 0);
}

static void an_identity_is_made_once_and_read_back(void **state)
{
	struct kl_identity again = {.kind = KL_MEMBER_ANCHOR, .name = "Other"};
	struct kl_fault f = {0};
	struct kl_home a, b;
	struct stat st;
	char file[128];

	(void)state;
	create(&f);
	assert_int_equal(kl_home_open(&a, path, &f), 0);
	assert_string_equal(a.identity.name, "Made Up Trust");
	assert_string_equal(a.identity.gss, "E08000033");
	assert_int_equal(a.identity.kind, KL_MEMBER_ANCHOR);
	assert_false(kl_id_is_zero(&a.identity.sign.public_key));
	assert_false(kl_id_equal(&a.identity.sign.public_key, &a.identity.curve.public_key));
	assert_int_equal(kl_home_open(&b, path, &f), 0);
	assert_memory_equal(&a.identity, &b.identity, sizeof a.identity);
	assert_int_equal(kl_home_create(path, &again, &f), KL_E_EXISTS);
	snprintf(file, sizeof file, "%s/identity", path);
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	kl_home_close(&a);
	kl_home_close(&b);
	assert_true(kl_id_is_zero(&a.identity.sign.public_key));
}

static void a_place_that_others_can_enter_is_refused(void **state)
{
	struct kl_fault f = {0};
	struct kl_home home;

	(void)state;
	create(&f);
	assert_int_equal(chmod(path, 0750), 0);
	assert_int_equal(kl_home_open(&home, path, &f), KL_E_PERMISSION);
	assert_non_null(strstr(f.hint, "chmod 700"));
	assert_int_equal(kl_error_exit(KL_E_PERMISSION), 78);
}

static void no_home_and_no_identity_say_how_to_make_one(void **state)
{
	struct kl_fault f = {0};
	struct kl_home home;

	(void)state;
	assert_int_equal(kl_home_open(&home, path, &f), KL_E_CONFIG);
	assert_non_null(strstr(f.hint, "init"));
	assert_int_equal(kl_home_open(&home, folder, &f), KL_E_CONFIG);
	assert_non_null(strstr(f.message, "no identity"));
}

/* Every byte of the file matters: whatever is changed is noticed, or still means the same key. */
static void a_damaged_identity_is_refused(void **state)
{
	struct kl_fault f = {0};
	struct kl_home home;
	char file[128], text[2048];
	size_t len;
	FILE *in, *out;

	(void)state;
	create(&f);
	snprintf(file, sizeof file, "%s/identity", path);
	in = fopen(file, "r");
	len = fread(text, 1, sizeof text, in);
	fclose(in);
	out = fopen(file, "w");
	fwrite(text, 1, len - 20, out);
	fclose(out);
	assert_int_equal(kl_home_open(&home, path, &f), KL_E_DAMAGED);
	text[strcspn(text, "1")] = '9'; /* version = 9 */
	out = fopen(file, "w");
	fwrite(text, 1, len, out);
	fclose(out);
	assert_int_equal(kl_home_open(&home, path, &f), KL_E_VERSION);
}

static void one_daemon_a_home(void **state)
{
	struct kl_fault f = {0};
	struct kl_home a, b;

	(void)state;
	create(&f);
	assert_int_equal(kl_home_open(&a, path, &f), 0);
	assert_int_equal(kl_home_open(&b, path, &f), 0);
	assert_int_equal(kl_home_lock(&a, &f), 0);
	assert_int_equal(kl_home_lock(&b, &f), KL_E_BUSY);
	kl_home_close(&a);
	assert_int_equal(kl_home_lock(&b, &f), 0);
	kl_home_close(&b);
}

static void files_are_replaced_whole_and_destroyed(void **state)
{
	struct kl_fault f = {0};
	struct kl_home home;
	uint8_t out[16];
	size_t len = 0;

	(void)state;
	create(&f);
	assert_int_equal(kl_home_open(&home, path, &f), 0);
	assert_int_equal(
		kl_home_read(&home, "tally/a.key", out, sizeof out, &len, &f), KL_E_NOT_FOUND);
	assert_int_equal(kl_home_write(&home, "tally/a.key", kl_bytes("first", 5), &f), 0);
	assert_int_equal(kl_home_write(&home, "tally/a.key", kl_bytes("second", 6), &f), 0);
	assert_int_equal(kl_home_read(&home, "tally/a.key", out, sizeof out, &len, &f), 0);
	assert_int_equal(len, 6);
	assert_memory_equal(out, "second", 6);
	assert_int_equal(kl_home_read(&home, "tally/a.key", out, 6, &len, &f), KL_E_TOO_BIG);
	assert_int_equal(kl_home_destroy(&home, "tally/a.key", &f), 0);
	assert_int_equal(kl_home_destroy(&home, "tally/a.key", &f), 0);
	assert_int_equal(faccessat(home.dir, "tally/a.key", F_OK, 0), -1);
	kl_home_close(&home);
}

static void a_name_must_be_one_plain_line(void **state)
{
	static const char *const bad[] = {"", "two\nlines", "bell\a", "\xff\xfe"};
	struct kl_fault f = {0};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct kl_identity identity = {.kind = KL_MEMBER_COUNCIL};

		strcpy(identity.name, bad[i]);
		assert_int_equal(kl_home_create(path, &identity, &f), KL_E_USAGE);
	}
	assert_int_equal(access(path, F_OK), -1); /* nothing was made */
}

static void leave(const char *name)
{
	char file[192];
	FILE *f;

	snprintf(file, sizeof file, "%s/%s", path, name);
	f = fopen(file, "w");
	assert_non_null(f);
	fputs("half of a secret", f);
	fclose(f);
}

static bool is_there(const char *name)
{
	char file[192];

	snprintf(file, sizeof file, "%s/%s", path, name);
	return access(file, F_OK) == 0;
}

static void what_a_crash_left_half_written_goes_at_the_next_start(void **state)
{
	static const char *const goes[] = {
		"identity.new", "ticket.new", "endpoints.new", "running.new", "tally/0123.key.new"};
	static const char *const stays[] = {"identity", "mine.new", "tally/0123.key"};
	struct kl_fault f = {0};
	struct kl_home home, second;

	(void)state;
	create(&f);
	for (size_t i = 0; i < sizeof goes / sizeof *goes; i++)
		leave(goes[i]);
	for (size_t i = 1; i < sizeof stays / sizeof *stays; i++)
		leave(stays[i]);
	assert_int_equal(kl_home_open(&home, path, &f), 0);
	assert_true(is_there(goes[0])); /* somebody may be at it */
	assert_int_equal(kl_home_lock(&home, &f), 0);
	for (size_t i = 0; i < sizeof goes / sizeof *goes; i++)
		assert_false(is_there(goes[i]));
	for (size_t i = 0; i < sizeof stays / sizeof *stays; i++)
		assert_true(is_there(stays[i]));
	leave("ticket.new"); /* of the daemon that is at work */
	assert_int_equal(kl_home_open(&second, path, &f), 0);
	assert_int_equal(kl_home_lock(&second, &f), KL_E_BUSY);
	assert_true(is_there("ticket.new"));
	kl_home_close(&second);
	kl_home_close(&home);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_identity_is_made_once_and_read_back),
		TEST(a_place_that_others_can_enter_is_refused),
		TEST(no_home_and_no_identity_say_how_to_make_one),
		TEST(a_damaged_identity_is_refused),
		TEST(one_daemon_a_home),
		TEST(files_are_replaced_whole_and_destroyed),
		TEST(a_name_must_be_one_plain_line),
		TEST(what_a_crash_left_half_written_goes_at_the_next_start),
	};

	return RUN(tests);
}
