/* What a home remembers beside its database. */
#include "daemon/marks.h"
#include "tests/unit/harness.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], path[96];
static struct kl_home home;

static int setup(void **state)
{
	struct kl_identity identity = {.kind = KL_MEMBER_ANCHOR, .name = "Made Up Trust"};

	(void)state;
	umask(0077);
	strcpy(folder, "/tmp/keeplocal-marks-XXXXXX");
	if (sodium_init() < 0 || !mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/home", folder);
	return kl_home_create(path, &identity, NULL) || kl_home_open(&home, path, NULL);
}

static void shell(const char *what)
{
	char command[256];

	snprintf(command, sizeof command, "cd %s && %s", path, what);
	assert_int_equal(system(command), 0);
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	kl_home_close(&home);
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command);
}

static struct kl_highwater at(uint64_t seq)
{
	return (struct kl_highwater){{{3}}, 2, {seq, {{9, 8}}}};
}

static bool same(const struct kl_highwater *a, const struct kl_highwater *b)
{
	return kl_id_equal(&a->network, &b->network) && a->epoch == b->epoch &&
	       a->head.seq == b->head.seq && kl_id_equal(&a->head.id, &b->head.id);
}

static void a_highwater_file_is_read_as_it_was_written(void **state)
{
	struct kl_highwater h = at(12), read;
	struct stat st;
	int fd;

	(void)state;
	assert_int_equal(kl_highwater_read(&home, &read), KL_HIGHWATER_NONE);
	assert_int_equal(kl_highwater_open(&home, &h, &fd, NULL), 0);
	assert_int_equal(kl_highwater_read(&home, &read), KL_HIGHWATER_HERE);
	assert_true(same(&read, &h));
	h = at(UINT64_MAX);
	assert_int_equal(kl_highwater_write(fd, &h), 0);
	assert_int_equal(kl_highwater_read(&home, &read), KL_HIGHWATER_HERE);
	assert_true(same(&read, &h));
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	close(fd);
}

static void a_copy_of_it_shows(void **state)
{
	struct kl_highwater h = at(12), read;
	int fd;

	(void)state;
	assert_int_equal(kl_highwater_open(&home, &h, &fd, NULL), 0);
	shell("cp -a highwater copy && mv copy highwater");
	assert_int_equal(kl_highwater_read(&home, &read), KL_HIGHWATER_COPIED);
	assert_true(same(&read, &h));
	close(fd);
}

static void one_that_is_damaged_says_nothing(void **state)
{
	struct kl_highwater h = at(12), read;
	struct stat st;
	int fd;

	(void)state;
	assert_int_equal(kl_highwater_open(&home, &h, &fd, NULL), 0);
	assert_int_equal(fstat(fd, &st), 0);
	for (off_t i = 0; i < st.st_size; i++) {
		char byte, other;

		assert_int_equal(pread(fd, &byte, 1, i), 1);
		other = byte == '1' ? '2' : '1';
		assert_int_equal(pwrite(fd, &other, 1, i), 1);
		assert_int_equal(kl_highwater_read(&home, &read), KL_HIGHWATER_NONE);
		assert_int_equal(read.head.seq, 0);
		assert_int_equal(pwrite(fd, &byte, 1, i), 1);
	}
	assert_int_equal(kl_highwater_read(&home, &read), KL_HIGHWATER_HERE);
	assert_int_equal(ftruncate(fd, 100), 0);
	assert_int_equal(kl_highwater_read(&home, &read), KL_HIGHWATER_NONE);
	close(fd);
}

static void marks_stay_until_they_are_taken(void **state)
{
	struct kl_choice choice = kl_mark_choice(&home);
	bool superseded;

	(void)state;
	assert_false(kl_mark_is(&home, KL_HOME_RESTORED));
	shell("touch restored"); /* whatever stands in it */
	assert_true(kl_mark_is(&home, KL_HOME_RESTORED));
	assert_int_equal(kl_mark_take(&home, KL_HOME_RESTORED), 0);
	assert_false(kl_mark_is(&home, KL_HOME_RESTORED));
	assert_int_equal(kl_mark_take(&home, KL_HOME_RESTORED), 0);
	assert_false(kl_mark_twin(&home, &superseded));
	assert_int_equal(kl_mark_pair(&home, false), 0);
	assert_true(kl_mark_twin(&home, &superseded));
	assert_false(superseded);
	assert_int_equal(kl_mark_pair(&home, true), 0);
	assert_true(kl_mark_twin(&home, &superseded));
	assert_true(superseded);
	assert_int_equal(choice.chosen, 0);
	assert_false(choice.go_on);
	choice = (struct kl_choice){1700000000000, true};
	assert_int_equal(kl_mark_choose(&home, choice, NULL), 0);
	assert_true(kl_mark_choice(&home).chosen == 1700000000000);
	assert_true(kl_mark_choice(&home).go_on);
	choice.go_on = false;
	assert_int_equal(kl_mark_choose(&home, choice, NULL), 0);
	assert_false(kl_mark_choice(&home).go_on);
}

static void an_identity_knows_its_machine_and_is_renewed(void **state)
{
	struct kl_identity before = home.identity;
	struct kl_id machine;
	struct kl_home again;

	(void)state;
	kl_home_machine(&home, &machine);
	assert_true(kl_id_equal(&machine, &before.machine));
	memset(home.identity.machine.b, 1, KL_ID_BYTES);
	assert_int_equal(kl_home_renew(&home, NULL), 0);
	assert_true(kl_id_equal(&machine, &home.identity.machine));
	assert_false(kl_id_equal(&before.store_id, &home.identity.store_id));
	assert_int_equal(kl_home_open(&again, path, NULL), 0);
	assert_memory_equal(&again.identity, &home.identity, sizeof again.identity);
	assert_memory_equal(&again.identity.sign, &before.sign, sizeof before.sign);
	assert_memory_equal(&again.identity.curve, &before.curve, sizeof before.curve);
	kl_home_close(&again);
	shell("sed -i '/^machine/d' identity"); /* as it was written before there were such lines */
	assert_int_equal(kl_home_open(&again, path, NULL), 0);
	assert_true(kl_id_is_zero(&again.identity.machine));
	kl_home_close(&again);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_highwater_file_is_read_as_it_was_written),
		TEST(a_copy_of_it_shows),
		TEST(one_that_is_damaged_says_nothing),
		TEST(marks_stay_until_they_are_taken),
		TEST(an_identity_knows_its_machine_and_is_renewed),
	};

	return RUN(tests);
}
