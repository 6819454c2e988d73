#include "tests/unit/store_home.h"

#include <stdlib.h>
#include <unistd.h>

static void remove_files(const struct home *home)
{
	static const char *const names[] = {"data.mdb", "lock.mdb", "data.mdb.new"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(home_file(home, names[i]));
	rmdir(home->dir);
}

int home_setup(void **state)
{
	const char *tmp = getenv("TMPDIR");
	struct home *home = calloc(1, sizeof *home);

	if (!home)
		return -1;
	snprintf(home->dir, sizeof home->dir, "%s/keeplocal-store-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(home->dir)) {
		free(home);
		return -1;
	}
	*state = home;
	home->batch = kl_batch_new();
	home_open(home);
	return home->batch ? 0 : -1;
}

int home_teardown(void **state)
{
	struct home *home = *state;

	home_close(home);
	kl_batch_destroy(home->batch);
	remove_files(home);
	free(home);
	return 0;
}

void home_close(struct home *home)
{
	kl_store_close(home->store);
	home->store = NULL;
}

void home_open(struct home *home)
{
	if (kl_store_open(home->dir, NULL, &home->fault, &home->store) < 0)
		fail_msg("%s", home->fault.message);
}

const char *home_file(const struct home *home, const char *name)
{
	static char path[512];

	snprintf(path, sizeof path, "%s/%s", home->dir, name);
	return path;
}

void home_commit(struct home *home)
{
	if (kl_store_commit(home->store, home->batch, &home->fault) < 0)
		fail_msg("%s", home->fault.message);
	kl_batch_reset(home->batch);
}

static char *read_data(const struct home *home, size_t *ret_len)
{
	FILE *file = fopen(home_file(home, "data.mdb"), "rb");
	char *data;
	long len;

	assert_non_null(file);
	fseek(file, 0, SEEK_END);
	len = ftell(file);
	rewind(file);
	data = malloc((size_t)len);
	assert_non_null(data);
	assert_int_equal(fread(data, 1, (size_t)len, file), len);
	fclose(file);
	*ret_len = (size_t)len;
	return data;
}

bool home_contains(struct home *home, const char *text)
{
	size_t len;
	char *data = read_data(home, &len);
	bool found = memmem(data, len, text, strlen(text)) != NULL;

	free(data);
	return found;
}

void home_damage(struct home *home, const char *text, size_t offset)
{
	size_t len;
	char *data = read_data(home, &len), *at = memmem(data, len, text, strlen(text));
	FILE *file = fopen(home_file(home, "data.mdb"), "r+b");

	assert_non_null(at);
	assert_non_null(file);
	fseek(file, at - data + (long)offset, SEEK_SET);
	fputc(at[offset] ^ 0x10, file);
	fclose(file);
	free(data);
}
