/* Files that come into being whole: never over one that is there, unless that was asked for. */
#include "client/new_file.h"
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct folder {
	char path[64], file[96];
};

static int make(void **state)
{
	struct folder *folder = calloc(1, sizeof *folder);

	if (!folder)
		return -1;
	strcpy(folder->path, "/tmp/keeplocal-file-XXXXXX");
	if (!mkdtemp(folder->path))
		return -1;
	snprintf(folder->file, sizeof folder->file, "%s/page.html", folder->path);
	*state = folder;
	return 0;
}

static int unmake(void **state)
{
	struct folder *folder = *state;

	(void)unlink(folder->file);
	(void)rmdir(folder->file);
	/* Nothing else may be left in it. */
	if (rmdir(folder->path) != 0)
		return -1;
	free(folder);
	return 0;
}

static void put(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	assert_true(fputs(text, out) >= 0);
	assert_int_equal(fclose(out), 0);
}

static void holds(const char *path, const char *text)
{
	char got[64] = "";
	FILE *in = fopen(path, "r");

	assert_non_null(in);
	assert_non_null(fgets(got, sizeof got, in));
	fclose(in);
	assert_string_equal(got, text);
}

static void nothing_is_written_over(void **state)
{
	const struct folder *folder = *state;
	struct kl_new_file file;
	struct kl_fault fault = {0};

	put(folder->file, "old");
	assert_int_equal(kl_new_file_begin(&file, folder->file, &fault), KL_E_IO);
	assert_non_null(strstr(fault.message, "is already there"));
	holds(folder->file, "old");
}

static void what_is_replaced_stays_until_the_new_is_whole(void **state)
{
	const struct folder *folder = *state;
	struct kl_new_file file;
	struct kl_fault fault = {0};

	put(folder->file, "old");
	assert_int_equal(kl_new_file_begin_over(&file, folder->file, &fault), KL_OK);
	assert_true(fputs("new", file.out) >= 0);
	holds(folder->file, "old");
	kl_new_file_drop(&file);
	holds(folder->file, "old");
	assert_int_equal(kl_new_file_begin_over(&file, folder->file, &fault), KL_OK);
	assert_true(fputs("new", file.out) >= 0);
	assert_int_equal(kl_new_file_keep(&file, &fault), KL_OK);
	holds(folder->file, "new");
}

static void where_there_is_none_it_is_made(void **state)
{
	const struct folder *folder = *state;
	struct kl_new_file file;
	struct kl_fault fault = {0};

	assert_int_equal(kl_new_file_begin_over(&file, folder->file, &fault), KL_OK);
	assert_true(fputs("new", file.out) >= 0);
	assert_int_equal(kl_new_file_keep(&file, &fault), KL_OK);
	holds(folder->file, "new");
}

static void a_folder_is_never_replaced(void **state)
{
	const struct folder *folder = *state;
	struct kl_new_file file;
	struct kl_fault fault = {0};

	assert_int_equal(mkdir(folder->file, 0700), 0);
	assert_int_equal(kl_new_file_begin_over(&file, folder->file, &fault), KL_E_IO);
	assert_non_null(strstr(fault.message, "cannot be written"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_is_written_over, make, unmake),
		cmocka_unit_test_setup_teardown(
			what_is_replaced_stays_until_the_new_is_whole, make, unmake),
		cmocka_unit_test_setup_teardown(where_there_is_none_it_is_made, make, unmake),
		cmocka_unit_test_setup_teardown(a_folder_is_never_replaced, make, unmake),
	};

	return RUN(tests);
}
